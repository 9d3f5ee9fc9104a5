"""The catalogue in memory: candidates with their offers as columns. Immutable once built."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.matching.assurance import Assurance, Certified, certified, claims_of
from app.matching.availability import Availability, confirmed
from app.matching.columns import Column, ConceptLists
from app.matching.directory import Directory
from app.matching.regime import Work, work_of
from app.matching.terms import words
from app.matching.types import STAGES, Candidate, Offer, Quantity
from app.matching.vocabulary import Vocabulary
from app.matching.wording import OFFER_B, WordIndex, words_of, words_of_offer
from app.period import Period

LEFT_OUT = ("closed", "absorbed", "captive")  # for history; not in a default ranking
_EVERY_MODALITY = ("all", "any", "various", "all modalities", "multiple", "전체")
# A provider without a stated capability is silent, not unfit: it is judged by an empty offer.
SILENT = Offer(id="", service="")


@dataclass(frozen=True, slots=True)
class Profile:
    """The words by which an offer says what it is; equal profiles are judged once."""

    service: str
    modality: str | None
    platform: str | None
    pinned: tuple[str, ...]
    is_weak: bool  # known from general knowledge only

    @classmethod
    def of(cls, offer: Offer) -> "Profile":
        """The profile of an offer."""
        weak = offer.flag == "general_knowledge"
        return cls(offer.service, offer.modality, offer.platform, offer.pinned, weak)

    @property
    def words(self) -> tuple[str, ...]:
        """The informative words of the profile."""
        return words(" ".join(filter(None, (self.service, self.modality, self.platform))))

    @property
    def covers_every_modality(self) -> bool:
        """Whether the provider says "all" where a modality stands."""
        return bool(self.modality) and str(self.modality).casefold() in _EVERY_MODALITY


@dataclass(frozen=True, slots=True)
class Place:
    """Where a provider sits and where its facilities stand."""

    country: str | None
    facilities: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """The authorities that licensed or certified a provider, each with the end of its paper."""

    authorities: frozenset[tuple[str, Period | None]]


@dataclass(frozen=True)
class Catalogue:
    """Everything a match reads.

    Candidates stand in order of slug and their offers in order of id, so ties fall in that order
    whatever order they came in.
    """

    revision: int
    vocabulary: Vocabulary
    candidates: tuple[Candidate, ...]
    offers: tuple[Offer, ...]
    starts: NDArray[np.int64]  # of each candidate's offers
    owner: NDArray[np.int32]  # the candidate of each offer
    inactive: NDArray[np.bool_]
    profiles: Column[Profile]
    concepts: ConceptLists
    has_facet: Mapping[str, NDArray[np.bool_]]
    every_modality: NDArray[np.bool_]
    weak: NDArray[np.bool_]
    works: Column[Work]
    stages: Column[tuple[str, ...]]
    assurances: Column[Assurance]
    quantities: Column[tuple[Quantity, ...]]
    availabilities: Column[Availability]
    areas: Column[tuple[str, ...]]
    area_concepts: ConceptLists
    places: Column[Place]
    standings: Column[Standing]
    ownerships: Column[str]
    languages: Column[tuple[str, ...]]
    assured: Column[date | None]
    words: WordIndex  # of whole records
    offer_words: WordIndex  # of each offer
    profile_words: WordIndex  # of distinct profiles

    @classmethod
    def build(
        cls, candidates: Iterable[Candidate], vocabulary: Vocabulary, revision: int
    ) -> "Catalogue":
        """Lay out the candidates as columns. Phrases are resolved once per vocabulary."""
        ordered = tuple(sorted(candidates, key=lambda candidate: candidate.slug))
        groups = [_in_order(candidate.offers) or (SILENT,) for candidate in ordered]
        offers = tuple(offer for group in groups for offer in group)
        sizes = np.array([len(group) for group in groups], dtype=np.int64)
        owner = np.repeat(np.arange(len(ordered), dtype=np.int32), sizes)
        pairs = [(ordered[who], offer) for who, offer in zip(owner.tolist(), offers, strict=True)]
        profiles = Column.of(Profile.of(offer) for offer in offers)
        concepts = [_concepts(profile, vocabulary) for profile in profiles.values]
        read = dict(zip(profiles.values, concepts, strict=True))
        areas = Column.of(
            _areas(candidate, read[Profile.of(offer)], vocabulary) for candidate, offer in pairs
        )
        return cls(
            revision=revision,
            vocabulary=vocabulary,
            candidates=ordered,
            offers=offers,
            starts=(np.cumsum(sizes) - sizes).astype(np.int64),
            owner=owner,
            inactive=np.array([c.operating in LEFT_OUT for c in ordered], dtype=np.bool_),
            profiles=profiles,
            concepts=_positions(concepts, vocabulary),
            has_facet=_facets(concepts, vocabulary),
            every_modality=np.array([p.covers_every_modality for p in profiles.values], np.bool_),
            weak=np.array([profile.is_weak for profile in profiles.values], dtype=np.bool_),
            works=Column.of(
                work_of(candidate, offer, read[Profile.of(offer)], vocabulary)
                for candidate, offer in pairs
            ),
            stages=Column.of(_stages(offer.stages) for offer in offers),
            assurances=_assurances(pairs, vocabulary),
            quantities=Column.of(offer.quantities for offer in offers),
            availabilities=Column.of(Availability.of(offer, who) for who, offer in pairs),
            areas=areas,
            area_concepts=_positions(areas.values, vocabulary),
            places=Column.of(_place(candidate) for candidate in ordered),
            standings=Column.of(_standing(candidate) for candidate in ordered),
            ownerships=Column.of(candidate.ownership for candidate in ordered),
            languages=Column.of(candidate.languages for candidate in ordered),
            assured=Column.of(candidate.assured_on for candidate in ordered),
            words=WordIndex.of([list(words_of(candidate)) for candidate in ordered]),
            offer_words=WordIndex.of([list(words_of_offer(offer)) for offer in offers], b=OFFER_B),
            profile_words=WordIndex.of(
                [profile.words for profile in profiles.values],
                k1=0.0,
                copies=np.bincount(profiles.codes, minlength=len(profiles.values)),
            ),
        )

    @cached_property
    def directory(self) -> Directory:
        """What lists of providers are searched by; laid out when it is first asked for."""
        return Directory.of(self.candidates)

    def changed(self, changes: Mapping[str, Candidate | None], revision: int) -> "Catalogue":
        """A new catalogue in which the candidates of these ids are replaced, added, or (None)
        removed; this one stays as it is for those who still read it."""
        kept = [c for c in self.candidates if c.id not in changes]
        added = [candidate for candidate in changes.values() if candidate is not None]
        return Catalogue.build([*kept, *added], self.vocabulary, revision)


def _in_order(offers: Sequence[Offer]) -> tuple[Offer, ...]:
    return tuple(sorted(offers, key=lambda offer: offer.id))


def _concepts(profile: Profile, vocabulary: Vocabulary) -> tuple[str, ...]:
    found = list(profile.pinned)
    # What a curator has pinned settles its facet; the words still speak for the others.
    settled = {vocabulary.concepts[c].facet for c in found if c in vocabulary.concepts}
    for facet, phrase in (
        ("service", profile.service),
        ("modality", profile.modality),
        ("platform", profile.platform),
    ):
        for part in (phrase or "").split(";"):
            read = vocabulary.resolve(part, facet).concepts
            found += [c for c in read if vocabulary.concepts[c].facet not in settled]
    return tuple(dict.fromkeys(found))


def _positions(lists: Sequence[Sequence[str]], vocabulary: Vocabulary) -> ConceptLists:
    return ConceptLists.of(
        [[vocabulary.position[c] for c in found if c in vocabulary.position] for found in lists]
    )


def _facets(
    lists: Sequence[Sequence[str]], vocabulary: Vocabulary
) -> Mapping[str, NDArray[np.bool_]]:
    facets = [{_side(c, vocabulary) for c in found if c in vocabulary.concepts} for found in lists]
    return {
        facet: np.array([facet in found for found in facets], dtype=np.bool_)
        for facet in ("service", "modality", "form", "platform")
    }


def _side(concept: str, vocabulary: Vocabulary) -> str:
    """The facet of a concept, with forms apart: who names a form is silent on the medicine."""
    return "form" if vocabulary.is_form(concept) else vocabulary.concepts[concept].facet


def _areas(
    candidate: Candidate, concepts: Sequence[str], vocabulary: Vocabulary
) -> tuple[str, ...]:
    own = [
        concept
        for concept in concepts
        if concept in vocabulary.concepts
        and vocabulary.concepts[concept].facet == "therapeutic_area"
    ]
    for area in candidate.areas:
        own += vocabulary.resolve(area, "therapeutic_area").concepts
    return tuple(sorted(set(own)))


def _stages(stages: Sequence[str]) -> tuple[str, ...]:
    return tuple(stage for stage in STAGES if stage in stages)


def _assurances(
    pairs: Sequence[tuple[Candidate, Offer]], vocabulary: Vocabulary
) -> Column[Assurance]:
    rows = []
    claims = {
        wording: claims_of(wording, vocabulary) for wording in {offer.quality for _, offer in pairs}
    }
    certificates: dict[str, Mapping[str | None, tuple[Certified, ...]]] = {}
    for candidate, offer in pairs:
        if candidate.id not in certificates:
            certificates[candidate.id] = certified(candidate.proofs, vocabulary)
        by_site = certificates[candidate.id]
        site = next((s for s in candidate.sites if s.id == offer.site_id), None)
        others = [of for at, of in by_site.items() if at is not None and at != offer.site_id]
        rows.append(
            Assurance(
                claims=claims[offer.quality],
                at_site=by_site.get(offer.site_id, ()) if offer.site_id else (),
                unplaced=by_site.get(None, ()),
                elsewhere=tuple(found for of in others for found in of),
                lifecycle=confirmed(site, candidate.proofs).lifecycle if site else "unknown",
                wording=offer.quality,
            )
        )
    return Column.of(rows)


def _place(candidate: Candidate) -> Place:
    return Place(candidate.country, frozenset(s.country for s in candidate.sites if s.country))


def _standing(candidate: Candidate) -> Standing:
    return Standing(frozenset((p.authority, p.expires_on) for p in candidate.proofs if p.authority))
