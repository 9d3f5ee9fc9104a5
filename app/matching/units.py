"""Units of scale: the words for them in English and Korean, what they measure, and conversions.

The canonical unit of each kind: litres (volume, fill_volume, volume_installed), grams (mass,
strength), moles (amount), square metres (area), micrograms per cubic metre (exposure_limit), the
currency's code (money) and the thing itself where things are counted. A rate is a kind of its
own (`doses_per_year`, unit `doses/year`); months are told in years and minutes in hours, because
those convert exactly, while a day's rate says nothing certain about a year's.
"""

import re
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit's word measures, and how many canonical units one of it is."""

    kind: str
    canonical: str
    factor: Decimal = Decimal(1)


def _measures() -> dict[str, Unit]:
    table: dict[str, Unit] = {}

    def add(kind: str, canonical: str, factor: str, *words: str) -> None:
        table.update({word: Unit(kind, canonical, Decimal(factor)) for word in words})

    add("volume", "L", "1", "l", "ℓ", "litre", "litres", "liter", "liters", "ltr", "리터")
    add("volume", "L", "0.001", "ml", "㎖", "cc", "millilitre", "millilitres", "milliliter")
    add("volume", "L", "0.001", "milliliters", "밀리리터")
    add("volume", "L", "0.000001", "ul", "µl", "μl", "microlitre", "microlitres", "microliters")
    add("volume", "L", "100", "hl", "hectolitre", "hectolitres")
    add("volume", "L", "1000", "kl", "m3", "m³", "㎥", "cubic metre", "cubic metres", "cbm")
    add("volume", "L", "1000", "cubic meter", "cubic meters", "세제곱미터")
    add("volume", "L", "3.785411784", "gal", "gallon", "gallons")
    add("mass", "g", "1", "g", "gm", "gram", "grams", "gramme", "grammes", "그램")
    add("mass", "g", "0.001", "mg", "㎎", "milligram", "milligrams", "밀리그램")
    add("mass", "g", "0.000001", "ug", "µg", "μg", "㎍", "mcg", "microgram", "micrograms")
    add("mass", "g", "1000", "kg", "㎏", "kgs", "kilo", "kilos", "kilogram", "kilograms")
    add("mass", "g", "1000", "킬로그램", "키로", "킬로")
    add("mass", "g", "1000000", "t", "mt", "ton", "tons", "tonne", "tonnes", "metric ton")
    add("mass", "g", "1000000", "metric tons", "metric tonnes", "톤")
    add("amount", "mol", "1", "mol", "mole", "moles", "몰")
    add("amount", "mol", "0.001", "mmol", "millimole", "millimoles")
    add("amount", "mol", "0.000001", "umol", "µmol", "μmol", "micromole", "micromoles")
    add("particles", "vg", "1", "vg", "vector genomes", "genome copies", "벡터 게놈")
    add("viral_particles", "vp", "1", "vp", "viral particles", "total particles")
    add("infectious_units", "TU", "1", "tu", "transducing units")
    add("infectious_units", "PFU", "1", "pfu", "plaque forming units", "plaque-forming units")
    add("area", "m2", "1", "m2", "m²", "㎡", "sqm", "sq m", "square metre", "square metres")
    add("area", "m2", "1", "square meter", "square meters", "제곱미터")
    add("area", "m2", "0.09290304", "sq ft", "sq. ft", "sq. ft.", "sqft", "ft2", "ft²")
    add("area", "m2", "0.09290304", "square feet", "square foot", "square-foot")
    add("area", "m2", "3.305785", "평")
    add("exposure_limit", "ug/m3", "0.001", "ng/m3", "ng/m³")
    add("exposure_limit", "ug/m3", "1", "ug/m3", "µg/m3", "μg/m3", "mcg/m3", "ug/m³", "µg/m³")
    add("exposure_limit", "ug/m3", "1", "μg/m³", "mcg/m³")
    return table


def _counted() -> dict[str, Unit]:
    table: dict[str, Unit] = {}

    def add(kind: str, canonical: str, *words: str) -> None:
        table.update({word: Unit(kind, canonical) for word in words})

    add("doses", "doses", "doses", "dose", "도즈", "도스", "회분", "dosen")
    add("vials", "vials", "vials", "vial", "바이알", "flacons", "fläschchen", "durchstechflaschen")
    add(
        "syringes",
        "syringes",
        "syringes",
        "syringe",
        "pfs",
        "시린지",
        "주사기",
        "seringues",
        "spritzen",
    )
    add("capsules_tablets", "tablets or capsules", "tablets or capsules", "tablets", "tablet")
    add("capsules_tablets", "tablets or capsules", "capsules", "capsule", "정", "캡슐")
    add("capsules_tablets", "tablets or capsules", "tabletten", "kapseln", "comprimés", "gélules")
    add("ampoules", "ampoules", "ampoules", "ampoule", "ampules", "앰플")
    add("cartridges", "cartridges", "cartridges", "cartridge", "카트리지")
    add("units", "units", "units")
    add("packs", "packs", "packs", "kits")
    add("batches", "batches", "batches", "batch", "lots", "lot", "runs", "campaigns")
    add("batches", "batches", "배치", "로트", "chargen")
    add("cells", "cells", "cells", "viable cells", "세포")
    for noun in ("patients", "subjects", "volunteers", "people", "staff", "graduates", "recruits"):
        add("people_or_animals", noun, noun)
    for noun in ("mice", "rats", "rodents", "primates", "monkeys", "dogs", "rabbits", "animals"):
        add("people_or_animals", noun, noun)
    add("people_or_animals", "people", "명")
    add("people_or_animals", "animals", "마리")
    for noun in (
        *("lines", "suites", "rooms", "modules", "plants", "sites", "beds", "bioreactors"),
        *("projects", "trials", "studies", "tests", "methods", "products", "devices", "models"),
        *("laboratories", "labs", "molecules", "compounds", "samples", "assays", "candidates"),
    ):
        add("count", noun, noun)
    add("count", "rooms", "clean rooms", "cleanrooms")
    return table


# Kinds that tell nothing of how much can be made, and so are never compared.
NOT_CAPACITY = frozenset(
    {"area", "money", "count", "people_or_animals", "volume_installed", "strength"}
)
MEASURES = _measures()
COUNTED = _counted()
CURRENCIES = {"us$": "USD", "$": "USD", "€": "EUR", "£": "GBP", "₩": "KRW", "¥": "JPY"}
_CODES = (
    *("KRW", "USD", "EUR", "GBP", "CAD", "JPY", "CHF"),
    *("CNY", "INR", "AUD", "SGD", "DKK", "SEK", "NOK"),
)
_MONEY_WORDS = {"won": "KRW", "원": "KRW", "dollars": "USD", "euros": "EUR", "pounds": "GBP"}
CURRENCIES |= {code.lower(): code for code in _CODES}

# Case tells these from other things: T cells, G force, M for million.
_LOWER_ONLY = frozenset({"t", "g", "m2", "m3"})
_PERIODS = {
    **dict.fromkeys(("year", "yr", "annum", "annually", "yearly", "년", "연"), ("year", 1)),
    **dict.fromkeys(("month", "월", "monthly"), ("year", 12)),
    **dict.fromkeys(("week", "wk", "weekly", "주"), ("week", 1)),
    **dict.fromkeys(("day", "daily", "일"), ("day", 1)),
    **dict.fromkeys(("hour", "h", "hr", "hourly", "시간"), ("hour", 1)),
    **dict.fromkeys(("minute", "min", "분"), ("hour", 60)),
}


def _either(words: object) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload] # any collection of words


# Short Korean words are also the start of others: 정 of 정제, 원 of 원료, 세포 of 세포주.
_ALONE = r"(?<=[정명평원몰포])(?=[가-힣])"
_MEASURE = re.compile(
    rf"[ \u00a0]{{0,2}}-?[ ]?({_either(MEASURES)})(?![A-Za-z0-9²³%])(?!{_ALONE})", re.I
)
_ADJECTIVES = (
    r"(?:(?!(?:and|or|of|in|for|to|at|with|per|by|from|on|a|an)\b)[A-Za-z][\w-]{0,20} ){0,2}"
)
_LATIN = {word for word in COUNTED if not "가" <= word[0] <= "힣"}
_COUNT = re.compile(
    rf"(?:\s{{1,2}}{_ADJECTIVES}({_either(_LATIN)})(?![\w-])"
    rf"|\s{{0,2}}({_either(COUNTED.keys() - _LATIN)}))(?!{_ALONE})",
    re.I,
)
_MONEY = re.compile(rf"\s{{0,2}}({_either([*_MONEY_WORDS, *map(str.lower, _CODES)])})(?!\w)", re.I)
_WON = re.compile(r"\s?원(?![가-힣])|\s?원(?=입니다|이며|이고|으로|정도|이내|이하|미만|내외|대)")
_TIME = (
    r"(?:(?:/|\bper |\ba |\ban |\beach |\bevery )\s?(year|yr|annum|month|week|wk|day|hour|hr|h|"
    r"minute|min)(?![A-Za-z])|\b(annually|yearly|monthly|weekly|daily|hourly)\b|/\s?(년|월|주|일|시간|분))"
)
RATE = re.compile(_TIME, re.I)
_BEFORE = re.compile(
    r"(?:\b(annual|yearly|monthly|weekly|daily|hourly)\b|(연간|매년|월간|일일|(?<![가-힣])연(?![가-힣])))"
    r"[^;,.()\d]{0,30}$",
    re.I,
)
_AHEAD = {
    **{"annual": "year", "yearly": "year", "monthly": "month", "weekly": "week", "daily": "day"},
    **{"hourly": "hour", "연간": "year", "매년": "year", "연": "year", "월간": "month"},
    "일일": "day",
}
_PER = re.compile(
    r"\s?(?:/|\bper )\s?(?:ml|l|kg|g|mg|ug|dose|vial|m2|m3|cell|patient|tablet|subject|mouse|%)"
    r"(?![A-Za-z])",
    re.I,
)


# What a dose holds by number.
_DOSED = frozenset({"cells", "particles", "viral_particles", "infectious_units"})
_DOSE = re.compile(
    r"\s?(?:/|\bper |\ba |\beach )\s?(?:dose|patient|subject|administration|injection)\b"
    r"|\s?/\s?(?:도즈|도스|회분|회|환자)",
    re.I,
)


def measure_at(text: str, at: int) -> tuple[Unit, int] | None:
    """The measure (litres, grams …) that stands right behind a number, and where it ends."""
    found = _MEASURE.match(text, at)
    if found is None:
        return None
    word = found[1]
    if word.lower() in _LOWER_ONLY and word != word.lower():
        return None
    return MEASURES[word.lower()], found.end()


def counted_at(text: str, at: int) -> tuple[Unit, int] | None:
    """The counted thing behind a number, with up to two words between ("mRNA doses")."""
    found = _COUNT.match(text, at)
    if found is None:
        return None
    word = (found[1] or found[2]).lower()
    if word == "units" and found[0].strip().lower() != word:
        return Unit("count", "units"), found.end()  # "five research units" are no product
    return COUNTED[word], found.end()


def money_at(text: str, at: int) -> tuple[Unit, int] | None:
    """The currency that stands right behind a number, and where it ends."""
    found = _WON.match(text, at) or _MONEY.match(text, at)
    if found is None:
        return None
    word = found[0].strip().lower()
    return Unit("money", _MONEY_WORDS.get(word) or CURRENCIES[word]), found.end()


def is_per_something(text: str, at: int) -> bool:
    """Whether a unit goes on as a ratio ("mg/kg", "vg per mL"), which is no amount."""
    return _PER.match(text, at) is not None


def per_dose_at(unit: Unit, text: str, at: int) -> tuple[Unit, int] | None:
    """The amount in one dose, for what is dosed by number: `25 x 10^6 cells per dose`."""
    found = _DOSE.match(text, at) if unit.kind in _DOSED else None
    if found is None:
        return None
    return Unit(f"{unit.kind}_per_dose", f"{unit.canonical}/dose", unit.factor), found.end()


def per_time(unit: Unit, word: str) -> Unit:
    """The rate that `unit` becomes with the word for a time ("yr", "month")."""
    period, times = _PERIODS[word.lower()]
    kind, canonical = f"{unit.kind}_per_{period}", f"{unit.canonical}/{period}"
    return Unit(kind, canonical, unit.factor * times)


def rate_before(text: str, at: int) -> str | None:
    """The word for a time that an "annual" or "daily" shortly before a number implies."""
    found = _BEFORE.search(text, max(0, at - 45), at)
    return _AHEAD[(found[1] or found[2]).lower()] if found else None


def unit_named(words: str) -> Unit:
    """The unit that words name ("L", "million vials", "doses/yr"); ValueError if none is known."""
    unit = _named(" ".join(words.split()))
    if unit is None:
        raise ValueError("this unit isn't known; use for example L, mL, kg, g, vials or doses/year")
    return unit


def _named(words: str) -> Unit | None:
    lowered = words.lower()
    times = {"million ": 10**6, "billion ": 10**9, "thousand ": 10**3}
    for word, number in times.items():
        if lowered.startswith(word):
            unit = _named(words[len(word) :])
            return Unit(unit.kind, unit.canonical, unit.factor * number) if unit else None
    if lowered in MEASURES and not (lowered in _LOWER_ONLY and words != lowered):
        return MEASURES[lowered]
    if lowered in COUNTED:
        return COUNTED[lowered]
    if lowered in CURRENCIES or lowered in _MONEY_WORDS:
        return Unit("money", CURRENCIES.get(lowered) or _MONEY_WORDS[lowered])
    if lowered.endswith("/dose"):
        told = _named(words[: -len("/dose")])
        dosed = per_dose_at(told, "/dose", 0) if told else None
        return dosed[0] if dosed else None
    found = RATE.search(words)
    if found is None or found.end() != len(words) or not found.start():
        return None
    unit = _named(words[: found.start()].strip())
    if unit is None or "_per_" in unit.kind:
        return None
    return per_time(unit, next(group for group in found.groups() if group))
