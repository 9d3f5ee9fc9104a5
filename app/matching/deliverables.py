"""What is to be handed over, named in a row without a verb: `cell line, process and material`."""

import re
from collections.abc import Iterator

from app.matching.clauses import Outline

_NEXT = r"\s*(?:,\s*(?:and\s+)?|\band\s+|\bplus\s+|&\s*|\+\s*)"
_PURPOSE = r"c?gmp|clinical|trial|phase|first|initial|drug|vector|toxicology|tox"
_GOODS = (
    rf"(?:(?:{_PURPOSE})\s+){{0,2}}(?:[\d/]+\w?\s+)?(?:material|batch(?:es)?|lots?|supply|supplies)\b"
    rf"|(?:(?:{_PURPOSE})\s+)+(?:substance|product|vector|doses)\b(?!\s+(?:test|analy|character))"
)
# A row that begins with a cell line or a process and goes on to what is made with it.
_CELL_LINE = re.compile(
    rf"\b((?:(?:stable|clonal|producer|production)\s+)?(?:(?:CHO|HEK\s?293)\s+)?cell lines?"
    rf"|(?:stable|clonal|producer|production)\s+(?:CHO|HEK\s?293)\s+lines?){_NEXT}"
    rf"(?=(?:a\s+)?process(?:es)?{_NEXT}|(?:a\s+)?process development\b"
    rf"|(?:an?\s+)?(?:master|working|research)\s+cell banks?\b|{_GOODS})",
    re.I,
)
_PROCESS = re.compile(
    rf"(?:[,:;]|\b(?:an?|the|and|plus|needs?|wants?|requires?|seeks?|for))\s+"
    rf"(process){_NEXT}(?={_GOODS})",
    re.I,
)
_SERVICES = ((_CELL_LINE, "cell-line-development"), (_PROCESS, "process-development"))
# What somebody has already, or what something is made with, isn't asked for.
_THERE = re.compile(
    r"\b(?:have|has|had|having|own|our|existing|established|available|using|from|by|with|of)\b"
    r"(?:(?!\b(?:needs?|wants?|seeks?|requires?|looking)\b)[^,;:.])*(?:,\s*(?:a\s+)?)?$",
    re.I,
)
_REACH = 60  # characters before it in which that is told


def deliverables(text: str, outline: Outline) -> Iterator[tuple[int, int, str]]:
    """Where a row of things to be handed over names a cell line or a process, and the service that
    gives it."""
    for pattern, service in _SERVICES:
        for match in pattern.finditer(text):
            start, end = match.span(1)
            if outline.zone(start) != "request" or outline.negated(start, end):
                continue
            low = max(outline.sentence_span(start)[0], start - _REACH)
            if not _THERE.search(text, low, start):
                yield start, end, service
