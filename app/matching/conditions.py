"""Whether the words around a place say that it is a condition, or only a preference."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Literal, NamedTuple

Weight = Literal["must", "should", "may"]

_MUST = re.compile(
    r"\bmust(?:[- ]haves?)?\b(?!\s+not)|\b(?:mandatory|non-negotiable|strictly|indispensable"
    r"|imperative|obligatory|required|zwingend|obligatoire)\b"
    r"|\bnot (?:optional|negotiable)\b"
    r"|\bessential(?:ly)?\b(?!\s+(?:oils?|medicines?|amino|fatty|genes?|tremor|hypertension"
    r"|thrombocyth\w+|trace|nutrients?))"
    r"|필수(?!\s?(?:아미노|지방산|의약품|는 아|는아|가 아|아니|아님|적이지))|반드시|꼭 ",
    re.I,
)
_NO_CONDITION = re.compile(  # "not required", "the required dossier", "as required"
    r"(?:\b(?:not|if|as|when|where|whatever|any|all|the|never|no longer)|n't)\s+(?:strictly\s+)?$",
    re.I,
)
MAY = re.compile(  # words of a preference
    r"\b(?:prefer(?:ably|red|s|ence)?|ideally|nice[- ]to[- ]haves?|(?<!not )optional(?:ly)?"
    r"|bonus"
    r"|would be (?:useful|nice|good|a plus|helpful|welcome)|a plus|desirable"
    r"|if (?:possible|needed|required|necessary|applicable)|welcome"
    r"|advantage(?:ous)?|possibl[ye])\b"
    r"|우대|선호|가능하면|가급적|희망"
    r"|(?:이면|으면|면) 좋|선택\s?(?:사항|조건)|선택(?=\s*[:)])|옵션|부가적",
    re.I,
)
# A preference for a place or a time weakens neither the work nor its rules.
_PLACE_AFTER = re.compile(
    r"\s+(?:(?:be|located|based|done|made|sited|starting|with|a|an|the)\s+)*"
    r"(?:in|at|from|within|near|before|by|for|partner|vendor|site|[A-Z][a-z]+)\b"
)
_PLACE_BEFORE = re.compile(
    r"(?:^|[\s,])(?!The |We )[A-Z][a-z]+(?:\s+(?:site|partner|vendor|provider|CDMO|CRO)s?)?"
    r"(?:\s+(?:is|are))?\s+(?:strongly\s+)?$"
    r"|(?:국내|해외|한국|미국|유럽|일본|중국|독일|스위스|업체|기업|회사|기관|경험|지역|국가)\S{0,3}\s*$"
)
# What an option is said of ends where something else is joined to it.
_OPTION = re.compile(r"optional(?:ly)?|nice[- ]to[- ]haves?|bonus|선택|옵션", re.I)
_JOINED = re.compile(r"\b(?:and|plus|with|or)\b|[,+&(]|및|[와과]\s")
_ALL = re.compile(r"\b(?:both|all|each)\b|모두|전부", re.I)
_ROUND = str.maketrans("[]", "()")
_LED = re.compile(r"\s*[-*•]?\s*\(([^()]{1,20})\)")
_REMARK = 60  # characters in brackets that may be no more than a condition
_FILLER = re.compile(
    r"\b(?:an?|and|all|both|each|every|of|the|these|those|this|that|them|it|which|is|are|be|to"
    r"|have|absolutely|strictly|services?|steps?|parts?|items?|conditions?|requirements?"
    r"|two|three|four|have)\b|모두|전부|조건|사항|항목|요건|입니다|임|은|는|이|가|합니다|[\s\W]",
    re.I,
)
_DUE = re.compile(
    r"\b(?:before|by|prior to|for (?:(?:the|our|an?|its) )?(?:ind|cta|nda|bla|maa|filing"
    r"|submission|approval|trial|phase))\b.*$",
    re.I | re.S,
)
_PARAGRAPH = re.compile(r"\n\s*\n|\n[^\n:.,]{1,40}:(?=\s)")
_HEADING_ENDS = re.compile(_PARAGRAPH.pattern + r"|[.!?。](?=\s)")
_ITEM = re.compile(r"\s*[-*•·‣–]\s?\S|\s*\d{1,2}[.)]\s")
_SENTENCE_STARTS = re.compile(r"(?:^|[.;!?。\n])\s*$")


class _Mark(NamedTuple):
    """A word of a condition, and between which characters it can be said of something."""

    low: int
    high: int
    first: int
    last: int


class Conditions:
    """The words of one clause that say of something that it is a condition, or a preference."""

    def __init__(self, clause: str) -> None:
        clause = clause.translate(_ROUND)
        joined = [m.end() for m in _JOINED.finditer(clause)]
        self._must = [_Mark(*m.span(), *_reach(clause, m, joined)) for m in _musts(clause)]
        soft = [m for m in MAY.finditer(clause) if not _of_place(clause, m)]
        self._may = [_Mark(*m.span(), *_reach(clause, m, joined)) for m in soft]
        self._size = len(clause)

    def weight(self, start: int, end: int) -> Weight:
        """What the clause says about a stretch of it; the nearer word decides."""

        def nearest(marks: list[_Mark]) -> int:
            apart = (
                max(0, mark.low - end, start - mark.high)
                for mark in marks
                if mark.first <= start and end <= mark.last
            )
            return min(apart, default=self._size)

        must, may = nearest(self._must), nearest(self._may)
        if self._size == must == may:
            return "should"
        return "must" if must <= may else "may"


class Apart:
    """Conditions said by themselves: `Must have: …` before what they hold for, `…, must` after."""

    def __init__(self, text: str, clauses: Sequence[tuple[int, int]]) -> None:
        self._text = text
        told = [(low, high, _alone(text[low:high])) for low, high in clauses]
        told = [each for each in told if each[2] != "should"]
        self._headings = [t for t in told if self._is_heading(t[0], t[1])]
        self._after = [t[0] for t in told if t not in self._headings and t[2] == "must"]

    def _is_heading(self, low: int, high: int) -> bool:
        """Whether a clause heads a list: by a colon, a dash at its start, or items below it."""
        written = self._text[low:high]
        if written.rstrip().endswith(":"):
            return True
        if not _SENTENCE_STARTS.search(self._text, max(0, low - 3), low):
            return False
        dashed = written.rstrip().endswith(("-", "–", "—"))
        return dashed or (written.endswith("\n") and bool(_ITEM.match(self._text, high)))

    def weight(self, at: int, sentence_end: int) -> Weight:
        """What the last heading above says, or a word alone in or right after the sentence."""
        listed = self.listed(at)
        if listed != "should":
            return listed
        return "must" if any(at < low <= sentence_end for low in self._after) else "should"

    def listed(self, at: int) -> Weight:
        """What the last heading above says; the last of all holds for its own sentence alone."""
        above = [h for h in self._headings if h[1] <= at]
        for _, end, weight in above[-1:]:
            ends = _PARAGRAPH if len(above) < len(self._headings) else _HEADING_ENDS
            if not ends.search(self._text, end, at):
                return weight
        return "should"


def _reach(clause: str, mark: re.Match[str], joined: Sequence[int]) -> tuple[int, int]:
    """Between which characters a mark is said of something. One in brackets belongs to what is in
    them or, alone, to what is right before; an option to what it stands with."""
    low, high = mark.span()
    opened, size = clause.rfind("(", 0, low), len(clause)
    if opened >= 0 and clause.find(")", opened, low) < 0:
        closed = clause.find(")", high)
        closed = closed if closed >= 0 else size
        inside = clause[opened + 1 : low] + clause[high:closed]
        if len(inside) > _REMARK:
            return opened, closed
        if _ALL.search(inside):
            return 0, closed
        if _FILLER.sub("", inside):
            return opened, closed
        if (first := _LED.match(clause)) and _alone(first[1]) != "should":
            following = clause.find("(", closed)  # "(must) A (optional) B"
            return closed, following if following >= 0 else size
        return _last(joined, opened), closed
    return (_last(joined, low) if _OPTION.fullmatch(mark[0]) else 0), size


def _last(joined: Sequence[int], at: int) -> int:
    """Where the last stretch before a place starts."""
    index = bisect_right(joined, at)
    return joined[index - 1] if index else 0


def _musts(clause: str) -> list[re.Match[str]]:
    return [
        m
        for m in _MUST.finditer(clause)
        if not _NO_CONDITION.search(clause[max(0, m.start() - 30) : m.start()])
    ]


def _of_place(clause: str, soft: re.Match[str]) -> bool:
    return bool(
        _PLACE_AFTER.match(clause, soft.end())
        or _PLACE_BEFORE.search(clause[max(0, soft.start() - 60) : soft.start()])
    )


def _alone(clause: str) -> Weight:
    """The weight of a clause that says nothing else; `should` where it says more."""
    must, may = _musts(clause), list(MAY.finditer(clause))
    if not must and not may:
        return "should"
    left = clause
    for match in sorted((*must, *may), key=lambda m: m.start(), reverse=True):
        left = left[: match.start()] + " " + left[match.end() :]
    if _FILLER.sub("", _DUE.sub("", left)):
        return "should"
    return "must" if must else "may"
