"""What offers say, in columns: a row for each offer, those of a provider together."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.assurance import Assurance, Certified, Claim, certified, claims_of
from app.matching.availability import Availability, confirmed
from app.matching.columns import Column, Lists, MoreLists, MoreValues
from app.matching.postings import FULL
from app.matching.regime import Work, work_of
from app.matching.terms import words
from app.matching.types import STAGES, Candidate, Offer, Quantity
from app.matching.vocabulary import Vocabulary
from app.matching.wording import (
    OFFER_B,
    OFFER_WORDS,
    MoreUsage,
    Usage,
    impacts,
    words_of_offer,
)

_EVERY_MODALITY = ("all", "any", "various", "all modalities", "multiple", "전체")
# A provider without a stated capability is silent, not unfit: it is judged by an empty offer.
SILENT = Offer(id="", service="")
# Development that the name of a making may hold.
_DEVELOPING = frozenset(("cdmo", "cdo", "process-development"))
_DOSAGE_FORMS = frozenset(
    (
        *("oral-solid-dose", "oral-liquid", "topical-manufacturing", "inhalation-manufacturing"),
        *("parenteral-manufacturing", "ophthalmic-manufacturing", "transdermal-manufacturing"),
        *("suppository", "lyophilization", "drug-product-manufacturing"),
    )
)
# Making in general, which a product tells more of.
_ANY_MAKING = frozenset(
    (
        *("manufacturing", "clinical-trial-material", "commercial-manufacturing"),
        *("drug-substance-manufacturing", "cdmo", "cmo"),
    )
)
_DEVELOPED_AND_MADE = re.compile(r"\bdevelopment (?:and|&|to) (?:\S+ )?(?:manufactur|produc)", re.I)
FACETS = ("service", "modality", "form", "platform")
# Bits of `marks`, beside one for each of FACETS: what is stated.
EVERY_MODALITY, WEAK, IS_SILENT = 16, 32, 64


@dataclass(frozen=True, slots=True)
class Row:
    """One offer as it is laid out."""

    concepts: tuple[int, ...]  # positions in the vocabulary
    words: Mapping[str, int]  # with their impacts; first those of service, modality and platform
    profile: int  # how many words these three have
    marks: int
    stages: tuple[str, ...]  # in the order of STAGES
    work: Work
    assurance: Assurance
    quantities: tuple[Quantity, ...]
    availability: Availability
    areas: tuple[int, ...]  # concepts of the offer's and the provider's disease areas


@dataclass(frozen=True)
class OfferColumns:
    """The columns of all offers."""

    concepts: Lists
    words: Lists  # numbers of words, the first `profiles` of them saying what is done with what
    impacts: NDArray[np.uint8]  # of `words`, entry by entry
    profiles: NDArray[np.uint8]
    marks: NDArray[np.uint8]
    stages: Column[tuple[str, ...]]
    works: Column[Work]
    assurances: Column[Assurance]
    quantities: Column[tuple[Quantity, ...]]
    availabilities: Column[Availability]
    areas: Column[tuple[int, ...]]
    numbers: Mapping[str, int]  # of words
    usage: Usage  # how many offers use each word

    @classmethod
    def empty(cls) -> "OfferColumns":
        """No rows."""
        none = np.zeros(0, dtype=np.uint8)
        return cls(
            concepts=Lists.of(()),
            words=Lists.of(()),
            impacts=none,
            profiles=none,
            marks=none,
            stages=Column.of(()),
            works=Column.of(()),
            assurances=Column.of(()),
            quantities=Column.of(()),
            availabilities=Column.of(()),
            areas=Column.of(()),
            numbers={},
            usage=Usage(0, {}),
        )


class MoreOffers:
    """Rows that will follow those of some columns, and rows that have gone."""

    def __init__(self, before: OfferColumns) -> None:
        self._before = before
        self._concepts = MoreLists(before.concepts)
        self._words = MoreLists(before.words)
        self._impacts = bytearray()
        self._profiles = bytearray()
        self._marks = bytearray()
        self._stages = MoreValues(before.stages)
        self._works = MoreValues(before.works)
        self._assurances = MoreValues(before.assurances)
        self._quantities = MoreValues(before.quantities)
        self._availabilities = MoreValues(before.availabilities)
        self._areas = MoreValues(before.areas)
        self._numbers = dict(before.numbers)
        self._usage = MoreUsage(before.usage)

    def remove(self, words: Iterable[str]) -> None:
        """A row stays where it is and must be masked; its words, given here, count no more."""
        self._usage.remove(words)

    def add(self, row: Row) -> None:
        """One more row."""
        numbers = self._numbers
        self._concepts.add(row.concepts)
        self._words.add([numbers.setdefault(word, len(numbers)) for word in row.words])
        self._impacts.extend(row.words.values())
        self._profiles.append(min(row.profile, FULL))
        self._usage.add(row.words)
        self._marks.append(row.marks)
        self._stages.add(row.stages)
        self._works.add(row.work)
        self._assurances.add(row.assurance)
        self._quantities.add(row.quantities)
        self._availabilities.add(row.availability)
        self._areas.add(row.areas)

    def columns(self) -> OfferColumns:
        """The columns of all rows."""
        before = self._before
        return OfferColumns(
            concepts=self._concepts.lists(),
            words=self._words.lists(),
            impacts=_extended(before.impacts, self._impacts),
            profiles=_extended(before.profiles, self._profiles),
            marks=_extended(before.marks, self._marks),
            stages=self._stages.column(),
            works=self._works.column(),
            assurances=self._assurances.column(),
            quantities=self._quantities.column(),
            availabilities=self._availabilities.column(),
            areas=self._areas.column(),
            numbers=self._numbers,
            usage=self._usage.usage(),
        )


def _extended(before: NDArray[np.uint8], added: bytearray) -> NDArray[np.uint8]:
    return np.concatenate((before, np.frombuffer(bytes(added), dtype=np.uint8)))


class Reader:
    """Reads offers for one vocabulary; equal phrases are read once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._services: dict[tuple[str, str], tuple[str, ...]] = {}
        self._claims: dict[str | None, tuple[Claim, ...]] = {}
        self._words: dict[str, tuple[str, ...]] = {}

    def rows(self, candidate: Candidate) -> Iterable[Row]:
        """The rows of a candidate's offers, in order of their ids."""
        by_site = certified(candidate.proofs, self._vocabulary)
        own_areas = [
            concept
            for area in candidate.areas
            for concept in self._vocabulary.resolve(area, "therapeutic_area").concepts
        ]
        for offer in offers_of(candidate):
            yield self._row(offer, candidate, by_site, own_areas)

    def _row(
        self,
        offer: Offer,
        candidate: Candidate,
        by_site: Mapping[str | None, tuple[Certified, ...]],
        own_areas: Sequence[str],
    ) -> Row:
        known, position = self._vocabulary.concepts, self._vocabulary.position
        concepts = [concept for concept in self.concepts(offer) if concept in position]
        # Who names a form alone is silent on the medicine.
        is_form = self._vocabulary.is_form
        facets = {"form" if is_form(concept) else known[concept].facet for concept in concepts}
        marks = sum(1 << bit for bit, facet in enumerate(FACETS) if facet in facets)
        marks |= EVERY_MODALITY if str(offer.modality).casefold() in _EVERY_MODALITY else 0
        marks |= WEAK if offer.flag == "general_knowledge" else 0
        marks |= IS_SILENT if offer is SILENT else 0
        stated = (offer.service, offer.modality, offer.platform)
        areas = {c for c in concepts if known[c].facet == "therapeutic_area"}.union(own_areas)
        return Row(
            concepts=tuple(position[concept] for concept in concepts),
            words=impacts(words_of_offer(offer, self.words), OFFER_B, OFFER_WORDS),
            profile=len({word for text in stated for word in self.words(text)}),
            marks=marks,
            stages=tuple(stage for stage in STAGES if stage in offer.stages),
            work=work_of(candidate, offer, concepts, self._vocabulary),
            assurance=self._assurance(offer, candidate, by_site),
            quantities=offer.quantities,
            availability=Availability.of(offer, candidate),
            areas=tuple(sorted(position[area] for area in areas if area in position)),
        )

    def concepts(self, offer: Offer) -> tuple[str, ...]:
        """What an offer names, by its pinned concepts and its words."""
        found = dict.fromkeys(offer.pinned)
        # What a curator has pinned settles its facet; the words still speak for the others.
        known = self._vocabulary.concepts
        settled = {known[c].facet for c in found if c in known}
        for facet, phrase in (
            ("service", offer.service),
            ("modality", offer.modality),
            ("platform", offer.platform),
        ):
            for concept in self._named(facet, phrase) if phrase else ():
                if known[concept].facet not in settled:
                    found[concept] = None
        if "service" not in settled:
            found |= dict.fromkeys(self._developed(offer.service, found))
        return tuple(found)

    def _developed(self, service: str, found: Iterable[str]) -> tuple[str, ...]:
        """Development that is told within the words for making: `viral vector CDMO`."""
        vocabulary = self._vocabulary
        mentions = vocabulary.resolve(service, "service").mentions
        parts = [part for mention in mentions for part in vocabulary.parts(mention.text)]
        told = [c for part in parts for c in part.concepts if c in _DEVELOPING]
        makes = vocabulary.narrower("manufacturing").intersection(found)
        if makes and _DEVELOPED_AND_MADE.search(service):
            is_form = not makes.isdisjoint(_DOSAGE_FORMS)
            told.append("formulation-development" if is_form else "process-development")
        if not _ANY_MAKING.isdisjoint(found):
            told += self._made(found)
        return tuple(told)

    def _made(self, found: Iterable[str]) -> Iterator[str]:
        """Making in general together with a product is the making of that product; of a chemical
        only where it is the substance that is made."""
        for concept in found:
            if self._vocabulary.concepts[concept].facet == "modality":
                making = self._vocabulary.making((concept,))
                if making and (
                    making != "api-synthesis" or "drug-substance-manufacturing" in found
                ):
                    yield making

    def _named(self, facet: str, phrase: str) -> tuple[str, ...]:
        kept = self._services.get((facet, phrase))
        if kept is None:
            parts = (self._vocabulary.resolve(part, facet).concepts for part in phrase.split(";"))
            kept = tuple(dict.fromkeys(concept for part in parts for concept in part))
            self._services[facet, phrase] = kept
        return kept

    def words(self, text: str | None) -> tuple[str, ...]:
        """The informative words of a text."""
        if not text:
            return ()
        kept = self._words.get(text)
        if kept is None:
            kept = self._words[text] = words(text)
        return kept

    def _assurance(
        self,
        offer: Offer,
        candidate: Candidate,
        by_site: Mapping[str | None, tuple[Certified, ...]],
    ) -> Assurance:
        claims = self._claims.get(offer.quality)
        if claims is None:
            claims = self._claims[offer.quality] = claims_of(offer.quality, self._vocabulary)
        site = next((s for s in candidate.sites if s.id == offer.site_id), None)
        others = [of for at, of in by_site.items() if at is not None and at != offer.site_id]
        return Assurance(
            claims=claims,
            at_site=by_site.get(offer.site_id, ()) if offer.site_id else (),
            unplaced=by_site.get(None, ()),
            elsewhere=tuple(found for of in others for found in of),
            lifecycle=confirmed(site, candidate.proofs).lifecycle if site else "unknown",
        )


def offers_of(candidate: Candidate) -> tuple[Offer, ...]:
    """A candidate's offers in order of their ids, the silent one where there are none."""
    return tuple(sorted(candidate.offers, key=lambda offer: offer.id)) or (SILENT,)
