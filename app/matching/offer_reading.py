"""Reads what offers say: every field as concepts and words, and the papers around them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import reduce
from operator import attrgetter, or_
from typing import NamedTuple

from app.matching.assurance import Assurance, Claim, certified, claims_of
from app.matching.availability import Availability, confirmed
from app.matching.offer_columns import EVERY_MODALITY, FACETS, IS_SILENT, WEAK, Row
from app.matching.regime import work_of
from app.matching.terms import words
from app.matching.types import STAGES, Candidate, Offer, Site
from app.matching.vocabulary import Vocabulary
from app.matching.wording import OFFER_B, OFFER_WORDS, impacts, words_of_offer

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
# Without one of these, no word of a phrase can mean any of them: a quick look before a long one.
_TELLS_DEVELOPMENT = re.compile(
    r"cdm?o|develop|bioprocess|\bpd\b|\bbpd\b|개발|dévelop|entwick", re.I
)
_DEVELOPED_AND_MADE = re.compile(r"\bdevelopment (?:and|&|to) (?:\S+ )?(?:manufactur|produc)", re.I)


class _Told(NamedTuple):
    """What a concept tells of an offer that names it."""

    position: int  # in the vocabulary
    mark: int
    is_area: bool


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
        self._phrases: dict[tuple[str, str], tuple[str, ...]] = {}
        self._claims: dict[str | None, tuple[Claim, ...]] = {}
        self._words: dict[str, tuple[str, ...]] = {}
        self._told: dict[str, _Told] = {}
        self._stages: dict[tuple[str, ...], tuple[str, ...]] = {}

    def rows(self, candidate: Candidate) -> Iterable[Row]:
        """The rows of a candidate's offers, in order of their ids."""
        position = self._vocabulary.position
        areas = frozenset(
            position[concept]
            for area in candidate.areas
            for concept in self._read("therapeutic_area", area)
            if concept in position
        )
        around = _Around(candidate, areas, self._vocabulary)
        for offer in offers_of(candidate):
            yield self._row(offer, candidate, around)

    def _row(self, offer: Offer, candidate: Candidate, around: _Around) -> Row:
        position = self._vocabulary.position
        concepts = [concept for concept in self.concepts(offer) if concept in position]
        told = [self._told.get(concept) or self._tell(concept) for concept in concepts]
        marks = reduce(or_, (each.mark for each in told), 0)
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
            concepts=tuple(each.position for each in told),
            words=impacts(words_of_offer(offer, read), OFFER_B, OFFER_WORDS),
            profile=len({*read(offer.service), *read(offer.modality), *read(offer.platform)}),
            marks=marks,
            stages=stages,
            work=work_of(candidate, offer, concepts, self._vocabulary),
            assurance=around.assurance(offer, claims),
            quantities=offer.quantities,
            availability=Availability.at(offer, around.facility(offer)),
            areas=tuple(sorted(around.areas.union(t.position for t in told if t.is_area))),
        )

    def _tell(self, concept: str) -> _Told:
        own = self._vocabulary.concepts[concept].facet
        # Who names a form alone is silent on the medicine.
        facet = "form" if self._vocabulary.is_form(concept) else own
        mark = 1 << FACETS.index(facet) if facet in FACETS else 0
        told = _Told(self._vocabulary.position[concept], mark, own == "therapeutic_area")
        self._told[concept] = told
        return told

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
                if not settled or known[concept].facet not in settled:
                    found[concept] = None
        if "service" not in settled:
            found |= dict.fromkeys(self._developed(offer.service, found))
        return tuple(found)

    def _developed(self, service: str, found: Iterable[str]) -> tuple[str, ...]:
        """Development that is told within the words for making: `viral vector CDMO`."""
        vocabulary = self._vocabulary
        told: list[str] = []
        if _TELLS_DEVELOPMENT.search(service):
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
        if ";" not in phrase:
            return self._read(facet, phrase)
        parts = (self._read(facet, part) for part in phrase.split(";"))
        return tuple(dict.fromkeys(concept for part in parts for concept in part))

    def _read(self, facet: str, phrase: str) -> tuple[str, ...]:
        kept = self._phrases.get((facet, phrase))
        if kept is None:
            kept = self._phrases[facet, phrase] = self._vocabulary.named(phrase, facet)
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
