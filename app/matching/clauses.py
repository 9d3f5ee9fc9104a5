"""How a statement of need is built: sentences, what is asked, what it is for, what is ruled out."""

import re
from bisect import bisect_right
from itertools import pairwise
from typing import Literal

from app.matching.conditions import MAY, Apart, Conditions, Weight
from app.matching.negations import doubts, is_put_off, is_ruled_out, negations

Zone = Literal["request", "context", "self"]

_SENTENCE_END = re.compile(r"[;\n!?。]+|\.(?=\s+[A-Z0-9가-힣\"'(]|\s*$)|(?<=[다요음함])\.(?=\s|$)")
_CLAUSE_END = re.compile(
    r"[,;:\n!?。]|\.(?=\s|$)|\s[-–—]\s|\b(?:but|however|whereas)\b|지만|으나", re.I
)
_ASKING = re.compile(
    r"\b(?:needs?|needing|seek(?:s|ing)?|look(?:s|ing)? (?:for|to)|requir(?:es?"
    r"|ed|ing)"
    r"|wants?|wish(?:es)?|would like|request(?:s|ing)?|search(?:es|ing)? for|in search of"
    r"|interested in|invit(?:es?|ing)|buys?|procur(?:es?|ing)|intends? to|plans? to|orders?"
    r"|recherche"
    r"|cherche|sucht|suchen|ben[oö]tig(?:t|en))\b",
    re.I,
)
_ORGANISATION = re.compile(
    r"\b(?:compan(?:y|ies)|biotechs?|biopharma|pharma|start-?ups?|developers?|firms?|groups?|teams?"
    r"|spin-?(?:off|out)s?|institutes?|universit(?:y|ies)|charit(?:y|ies)|foundation|sponsors?|makers?"
    r"|manufacturers?|hospitals?|funders?|agenc(?:y|ies)|non-?profit|consorti(?:um|a)|academics?"
    r"|organi[sz]ations?|cent(?:re|er)s?|researchers?|compound owner|trust|inventor|council)\b",
    re.I,
)
_FIRST_PERSON = re.compile(r"^\W*(?:we|i|our team|our company)\b[^,]{0,20}$", re.I)
_CONTEXT = re.compile(
    r"\b(?:for|against|behind|before|ahead of|prior to|intended for|destined for|on the way to"
    r"|used (?:in|for|to)|in support of"
    r"|to (?:support|enable|engineer|treat|set|inform|justify|be used|feed|transduce)"
    r"|entering|going into|targeting|aimed at|toward(?:s)?|in patients with"
    r"|following)\b",
    re.I,
)
_OPENING = re.compile(  # after one of these, "for" still names what is asked
    r"(?:\b(?:cdmos?|cmos?|cros?|partners?|providers?|suppliers?|vendors?|manufacturers?|labs?"
    r"|laborator(?:y|ies)|facilit(?:y|ies)|sites?|contractors?|organi[sz]ations?|compan(?:y|ies)"
    r"|cent(?:re|er)s?|units?|services?|quotes?|quotation|proposals?|bids?|tenders?|rfps?|rfis?"
    r"|requests?|calls?|frameworks?|contracts?|agreements?|help|support|capacity|capabilit(?:y|ies)"
    r"|expertise|experience|responsible|looking|searching|search|needs?|necessary|budget|notice"
    r"|sources sought|plans?|someone|firm|consultants?|team|group|options?)\s+(?:\S*\d\S*\s+)?"
    r"|\b(?:contractor|partner|provider|supplier|cdmo|cmo|cro|manufacturer|laborator(?:y|ies)|someone"
    r"|consultant|company)(?:\s+\w+){1,4}\s+)$",
    re.I,
)
_KOREAN_CONTEXT = re.compile(
    r"(?:[을를]|(?<!\s))\s*+(?:위한|위해|위하여|목적으로|대상으로|대상"
    r"|에 사용(?:할|될|되는)|에 쓰일|에 들어갈)"
    r"|(?:임상|임상시험|상업|상용|시판|판매)\s?용(?![가-힣]*역)"
)
_SELF = re.compile(
    r"\b(?:we are|we're|i am|our company is|as) (?:an? |the )?[^,.;]{0,60}?"
    r"\b(?:company|biotech|start-?up|developer|firm|group|team|spin-?(?:off|out)|institute"
    r"|university"
    r"|charity|foundation|sponsor|maker|hospital)\b[^,.;]*"
    r"|[^,.\n]{0,60}(?:회사|기업|스타트업|바이오텍|벤처|연구소|대학)(?:입니다|이며|로서|으로서"
    r"|인데|이고)",
    re.I,
)


class Outline:
    """The parts of one text, by character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._sentences = _edges(_SENTENCE_END, text)
        self._clauses = sorted({*_edges(_CLAUSE_END, text), *self._sentences})
        self._context = [*self._contexts(), *self._korean_contexts()]
        self._self = [*(m.span() for m in _SELF.finditer(text)), *self._introductions()]
        self._negated = negations(text, self.clause)
        self._doubted = doubts(text, self.clause)
        self._ruled_out: dict[tuple[int, int], bool] = {}
        self._conditions: dict[tuple[int, int], Conditions] = {}
        self._found: dict[tuple[re.Pattern[str], tuple[int, int]], bool] = {}
        edges = [0, *self._clauses, len(text)]
        self._apart = Apart(text, [(a, b) for a, b in pairwise(edges) if a < b])

    def sentence(self, at: int) -> int:
        """The number of the sentence a character stands in."""
        return bisect_right(self._sentences, at)

    def clause(self, at: int) -> tuple[int, int]:
        """Where the clause around a character starts and ends."""
        return self._span(self._clauses, at)

    def sentence_span(self, at: int) -> tuple[int, int]:
        """Where the sentence around a character starts and ends."""
        return self._span(self._sentences, at)

    def zone(self, at: int) -> Zone:
        """Whether something is asked for, is the purpose of it, or describes the asker."""
        if any(start <= at < end for start, end in self._self):
            return "self"
        if any(start <= at < end for start, end in self._context):
            return "context"
        return "request"

    def negated(self, start: int, end: int) -> bool:
        """Whether the text rules out what stands here."""
        told = self._ruled_out.get((start, end))
        if told is None:
            told = any(low <= start < high for low, high in self._negated)
            told = told or is_ruled_out(self.text, start, end)
            self._ruled_out[start, end] = told
        return told

    def is_open(self, start: int, end: int) -> bool:
        """Whether the text leaves open whether this is needed, or puts it off."""
        doubted = any(low <= start < high for low, high in self._doubted)
        return doubted or is_put_off(self.text, start, end)

    def importance(self, start: int, end: int) -> Weight:
        """Whether the text says of a stretch that it is a condition, or only a preference."""
        low, high = self.clause(start)
        high = max(high, end)
        told = self._conditions.get((low, high))
        if told is None:
            told = self._conditions[low, high] = Conditions(self.text[low:high])
        if any(first <= start < last for first, last in self._doubted):
            return "may"
        own = told.weight(start - low, end - low)
        if own != "should":
            return own
        return self._apart.weight(start, self.sentence_span(start)[1])

    def listed(self, at: int) -> Weight:
        """What the head of the list says that a character stands in."""
        return self._apart.listed(at)

    def is_preferred(self, at: int) -> bool:
        """Whether the clause around a character speaks of a preference."""
        return self.has(MAY, self.clause(at))

    def has(self, pattern: re.Pattern[str], span: tuple[int, int]) -> bool:
        """Whether a stretch holds something; looked for once, for many places share a stretch."""
        found = self._found.get((pattern, span))
        if found is None:
            found = bool(pattern.search(self.text[span[0] : span[1]]))
            self._found[pattern, span] = found
        return found

    def _span(self, edges: list[int], at: int) -> tuple[int, int]:
        index = bisect_right(edges, at)
        low = edges[index - 1] if index else 0
        return low, edges[index] if index < len(edges) else len(self.text)

    def _introductions(self) -> list[tuple[int, int]]:
        """What stands before the asking verb describes the asker: "X company seeks …"."""
        found = []
        for low, high in self._sentence_spans():
            match = _ASKING.search(self.text, low, high)
            if match is None:
                continue
            before = self.text[low : match.start()]
            if not _ORGANISATION.search(before) or _FIRST_PERSON.match(before):
                continue  # "Our exosome needs …": the subject is what is asked about
            if self.text[match.end() : high].strip(" .,;:"):
                found.append((low, match.start()))
        return found

    def _sentence_spans(self) -> list[tuple[int, int]]:
        edges = [0, *self._sentences, len(self.text)]
        return [(a, b) for a, b in pairwise(edges) if a < b]

    def _contexts(self) -> list[tuple[int, int]]:
        found = []
        for match in _CONTEXT.finditer(self.text):
            before = self.text[max(0, match.start() - 40) : match.start()]
            opening = _OPENING.search(before) or not before.strip()
            if match[0].casefold() == "for" and opening:
                continue
            end = self.clause(match.start())[1]
            asking = _ASKING.search(self.text, match.end(), end)
            found.append((match.start(), asking.start() if asking else end))
        return found

    def _korean_contexts(self) -> list[tuple[int, int]]:
        return [(self.clause(m.start())[0], m.end()) for m in _KOREAN_CONTEXT.finditer(self.text)]


def _edges(pattern: re.Pattern[str], text: str) -> list[int]:
    return sorted({match.end() for match in pattern.finditer(text) if match.end() < len(text)})
