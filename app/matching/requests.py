"""What a text asks to be done: services by name, or told by a trial, a product or its maker."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.matching.attributes import Attributes
from app.matching.clauses import Outline
from app.matching.deliverables import deliverables
from app.matching.finished import Finished
from app.matching.knowledge import table
from app.matching.once import once
from app.matching.studies import whole_studies
from app.matching.types import Concept, Mention, Span, Understanding
from app.matching.vocabulary import Vocabulary

# Kinds of organisation and of work that name no service of their own beside a more telling one.
_GENERAL = frozenset(
    ("manufacturing", "cdmo", "cmo", "cdo", "cro", "cpo", "public-cdmo", "cal-lab", "smo")
)
# Animals, which a study is done in; they are a service only where no study is named.
_SPECIES = frozenset(table("species")["names"])
_NO_SERVICE = frozenset(("sponsor", "outsourcing-provider", "manufacturing-site"))
_MAKERS = frozenset(("manufacturing", "cdmo", "cmo", "public-cdmo"))
_BY_STAGE = {"clinical": "clinical-services", "preclinical": "nonclinical-services"}
# A product at a step of its making, named as the object of a request, asks for that making.
_OBJECTS = {
    "drug-substance": "drug-substance-manufacturing",
    "drug-product": "drug-product-manufacturing",
    "imp-product": "clinical-trial-material",
}
_JOINED = re.compile(r"\s*(?:,|/|\+|&|and|then|followed by|과|와|및|,\s*and)\s+(?:then\s+)?", re.I)
_OF_WORK = re.compile(r"\b(?:of|on|from|for)\b[^,;]*$", re.I)
_DEVELOPMENT = re.compile(
    r"\b(development|developed)\s*(?:and|&|/|,)\s*(?:then\s+)?(?:c?GMP\s+)?(?=\S)", re.I
)
_OUTSIDE_FACETS = frozenset(("service", "equipment", "modality"))


@dataclass(frozen=True, slots=True)
class Request:
    """A service asked for: where it stands and what it was read as."""

    field: Understanding
    start: int
    end: int


class Requests:
    """The services that one text asks for, and what it asks for outside the field."""

    def __init__(
        self,
        text: str,
        mentions: Sequence[Mention],
        outline: Outline,
        attributes: Attributes,
        vocabulary: Vocabulary,
        finished: Finished,
    ) -> None:
        self._text = text
        self._finished = finished
        self._mentions = mentions
        self._outline = outline
        self._attributes = attributes
        self._vocabulary = vocabulary
        self._services = {m.start: self._services_of(m) for m in mentions}
        self.outside = self._outside()

    def services(self) -> list[Request]:
        """What is asked to be done: named, else told by a trial or a product, else a purpose."""
        by_zone: dict[str, list[Mention]] = {"request": [], "context": [], "self": []}
        for mention in self._mentions:
            if self._names_service(mention):
                by_zone[self._outline.zone(mention.start)].append(mention)
        designs = [m for m in by_zone["request"] if _DESIGN.fullmatch(m.text)]
        requested = [m for m in by_zone["request"] if m not in designs]
        asked = self._telling(requested) + self._objects() + self._deliverables()
        if not asked and self.outside:
            return []
        trial = self._trial_beside(asked)
        asked += self._making_beside(asked, requested)
        asked = asked or self._general(requested) or self._trial("request")
        asked = asked or self._general(designs) or self._made()
        asked += self._development_beside() if asked else []
        # That there will be a clinical trial is the purpose of most needs and no request.
        bare = {"clinical-services"}
        purposes = [m for m in by_zone["context"] if not bare.issuperset(self._read_as(m))]
        purposes = purposes or by_zone["self"]
        asked = asked or self._telling(purposes) or self._general(purposes)
        asked = asked or self._trial("context") or self._trial("self")
        fields = [each.field for each in sorted(asked, key=lambda a: a.start)]
        whole = whole_studies(self._text, fields, self._vocabulary)
        asked = _distinct([Request(f, *f.span) for f in whole if f.span], self._vocabulary)
        return trial + asked

    def _telling(self, mentions: Sequence[Mention]) -> list[Request]:
        """Services by name; species and kinds of organisation only count by themselves."""
        read = [(m, self._read_as(m)) for m in mentions]
        read = [(m, s) for m, s in read if not _GENERAL.issuperset(s) and not _is_bare(m)]
        studies = [
            (m, services)
            for m, services in read
            if not (_SPECIES.issuperset(services) or _is_population(m))
        ]
        return [self._asked(m, services) for m, services in studies or read]

    def _trial(self, zone: str) -> list[Request]:
        """A numbered trial to be run, where no service is named."""
        for start, end in self._attributes.trials():
            if self._outline.zone(start) == zone:
                concepts = ("clinical-services",)
                field = Understanding(self._text[start:end], (start, end), concepts, "context")
                return [Request(field, start, end)]
        return []

    def _trial_beside(self, asked: Sequence[Request]) -> list[Request]:
        """The trial itself, where a CRO is asked for it and for work that is a part of it."""
        cro = [m for m in self._mentions if "cro" in m.concepts and self._names_service(m)]
        runs = any("clinical-services" in a.field.concepts for a in asked)
        if not asked or not cro or runs:
            return []
        # A unit, a site or a team that is named for the trial already stands for all of it.
        whole = any(not _WHOLE_TRIALS.isdisjoint(a.field.concepts) for a in asked)
        if whole or not (self._trial("request") or self._cro_of_phase(cro[0])):
            return []
        field = Understanding(
            cro[0].text, (cro[0].start, cro[0].end), ("clinical-services",), "context"
        )
        return [Request(field, cro[0].start, cro[0].end)]

    def _cro_of_phase(self, cro: Mention) -> bool:
        """Whether a CRO is asked for a numbered phase: `phase 2 CRO`, `CRO for our phase 2`."""
        return any(
            0 <= cro.start - end <= 3
            or (start > cro.end and _FOR_PHASE.fullmatch(self._text, cro.end, start))
            for start, end in self._attributes.phases()
        )

    def _development_beside(self) -> list[Request]:
        """Development named before making and not told further: of the process or the form."""
        for match in _DEVELOPMENT.finditer(self._text):
            low, high = match.span(1)
            if self._outline.zone(low) != "request" or self._outline.negated(low, high):
                continue
            making = [
                m
                for m in self._mentions
                if high <= m.start <= match.end() < m.end and self._makes(m)
            ]
            if not making or any(m.start < high and low < m.end for m in self._mentions):
                continue
            product = self._attributes.modality(low, high)
            made = self._vocabulary.making(product.concepts) if product else None
            made = self._finished.making(made, low) if made else None
            is_form = not _DOSAGE_FORMS.isdisjoint((made, *self._read_as(making[0])))
            service = "formulation-development" if is_form else "process-development"
            if service in self._vocabulary.concepts:
                field = Understanding(match[1], (low, high), (service,), "context")
                return [Request(field, low, high)]
        return []

    def _making_beside(
        self, asked: Sequence[Request], requested: Sequence[Mention]
    ) -> list[Request]:
        """Manufacturing asked for in general, beside services that are not making."""
        made = self._vocabulary.narrower("manufacturing")
        general = self._general([m for m in requested if "manufacturing" in m.concepts])
        if not asked or not general:
            return []
        service = general[0].field.concepts[0]
        line = {*self._vocabulary.broader(service), *self._vocabulary.narrower(service)}
        covered = made if service == "manufacturing" else line - {"manufacturing"}
        return [] if any(not covered.isdisjoint(a.field.concepts) for a in asked) else general

    def _made(self) -> list[Request]:
        """A product as the object of the request: making it is what is asked."""
        for mention in self._mentions:
            zone = self._outline.zone(mention.start)
            if zone != "request" or self._outline.negated(mention.start, mention.end):
                continue
            kept = [c for c in mention.concepts if self._vocabulary.concepts[c].facet == "modality"]
            service = self._vocabulary.making(kept)
            if service and self._attributes.is_material(mention.start):
                return [self._told(mention, service)]
        return []

    def _names_service(self, mention: Mention) -> bool:
        read = self._read_as(mention)
        return bool(read) and not self._outline.negated(mention.start, mention.end)

    def _read_as(self, mention: Mention) -> tuple[str, ...]:
        """The services among a mention's concepts, or its readings where it is ambiguous."""
        return self._services[mention.start]

    def _services_of(self, mention: Mention) -> tuple[str, ...]:
        concepts = self._vocabulary.concepts
        ids = mention.concepts or mention.readings
        if any(concepts[i].facet == "stage" for i in ids):
            return ()  # "preclinical" alone says when, not what
        return tuple(
            i
            for i in ids
            if concepts[i].facet == "service" and not concepts[i].is_decoy and i not in _NO_SERVICE
        )

    def _asked(self, mention: Mention, services: tuple[str, ...]) -> Request:
        span = (mention.start, mention.end)
        ambiguous = mention.how == "ambiguous"
        field = Understanding(
            mention.text,
            span,
            () if ambiguous else services,
            mention.how,
            mention.readings if ambiguous else (),
        )
        return Request(field, *span)

    def _objects(self) -> list[Request]:
        """Drug substance, drug product or trial material asked for without a word for making it."""
        found = []
        for mention in self._mentions:
            service = next((_OBJECTS[c] for c in mention.concepts if c in _OBJECTS), None)
            if service is None or service not in self._vocabulary.concepts:
                continue
            if self._outline.zone(mention.start) != "request":
                continue
            if self._outline.negated(mention.start, mention.end):
                continue
            if self._has_service(mention) and not self._stands_beside(mention):
                continue
            found.append(self._told(mention, service))
        joined = [form for form in self._finished.joined() if not self._is_of_other_work(form[0])]
        return found + [self._told(*form) for form in joined]

    def _is_of_other_work(self, mention: Mention) -> bool:
        """Whether this is what other work than making is done on: `testing of API and tablets`."""
        low, _ = self._outline.clause(mention.start)
        if not _OF_WORK.search(self._text, low, mention.start):
            return False
        before = [m for m in self._telling_services if low <= m.start < mention.start]
        return any(not self._makes(m) for m in before)

    def _told(self, mention: Mention, service: str) -> Request:
        """A service that a mention asks for without naming it."""
        span = (mention.start, mention.end)
        return Request(Understanding(mention.text, span, (service,), "context"), *span)

    def _deliverables(self) -> list[Request]:
        """A cell line or a process in a row of what is to be handed over."""
        found = []
        for start, end, service in deliverables(self._text, self._outline):
            free = all(m.end <= start or end <= m.start for m in self._telling_services)
            if free and service in self._vocabulary.concepts:
                field = Understanding(self._text[start:end], (start, end), (service,), "context")
                found.append(Request(field, start, end))
        return found

    def _stands_beside(self, mention: Mention) -> bool:
        """Whether a service is joined to an object of its own: `drug substance and fill-finish`."""
        low, _ = self._outline.clause(mention.start)
        if _OF_WORK.search(self._text, low, mention.start):
            return False  # "testing of drug substance and …"
        service = next((m for m in self._steps if m.start >= mention.end), None)
        between = self._text[mention.end : service.start] if service else ""
        return bool(service and _JOINED.fullmatch(between))

    @once
    def _steps(self) -> list[Mention]:
        """What names a particular step of making."""
        whole = {"manufacturing"}
        return [
            m for m in self._mentions if self._makes(m) and not whole.issuperset(self._read_as(m))
        ]

    @once
    def _telling_services(self) -> list[Mention]:
        return [
            m
            for m in self._mentions
            if self._names_service(m)
            and not _GENERAL.issuperset(self._read_as(m))
            and not _is_bare(m)
        ]

    def _makes(self, mention: Mention) -> bool:
        """Whether a mention names making or a step of it."""
        made = self._vocabulary.narrower("manufacturing")
        return self._names_service(mention) and not made.isdisjoint(self._read_as(mention))

    def _has_service(self, mention: Mention) -> bool:
        """Whether a telling service stands in the same clause, so that the object belongs to it."""
        low, high = self._outline.clause(mention.start)
        return any(low <= m.start < high for m in self._telling_services)

    def _general(self, chosen: Sequence[Mention]) -> list[Request]:
        """A maker or a CRO without more: what it does follows from the product or the stage."""
        for mention in chosen:
            services = self._read_as(mention)
            if not _MAKERS.isdisjoint(services):
                span = (mention.start, mention.end)
                # Without a product the cells it is made in tell as much.
                told = self._attributes.modality(*span) or self._attributes.platform(*span, None)
                service = self._vocabulary.making(told.concepts) if told else None
                kept = (service,) if service else services
            elif "cro" in services:
                regime = self._attributes.regime(mention.start)
                service = _BY_STAGE.get(regime or "")
                kept = (service,) if service else services
                if service is None and any(_is_bare(m) for m in self._mentions):
                    kept = ("clinical-services",)
            else:
                kept = services
            asked = self._asked(mention, kept)
            if kept != services:
                asked = replace(asked, field=replace(asked.field, how="context"))
            return [asked]
        return []

    def _outside(self) -> tuple[Span, ...]:
        """What is asked for and lies outside the field: cleaning, building, gas, animals."""
        found = []
        for mention in self._mentions:
            kept = [self._vocabulary.concepts[c] for c in mention.concepts]
            if not kept or not all(c.is_decoy and c.facet in _OUTSIDE_FACETS for c in kept):
                continue
            if any(c.broader for c in kept) and all(_may_be_inside(c) for c in kept):
                continue  # a kind of something in the field, such as a GLP-1 peptide
            if self._outline.zone(mention.start) != "request":
                continue
            if not self._outline.negated(mention.start, mention.end):
                found.append(Span(mention.text, mention.start, mention.end))
        return tuple(found)


def _may_be_inside(concept: Concept) -> bool:
    """A service is outside by itself, unless it is a way to run a trial: `SAD/MAD`."""
    return concept.facet != "service" or concept.broader in _WHOLE_TRIALS


def _is_population(mention: Mention) -> bool:
    """Whether this only says in whom a study is done."""
    return bool(_VOLUNTEERS.fullmatch(mention.text))


def _is_bare(mention: Mention) -> bool:
    """Whether this only says that there is a trial, which most needs mention as their purpose."""
    return mention.text.casefold() in _TRIALS or bool(_DESIGN.fullmatch(mention.text))


def _distinct(asked: Sequence[Request], vocabulary: Vocabulary) -> list[Request]:
    """Each service once; a general word gives way to the particular kind named beside it."""
    kept: list[Request] = []
    seen: set[tuple[str, ...]] = set()
    for each in asked:
        key = each.field.concepts or each.field.readings
        if key not in seen:
            seen.add(key)
            kept.append(each)
    named = {c for each in kept for c in each.field.concepts}
    return [
        each
        for each in kept
        if not any(
            c in _WIDE and (vocabulary.narrower(c) - {c}) & named for c in each.field.concepts
        )
    ]


_TRIALS = frozenset(("trial", "trials", "clinical-trial"))
# How a trial is built; who asks for work on one says so in other words.
_DESIGN = re.compile(
    r"randomi[sz]ed|open[ -]label|(?:single|double)[ -]blind(?:ed)?|placebo[ -]controlled"
    r"|single[ -]arm|이중\s?(?:맹검|눈가림)|위약\s?대조",
    re.I,
)
_DOSAGE_FORMS = frozenset(("oral-solid-dose", "topical-manufacturing", "inhalation-manufacturing"))
# What runs a trial as a whole.
_WHOLE_TRIALS = frozenset(("cro-clinical", "phase1-unit", "be-study", "trial-rescue"))
_FOR_PHASE = re.compile(r"\s*(?:for|on|with)\s+(?:an?|our|the|its)?\s*", re.I)
_VOLUNTEERS = re.compile(
    r"healthy(?: human| adult| male)? (?:volunteer|subject|adult|participant)s?|건강인|건강한 성인",
    re.I,
)
_WIDE = frozenset(
    (
        *("manufacturing", "drug-substance-manufacturing", "drug-product-manufacturing"),
        *("clinical-services", "nonclinical-services"),
    )
)
