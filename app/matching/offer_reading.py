"""Reads what offers say: every field as concepts and words, and the papers around them."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, TypeVar

from app.matching.assurance import Assurance, Claim, Claims, certified
from app.matching.availability import Availability, confirmed
from app.matching.many import Many
from app.matching.offer_columns import EVERY_MODALITY, IS_SILENT, WEAK, Row
from app.matching.offer_concepts import OfferConcepts, Said
from app.matching.regime import says_whole, work
from app.matching.texts import Texts
from app.matching.types import STAGES, Candidate, Offer, Site
from app.matching.vocabulary import Vocabulary
from app.period import Period

Kept = TypeVar("Kept", bound=Hashable)
_MANY = 200  # offers from which on they are read side by side
_EVERY_MODALITY = frozenset(("all", "any", "various", "all modalities", "multiple", "전체"))
# A provider without a stated capability is silent, not unfit: it is judged by an empty offer.
SILENT = Offer(id="", service="")


class _Papers:
    """What the facilities and papers of a candidate say of its offers."""

    def __init__(self, candidate: Candidate, vocabulary: Vocabulary) -> None:
        self._candidate = candidate
        self._by_site = certified(candidate.proofs, vocabulary)
        self._sites = {site.id: site for site in reversed(candidate.sites)}

    def at(self, site_id: str | None) -> tuple[Site | None, Assurance]:
        """A facility as the papers confirm it, and what they say of the standards it works to."""
        by_site = self._by_site
        found = self._sites.get(site_id) if site_id else None
        site = confirmed(found, self._candidate.proofs) if found else None
        others = [of for at, of in by_site.items() if at is not None and at != site_id]
        papers = Assurance(
            at_site=by_site.get(site_id, ()) if site_id else (),
            unplaced=by_site.get(None, ()),
            elsewhere=tuple(found for of in others for found in of),
            lifecycle=site.lifecycle if site else "unknown",
        )
        return site, papers


@dataclass(slots=True)
class _Place:
    """A facility of one candidate, or none, as far as its offers have asked for it."""

    site: Site | None
    papers: Assurance
    availabilities: dict[tuple[str, Period | None], Availability]


class Reader:
    """Reads offers for one vocabulary. Equal phrases are read once, and what is equal in many
    offers is mostly one object, which columns know by itself."""

    def __init__(self, vocabulary: Vocabulary, texts: Texts) -> None:
        self._vocabulary = vocabulary
        self._texts = texts
        self._many: Many | None = None
        self._concepts = OfferConcepts(vocabulary)
        self._claims = Claims(vocabulary)
        self._areas: dict[str, tuple[str, ...]] = {}
        self._stages: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._same: dict[Hashable, Any] = {}
        self._assurances: dict[tuple[int, int], Assurance] = {}

    def read_ahead(self, candidates: Iterable[Candidate]) -> None:
        """Read what many candidates say side by side, which is faster."""
        offers = [offer for each in candidates for offer in each.offers]
        if len(offers) >= _MANY:
            self._many = self._many or self._vocabulary.many()
            self._concepts.read_ahead(offers, self._many)
            self._claims.read_ahead((o.quality for o in offers if o.quality), self._many)

    def rows(self, candidate: Candidate) -> list[Row]:
        """The rows of a candidate's offers, in order of their ids."""
        position = self._vocabulary.position
        areas = frozenset(
            position[concept]
            for area in candidate.areas
            for concept in self._area(area)
            if concept in position
        )
        papers = _Papers(candidate, self._vocabulary)
        places: dict[str | None, _Place] = {}
        own = self._one(tuple(sorted(areas)))
        rows = []
        for offer in offers_of(candidate):
            place = places.get(offer.site_id)
            if place is None:
                site, found = papers.at(offer.site_id)
                place = places[offer.site_id] = _Place(site, self._one(found), {})
            said = self._concepts.of(offer)
            told = own if areas >= said.areas else self._one(tuple(sorted(areas | said.areas)))
            rows.append(self._row(offer, candidate, said, place, told))
        return rows

    def _row(
        self, offer: Offer, candidate: Candidate, said: Said, place: _Place, areas: tuple[int, ...]
    ) -> Row:
        marks, texts, kind = said.marks, self._texts, candidate.kind
        if offer.modality and offer.modality.casefold() in _EVERY_MODALITY:
            marks |= EVERY_MODALITY
        marks |= WEAK if offer.flag == "general_knowledge" else 0
        marks |= IS_SILENT if offer is SILENT else 0
        stages = self._stages.get(offer.stages)
        if stages is None:
            stages = tuple(stage for stage in STAGES if stage in offer.stages)
            stages = self._stages[offer.stages] = self._one(stages)
        when = offer.status, offer.available_from
        availability = place.availabilities.get(when)
        if availability is None:
            availability = self._one(Availability.at(offer, place.site))
            place.availabilities[when] = availability
        said_texts = texts[offer.service], texts[offer.modality], texts[offer.platform]
        return Row(
            said.positions,
            (*said_texts, texts[offer.quality], texts[offer.note]),
            marks,
            stages,
            work(kind, said.regimes, said.is_whole or says_whole(offer)),
            self._assurance(place.papers, self._claims.of(offer.quality)),
            offer.quantities,
            availability,
            areas,
            self._distinguishing(said, marks, candidate),
            self._one(said.ruled_out),
        )

    def _distinguishing(self, said: Said, marks: int, candidate: Candidate) -> tuple[str, ...]:
        """What tells the service of an offer from others of its name, but for what the record says
        elsewhere: that any medicine is worked with, or which diseases are."""
        own, group = said.distinguishing, self._vocabulary.groups.of
        if not own:
            return own
        if marks & EVERY_MODALITY:
            own = tuple(name for name in own if group(name) != "medicine")
        if candidate.areas and any(group(name) == "area" for name in own):
            areas = (concept for area in candidate.areas for concept in self._area(area))
            own = tuple(sorted({*own, *areas}))
        return own

    def _assurance(self, papers: Assurance, claims: tuple[Claim, ...]) -> Assurance:
        """What speaks for an offer's standards: papers, and the claims of its own words."""
        if not claims:
            return papers
        # Both are kept as long as this reader, so that they can be known by themselves.
        key = id(papers), id(claims)
        kept = self._assurances.get(key)
        if kept is None:
            kept = self._assurances[key] = self._one(replace(papers, claims=claims))
        return kept

    def _one(self, value: Kept) -> Kept:
        """The one object for all equal values."""
        same: Kept = self._same.setdefault(value, value)
        return same

    def concepts(self, offer: Offer) -> tuple[str, ...]:
        """What an offer names, by its pinned concepts and its words."""
        return self._concepts.of(offer).concepts

    def _area(self, phrase: str) -> tuple[str, ...]:
        kept = self._areas.get(phrase)
        if kept is None:
            kept = self._areas[phrase] = self._vocabulary.named(phrase, "therapeutic_area")
        return kept


def offers_of(candidate: Candidate) -> tuple[Offer, ...]:
    """A candidate's offers in order of their ids, the silent one where there are none."""
    return tuple(sorted(candidate.offers, key=attrgetter("id"))) or (SILENT,)
