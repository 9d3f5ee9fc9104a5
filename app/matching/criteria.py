"""The criteria: one function each, whose docstring is its public text, and their table.

A criterion judges the distinct values of a column and returns shares of its points; it returns
None where the request doesn't ask for it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np

from app.matching.asked import Asked, asked_of, weighted_words
from app.matching.assurance import Finding, Standard
from app.matching.availability import judge as judge_timing
from app.matching.catalogue import Catalogue, Place, Standing
from app.matching.points import Floats, Judgement
from app.matching.quantity import compare
from app.matching.regime import Work, regimes_of
from app.matching.terms import words
from app.matching.types import Need, Wishes
from app.period import Period

FACILITY_SHARE = 0.7  # ranking notes 2.1: a facility there counts 0.7 of headquarters there
OTHER_AREAS_SHARE = 0.3  # naming other areas loses most, not all: few records are complete
# The same words without the same concept are a strong hint and no proof.
WORDS_SHARE = 0.9
OFFER_SHARE = 0.3  # of the wording; the record as a whole tells more than one line of it
FRESH_DAYS, STALE_DAYS = 365, 3 * 365


Words = Mapping[str, float]


@dataclass(frozen=True)
class Ask:
    """One need in its request, before the catalogue it is asked of."""

    catalogue: Catalogue
    need: Need
    wishes: Wishes
    as_of: date
    asked: Mapping[str, Asked]
    words: Words  # of the need and of the text around it

    @classmethod
    def of(
        cls, catalogue: Catalogue, need: Need, wishes: Wishes, as_of: date, around: Words
    ) -> "Ask":
        """Gather what the need asks of each criterion; `around` holds the words of the text."""
        vocabulary = catalogue.vocabulary
        asked = asked_of(need, vocabulary)
        words = weighted_words(need, around, vocabulary)
        return cls(catalogue, need, wishes, as_of, asked, words)

    @property
    def needed(self) -> Period:
        """When it is needed: the day of asking unless said otherwise."""
        return self.wishes.needed_from or Period.of_day(self.as_of)

    @cached_property
    def regimes(self) -> frozenset[str]:
        """The kinds of work that the need's service belongs to."""
        asked = self.asked.get("service")
        return regimes_of(asked.concepts if asked else (), self.catalogue.vocabulary)

    @cached_property
    def standards(self) -> Sequence[Standard]:
        """The standards that the need asks for, each to hold when it is needed."""
        vocabulary = self.catalogue.vocabulary
        asked = self.asked.get("quality")
        return [
            Standard.of(concept, self.needed, vocabulary)
            for concept in (asked.concepts if asked else ())
            if concept in vocabulary.concepts
        ]

    @cached_property
    def findings(self) -> Sequence[Sequence[Finding]]:
        """For each distinct assurance of the catalogue, how each of the standards stands."""
        assurances = self.catalogue.assurances.values
        return [[found.standing(standard) for standard in self.standards] for found in assurances]


Judge = Callable[[Ask], Judgement | None]


def service(ask: Ask) -> Judgement | None:
    """Whether the provider does this work. The same service or a kind of it wins all; a broader
    one wins part, by distance in the vocabulary; a related one a little; a look-alike nothing. The
    same words without the same concept win up to nine tenths.
    Several services in one phrase are covered one by one. An offer known only from general
    knowledge leaves half of its points open."""
    asked = ask.asked.get("service")
    if asked is None:
        return None
    catalogue = ask.catalogue
    found = _likeness(ask, asked, "service", every_part=True)
    won = np.where(catalogue.weak, 0.5 * found.won, found.won)
    unknown = np.where(catalogue.weak, 0.5 + 0.5 * found.unknown, found.unknown)
    return Judgement(won, unknown, found.codes)


def modality(ask: Ask) -> Judgement | None:
    """Whether the provider works with this kind of medicine. "All" covers any; a parent that
    includes it wins part; another family loses; silence is unknown."""
    asked = ask.asked.get("modality")
    if asked is None:
        return None
    found = _likeness(ask, asked, "modality")
    every = ask.catalogue.every_modality
    return Judgement(
        np.where(every, 1.0, found.won), np.where(every, 0.0, found.unknown), found.codes
    )


def regime(ask: Ask) -> Judgement | None:
    """Whether the offer is the kind of work asked for: clinical, nonclinical, discovery,
    regulatory, consulting, making, testing, logistics, engineering or supply. Where the offer's own
    words don't tell, the provider's kind does; another kind loses."""
    wanted = ask.regimes
    if not wanted:
        return None
    column = ask.catalogue.works

    def shares(found: Work) -> tuple[float, float]:
        return (float(bool(found.regimes & wanted)), 0.0) if found.regimes else (0.0, 1.0)

    return Judgement(*column.judge(shares), column.codes)


def breadth(ask: Ask) -> Judgement | None:
    """Whether the provider says that it takes on the whole of this kind of work: full service,
    all phases, development and manufacturing (CDMO). Silence is unknown."""
    wanted = ask.regimes
    if not wanted:
        return None
    column = ask.catalogue.works

    def shares(found: Work) -> tuple[float, float]:
        won = float(found.is_whole and bool(found.regimes & wanted))
        return won, 1.0 - won

    return Judgement(*column.judge(shares), column.codes)


def platform(ask: Ask) -> Judgement | None:
    """Whether the provider has this technology, host or equipment; silence is unknown."""
    asked = ask.asked.get("platform")
    return None if asked is None else _likeness(ask, asked, "platform")


def stage(ask: Ask) -> Judgement | None:
    """Whether the offer covers the stage of development asked for, each stage of a range by
    itself. An offer that names no stage leaves it unknown."""
    wanted = ask.need.stages
    if ask.need.stage is None:
        return None
    column = ask.catalogue.stages

    def shares(offered: tuple[str, ...]) -> tuple[float, float]:
        if not offered or not wanted:
            return 0.0, 1.0
        return sum(stage in offered for stage in wanted) / len(wanted), 0.0

    return Judgement(*column.judge(shares), column.codes)


def therapeutic_area(ask: Ask) -> Judgement | None:
    """Whether the provider names this disease area. Silence is unknown; naming only others loses
    most of it."""
    asked = ask.asked.get("therapeutic_area")
    if asked is None:
        return None
    catalogue = ask.catalogue
    best = catalogue.area_concepts.best(catalogue.vocabulary.likeness_from(asked.concepts))
    silent = np.array([not areas for areas in catalogue.areas.values], dtype=np.bool_)
    if not asked.concepts:
        silent = np.ones_like(silent)
    won = np.where(silent, 0.0, np.maximum(best, OTHER_AREAS_SHARE))
    return Judgement(won, silent.astype(np.float64), catalogue.areas.codes)


def quality(ask: Ask) -> Judgement | None:
    """Whether the offer runs under the standard asked for, by its own words or by a certificate
    of its facility. A certificate whose site isn't stated wins half; "designed to", "planned", a
    certificate that has run out by then and silence are unknown; another regime (GLP for GMP) or a
    denial loses."""
    asked = ask.asked.get("quality")
    if asked is None:
        return None
    column = ask.catalogue.assurances
    number = len(ask.standards) + asked.unread
    won = [sum(finding.won for finding in found) for found in ask.findings]
    unknown = [sum(finding.unknown for finding in found) + asked.unread for found in ask.findings]
    return Judgement(np.array(won) / number, np.array(unknown) / number, column.codes)


def scale(ask: Ask) -> Judgement | None:
    """Whether the stated capacity covers the quantity asked for, compared by kind and unit.
    Close to the limit wins half; another kind of quantity (floor area, money) says nothing."""
    wanted = ask.need.quantity
    if ask.need.scale is None:
        return None
    column = ask.catalogue.quantities
    by_verdict = {
        "met": (1.0, 0.0),
        "near": (0.5, 0.0),
        "missed": (0.0, 0.0),
        "unknown": (0.0, 1.0),
    }
    won, unknown = column.judge(
        lambda offered: (
            (0.0, 1.0) if wanted is None else by_verdict[compare(wanted, offered).verdict]
        )
    )
    return Judgement(won, unknown, column.codes)


def time(ask: Ask) -> Judgement | None:
    """Whether the offer runs by the day it is needed (today unless said otherwise). A plan that
    has time until then wins half; a plan whose date has passed is unknown until confirmed."""
    column = ask.catalogue.availabilities
    needed = ask.needed

    def shares(found: object) -> tuple[float, float]:
        timing = judge_timing(found, needed, ask.as_of)  # type: ignore[arg-type] # column's value
        return timing.won, timing.unknown

    return Judgement(*column.judge(shares), column.codes)


def wording(ask: Ask) -> Judgement | None:
    """How many of the request's informative words stand in the provider's record (seven tenths)
    and in the very offer (three tenths), rare words counting most (BM25). What is asked for counts
    in full, what it is for by half. What isn't found is lost, never unknown."""
    weights = ask.words
    if not weights:
        return None
    catalogue = ask.catalogue
    record = catalogue.words.share(weights)[catalogue.owner]
    offer = catalogue.offer_words.share(weights)
    won = np.minimum(1.0, (1.0 - OFFER_SHARE) * record + OFFER_SHARE * offer)
    return Judgement(won, np.zeros_like(won))


def place(ask: Ask) -> Judgement | None:
    """Whether the provider sits in a country wished for (all points) or has a facility there
    (seven tenths)."""
    wanted = frozenset(ask.wishes.countries_preferred or ask.wishes.countries_required)
    if not wanted:
        return None
    column = ask.catalogue.places

    def shares(found: Place) -> tuple[float, float]:
        if found.country in wanted:
            return 1.0, 0.0
        won = FACILITY_SHARE if found.facilities & wanted else 0.0
        return won, 0.0 if found.country else 1.0 - won

    return Judgement(*column.judge(shares), column.codes)


def market(ask: Ask) -> Judgement | None:
    """Whether an authority of the markets wished for has licensed or certified the provider.
    Records rarely say so, and silence is unknown."""
    wanted = ask.wishes.markets
    if not wanted:
        return None
    column = ask.catalogue.standings
    authorities = [_authority(ask, name) for name in wanted]

    def shares(found: Standing) -> tuple[float, float]:
        valid = [name for name, end in found.authorities if not end or end.last >= ask.needed.first]
        held = frozenset(known for name in valid for known in _authority(ask, name))
        won = sum(bool(names & held) for names in authorities) / len(authorities)
        return won, 1.0 - won

    return Judgement(*column.judge(shares), column.codes)


def _authority(ask: Ask, name: str) -> frozenset[str]:
    read = ask.catalogue.vocabulary.resolve(name, "quality").concepts
    return frozenset(read) or frozenset({name.casefold()})


def language(ask: Ask) -> Judgement | None:
    """Whether the provider works in a language wished for; an empty list is unknown."""
    wanted = set(ask.wishes.languages)
    if not wanted:
        return None
    column = ask.catalogue.languages
    won, unknown = column.judge(
        lambda spoken: (float(bool(wanted & set(spoken))), 0.0) if spoken else (0.0, 1.0)
    )
    return Judgement(won, unknown, column.codes)


def ownership(ask: Ask) -> Judgement | None:
    """Whether the provider is owned as wished (public, private, …)."""
    wanted = set(ask.wishes.ownership)
    if not wanted:
        return None
    column = ask.catalogue.ownerships
    won, unknown = column.judge(
        lambda owner: (0.0, 1.0) if owner == "unknown" else (float(owner in wanted), 0.0)
    )
    return Judgement(won, unknown, column.codes)


def freshness(ask: Ask) -> Judgement | None:
    """How lately somebody confirmed the record: all points within a year, none after three;
    never confirmed is unknown."""
    column = ask.catalogue.assured

    def shares(assured: date | None) -> tuple[float, float]:
        if assured is None:
            return 0.0, 1.0
        age = (ask.as_of - assured).days
        left = (STALE_DAYS - age) / (STALE_DAYS - FRESH_DAYS)
        return min(1.0, max(0.0, left)), 0.0

    return Judgement(*column.judge(shares), column.codes)


@dataclass(frozen=True, slots=True)
class Criterion:
    """A row of the criteria table."""

    judge: Judge
    scope: Literal["need", "wishes"]
    prior: float  # the share of unknown points counted in the score; in tenths
    compares: str

    @property
    def name(self) -> str:
        """The criterion's word in ledgers, weights and the API."""
        return self.judge.__name__

    @property
    def text(self) -> str:
        """What it does, for people."""
        return " ".join((self.judge.__doc__ or "").split())


CRITERIA = (
    Criterion(service, "need", 0.1, "the need's service with the offer's service"),
    Criterion(modality, "need", 0.4, "the need's modality with the offer's modality"),
    Criterion(regime, "need", 0.5, "the kind of work of the need's service with the offer's"),
    Criterion(breadth, "need", 0.0, "the kind of work of the need's service with what is whole"),
    Criterion(platform, "need", 0.3, "the need's platform with the offer's platform"),
    Criterion(stage, "need", 0.5, "the need's stage with the offer's stages"),
    Criterion(therapeutic_area, "need", 0.4, "the need's disease area with the provider's areas"),
    Criterion(quality, "need", 0.4, "the need's standards with the offer's and its certificates"),
    Criterion(scale, "need", 0.4, "the need's quantity with the offer's scale"),
    Criterion(time, "need", 0.3, "needed_from with the offer's and its facility's dates"),
    Criterion(wording, "need", 0.0, "the need's and the text's words with the provider's record"),
    Criterion(place, "wishes", 0.3, "the countries wished for with headquarters and facilities"),
    Criterion(market, "wishes", 0.3, "the markets wished for with authorities in certificates"),
    Criterion(language, "wishes", 0.5, "the languages wished for with the provider's"),
    Criterion(ownership, "wishes", 0.3, "the ownership wished for with the provider's"),
    Criterion(freshness, "wishes", 0.5, "as_of with the day the record was last confirmed"),
)
BY_NAME = {criterion.name: criterion for criterion in CRITERIA}


def _likeness(ask: Ask, asked: Asked, facet: str, every_part: bool = False) -> Judgement:
    catalogue = ask.catalogue
    overlap = _overlap(ask, asked)
    if not asked.concepts:
        # No concept explains the phrase, so only its words can be compared: what they find is
        # won, and as nobody knows what the rest means, the rest is unknown.
        won = WORDS_SHARE * overlap
        return Judgement(won, 1.0 - won, catalogue.profiles.codes)
    best = catalogue.concepts.best(catalogue.vocabulary.likeness_from(asked.concepts))
    if every_part:
        if len(asked.concepts) > 1:
            parts = [
                catalogue.concepts.best(catalogue.vocabulary.likeness_from((concept,)))
                for concept in asked.concepts
            ]
            best = (best + np.mean(parts, axis=0)) / 2
        best = np.maximum(best, WORDS_SHARE * overlap)
    sides = {facet}
    if facet == "modality":
        sides = {"form" if catalogue.vocabulary.is_form(c) else facet for c in asked.concepts}
    silent = ~np.logical_or.reduce([catalogue.has_facet[side] for side in sides])
    return Judgement(best, np.where(silent, 1.0 - best, 0.0), catalogue.profiles.codes)


def _overlap(ask: Ask, asked: Asked) -> Floats:
    """For each profile the share of the asked phrase's words that stand in it, by rarity."""
    index = ask.catalogue.profile_words
    sums, greatest = index.sums(dict.fromkeys(words(asked.text), 1.0))
    return sums / greatest if greatest else sums
