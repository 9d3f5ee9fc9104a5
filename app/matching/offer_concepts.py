"""What the words of an offer name: the concepts of its service, its modality and its platform."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from app.matching.distinctions import named_in
from app.matching.many import Many
from app.matching.offer_columns import FACETS
from app.matching.regime import names_maker, regimes_of
from app.matching.ruled_out import may_not_offer, offered
from app.matching.types import Mention, Offer
from app.matching.vocabulary import Vocabulary

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
_TELLS_DEVELOPMENT = re.compile(
    r"cdm?o|develop|bioprocess|\bpd\b|\bbpd\b|개발|dévelop|entwick", re.I
)
_DEVELOPED_AND_MADE = re.compile(r"\bdevelopment (?:and|&|to) (?:\S+ )?(?:manufactur|produc)", re.I)
_FIELDS = ("service", "modality", "platform")
_NO_REGIMES: frozenset[str] = frozenset()
_NO_SERVICES: frozenset[str] = frozenset()


_Names = tuple[str, ...]
# A service, a modality, a platform, what is pinned, what is ruled out, and what tells apart beside.
_Key = tuple["_Service", _Names, _Names, _Names, _Names, _Names]


@dataclass(frozen=True, slots=True)
class Said:
    """What an offer names."""

    concepts: tuple[str, ...]  # those that the vocabulary knows
    positions: tuple[int, ...]  # of these in the vocabulary
    marks: int  # for each of FACETS whether it is named
    regimes: frozenset[str]  # the kinds of work these are
    is_whole: bool  # whether they say that the whole of it is done
    areas: frozenset[int]  # positions of the disease areas among them
    distinguishing: tuple[str, ...]  # what tells its service from others of that name
    ruled_out: tuple[str, ...]  # concepts that its words rule out


class _Told(NamedTuple):
    """What a concept tells of an offer that names it."""

    position: int  # in the vocabulary; -1 where that doesn't know it
    mark: int
    regimes: frozenset[str]
    is_maker: bool
    is_area: bool


class _Service:
    """What a service says by itself; one object for all services that say the same."""

    def __init__(
        self,
        named: tuple[str, ...],
        developing: tuple[str, ...],
        distinguishing: tuple[str, ...],
        *,
        is_developed_and_made: bool,
    ) -> None:
        self.named = named
        self.distinguishing = distinguishing
        self.developing = developing  # told within the words for making
        self.is_developed_and_made = is_developed_and_made


class OfferConcepts:
    """Reads offers for one vocabulary; equal phrases are read once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._named: dict[str, dict[str, tuple[str, ...]]] = {facet: {} for facet in _FIELDS}
        self._services: dict[str, _Service] = {}
        self._distinct: dict[tuple[_Names, _Names, _Names, bool], _Service] = {}
        self._parts: dict[str, tuple[str, ...]] = {}
        self._borne: dict[str, tuple[str, ...]] = {}
        # By field and phrase; hardly any phrase rules something out.
        self._ruled_out: dict[str, dict[str | None, tuple[str, ...]]] = {f: {} for f in _FIELDS}
        self._mentioned_by: dict[str, tuple[str, ...]] = {}  # the parts of services, cut at ";"
        self._is_service = frozenset(
            c.id for c in vocabulary.concepts.values() if c.facet == "service"
        )
        self._told: dict[str, _Told] = {}
        self._said: dict[_Key, Said] = {}

    def read_ahead(self, offers: Sequence[Offer], many: Many) -> None:
        """Read the phrases of many offers side by side."""
        for facet, known in self._named.items():
            whole: dict[str, None] = {}
            parts: dict[str, None] = {}
            for phrase in filter(None, dict.fromkeys(map(attrgetter(facet), offers))):
                if ";" in phrase:
                    parts |= dict.fromkeys(phrase.split(";"))
                else:
                    whole[phrase] = None
            new = [phrase for phrase in whole | parts if phrase not in known]
            for phrase, mentioned in self._read_many(new, facet, many):
                if facet == "service" and phrase in whole:
                    self._keep(phrase, known[phrase], mentioned)
                elif facet == "service":
                    self._mentioned_by[phrase] = mentioned

    def _read_many(
        self, phrases: Sequence[str], facet: str, many: Many
    ) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Those of the phrases that could be read side by side, with the words of what each
        mentions."""
        named, known = many.read(phrases, facet), self._named[facet]
        for number, (phrase, concepts) in enumerate(zip(phrases, named.concepts, strict=True)):
            if concepts is None:
                continue
            if may_not_offer(phrase):
                mentions = self._offered(facet, phrase, named.mentions(number))
                known[phrase] = _concepts_of(mentions)
                yield phrase, tuple(mention.text for mention in mentions)
            else:
                known[phrase] = concepts
                yield phrase, named.mentioned(number)

    def of(self, offer: Offer) -> Said:
        """What an offer names, by its pinned concepts and its words."""
        service = self._services.get(offer.service) or self._read_service(offer.service)
        key = (
            service,
            self._read("modality", offer.modality) if offer.modality else (),
            self._read("platform", offer.platform) if offer.platform else (),
            offer.pinned,
            self._rules_out(offer),
            self._beside(service, offer),
        )
        said = self._said.get(key)
        if said is None:
            said = self._said[key] = self._say(*key)
        return said

    def _read(self, facet: str, phrase: str) -> tuple[str, ...]:
        known = self._named[facet]
        kept = known.get(phrase)
        if kept is None:
            if ";" in phrase:
                parts = phrase.split(";")
                kept = tuple(dict.fromkeys(c for part in parts for c in self._read(facet, part)))
                ruled_out = self._ruled_out[facet]
                denied = dict.fromkeys(c for part in parts for c in ruled_out.get(part, ()))
                if denied:
                    ruled_out[phrase] = tuple(denied)
            elif may_not_offer(phrase):
                kept = _concepts_of(self._mentioned(facet, phrase))
            else:
                kept = self._vocabulary.named(phrase, facet)
            known[phrase] = kept
        return kept

    def _mentioned(self, facet: str, phrase: str) -> tuple[Mention, ...]:
        """What a phrase mentions and offers."""
        mentions = self._vocabulary.resolve(phrase, facet).mentions
        return self._offered(facet, phrase, mentions) if may_not_offer(phrase) else mentions

    def _offered(
        self, facet: str, phrase: str, mentions: tuple[Mention, ...]
    ) -> tuple[Mention, ...]:
        """Those mentions of a phrase that it offers; what it rules out is kept."""
        services = self._is_service if facet == "service" else _NO_SERVICES
        found = offered(phrase, mentions, services)
        if found.ruled_out:
            self._ruled_out[facet][phrase] = found.ruled_out
        return found.mentions

    def _rules_out(self, offer: Offer) -> tuple[str, ...]:
        """What the words of an offer rule out in any of its fields."""
        denied = self._ruled_out
        service = denied["service"].get(offer.service, ())
        modality = denied["modality"].get(offer.modality, ())
        platform = denied["platform"].get(offer.platform, ())
        if not (modality or platform):
            return service
        return tuple(dict.fromkeys((*service, *modality, *platform)))

    def _beside(self, service: _Service, offer: Offer) -> tuple[str, ...]:
        """What the other fields name that the vocabulary has no concept for, where the service
        names the like."""
        if all(":" not in name for name in service.distinguishing):
            return ()
        return named_in(f"{offer.modality or ''} {offer.platform or ''}")

    def _read_service(self, service: str) -> _Service:
        named = self._read("service", service)
        mentioned: list[str] = []
        for part in service.split(";"):
            texts = self._mentioned_by.get(part)
            mentioned += (
                [m.text for m in self._mentioned("service", part)] if texts is None else texts
            )
        return self._keep(service, named, mentioned)

    def _keep(self, service: str, named: tuple[str, ...], mentioned: Sequence[str]) -> _Service:
        told: tuple[str, ...] = ()
        both = False
        if _may_tell(service):
            both = bool(mentioned and _DEVELOPED_AND_MADE.search(service))
            if _TELLS_DEVELOPMENT.search(service):
                told = tuple(part for text in mentioned for part in self._developing(text))
        borne = (c for text in mentioned for c in self._borne_by(text))
        telling = self._vocabulary.groups.telling((*named, *borne, *named_in(service)))
        key = (named, told, telling, both)
        kept = self._distinct.get(key)
        if kept is None:
            kept = self._distinct[key] = _Service(named, told, telling, is_developed_and_made=both)
        self._services[service] = kept
        return kept

    def _borne_by(self, text: str) -> tuple[str, ...]:
        kept = self._borne.get(text)
        if kept is None:
            kept = self._borne[text] = self._vocabulary.borne(text)
        return kept

    def _developing(self, text: str) -> tuple[str, ...]:
        """The development that is told within the words of a mention."""
        kept = self._parts.get(text)
        if kept is None:
            parts = self._vocabulary.parts(text)
            kept = tuple(c for part in parts for c in part.concepts if c in _DEVELOPING)
            self._parts[text] = kept
        return kept

    def _say(
        self,
        service: _Service,
        modality: tuple[str, ...],
        platform: tuple[str, ...],
        pinned: tuple[str, ...],
        ruled_out: tuple[str, ...],
        beside: tuple[str, ...],
    ) -> Said:
        if pinned:
            concepts = self._beside_pinned(service, (*modality, *platform), pinned)
        else:
            found = dict.fromkeys((*service.named, *modality, *platform))
            concepts = (*found, *self._developed(service, found))
            if len(concepts) > len(found):
                concepts = tuple(dict.fromkeys(concepts))
        if ruled_out:
            concepts = tuple(c for c in concepts if c not in ruled_out)
        told = [t for c in concepts if (t := self._told.get(c) or self._tell(c)).position >= 0]
        marks, regimes = 0, _NO_REGIMES
        for each in told:
            marks |= each.mark
            if each.regimes:
                regimes |= each.regimes
        return Said(
            concepts=concepts,
            positions=tuple([each.position for each in told]),
            marks=marks,
            regimes=regimes,
            is_whole=any(each.is_maker for each in told),
            areas=frozenset([each.position for each in told if each.is_area]),
            distinguishing=self._distinguishing(service, (*concepts, *beside)),
            ruled_out=ruled_out,
        )

    def _distinguishing(self, service: _Service, beside: Iterable[str]) -> tuple[str, ...]:
        """What tells a service from others of its name, with what the whole offer says of it."""
        own = service.distinguishing
        if not own:
            return ()
        group = self._vocabulary.groups.of
        groups = {group(name) for name in own}
        return tuple(sorted({*own, *(name for name in beside if group(name) in groups)}))

    def _tell(self, concept: str) -> _Told:
        vocabulary = self._vocabulary
        position, facet = vocabulary.position.get(concept, -1), ""
        if position >= 0:
            facet = vocabulary.concepts[concept].facet
        # Who names a form alone is silent on the medicine.
        stated = "form" if vocabulary.is_form(concept) else facet
        told = self._told[concept] = _Told(
            position,
            1 << FACETS.index(stated) if stated in FACETS else 0,
            regimes_of((concept,), vocabulary),
            names_maker((concept,)),
            facet == "therapeutic_area",
        )
        return told

    def _beside_pinned(
        self, service: _Service, others: tuple[str, ...], pinned: tuple[str, ...]
    ) -> tuple[str, ...]:
        found = dict.fromkeys(pinned)
        # What a curator has pinned settles its facet; the words still speak for the others.
        known = self._vocabulary.concepts
        settled = {known[c].facet for c in found if c in known}
        for concept in (*service.named, *others):
            if known[concept].facet not in settled:
                found[concept] = None
        if "service" not in settled:
            found |= dict.fromkeys(self._developed(service, found))
        return tuple(found)

    def _developed(self, service: _Service, found: Iterable[str]) -> tuple[str, ...]:
        """Development that is told within the words for making: `viral vector CDMO`."""
        told = list(service.developing)
        if service.is_developed_and_made:
            makes = self._vocabulary.narrower("manufacturing").intersection(found)
            if makes:
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


def _concepts_of(mentions: Iterable[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c for mention in mentions for c in mention.concepts))


def _may_tell(service: str) -> bool:
    """A quick look before a long one: without one of these letters no development is told."""
    text = service.lower()
    return (
        "develop" in text
        or "cdmo" in text
        or "cdo" in text
        or "pd" in text
        or "bioprocess" in text
        or "entwick" in text
        or not service.isascii()
    )
