"""What the words of an offer don't offer: what they rule out, what is a thing to buy, and what
belongs to another field altogether."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from app.matching.knowledge import table, words_of
from app.matching.types import Mention

_NOT_BEFORE = re.compile(
    r"\b(?:no|not|without|excluding|excludes?|except(?: for)?|other than|rather than|instead of"
    r"|neither|nor|never|cannot|(?:do|does|is|are|can)n't|kein(?:e|en)?|ohne|sans|hors|sauf"
    r"|pas de)\b|\bnon(?:[- ]|(?=[a-z]))",
    re.I,
)
_NO_DENIAL = re.compile(
    r"\s*(?:only|limited|minimum|min|limits?|later|more than|less than|fewer|just|necessarily"
    r"|restrict\w*|need|matter|compromis\w*|delay\w*|loss|additional|extra|for[- ]profit)\b",
    re.I,
)
_SCOPE = re.compile(r"[;.()\[\]\n]|,(?!\s*(?:or|nor)\b)|\b(?:but|however|only)\b|\s[-–—]\s", re.I)
_NOT_AFTER = re.compile(
    r"\s*(?:(?:work|services?|steps?)\s+)?(?:(?:is|are)\s+)?(?:excluded\b"
    r"|not\s+(?:offered|available|included|provided|performed|supported|done|possible)\b)"
    r"|-free\b",
    re.I,
)
_KOREAN_NOT_AFTER = re.compile(
    r"\s?(?:서비스|시험|생산|제조|업무|공정|작업)?\s?(?:[은는이가을를도])?\s?"
    r"(?:제외|불가|미지원|미제공|미포함|미보유|없음|없이|하지\s?않|안\s?함|안\s?합|아님)"
)
_PARTS = re.compile(r"[,;/+&|·()\[\]]|\band\b|\bor\b|및|또는", re.I)
_WORD = re.compile(r"[^\W_]+(?:'t)?")


class Offered(NamedTuple):
    """What the mentions of a phrase offer, and the concepts that its words rule out."""

    mentions: tuple[Mention, ...]
    ruled_out: tuple[str, ...]


def may_not_offer(phrase: str) -> bool:
    """A quick look before a long one: whether the words may not offer all that they mention."""
    text = phrase.lower()
    if not text.isascii() or "non" in text or "-free" in text:
        return True
    return not _TELLING.isdisjoint(_WORD.findall(text))


def offered(phrase: str, mentions: Sequence[Mention], services: frozenset[str]) -> Offered:
    """The mentions of a phrase that it offers; which concepts are services is given."""
    kept: list[Mention] = []
    denied: list[Mention] = []
    for mention in mentions:
        (denied if _is_denied(phrase, mention) else kept).append(mention)
    told = {concept for mention in kept for concept in mention.concepts}
    ruled = dict.fromkeys(c for mention in denied for c in mention.concepts if c not in told)
    left = [m for m in kept if services.isdisjoint(m.concepts) or not _is_a_thing(phrase, m)]
    return Offered(tuple(left), tuple(ruled))


def _is_denied(phrase: str, mention: Mention) -> bool:
    end = mention.end
    if _NOT_AFTER.match(phrase, end) or _KOREAN_NOT_AFTER.match(phrase, end):
        return True
    if phrase.startswith("제외", end - 1):  # read as the last syllable of `동결건조제`
        return True
    for match in _NOT_BEFORE.finditer(phrase, 0, mention.start):
        if match[0].lower().startswith("non"):
            if match.end() == mention.start:
                return True
        elif not _NO_DENIAL.match(phrase, match.end()):
            stop = _SCOPE.search(phrase, match.end())
            if stop is None or mention.start < stop.start():
                return True
    return False


def _is_a_thing(phrase: str, mention: Mention) -> bool:
    """Whether a service is named only as what a thing is for (`filling machine supply`), or as
    what another field calls so (`water purification`)."""
    before = _WORD.findall(phrase[: mention.start].lower()[-24:])
    if (
        before
        and before[-1] in _ELSEWHERE
        and not _PARTS.search(phrase, mention.start - 2, mention.start)
    ):
        return True
    rest = phrase[mention.end :]
    end = _PARTS.search(rest)
    words = _WORD.findall((rest[: end.start()] if end else rest).lower())
    while words and words[-1] in _HANDED_OVER:
        words.pop()
    return bool(words) and (words[-1] in _THINGS or words[-1].endswith(_KOREAN_THINGS))


_THINGS = words_of("things", "things")
_KOREAN_THINGS = tuple(table("things")["korean_things"])
_HANDED_OVER = words_of("things", "handed_over")
_ELSEWHERE = words_of("things", "elsewhere")
_DENYING = words_of("things", "denying")
_TELLING = _THINGS | _ELSEWHERE | _DENYING
