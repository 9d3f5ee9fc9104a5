"""Whether a place that a text names is a condition or only a preference."""

import re
from functools import cache

from app.matching.clauses import Outline
from app.matching.gazetteer import Named
from app.matching.knowledge import table

_ONLY = re.compile(r"\bonly\b", re.I)
_REQUIRED = re.compile(
    r"\b(?:must|mandatory|essential|required|exclusively|strictly|obligatory"
    r"|(?:located|sited) (?:with)?in)\b|반드시|필수(?!\s?(?:는|가)?\s?(?:아니|아님|아닌))"
    r"|에서만|소재|(?:업체|기업|회사|기관|곳|국내|내)만(?![가-힣])",
    re.I,
)
_KOREAN_ONLY = re.compile(r"(?:에서|산)?만(?![가-힣])")
_NOT_REQUIRED = re.compile(r"(?:\b(?:not|no longer)\s+|n't\s+)$", re.I)
_SITE = (
    r"(?:sites?|partners?|vendors?|providers?|suppliers?|contractors?|manufacturers?|C(?:D)?MOs?"
    r"|CROs?|compan(?:y|ies)|firms?|facilit(?:y|ies)|plants?|lab(?:s|orator(?:y|ies))?|cent(?:re|er)s?"
    r"|hospitals?|clinics?|institutes?|universit(?:y|ies)|organi[sz]ations?|territory|soil"
    r"|locations?|region|based)\b"
)
# "In Korea and must have GMP": the condition is of what comes after the place.
_OF_ANOTHER = re.compile(
    r"\b(?:and|but|with|under|also)\s+(?:\w+\s+){0,3}?(?:must\b(?!\s+be\s+(?:in|located|based|sited)\b)"
    r"|(?:c?GMP|GLP|GCP|GxP|BSL\S*|ISO\S*|licen[sc]e|certificat\w+|approval|experience)\b)",
    re.I,
)
_BEFORE_ONLY = re.compile(
    r"(?:[\s(-]*(?:based|is|are|please|and|or|/|,|(?:[A-Z]\w*\s+){0,2}" + _SITE + r"))*\W*",
    re.I,
)
_AFTER_ONLY = re.compile(
    r"\s+(?:(?:be|been|work|consider|use|using|accept|want|look|looking|interested|select|contract"
    r"|source|done|made|manufactured|run|located|in|at|from|within|with|for|to|the|an?|of|by"
    r"|other|and|or|" + _SITE + r")\s+){0,6}",
    re.I,
)
_OF_SITE = re.compile(r"(?:\s+|-)(?:[\w-]+\s+){0,3}?" + _SITE, re.I)
_OF_WORK = re.compile(r"\s+(?:\w+\s+)?(?:manufactur\w+|production)\b", re.I)
_NO_NOUN = re.compile(
    r"\s*(?:[.,;:)!?]|$|(?:is|are|only|must|and|or|preferred|required|mandatory)\b)", re.I
)
_NEAR = 240  # characters that a condition reaches at most


def is_required(outline: Outline, name: Named) -> bool:
    """Whether work must be done at a place: by a word of its clause, or the head of its list."""
    if outline.is_preferred(name.start):
        return False
    listed = outline.listed(name.start)
    if listed != "should":
        return listed == "must" and _is_of_work(outline.text, name)
    low, high = outline.clause(name.start)
    low, high = max(low, name.start - _NEAR), min(high, name.end + _NEAR)
    text = outline.text
    only = _only(text, name, low, high)
    return only or (_told(text, name, low, high) and _is_of_work(text, name))


def _told(text: str, name: Named, low: int, high: int) -> bool:
    """Whether a word near a place makes it a condition, and not what stands between them."""
    if any(
        not _NOT_REQUIRED.search(text, max(low, m.start() - 12), m.start())
        for m in _REQUIRED.finditer(text, low, name.start)
    ):
        return True
    if _KOREAN_ONLY.match(text, name.end):
        return True
    after = _REQUIRED.search(text, name.start, high)  # with the name: "국내만"
    if after is None or _NOT_REQUIRED.search(text, name.end, after.start()):
        return False
    return not _OF_ANOTHER.search(text, name.end, after.end())


def _only(text: str, name: Named, low: int, high: int) -> bool:
    """Whether `only` is said of a place: `European sites only`, `only in Korea`."""
    after = _ONLY.search(text, name.end, high)
    if after and _BEFORE_ONLY.fullmatch(text, name.end, after.start()):
        return True
    before = [m.end() for m in _ONLY.finditer(text, low, name.start)][-1:]
    return any(_AFTER_ONLY.fullmatch(text, at, name.start) for at in before)


def _is_of_work(text: str, name: Named) -> bool:
    """Whether work is done at a place: `Chinese tea must be pure` asks for no Chinese site."""
    if text[name.start : name.end].casefold() not in _demonyms():
        return True
    return bool(
        _OF_SITE.match(text, name.end)
        or _OF_WORK.match(text, name.end)
        or _NO_NOUN.match(text, name.end)
    )


@cache
def _demonyms() -> frozenset[str]:
    countries = table("places")["countries"].values()
    return frozenset(form.casefold() for country in countries for form in country["demonyms"])
