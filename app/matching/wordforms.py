"""One spelling for each word: American, singular, and a stem for looser comparison."""

import re
from functools import lru_cache

from app.matching.knowledge import table, words_of

# Written alike in the singular and plural, or ending in an s that belongs to the word.
_KEEP = words_of("words", "s_belongs")
_WHOLE: dict[str, str] = table("words")["one_spelling"]
_BRITISH = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"^(tum|col|behavi|lab|flav|od|neighb|hum|vap|fav)our", r"\1or"),
        (r"(?<=\w\w)(met|lit|tit|cent|fib|theat|calib)re(s?)$", r"\1er\2"),
        (r"^(lit|tit|cent|fib|met)re(s?)$", r"\1er\2"),
        (r"haem", "hem"),
        (r"paed", "ped"),
        (r"aem(?=i|ia)", "em"),
        (r"oede", "ede"),
        (r"oesoph", "esoph"),
        (r"oestr", "estr"),
        (r"rrhoe", "rrhe"),
        (r"foet", "fet"),
        (r"gynaec", "gynec"),
        (r"sulph", "sulf"),
        (r"(label|model|travel|cancel|channel|signal|counsel)l(ed|ing|er|ers)$", r"\1\2"),
        (r"^(tablet|kit)t(ed|ing)$", r"\1\2"),
        (r"(?<=[a-z]{3})is(ation|ations)$", r"iz\1"),
        (r"(?<=[a-z]{4})ys(e|ed|er|ers|ing)$", r"yz\1"),
        (r"(?<=[a-z]{4})is(ed|ing|er|ers|able)$", r"iz\1"),
        (r"(?<=[a-z]{4})ise$", "ize"),
    )
)
_ISE = words_of("words", "ise_belongs")
_STEM_ENDINGS = (
    ("ifications", "ifi"), ("ification", "ifi"), ("ifying", "ifi"), ("ified", "ifi"),
    ("ify", "ifi"), ("izations", "iz"), ("ization", "iz"), ("izing", "iz"), ("ized", "iz"),
    ("ize", "iz"), ("ations", "at"), ("ation", "at"), ("ating", "at"), ("ated", "at"),
    ("ate", "at"), ("utions", "ut"), ("ution", "ut"), ("ments", ""), ("ment", ""),
    ("ings", ""), ("ing", ""), ("ied", "y"), ("ed", ""), ("e", ""),
)  # fmt: skip


@lru_cache(maxsize=65_536)
def canonical(word: str) -> str:
    """The American singular of a lower-case word: `tumours` gives `tumor`."""
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return _WHOLE.get(word, word)
    word = _WHOLE.get(word, word)
    if word not in _ISE:
        for pattern, replacement in _BRITISH:
            word = pattern.sub(replacement, word)
    single = singular(word)
    return _WHOLE.get(single, single)


def singular(word: str) -> str:
    """The singular of a lower-case English word, by rule; words of three letters stay."""
    if len(word) < 4 or word in _KEEP or not word.endswith("s"):
        return word
    if word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith(("ches", "shes", "sses", "xes", "uses")) and not word.endswith("auses"):
        return word[:-2]
    return word[:-1]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """What `filled`, `filling` and `fill` share; only for comparing, never for showing."""
    if len(word) < 5 or not word.isascii():
        return word
    if word.startswith("synthes"):
        return "synthes"
    for ending, left in _STEM_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) + len(left) >= 4:
            return word[: -len(ending)] + left
    return word
