"""Quantities of scale: read from free text, written in words, and compared by kind and unit.

What a quantity says: "up to 1,000 L" has an open minimum, "at least 5 kg" an open maximum, and a
bare "500 L" has both bounds at 500. A number of equal lines ("2 x 1000 L") is not added up, for a
batch runs in one of them. Canonical units stand in `app.matching.units`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from app.matching.scale_text import parse
from app.matching.types import Quantity
from app.matching.units import NOT_CAPACITY, unit_named

__all__ = ["Coverage", "compare", "from_range", "gap", "parse", "words"]

NEAR = Decimal("1.2")  # asked up to this many times the offered maximum is near
TOO_LARGE, FAR_TOO_LARGE = 10, 1_000  # smallest offered batch over the asked one: near, missed

_SHOWN = {  # further units that words() may use, largest first
    "L": (("L", Decimal(1)), ("mL", Decimal("0.001")), ("uL", Decimal("0.000001"))),
    "g": (
        *(("kg", Decimal(1000)), ("g", Decimal(1)), ("mg", Decimal("0.001"))),
        ("ug", Decimal("0.000001")),
    ),
    "mol": (("mol", Decimal(1)), ("mmol", Decimal("0.001")), ("umol", Decimal("0.000001"))),
    "ug/m3": (("ug/m3", Decimal(1)), ("ng/m3", Decimal("0.001"))),
}

_BATCH_SIZES = frozenset({"volume", "mass", "amount"})
_ORDER = ("met", "near", "unknown", "missed")


@dataclass(frozen=True, slots=True)
class Coverage:
    """How what is offered stands to what is asked, and the offered quantity that decided."""

    verdict: Literal["met", "near", "missed", "unknown"]
    offered: Quantity | None = None


# --- comparing ----------------------------------------------------------------------------------


def compare(asked: Quantity, offered: Sequence[Quantity]) -> Coverage:
    """How offered quantities stand to an asked one; the most favourable of them decides.

    Only the same kind and unit compare; floor area, money, headcounts and numbers of batches
    never do. Then:
    met: the offered maximum reaches all that is asked, or an open "at least" does;
    near: it is short by a sixth at most (asked within 20 % above it), or reaches only the lower
    end of the asked range, or its smallest batch is more than 10 times what is asked;
    missed: it is shorter than that, or its smallest batch is more than 1,000 times what is asked;
    unknown: nothing comparable is stated, or "at least" less than is asked.
    Only volumes, masses and amounts have a smallest batch: counts of vials or doses are mostly
    totals. An exposure limit covers all higher ones.
    """
    if asked.kind in NOT_CAPACITY or asked.kind == "batches":
        return Coverage("unknown")
    results = [
        Coverage(_verdict(asked, each), each)
        for each in offered
        if each.kind == asked.kind and each.unit == asked.unit
    ]
    results.sort(key=lambda coverage: _ORDER.index(coverage.verdict))
    return results[0] if results else Coverage("unknown")


def _verdict(asked: Quantity, offered: Quantity) -> Literal["met", "near", "missed", "unknown"]:
    if asked.kind == "exposure_limit":
        return _limit_verdict(asked, offered)
    top = asked.maximum if asked.maximum is not None else asked.minimum
    if top is None:
        return "unknown"
    if offered.maximum is None:
        if offered.minimum is None or offered.minimum < top:
            return "unknown"
    elif offered.maximum < top:
        reaches = asked.minimum is not None and offered.maximum >= asked.minimum
        return "near" if reaches or _short_by_little(top, offered.maximum) else "missed"
    if offered.minimum is None or asked.kind not in _BATCH_SIZES:
        return "met"
    if offered.minimum > top * FAR_TOO_LARGE:
        return "missed"
    return "near" if offered.minimum > top * TOO_LARGE else "met"


def gap(asked: Quantity, offered: Quantity) -> Literal["short", "part", "larger"]:
    """Where an offered quantity that doesn't plainly cover an asked one falls: short of it, in the
    lower part of the asked range, or far above it."""
    top = asked.maximum if asked.maximum is not None else asked.minimum
    if asked.kind == "exposure_limit" or top is None:
        return "short"
    if offered.maximum is None or offered.maximum >= top:
        return "larger"
    is_range = asked.minimum is not None and asked.minimum < top
    return "part" if is_range and offered.maximum >= (asked.minimum or 0.0) else "short"


def _short_by_little(asked: float, offered: float) -> bool:
    return Decimal(repr(asked)) <= Decimal(repr(offered)) * NEAR


def _limit_verdict(asked: Quantity, offered: Quantity) -> Literal["met", "near", "missed"]:
    """Handling down to a lower limit covers every higher one."""
    wanted = asked.minimum if asked.minimum is not None else asked.maximum or 0.0
    reached = offered.minimum if offered.minimum is not None else offered.maximum or 0.0
    if reached <= wanted:
        return "met"
    return "near" if _short_by_little(reached, wanted) else "missed"


# --- from numbers to a quantity, and into words -------------------------------------------------


def from_range(minimum: float | None, maximum: float | None, unit: str) -> Quantity:
    """The quantity of two bounds in a named unit; ValueError, in plain words, if it is none."""
    named = unit_named(unit)
    for bound in (minimum, maximum):
        if bound is not None and not (math.isfinite(bound) and 0 <= bound <= 1e24):
            raise ValueError("a bound of a scale is a number from 0 up")
    if minimum is not None and maximum is not None and minimum > maximum:
        raise ValueError("the minimum of the scale is above its maximum")
    if not (maximum if maximum is not None else minimum):
        raise ValueError("a scale needs a minimum or a maximum above 0")
    return Quantity(
        minimum=_canonical(minimum, named.factor),
        maximum=_canonical(maximum, named.factor),
        unit=named.canonical,
        kind=named.kind,
    )


def _canonical(bound: float | None, factor: Decimal) -> float | None:
    return None if bound is None else float(Decimal(repr(bound)) * factor)


def words(quantity: Quantity) -> str:
    """The quantity as people write it: "5 to 25 L", "up to 1,000 L", "at least 20 million vials".

    `parse(words(q))` gives `q` back, but for its `text` and for kinds that only other words tell
    (a fill volume, an installed total, a strength).
    """
    bounds = [bound for bound in (quantity.minimum, quantity.maximum) if bound is not None]
    unit, size = _shown_unit(quantity, max(bounds, default=0.0))
    shown = [_number(Decimal(repr(bound)) / size) for bound in bounds]
    tail = unit.replace("/", " a ", 1) if "_per_" in quantity.kind else unit
    if quantity.kind == "money":
        shown, tail = [f"{unit} {number}" for number in shown], ""
    if len(shown) == 2 and quantity.minimum != quantity.maximum:
        # "1 to 2 million" would be read as two in millions
        repeats = "llion" in shown[1] or "^" in shown[1]
        first = f"{shown[0]} {tail.split(' a ')[0]}".strip() if repeats else shown[0]
        text = f"{first} to {shown[1]} {tail}"
    elif quantity.minimum is None:
        text = f"up to {shown[0]} {tail}"
    elif quantity.maximum is None:
        text = f"at least {shown[0]} {tail}"
    else:
        text = f"{shown[0]} {tail}"
    return text.strip()


def _shown_unit(quantity: Quantity, largest: float) -> tuple[str, Decimal]:
    base, slash, time = quantity.unit.partition("/")
    if quantity.kind == "exposure_limit":
        base, slash, time = quantity.unit, "", ""
    choices = _SHOWN.get(base, ((quantity.unit, Decimal(1)),))
    for unit, size in choices:
        if largest >= size:
            return f"{unit}{slash}{time}" if unit != quantity.unit else unit, size
    return quantity.unit, Decimal(1)


def _number(value: Decimal) -> str:
    if value >= 10**12:
        digits = value.normalize().scaleb(-value.adjusted())
        return f"{digits:f}x10^{value.adjusted()}"
    for word, size in (("billion", 10**9), ("million", 10**6)):
        if value >= size:
            shown = (value / size).normalize()
            return f"{shown:f} {word}"
    return f"{value.normalize():,f}"
