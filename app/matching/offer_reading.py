"""Reads what offers say: every field as concepts and words, and the papers around them."""

from collections.abc import Iterable
from dataclasses import replace
from operator import attrgetter

from app.matching.assurance import Assurance, Claim, certified, claims_of
from app.matching.availability import Availability, confirmed
from app.matching.offer_columns import EVERY_MODALITY, IS_SILENT, WEAK, Row
from app.matching.offer_concepts import OfferConcepts
from app.matching.regime import says_whole, work
from app.matching.terms import words
from app.matching.types import STAGES, Candidate, Offer, Site
from app.matching.vocabulary import Vocabulary
from app.matching.wording import OFFER_B, OFFER_WORDS, impacts, words_of_offer

_EVERY_MODALITY = frozenset(("all", "any", "various", "all modalities", "multiple", "전체"))
# A provider without a stated capability is silent, not unfit: it is judged by an empty offer.
SILENT = Offer(id="", service="")


class _Around:
    """What stands around a candidate's offers: its facilities, their papers, its areas."""

    def __init__(self, candidate: Candidate, areas: frozenset[int], vocabulary: Vocabulary) -> None:
        self.areas = areas
        self._candidate = candidate
        self._by_site = certified(candidate.proofs, vocabulary)
        self._sites = {site.id: site for site in reversed(candidate.sites)}
        self._facilities: dict[str | None, tuple[Site | None, Assurance]] = {}
        self._assurances: dict[tuple[str | None, tuple[Claim, ...]], Assurance] = {}

    def facility(self, offer: Offer) -> Site | None:
        """The facility of an offer as its papers confirm it."""
        return self._facility(offer.site_id)[0]

    def assurance(self, offer: Offer, claims: tuple[Claim, ...]) -> Assurance:
        """What speaks for an offer's standards beside the claims of its own words."""
        key = (offer.site_id, claims)
        kept = self._assurances.get(key)
        if kept is None:
            papers = self._facility(offer.site_id)[1]
            kept = papers if not claims else replace(papers, claims=claims)
            self._assurances[key] = kept
        return kept

    def _facility(self, site_id: str | None) -> tuple[Site | None, Assurance]:
        kept = self._facilities.get(site_id)
        if kept is None:
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
            kept = self._facilities[site_id] = site, papers
        return kept


class Reader:
    """Reads offers for one vocabulary; equal phrases are read once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._concepts = OfferConcepts(vocabulary)
        self._claims: dict[str | None, tuple[Claim, ...]] = {}
        self._words: dict[str, tuple[str, ...]] = {}
        self._areas: dict[str, tuple[str, ...]] = {}
        self._stages: dict[tuple[str, ...], tuple[str, ...]] = {}

    def read_ahead(self, candidates: Iterable[Candidate]) -> None:
        """Read what many candidates say side by side, which is faster."""
        self._concepts.read_ahead([offer for each in candidates for offer in each.offers])

    def rows(self, candidate: Candidate) -> Iterable[Row]:
        """The rows of a candidate's offers, in order of their ids."""
        position = self._vocabulary.position
        areas = frozenset(
            position[concept]
            for area in candidate.areas
            for concept in self._area(area)
            if concept in position
        )
        around = _Around(candidate, areas, self._vocabulary)
        for offer in offers_of(candidate):
            yield self._row(offer, candidate, around)

    def _row(self, offer: Offer, candidate: Candidate, around: _Around) -> Row:
        said = self._concepts.of(offer)
        marks = said.marks
        marks |= EVERY_MODALITY if str(offer.modality).casefold() in _EVERY_MODALITY else 0
        marks |= WEAK if offer.flag == "general_knowledge" else 0
        marks |= IS_SILENT if offer is SILENT else 0
        stages = self._stages.get(offer.stages)
        if stages is None:
            stages = tuple(stage for stage in STAGES if stage in offer.stages)
            self._stages[offer.stages] = stages
        read = self.words
        claims = self._claims.get(offer.quality)
        if claims is None:
            claims = self._claims[offer.quality] = claims_of(offer.quality, self._vocabulary)
        return Row(
            concepts=said.positions,
            words=impacts(words_of_offer(offer, read), OFFER_B, OFFER_WORDS),
            profile=len({*read(offer.service), *read(offer.modality), *read(offer.platform)}),
            marks=marks,
            stages=stages,
            work=work(candidate.kind, said.regimes, said.is_whole or says_whole(offer)),
            assurance=around.assurance(offer, claims),
            quantities=offer.quantities,
            availability=Availability.at(offer, around.facility(offer)),
            areas=tuple(sorted(around.areas | said.areas)),
        )

    def concepts(self, offer: Offer) -> tuple[str, ...]:
        """What an offer names, by its pinned concepts and its words."""
        return self._concepts.of(offer).concepts

    def _area(self, phrase: str) -> tuple[str, ...]:
        kept = self._areas.get(phrase)
        if kept is None:
            kept = self._areas[phrase] = self._vocabulary.named(phrase, "therapeutic_area")
        return kept

    def words(self, text: str | None) -> tuple[str, ...]:
        """The informative words of a text."""
        if not text:
            return ()
        kept = self._words.get(text)
        if kept is None:
            kept = self._words[text] = words(text)
        return kept


def offers_of(candidate: Candidate) -> tuple[Offer, ...]:
    """A candidate's offers in order of their ids, the silent one where there are none."""
    return tuple(sorted(candidate.offers, key=attrgetter("id"))) or (SILENT,)
