"""Reads quantities from free text; `app.matching.quantity` is the way in."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.matching.numbers import Number, numbers_in, same_length
from app.matching.scale_context import Clauses, in_context
from app.matching.types import Quantity
from app.matching.units import (
    COUNTED,
    CURRENCIES,
    MEASURES,
    NOT_CAPACITY,
    RATE,
    Unit,
    counted_at,
    is_per_something,
    measure_at,
    money_at,
    per_dose_at,
    per_time,
    rate_before,
)

LONGEST = 8_000  # characters read; what follows is ignored

_RANGE = re.compile(
    r"\s{0,2}(?:-|–|—|~|∼|to|until|through|bis|à|up to|to about|에서|부터|내지)\s{0,2}"
    r"(?:about |up to |some |약 ?|최대 ?)?",
    re.I,
)
_LIST = re.compile(r"\s{0,2}(?:,|/|and|or|및|또는|,\s?and|,\s?or)\s{0,2}(?P<cap>up to )?", re.I)
_LIST_OF_KINDS = re.compile(r"\s[A-Za-z][\w-]{0,20}(?:,| and| or)\s", re.I)
_TIMES = re.compile(r"\s{0,2}[x×*]\s{0,2}", re.I)
_AND = re.compile(r"\s{0,2}(?:and|및)\s{0,2}", re.I)
_CAP = re.compile(
    r"(?:up to|maximum(?: of)?|max\.?|at most|below|under|less than|not more than"
    r"|(?<=[,;(] )to|(?<=[,;(])to|^to|(?<=line )to"
    r"|capacity to|reactors to|≤|<|최대)\s{0,2}(?:about |some |~)?$",
    re.I,
)
_FLOOR = re.compile(
    r"(?:at least|minimum(?: of)?|min\.?|from|over|more than|above|exceeding|starting at"
    r"|down to|≥|>|최소)\s{0,2}(?:about |some |~)?$",
    re.I,
)
_YEAR = re.compile(r"(?:19[5-9]|20[0-9])\d")
_BETWEEN = re.compile(r"between\s{1,2}$", re.I)
_FLOOR_AFTER = re.compile(r"\s{0,2}(?:\+|upwards|and above|or more|and more|이상|초과)", re.I)
_CAP_AFTER = re.compile(r"\s{0,2}(?:이하|까지|미만|or less|maximum)", re.I)
# Whole things are counted, so that the dot of `5.000 Fläschchen` parts thousands.
_THOUSANDS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_GROUPED = re.compile(r"[1-9]\d{0,2}\.\d\d0")
_LARGE = frozenset((MEASURES["l"], MEASURES["kg"]))
_COUNTER = re.compile(r"\s?(?:개|병|본)(?![가-힣]{0,1}월)")
_NAMED_BEFORE = re.compile(
    r"(바이알|시린지|주사기|정제|캡슐|앰플|카트리지)\s?(?:약|최대|총|최소)?\s?$"
)
_ORDINAL = re.compile(
    r"\b(?:phases?|plants?|class|grade|category|type|stage|level|bsl|unit|annex|cohort|part"
    r"|building|days?|no\.|version)\s{0,2}(?:\d{1,2}\s?(?:-|and|to|/|or)\s?)?$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Term:
    """A number with the unit that stands behind it, if any."""

    number: Number
    value: Decimal  # in the unit as written
    end: int
    unit: Unit | None


def parse(text: str, *, plans: bool = False) -> tuple[Quantity, ...]:
    """All quantities of a free text, in its order; `text` of each is the exact stretch it was
    read from. What a clause calls a plan, a target or under construction is no capability and is
    left out, unless `plans` (a need's plans are what it asks for)."""
    text = text[:LONGEST]
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)[:LONGEST]
    plain = same_length(text)
    terms = _with_inherited_units(plain, [_term(plain, number) for number in numbers_in(plain)])
    clauses = Clauses(plain)
    found: list[tuple[Quantity, int, int]] = []
    index = 0
    while index < len(terms):
        quantity, used, start, end = _quantity(plain, terms, index)
        index += used
        if quantity is not None:
            found.append((replace(quantity, text=text[start:end]), start, end))
    rated = _rated(plain, found)
    return tuple(
        in_context(quantity, clauses.around(start, end), plain[end : end + 60])
        for quantity, start, end in rated
        if plans or not clauses.is_plan(start, end)
    )


def _term(text: str, number: Number) -> _Term:
    if number.currency:
        value, end = _shortened(number)
        return _Term(number, value, end, Unit("money", CURRENCIES[number.currency]))
    if is_ratio := measure_at(text, number.end):
        unit, end = is_ratio
        if dosed := per_dose_at(unit, text, end):
            return _Term(number, number.value, dosed[1], dosed[0])
        if unit.kind != "exposure_limit" and is_per_something(text, end):
            return _Term(number, number.value, end, None)
        return _Term(number, _in_thousands(text, number, unit), end, unit)
    if before := _counted_before(text, number):
        return _Term(number, number.value, *before)
    if not _is_ordinal(text, number):
        for value, at in ((number.value, number.end), _shortened(number)):
            counted = counted_at(text, at) or money_at(text, at)
            if counted and (dosed := per_dose_at(counted[0], text, counted[1])):
                return _Term(number, value, dosed[1], dosed[0])
            if counted and not is_per_something(text, counted[1]):
                if _THOUSANDS.fullmatch(text, number.start, number.end):
                    value = Decimal(text[number.start : number.end].replace(".", ""))
                return _Term(number, value, counted[1], counted[0])
    return _Term(number, number.value, number.end, None)


def _in_thousands(text: str, number: Number, unit: Unit) -> Decimal:
    """The 1,500 of `1.500 L`: nobody gives litres or kilograms to a last gram that is nought."""
    written = text[number.start : number.end]
    if unit in _LARGE and _GROUPED.fullmatch(written):
        return Decimal(written.replace(".", ""))
    return number.value


def _counted_before(text: str, number: Number) -> tuple[int, Unit] | None:
    """What is counted, where it stands before its number: `바이알 50만 개`."""
    counter = _COUNTER.match(text, number.end)
    named = _NAMED_BEFORE.search(text, max(0, number.start - 16), number.start)
    if counter is None or named is None:
        return None
    return counter.end(), COUNTED["정" if named[1] == "정제" else named[1]]


def _is_ordinal(text: str, number: Number) -> bool:
    """Whether a number counts nothing: the 2 of `phase 2`."""
    return bool(_ORDINAL.search(text, max(0, number.start - 24), number.start))


def _shortened(number: Number) -> tuple[Decimal, int]:
    if number.short is None:
        return number.value, number.end
    return number.digits * number.short, number.short_end


def _with_inherited_units(text: str, terms: list[_Term]) -> list[_Term]:
    """Give "5 to" in "5 to 20 kg", and "85," in "85, 130 and 180 million", what follows them."""
    for index in range(len(terms) - 2, -1, -1):
        term, following = terms[index], terms[index + 1]
        if term.unit is not None or following.unit is None or following.unit.kind == "money":
            continue
        if _YEAR.fullmatch(text, term.number.start, term.end) or _is_ordinal(text, term.number):
            continue
        between = text[term.end : following.number.start]
        if _RANGE.fullmatch(between) or _LIST.fullmatch(between):
            terms[index] = replace(term, value=_inherited(term, following), unit=following.unit)
        elif term.number.magnitude and _LIST_OF_KINDS.fullmatch(between):
            terms[index] = replace(term, unit=following.unit)
    return terms


def _inherited(term: _Term, following: _Term) -> Decimal:
    """30 in "30-50 million" is 30 million; 100,000 in "100,000 to 1 million" is itself."""
    if term.number.magnitude or not term.value or not following.number.digits:
        return term.value
    times = following.value / following.number.digits
    return term.value * times if term.value < 1000 else term.value


def _quantity(
    text: str, terms: Sequence[_Term], index: int
) -> tuple[Quantity | None, int, int, int]:
    """The quantity that starts at a term, how many terms it takes, and where it stands."""
    term = terms[index]
    start = term.number.start
    if index + 1 < len(terms):
        following = terms[index + 1]
        between = text[term.end : following.number.start]
        if term.unit is None and following.unit and _TIMES.fullmatch(between):
            quantity, used, _, end = _quantity(text, terms, index + 1)
            return quantity, used + 1, start, end
        if _is_range(text, term, following, between):
            low, high = _amount(term), _amount(following)
            if following.unit and low <= high:
                if told := _BETWEEN.search(text, max(0, start - 10), start):
                    start = told.start()
                return _of(low, high, following.unit), 2, start, following.end
    if term.unit is None or term.value <= 0:
        return None, 1, start, term.end
    amount = _amount(term)
    before = text[max(0, start - 24) : start]
    if cap := _CAP.search(before):
        return _of(None, amount, term.unit), 1, start - len(cap[0]), term.end
    if floor := _FLOOR.search(before):
        return _of(amount, None, term.unit), 1, start - len(floor[0]), term.end
    if cap := _CAP_AFTER.match(text, term.end):
        return _of(None, amount, term.unit), 1, start, cap.end()
    if floor := _FLOOR_AFTER.match(text, term.end):
        return _of(amount, None, term.unit), 1, start, floor.end()
    return _of(amount, amount, term.unit), 1, start, term.end


def _amount(term: _Term) -> Decimal:
    return term.value * (term.unit.factor if term.unit else 1)


def _is_range(text: str, term: _Term, following: _Term, between: str) -> bool:
    if term.unit is None or following.unit is None or term.unit.kind != following.unit.kind:
        return False
    if term.unit.canonical != following.unit.canonical:
        return False
    if _RANGE.fullmatch(between):
        return True
    before = text[max(0, term.number.start - 10) : term.number.start]
    return bool(_AND.fullmatch(between) and _BETWEEN.search(before))


def _of(minimum: Decimal | None, maximum: Decimal | None, unit: Unit) -> Quantity:
    return Quantity(
        minimum=None if minimum is None else float(minimum),
        maximum=None if maximum is None else float(maximum),
        unit=unit.canonical,
        kind=unit.kind,
    )


def _rated(
    text: str, found: Sequence[tuple[Quantity, int, int]]
) -> list[tuple[Quantity, int, int]]:
    """Make rates of what is told per hour, day or year, up to some words further on."""
    rated: list[tuple[Quantity, int, int]] = []
    next_start, shared = len(text), None
    for quantity, start, end in reversed(found):
        reach = re.split(r"[;(\n]|\.\s|,\s|\bwith\b", text[end : min(next_start, end + 60)])[0]
        after = RATE.search(reach)
        if quantity.kind in NOT_CAPACITY or quantity.kind.endswith("_per_dose"):
            word = None
        elif after:
            word = next(group for group in after.groups() if group)
        else:
            joined = _LIST.search(reach) and next_start - end < 40 and "," not in reach
            word = (shared if joined else None) or rate_before(text, start)
        if word:
            unit = per_time(Unit(quantity.kind, quantity.unit), word)
            quantity = replace(
                quantity,
                minimum=_times(quantity.minimum, unit.factor),
                maximum=_times(quantity.maximum, unit.factor),
                unit=unit.canonical,
                kind=unit.kind,
            )
        rated.append((quantity, start, end))
        next_start, shared = start, word
    rated.reverse()
    return rated


def _times(bound: float | None, factor: Decimal) -> float | None:
    return None if bound is None else float(Decimal(repr(bound)) * factor)
