"""The criteria: one function each, whose docstring is its public text, and their table.

Most judge the values of a column, one by one, for what a need asks; the others judge offers before
all needs at once. Both give shares of the points: won, unknown, and the rest lost.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np

from app.matching.assurance import Assurance
from app.matching.availability import Availability
from app.matching.availability import judge as judge_timing
from app.matching.brief import Ask
from app.matching.catalogue import Catalogue
from app.matching.columns import Column
from app.matching.offer_columns import EVERY_MODALITY, WEAK
from app.matching.once import once
from app.matching.panel import Panel
from app.matching.points import Judgement
from app.matching.provider_columns import Place, Standing
from app.matching.quantity import compare
from app.matching.regime import Work
from app.matching.types import Quantity

FACILITY_SHARE = 0.7  # ranking notes 2.1: a facility there counts 0.7 of headquarters there
OTHER_AREAS_SHARE = 0.3  # naming other areas loses most, not all: few records are complete
OFFER_SHARE = 0.3  # of the wording; the record as a whole tells more than one line of it
FRESH_DAYS, STALE_DAYS = 365, 3 * 365

Pair = tuple[float, float]  # shares won and unknown
# What a need asks of a column's values: equal things have equal keys, and are judged once.
Asking = tuple[Hashable, Callable[[Any], Pair]]


def service(panel: Panel) -> Judgement:
    """Whether the provider does this work. The same service or a kind of it wins all; a broader
    one wins part, by distance in the vocabulary; a related one a little; a look-alike nothing. The
    same words without the same concept win up to nine tenths.
    Several services in one phrase are covered one by one. An offer known only from general
    knowledge leaves half of its points open."""
    won, unknown = panel.compared("service")
    weak = panel.marked(WEAK)
    if not weak.any():
        return Judgement(won, unknown)
    open_ = np.float32(0.5) * weak
    plain = np.float32(1.0) - open_
    return Judgement(won * plain, unknown * plain + open_)


def modality(panel: Panel) -> Judgement:
    """Whether the provider works with this kind of medicine. "All" covers any; a parent that
    includes it wins part; another family loses; silence is unknown."""
    won, unknown = panel.compared("modality")
    every = panel.marked(EVERY_MODALITY)
    return Judgement(np.maximum(won, every.astype(np.float32)), unknown * ~every)


def regime(ask: Ask) -> Asking:
    """Whether the offer is the kind of work asked for: clinical, nonclinical, discovery,
    regulatory, consulting, making, testing, logistics, engineering or supply. Where the offer's own
    words don't tell, the provider's kind does; another kind loses."""
    wanted = ask.regimes

    def shares(found: Work) -> Pair:
        return (float(bool(found.regimes & wanted)), 0.0) if found.regimes else (0.0, 1.0)

    return ("regime", wanted), shares


def breadth(ask: Ask) -> Asking:
    """Whether the provider says that it takes on the whole of this kind of work: full service,
    all phases, development and manufacturing (CDMO). Silence is unknown."""
    wanted = ask.regimes

    def shares(found: Work) -> Pair:
        won = float(found.is_whole and bool(found.regimes & wanted))
        return won, 1.0 - won

    return ("breadth", wanted), shares


def platform(panel: Panel) -> Judgement:
    """Whether the provider has this technology, host or equipment; silence is unknown."""
    return Judgement(*panel.compared("platform"))


def stage(ask: Ask) -> Asking:
    """Whether the offer covers the stage of development asked for, each stage of a range by
    itself. An offer that names no stage leaves it unknown."""
    wanted = ask.need.stages

    def shares(offered: tuple[str, ...]) -> Pair:
        if not offered or not wanted:
            return 0.0, 1.0
        return sum(stage in offered for stage in wanted) / len(wanted), 0.0

    return ("stage", wanted), shares


def therapeutic_area(ask: Ask) -> Asking:
    """Whether the provider names this disease area. Silence is unknown; naming only others loses
    most of it."""
    concepts, vocabulary = ask.asked["therapeutic_area"].concepts, ask.vocabulary

    def shares(areas: tuple[int, ...]) -> Pair:
        if not areas or not concepts:
            return 0.0, 1.0
        return max(OTHER_AREAS_SHARE, vocabulary.closest(concepts, areas)[0]), 0.0

    return ("therapeutic_area", concepts), shares


def quality(ask: Ask) -> Asking:
    """Whether the offer runs under the standard asked for, by its own words or by a certificate
    of its facility. A certificate whose site isn't stated wins half; "designed to", "planned", a
    certificate that has run out by then and silence are unknown; another regime (GLP for GMP) or a
    denial loses."""
    standards, unread = ask.standards, ask.asked["quality"].unread
    number = len(standards) + unread

    def shares(found: Assurance) -> Pair:
        won, unknown = 0.0, float(unread)
        for standard in standards:
            finding = found.standing(standard)
            won += finding.won
            unknown += finding.unknown
        return won / number, unknown / number

    concepts = tuple(standard.concept for standard in standards)
    return ("quality", concepts, unread, ask.needed), shares


_COVERED = {"met": (1.0, 0.0), "near": (0.5, 0.0), "missed": (0.0, 0.0), "unknown": (0.0, 1.0)}


def scale(ask: Ask) -> Asking:
    """Whether the stated capacity covers the quantity asked for, compared by kind and unit.
    Close to the limit wins half; another kind of quantity (floor area, money) says nothing."""
    wanted = ask.need.quantity

    def shares(offered: tuple[Quantity, ...]) -> Pair:
        if wanted is None or not offered:
            return 0.0, 1.0
        return _COVERED[compare(wanted, offered).verdict]

    return ("scale", wanted), shares


def time(ask: Ask) -> Asking:
    """Whether the offer runs by the day it is needed (today unless said otherwise). A plan that
    has time until then wins half; a plan whose date has passed is unknown until confirmed."""
    needed, as_of = ask.needed, ask.as_of

    def shares(found: Availability) -> Pair:
        timing = judge_timing(found, needed, as_of)
        return timing.won, timing.unknown

    return ("time", needed, as_of), shares


def wording(panel: Panel) -> Judgement:
    """How many of the request's informative words stand in the provider's record (seven tenths)
    and in the very offer (three tenths), rare words counting most (BM25). What is asked for counts
    in full, what it is for by half. What isn't found is lost, never unknown."""
    record = panel.brief.record_wording.take(panel.providers, axis=1).T  # a column for each need
    own = np.float32(OFFER_SHARE)
    won = np.minimum((1 - own) * record + own * panel.wording, np.float32(1.0))
    return Judgement(won, np.zeros_like(won))


def place(ask: Ask) -> Asking:
    """Whether the provider sits in a country wished for (all points) or has a facility there
    (seven tenths)."""
    wanted = frozenset(_places(ask))

    def shares(found: Place) -> Pair:
        if found.country in wanted:
            return 1.0, 0.0
        won = FACILITY_SHARE if found.facilities & wanted else 0.0
        return won, 0.0 if found.country else 1.0 - won

    return ("place", wanted), shares


def _places(ask: Ask) -> tuple[str, ...]:
    return ask.wishes.countries_preferred or ask.wishes.countries_required


def market(ask: Ask) -> Asking:
    """Whether an authority of the markets wished for has licensed or certified the provider.
    Records rarely say so, and silence is unknown."""
    wanted, needed = ask.wishes.markets, ask.needed
    authorities = [authority(ask, name) for name in wanted]

    def shares(found: Standing) -> Pair:
        valid = [name for name, end in found.authorities if not end or end.last >= needed.first]
        held = frozenset(known for name in valid for known in authority(ask, name))
        won = sum(bool(names & held) for names in authorities) / len(authorities)
        return won, 1.0 - won

    return ("market", wanted, needed), shares


def authority(ask: Ask, name: str) -> frozenset[str]:
    """What an authority is known as, so that its names can be compared."""
    read = ask.vocabulary.resolve(name, "quality").concepts
    return frozenset(read) or frozenset({name.casefold()})


def language(ask: Ask) -> Asking:
    """Whether the provider works in a language wished for; an empty list is unknown."""
    wanted = frozenset(ask.wishes.languages)

    def shares(spoken: tuple[str, ...]) -> Pair:
        return (float(not wanted.isdisjoint(spoken)), 0.0) if spoken else (0.0, 1.0)

    return ("language", wanted), shares


def ownership(ask: Ask) -> Asking:
    """Whether the provider is owned as wished (public, private, …)."""
    wanted = frozenset(ask.wishes.ownership)

    def shares(owner: str) -> Pair:
        return (0.0, 1.0) if owner == "unknown" else (float(owner in wanted), 0.0)

    return ("ownership", wanted), shares


def freshness(ask: Ask) -> Asking:
    """How lately somebody confirmed the record: all points within a year, none after three;
    never confirmed is unknown."""
    as_of = ask.as_of

    def shares(assured: date | None) -> Pair:
        if assured is None:
            return 0.0, 1.0
        left = (STALE_DAYS - (as_of - assured).days) / (STALE_DAYS - FRESH_DAYS)
        return min(1.0, max(0.0, left)), 0.0

    return ("freshness", as_of), shares


@dataclass(frozen=True)
class Criterion:
    """A row of the criteria table. Its function takes an Ask and gives an Asking of the values of
    `column`, or where there is none, takes a Panel and gives the Judgement of its offers."""

    judge: Callable[[Any], Any]
    scope: Literal["need", "wishes"]
    prior: float  # the share of unknown points counted in the score; in tenths
    is_asked: Callable[[Ask], bool]
    column: Callable[[Catalogue], Column[Any]] | None = None

    @once
    def name(self) -> str:
        """The criterion's word in ledgers, weights and the API."""
        return self.judge.__name__

    @property
    def compares(self) -> str:
        """What it holds against what."""
        return _COMPARES[self.judge]

    @property
    def text(self) -> str:
        """What it does, for people."""
        return " ".join((self.judge.__doc__ or "").split())


def _field(name: str) -> Callable[[Ask], bool]:
    return lambda ask: name in ask.asked


def _wish(name: str) -> Callable[[Ask], bool]:
    return lambda ask: bool(getattr(ask.wishes, name))


_COMPARES = {
    service: "the need's service with the offer's service",
    modality: "the need's modality with the offer's modality",
    regime: "the kind of work of the need's service with the offer's",
    breadth: "the kind of work of the need's service with what is whole",
    platform: "the need's platform with the offer's platform",
    stage: "the need's stage with the offer's stages",
    therapeutic_area: "the need's disease area with the provider's areas",
    quality: "the need's standards with the offer's and its certificates",
    scale: "the need's quantity with the offer's scale",
    time: "needed_from with the offer's and its facility's dates",
    wording: "the need's and the text's words with the provider's record",
    place: "the countries wished for with headquarters and facilities",
    market: "the markets wished for with authorities in certificates",
    language: "the languages wished for with the provider's",
    ownership: "the ownership wished for with the provider's",
    freshness: "as_of with the day the record was last confirmed",
}
OF_NEEDS = (
    Criterion(service, "need", 0.1, _field("service")),
    Criterion(modality, "need", 0.4, _field("modality")),
    Criterion(regime, "need", 0.5, lambda ask: bool(ask.regimes), lambda c: c.offers.works),
    Criterion(breadth, "need", 0.0, lambda ask: bool(ask.regimes), lambda c: c.offers.works),
    Criterion(platform, "need", 0.3, _field("platform")),
    Criterion(stage, "need", 0.5, lambda a: a.need.stage is not None, lambda c: c.offers.stages),
    Criterion(therapeutic_area, "need", 0.4, _field("therapeutic_area"), lambda c: c.offers.areas),
    Criterion(quality, "need", 0.4, _field("quality"), lambda c: c.offers.assurances),
    Criterion(
        scale, "need", 0.4, lambda a: a.need.scale is not None, lambda c: c.offers.quantities
    ),
    Criterion(time, "need", 0.3, lambda _: True, lambda c: c.offers.availabilities),
    Criterion(wording, "need", 0.0, lambda ask: bool(ask.words)),
)
OF_WISHES = (
    Criterion(place, "wishes", 0.3, lambda a: bool(_places(a)), lambda c: c.providers.places),
    Criterion(market, "wishes", 0.3, _wish("markets"), lambda c: c.providers.standings),
    Criterion(language, "wishes", 0.5, _wish("languages"), lambda c: c.providers.languages),
    Criterion(ownership, "wishes", 0.3, _wish("ownership"), lambda c: c.providers.ownerships),
    Criterion(freshness, "wishes", 0.5, lambda _: True, lambda c: c.providers.assured),
)
CRITERIA = (*OF_NEEDS, *OF_WISHES)
BY_NAME = {criterion.name: criterion for criterion in CRITERIA}
