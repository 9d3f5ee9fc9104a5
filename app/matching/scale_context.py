"""What the words around a quantity say of it: a plan, a fill volume, an installed total."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import replace

from app.matching.types import Quantity

_BREAK = re.compile(r";|\n|\.\s|,(?!\d{3})|\(|\)|\band\b|\bbut\b|\bwhile\b|\bplus\b", re.I)
_PLAN = re.compile(
    r"\b(?:plan|plans|planned|planning|target|targets|targeted|under construction|to be built"
    r"|expandable|future|towards|will|after (?:the |planned )?(?:expansion|extension|completion)"
    r"|(?:to|by|until|from) (?:about |early |mid |late |end of |mid-)?(?:FY|20)\d{2})\b"
    r"|extension plan|예정|계획|목표|건설 ?중",
    re.I,
)
_INSTALLED = re.compile(
    r"\b(?:total|in all|installed|group capacity|combined|altogether|of which"
    r"|(?:over|across) (?:\w+ )?(?:plants|sites|lines))\b|합계|총 ?용량",
    re.I,
)
_INSTALLED_AFTER = re.compile(r"\s?(?:\([^)]{0,20})?\) installed", re.I)
_LARGEST_VESSEL_L = 250_000  # more than any single reactor of the trade: a site's total
_HISTORY = re.compile(
    r"\b(?:delivered|produced|released|since (?:19|20)\d\d|in one year|in FY ?\d+)\b", re.I
)
_BATCHES = frozenset({"volume", "mass", "amount", "doses", "vials", "syringes", "batches"})
_CONTAINER = re.compile(
    r"\b(?:pfs|syringes?|vials?|cartridges?|ampou?les?|fill|fills|filling|prefilled|bottles?|bags?"
    r"|droppers?)\b|바이알|시린지|주사기|앰플|충전",
    re.I,
)
_VESSEL = re.compile(r"reactor|ferment|working volume|culture|tank|배양|발효", re.I)
_STRENGTH = re.compile(
    r"\b(?:tablets?|capsules?|strength|placebo|oral|dose level)\b|정제|함량", re.I
)


class Clauses:
    """The clauses of a text; a bracket without a number speaks of the clause before it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._cuts = [0, *(found.start() for found in _BREAK.finditer(text)), len(text)]

    def _bounds(self, start: int, end: int) -> tuple[int, int]:
        first = self._cuts[bisect_right(self._cuts, start) - 1]
        last = bisect_left(self._cuts, end)
        return first, self._cuts[min(last, len(self._cuts) - 1)]

    def around(self, start: int, end: int) -> str:
        """The clause that holds a stretch of the text, 400 characters of it at most."""
        first, last = self._bounds(start, end)
        return self._text[max(first, start - 200) : min(last, end + 200)]

    def is_plan(self, start: int, end: int) -> bool:
        """Whether the clause, or the bracket right behind it, says that it is still a plan."""
        if _PLAN.search(self.around(start, end)):
            return True
        _, last = self._bounds(start, end)
        if not self._text.startswith("(", last):
            return False
        bracket = self._text[last + 1 : last + 120].split(")")[0]
        counts = re.search(r"\b(?:one|two|three|four|five|six)\b", bracket, re.I)
        return bool(_PLAN.search(bracket)) and not counts


def in_context(quantity: Quantity, clause: str, after: str) -> Quantity:
    """Tell a vial's fill from a reactor, an installed total from a batch, a strength from a lot."""
    top = quantity.maximum or quantity.minimum or 0.0
    if quantity.kind in _BATCHES and _HISTORY.search(clause):
        return replace(quantity, kind=f"{quantity.kind}_made")
    if quantity.kind == "volume":
        if top <= 1 and _CONTAINER.search(clause) and not _VESSEL.search(clause):
            return replace(quantity, kind="fill_volume")
        if top > _LARGEST_VESSEL_L or _INSTALLED.search(clause) or _INSTALLED_AFTER.match(after):
            return replace(quantity, kind="volume_installed")
    if quantity.kind == "mass" and top < 1 and _STRENGTH.search(clause):
        return replace(quantity, kind="strength")
    return quantity
