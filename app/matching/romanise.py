"""Korean in Latin letters, as place names are officially written: 화순 is Hwasun.

The Revised Romanisation of Korean (Ministry of Culture, notice 2000-8), with the changes of sound
that it writes (전라 is Jeolla, 강릉 Gangneung), without hyphens and capitals.
"""

from functools import lru_cache

_FIRST = 0xAC00
_LAST = 0xD7A3
_INITIALS = "g kk n d tt r m b pp s ss - j jj ch k t p h".split()  # noqa: SIM905  # a row of the table
_VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()  # noqa: SIM905  # a row of the table
_FINALS = "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split()  # noqa: SIM905  # a row of the table
# What a final consonant becomes where the next syllable begins with a vowel.
_CARRIED = "- g kk ks n nj n d r lg lm lb ls lt lp r m b ps s ss ng j ch k t p -".split()  # noqa: SIM905  # a row of the table
_NASAL = {"k": "ng", "t": "n", "p": "m"}
_UNITS = ("특별자치도", "특별자치시", "특별시", "광역시", "시", "군", "구", "도")
# Provinces are mostly called by the first syllables of their two halves.
_PROVINCES = {
    "충북": "chungcheongbuk",
    "충남": "chungcheongnam",
    "전북": "jeollabuk",
    "전남": "jeollanam",
    "경북": "gyeongsangbuk",
    "경남": "gyeongsangnam",
}


@lru_cache(maxsize=4096)
def romanised(word: str) -> tuple[str, ...]:
    """A word of Korean syllables in Latin letters, also without the unit it ends in (군, 도 …),
    and a province also by its whole name.

    Empty for any other word, and for one syllable alone, which says too little.
    """
    if len(word) < 2 or not all(_FIRST <= ord(c) <= _LAST for c in word):
        return ()
    bare = next((word.removesuffix(u) for u in _UNITS if word.endswith(u)), word)
    forms = [_written(w) for w in (word, bare) if len(w) >= 2]
    if bare in _PROVINCES:
        forms.append(_PROVINCES[bare])
    return tuple(dict.fromkeys(forms))


def _written(word: str) -> str:
    syllables = [_parts(character) for character in word]
    text = ""
    initial = _INITIALS[syllables[0][0]].strip("-")
    for place, (_, vowel, final) in enumerate(syllables):
        text += initial + _VOWELS[vowel]
        if place + 1 < len(syllables):
            closing, initial = _joint(final, _INITIALS[syllables[place + 1][0]])
        else:
            closing = _FINALS[final]
        text += closing.strip("-")
    return text


def _parts(syllable: str) -> tuple[int, int, int]:
    number = ord(syllable) - _FIRST
    return number // 588, number % 588 // 28, number % 28


def _joint(final: int, initial: str) -> tuple[str, str]:
    """How a final and the initial after it are written."""
    closing = _FINALS[final]
    if initial == "-":
        return _CARRIED[final], ""
    if closing in ("n", "l") and initial in ("n", "r") and (closing, initial) != ("n", "n"):
        return "l", "l"
    if initial in ("n", "m", "r") and closing in _NASAL:
        return _NASAL[closing], "n" if initial == "r" else initial
    if initial == "r" and closing in ("m", "ng"):
        return closing, "n"
    return closing, initial
