"""The criteria: one function each, whose docstring is its public text, and their table.

A criterion judges some offers, or providers, before all needs at once and returns shares of its
points. What it says of a need that doesn't ask for it counts nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

import numpy as np

from app.matching.assurance import Assurance
from app.matching.availability import Availability
from app.matching.availability import judge as judge_timing
from app.matching.brief import Ask
from app.matching.offer_columns import EVERY_MODALITY, WEAK, stage_bits
from app.matching.panel import Floats, Panel, Shares
from app.matching.points import Judgement
from app.matching.provider_columns import Place, Standing
from app.matching.quantity import compare
from app.matching.types import STAGES, Quantity

FACILITY_SHARE = 0.7  # ranking notes 2.1: a facility there counts 0.7 of headquarters there
OTHER_AREAS_SHARE = 0.3  # naming other areas loses most, not all: few records are complete
# The same words without the same concept are a strong hint and no proof.
WORDS_SHARE = 0.9
FRESH_DAYS, STALE_DAYS = 365, 3 * 365

Judge = Callable[[Panel], Judgement]


def service(panel: Panel) -> Judgement:
    """Whether the provider does this work. The same service or a kind of it wins all; a broader
    one wins part, by distance in the vocabulary; a related one a little; a look-alike nothing. The
    same words without the same concept win up to nine tenths.
    Several services in one phrase are covered one by one. An offer known only from general
    knowledge leaves half of its points open."""
    won, unknown = _likeness(panel, "service")
    weak = panel.marked(WEAK)
    half = np.where(weak, won / 2, won)
    return Judgement(half, unknown + (won - half))


def modality(panel: Panel) -> Judgement:
    """Whether the provider works with this kind of medicine. "All" covers any; a parent that
    includes it wins part; another family loses; silence is unknown."""
    won, unknown = _likeness(panel, "modality")
    every = panel.marked(EVERY_MODALITY)
    return Judgement(np.where(every, 1.0, won), np.where(every, 0.0, unknown))


def platform(panel: Panel) -> Judgement:
    """Whether the provider has this technology, host or equipment; silence is unknown."""
    return Judgement(*_likeness(panel, "platform"))


def stage(panel: Panel) -> Judgement:
    """Whether the offer covers the stage of development asked for, each stage of a range by
    itself. An offer that names no stage leaves it unknown."""
    tables = [_stage_shares(ask.need.stages) for ask in panel.brief.asks]
    stages = panel.brief.catalogue.offers.stages[panel.rows]
    won, unknown = (np.stack([table[which] for table in tables], axis=1) for which in (0, 1))
    return Judgement(won, unknown, stages)


@lru_cache(maxsize=64)
def _stage_shares(wanted: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Shares won and unknown for every set of stages offered, by its bits."""
    sets = np.arange(1 << len(STAGES))
    silent = (sets == 0) | (not wanted)
    covered = sum((sets & stage_bits((each,)) > 0).astype(np.float32) for each in wanted)
    won = np.where(silent, 0.0, covered / max(1, len(wanted)))
    return won.astype(np.float32), silent.astype(np.float32)


def therapeutic_area(panel: Panel) -> Judgement:
    """Whether the provider names this disease area. Silence is unknown; naming only others loses
    most of it."""
    vocabulary = panel.brief.catalogue.vocabulary

    def judge(ask: Ask) -> Shares[tuple[int, ...]]:
        concepts = ask.asked["therapeutic_area"].concepts
        likeness = vocabulary.likeness_from(concepts)

        def shares(areas: tuple[int, ...]) -> tuple[float, float]:
            if not areas or not concepts:
                return 0.0, 1.0
            return max(OTHER_AREAS_SHARE, *(float(likeness[area]) for area in areas)), 0.0

        return ("therapeutic_area", concepts), shares

    asks = panel.brief.asks
    judged = [judge(ask) if "therapeutic_area" in ask.asked else None for ask in asks]
    return panel.by_value(panel.brief.catalogue.offers.areas, panel.rows, judged)


def quality(panel: Panel) -> Judgement:
    """Whether the offer runs under the standard asked for, by its own words or by a certificate
    of its facility. A certificate whose site isn't stated wins half; "designed to", "planned", a
    certificate that has run out by then and silence are unknown; another regime (GLP for GMP) or a
    denial loses."""

    def judge(ask: Ask) -> Shares[Assurance]:
        standards, unread = ask.standards, ask.asked["quality"].unread
        number = len(standards) + unread

        def shares(found: Assurance) -> tuple[float, float]:
            findings = [found.standing(standard) for standard in standards]
            won = sum(finding.won for finding in findings)
            unknown = sum(finding.unknown for finding in findings) + unread
            return won / number, unknown / number

        concepts = tuple(standard.concept for standard in standards)
        return ("quality", concepts, unread, ask.needed), shares

    judged = [judge(ask) if "quality" in ask.asked else None for ask in panel.brief.asks]
    return panel.by_value(panel.brief.catalogue.offers.assurances, panel.rows, judged)


_COVERED = {"met": (1.0, 0.0), "near": (0.5, 0.0), "missed": (0.0, 0.0), "unknown": (0.0, 1.0)}


def scale(panel: Panel) -> Judgement:
    """Whether the stated capacity covers the quantity asked for, compared by kind and unit.
    Close to the limit wins half; another kind of quantity (floor area, money) says nothing."""

    def judge(ask: Ask) -> Shares[tuple[Quantity, ...]]:
        wanted = ask.need.quantity

        def shares(offered: tuple[Quantity, ...]) -> tuple[float, float]:
            if wanted is None or not offered:
                return 0.0, 1.0
            return _COVERED[compare(wanted, offered).verdict]

        return ("scale", wanted), shares

    judged = [judge(ask) if ask.need.scale is not None else None for ask in panel.brief.asks]
    return panel.by_value(panel.brief.catalogue.offers.quantities, panel.rows, judged)


def time(panel: Panel) -> Judgement:
    """Whether the offer runs by the day it is needed (today unless said otherwise). A plan that
    has time until then wins half; a plan whose date has passed is unknown until confirmed."""

    def judge(ask: Ask) -> Shares[Availability]:
        needed, as_of = ask.needed, ask.as_of

        def shares(found: Availability) -> tuple[float, float]:
            timing = judge_timing(found, needed, as_of)
            return timing.won, timing.unknown

        return ("time", needed, as_of), shares

    judged = [judge(ask) for ask in panel.brief.asks]
    return panel.by_value(panel.brief.catalogue.offers.availabilities, panel.rows, judged)


def wording(panel: Panel) -> Judgement:
    """How many of the request's informative words stand in the provider's record, rare words
    counting most (BM25); half of them is all that can be expected. What isn't found is lost,
    never unknown."""
    won = panel.brief.wording[panel.providers]
    return Judgement(won, np.zeros_like(won))


def place(panel: Panel) -> Judgement:
    """Whether the provider sits in a country wished for (all points) or has a facility there
    (seven tenths)."""
    wanted = frozenset(_places(panel.brief.asks[0]))

    def shares(found: Place) -> tuple[float, float]:
        if found.country in wanted:
            return 1.0, 0.0
        won = FACILITY_SHARE if found.facilities & wanted else 0.0
        return won, 0.0 if found.country else 1.0 - won

    column = panel.brief.catalogue.providers.places
    return panel.by_value(column, panel.providers, [(("place", wanted), shares)])


def _places(ask: Ask) -> tuple[str, ...]:
    return ask.wishes.countries_preferred or ask.wishes.countries_required


def market(panel: Panel) -> Judgement:
    """Whether an authority of the markets wished for has licensed or certified the provider.
    Records rarely say so, and silence is unknown."""
    ask = panel.brief.asks[0]
    wanted, needed = ask.wishes.markets, ask.needed
    authorities = [_authority(ask, name) for name in wanted]

    def shares(found: Standing) -> tuple[float, float]:
        valid = [name for name, end in found.authorities if not end or end.last >= needed.first]
        held = frozenset(known for name in valid for known in _authority(ask, name))
        won = sum(bool(names & held) for names in authorities) / len(authorities)
        return won, 1.0 - won

    column = panel.brief.catalogue.providers.standings
    return panel.by_value(column, panel.providers, [(("market", wanted, needed), shares)])


def _authority(ask: Ask, name: str) -> frozenset[str]:
    read = ask.vocabulary.resolve(name, "quality").concepts
    return frozenset(read) or frozenset({name.casefold()})


def language(panel: Panel) -> Judgement:
    """Whether the provider works in a language wished for; an empty list is unknown."""
    wanted = frozenset(panel.brief.asks[0].wishes.languages)

    def shares(spoken: tuple[str, ...]) -> tuple[float, float]:
        return (float(not wanted.isdisjoint(spoken)), 0.0) if spoken else (0.0, 1.0)

    column = panel.brief.catalogue.providers.languages
    return panel.by_value(column, panel.providers, [(("language", wanted), shares)])


def ownership(panel: Panel) -> Judgement:
    """Whether the provider is owned as wished (public, private, …)."""
    wanted = frozenset(panel.brief.asks[0].wishes.ownership)

    def shares(owner: str) -> tuple[float, float]:
        return (0.0, 1.0) if owner == "unknown" else (float(owner in wanted), 0.0)

    column = panel.brief.catalogue.providers.ownerships
    return panel.by_value(column, panel.providers, [(("ownership", wanted), shares)])


def freshness(panel: Panel) -> Judgement:
    """How lately somebody confirmed the record: all points within a year, none after three;
    never confirmed is unknown."""
    as_of = panel.brief.query.as_of

    def shares(assured: date | None) -> tuple[float, float]:
        if assured is None:
            return 0.0, 1.0
        left = (STALE_DAYS - (as_of - assured).days) / (STALE_DAYS - FRESH_DAYS)
        return min(1.0, max(0.0, left)), 0.0

    column = panel.brief.catalogue.providers.assured
    return panel.by_value(column, panel.providers, [(("freshness", as_of), shares)])


@dataclass(frozen=True, slots=True)
class Criterion:
    """A row of the criteria table."""

    judge: Judge
    scope: Literal["need", "wishes"]
    prior: float  # the share of unknown points counted in the score; in tenths
    compares: str
    is_asked: Callable[[Ask], bool]

    @property
    def name(self) -> str:
        """The criterion's word in ledgers, weights and the API."""
        return self.judge.__name__

    @property
    def text(self) -> str:
        """What it does, for people."""
        return " ".join((self.judge.__doc__ or "").split())


def _field(name: str) -> Callable[[Ask], bool]:
    return lambda ask: name in ask.asked


def _always(ask: Ask) -> bool:
    return True


CRITERIA = (
    Criterion(
        service, "need", 0.1, "the need's service with the offer's service", _field("service")
    ),
    Criterion(
        modality, "need", 0.4, "the need's modality with the offer's modality", _field("modality")
    ),
    Criterion(
        platform, "need", 0.3, "the need's platform with the offer's platform", _field("platform")
    ),
    Criterion(
        stage,
        "need",
        0.5,
        "the need's stage with the offer's stages",
        lambda ask: ask.need.stage is not None,
    ),
    Criterion(
        therapeutic_area,
        "need",
        0.4,
        "the need's disease area with the provider's areas",
        _field("therapeutic_area"),
    ),
    Criterion(
        quality,
        "need",
        0.4,
        "the need's standards with the offer's and its certificates",
        _field("quality"),
    ),
    Criterion(
        scale,
        "need",
        0.4,
        "the need's quantity with the offer's scale",
        lambda ask: ask.need.scale is not None,
    ),
    Criterion(time, "need", 0.3, "needed_from with the offer's and its facility's dates", _always),
    Criterion(
        wording,
        "need",
        0.0,
        "the need's and the text's words with the provider's record",
        lambda ask: bool(ask.words),
    ),
    Criterion(
        place,
        "wishes",
        0.3,
        "the countries wished for with headquarters and facilities",
        lambda ask: bool(_places(ask)),
    ),
    Criterion(
        market,
        "wishes",
        0.3,
        "the markets wished for with authorities in certificates",
        lambda ask: bool(ask.wishes.markets),
    ),
    Criterion(
        language,
        "wishes",
        0.5,
        "the languages wished for with the provider's",
        lambda ask: bool(ask.wishes.languages),
    ),
    Criterion(
        ownership,
        "wishes",
        0.3,
        "the ownership wished for with the provider's",
        lambda ask: bool(ask.wishes.ownership),
    ),
    Criterion(
        freshness, "wishes", 0.5, "as_of with the day the record was last confirmed", _always
    ),
)
BY_NAME = {criterion.name: criterion for criterion in CRITERIA}
OF_NEEDS = tuple(criterion for criterion in CRITERIA if criterion.scope == "need")
OF_WISHES = tuple(criterion for criterion in CRITERIA if criterion.scope == "wishes")


def _likeness(panel: Panel, name: str) -> tuple[Floats, Floats]:
    best, understood, unsaid = panel.likeness(name), panel.understood(name), panel.unsaid(name)
    by_words = np.float32(WORDS_SHARE) * panel.overlap(name)
    won = np.maximum(best, by_words)
    # Where no concept explains the phrase only its words can be compared: what they find is won,
    # and as nobody knows what the rest means, the rest is unknown.
    unknown = np.where(unsaid | ~understood, 1 - won, np.float32(0.0))
    return won, unknown
