"""Free text to needs: what is asked, for which product and stage, and what stays unclear."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.matching.attributes import Attributes
from app.matching.clauses import Outline
from app.matching.dates import needed_from
from app.matching.knowledge import table
from app.matching.place import places_of
from app.matching.questions import is_scaled, questions_for
from app.matching.terms import LIMIT, STOP_WORDS, WEAK_WORDS, Token, tokens, words
from app.matching.types import Mention, Need, Span, Understanding, Understood, Wishes
from app.matching.vocabulary import Vocabulary

_MOST_NEEDS = 12
# Kinds of organisation and of work that name no service of their own beside a more telling one.
_GENERAL = frozenset(
    ("manufacturing", "cdmo", "cmo", "cdo", "cro", "cpo", "public-cdmo", "cal-lab", "smo")
)
# Making for a purpose, of whatever product.
_SUPPLY = frozenset(
    (
        *("clinical-trial-material", "commercial-manufacturing", "clinical-supply"),
        *("drug-substance-manufacturing", "capacity-reservation", "pilot-lot"),
    )
)
# Animals, which a study is done in; they are a service only where no study is named.
_SPECIES = frozenset(("rodent-studies", "large-animal-studies", "nhp-studies"))
_NO_SERVICE = frozenset(("sponsor", "outsourcing-provider", "manufacturing-site"))
_MAKERS = frozenset(("manufacturing", "cdmo", "cmo", "public-cdmo"))
_BY_STAGE = {"clinical": "clinical-services", "preclinical": "nonclinical-services"}
# A product at a step of its making, named as the object of a request, asks for that making.
_OBJECTS = {
    "drug-substance": "drug-substance-manufacturing",
    "drug-product": "drug-product-manufacturing",
    "imp-product": "clinical-trial-material",
}
_OUTSIDE_FACETS = frozenset(("service", "equipment", "modality"))
_ASKING_WORDS = frozenset(words(table("words")["asking"]))


@dataclass(frozen=True, slots=True)
class _Asked:
    """A service asked for: where it stands and what it was read as."""

    field: Understanding
    start: int
    end: int


def understand(text: str, vocabulary: Vocabulary, lang: str = "en") -> Understood:
    """Needs and wishes of a text of up to 4,000 characters, in English or Korean.

    What is to be done comes before what it is for; what the text rules out is not asked. Every
    field carries its place in the text. `lang` is the language of the questions: en or ko.
    """
    text = text[:LIMIT]
    reader = _Reader(text, vocabulary)
    needs = reader.needs()
    wishes, told = reader.wishes()
    known = [*reader.attributes.spans(), *told]
    return Understood(
        needs=needs,
        wishes=wishes,
        not_understood=reader.not_understood(known),
        outside_the_field=reader.outside,
        questions=questions_for(needs, wishes, vocabulary, lang),
    )


class _Reader:
    """One text on its way to needs."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self._text = text
        self._vocabulary = vocabulary
        self.tokens: list[Token] = tokens(text)
        self.outline = Outline(text)
        self._period, self._dates = needed_from(text)
        self._mentions = [m for m in vocabulary.find(text) if not self._in_date(m)]
        self.attributes = Attributes(text, self.tokens, self._mentions, self.outline, vocabulary)
        self.outside = self._outside()

    def wishes(self) -> tuple[Wishes, list[tuple[int, int]]]:
        """What holds for all needs, and where the text tells it."""
        places = places_of(self.outline, self.tokens)
        wishes = Wishes(self._period, places.required, places.preferred, places.markets)
        return wishes, [*places.spans, *((date.start, date.end) for date in self._dates)]

    def _in_date(self, mention: Mention) -> bool:
        return any(d.start <= mention.start and mention.end <= d.end for d in self._dates)

    def needs(self) -> tuple[Need, ...]:
        """One need per service asked for; without one, a need with the product alone."""
        asked = self._services()
        if asked:
            made = [self._need(index, service) for index, service in enumerate(asked, 1)]
            return tuple(made[:_MOST_NEEDS])
        product = None if self.outside else self.attributes.modality(0, len(self._text))
        if product is None:
            return ()
        return (self._described(Need("n1", modality=product), 0, len(self._text)),)

    def not_understood(self, known: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
        """Stretches of informative words that nothing explains, at most twenty."""
        covered = [(m.start, m.end) for m in self._mentions if m.concepts or m.readings]
        covered += known
        spans: list[Span] = []
        for match in re.finditer(r"[^\W_][\w'-]*", self._text):
            start, end = match.span()
            if any(low < end and start < high for low, high in covered):
                continue
            informative = [w for w in words(match[0]) if not _is_idle(w)]
            if not informative:
                continue
            if spans and not self._text[spans[-1].end : start].strip(" -"):
                start = spans.pop().start
            spans.append(Span(self._text[start:end], start, end))
        return tuple(spans[:20])

    def _need(self, index: int, asked: _Asked) -> Need:
        product = self.attributes.modality(asked.start, asked.end)
        platform = self.attributes.platform(asked.start, asked.end, asked.field)
        field = self._with_making(asked.field, platform, product)
        need = Need(f"n{index}", service=field, modality=product)
        return self._described(need, asked.start, asked.end)

    def _with_making(
        self,
        service: Understanding,
        platform: Understanding | None,
        product: Understanding | None,
    ) -> Understanding:
        """Supply of a product for the clinic or the market also asks for making that product."""
        if product is None or _SUPPLY.isdisjoint(service.concepts):
            return service
        told = (*platform.concepts, *product.concepts) if platform else product.concepts
        making = self._vocabulary.making(told)
        if making is None or making in service.concepts:
            return service
        return replace(service, concepts=(*service.concepts, making))

    def _described(self, need: Need, start: int, end: int) -> Need:
        """The need with everything that is told about it near, or once for the whole text."""
        kept = self.attributes
        concepts = need.service.concepts if need.service else ()
        stage, stages = kept.stage(start, end)
        scale, quantity = (None, None)
        if is_scaled(need, self._vocabulary):
            scale, quantity = kept.scale(start, end)
        quality = kept.quality(start, end, concepts)
        told = [(start, end)] if need.service else []
        told += [field.span for field in (*quality, scale) if field and field.span]
        is_must = any(self.outline.importance(*span) == "must" for span in told)
        return replace(
            need,
            importance="must" if is_must else "should",
            platform=kept.platform(start, end, need.service),
            stage=stage,
            stages=stages,
            therapeutic_area=kept.area(start, end),
            quality=quality,
            scale=scale,
            quantity=quantity,
        )

    def _services(self) -> list[_Asked]:
        """What is asked to be done: named, else told by a trial or a product, else a purpose."""
        by_zone: dict[str, list[Mention]] = {"request": [], "context": [], "self": []}
        for mention in self._mentions:
            if self._names_service(mention):
                by_zone[self.outline.zone(mention.start)].append(mention)
        requested = by_zone["request"]
        asked = self._telling(requested) + self._objects()
        if not asked and self.outside:
            return []
        asked += self._trial_beside(asked) + self._making_beside(asked, requested)
        asked = asked or self._general(requested) or self._trial("request") or self._made()
        purposes = by_zone["context"] or by_zone["self"]
        asked = asked or self._telling(purposes) or self._general(purposes)
        asked = asked or self._trial("context") or self._trial("self")
        return _distinct(sorted(asked, key=lambda a: a.start), self._vocabulary)

    def _telling(self, mentions: Sequence[Mention]) -> list[_Asked]:
        """Services by name; species and kinds of organisation only count by themselves."""
        read = [(m, self._read_as(m)) for m in mentions]
        read = [(m, s) for m, s in read if not _GENERAL.issuperset(s) and not _is_bare(m)]
        studies = [(m, services) for m, services in read if not _SPECIES.issuperset(services)]
        return [self._asked(m, services) for m, services in studies or read]

    def _trial(self, zone: str) -> list[_Asked]:
        """A numbered trial to be run, where no service is named."""
        for start, end in self.attributes.trials():
            if self.outline.zone(start) == zone:
                concepts = ("clinical-services",)
                field = Understanding(self._text[start:end], (start, end), concepts, "context")
                return [_Asked(field, start, end)]
        return []

    def _trial_beside(self, asked: Sequence[_Asked]) -> list[_Asked]:
        """The trial itself, where a CRO is asked for it and for work that is no part of it."""
        named = any("cro" in m.concepts for m in self._mentions)
        clinical = self._vocabulary.narrower("clinical-services")
        covered = any(not clinical.isdisjoint(a.field.concepts) for a in asked)
        return self._trial("request") if asked and named and not covered else []

    def _making_beside(self, asked: Sequence[_Asked], requested: Sequence[Mention]) -> list[_Asked]:
        """Manufacturing asked for in general, beside services that are not making."""
        made = self._vocabulary.narrower("manufacturing")
        general = self._general([m for m in requested if "manufacturing" in m.concepts])
        if not asked or not general:
            return []
        service = general[0].field.concepts[0]
        line = {*self._vocabulary.broader(service), *self._vocabulary.narrower(service)}
        covered = made if service == "manufacturing" else line - {"manufacturing"}
        return [] if any(not covered.isdisjoint(a.field.concepts) for a in asked) else general

    def _made(self) -> list[_Asked]:
        """A product as the object of the request: making it is what is asked."""
        for mention in self._mentions:
            zone = self.outline.zone(mention.start)
            if zone != "request" or self.outline.negated(mention.start, mention.end):
                continue
            kept = [c for c in mention.concepts if self._vocabulary.concepts[c].facet == "modality"]
            service = self._vocabulary.making(kept)
            if service and self.attributes.is_material(mention.start):
                span = (mention.start, mention.end)
                field = Understanding(mention.text, span, (service,), "context")
                return [_Asked(field, *span)]
        return []

    def _names_service(self, mention: Mention) -> bool:
        if self.outline.negated(mention.start, mention.end):
            return False
        return bool(self._read_as(mention))

    def _read_as(self, mention: Mention) -> tuple[str, ...]:
        """The services among a mention's concepts, or its readings where it is ambiguous."""
        concepts = self._vocabulary.concepts
        ids = mention.concepts or mention.readings
        if any(concepts[i].facet == "stage" for i in ids):
            return ()  # "preclinical" alone says when, not what
        return tuple(
            i
            for i in ids
            if concepts[i].facet == "service" and not concepts[i].is_decoy and i not in _NO_SERVICE
        )

    def _asked(self, mention: Mention, services: tuple[str, ...]) -> _Asked:
        span = (mention.start, mention.end)
        ambiguous = mention.how == "ambiguous"
        field = Understanding(
            mention.text,
            span,
            () if ambiguous else services,
            mention.how,
            mention.readings if ambiguous else (),
        )
        return _Asked(field, *span)

    def _objects(self) -> list[_Asked]:
        """Drug substance, drug product or trial material asked for without a word for making it."""
        found = []
        for mention in self._mentions:
            service = next((_OBJECTS[c] for c in mention.concepts if c in _OBJECTS), None)
            if service is None or service not in self._vocabulary.concepts:
                continue
            if self.outline.zone(mention.start) != "request":
                continue
            if self.outline.negated(mention.start, mention.end) or self._has_service(mention):
                continue
            span = (mention.start, mention.end)
            field = Understanding(mention.text, span, (service,), "context")
            found.append(_Asked(field, *span))
        return found

    def _has_service(self, mention: Mention) -> bool:
        """Whether a telling service stands in the same clause, so that the object belongs to it."""
        low, high = self.outline.clause(mention.start)
        return any(
            low <= m.start < high
            and self._names_service(m)
            and not _GENERAL.issuperset(self._read_as(m))
            and not _is_bare(m)
            for m in self._mentions
        )

    def _general(self, chosen: Sequence[Mention]) -> list[_Asked]:
        """A maker or a CRO without more: what it does follows from the product or the stage."""
        for mention in chosen:
            services = self._read_as(mention)
            if not _MAKERS.isdisjoint(services):
                product = self.attributes.modality(mention.start, mention.end)
                service = self._vocabulary.making(product.concepts) if product else None
                kept = (service,) if service else services
            elif "cro" in services:
                regime = self.attributes.regime(mention.start)
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
            if any(c.broader for c in kept) and all(c.facet != "service" for c in kept):
                continue  # a kind of something in the field, such as a GLP-1 peptide
            if self.outline.zone(mention.start) != "request":
                continue
            if not self.outline.negated(mention.start, mention.end):
                found.append(Span(mention.text, mention.start, mention.end))
        return tuple(found)


def _is_bare(mention: Mention) -> bool:
    """Whether this only says that there is a trial, which most needs mention as their purpose."""
    return mention.text.casefold() in ("trial", "trials")


def _is_idle(word: str) -> bool:
    return word in STOP_WORDS or word in WEAK_WORDS or word in _ASKING_WORDS or word[0].isdigit()


def _distinct(asked: Sequence[_Asked], vocabulary: Vocabulary) -> list[_Asked]:
    """Each service once; a general word gives way to the particular kind named beside it."""
    kept: list[_Asked] = []
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


_WIDE = frozenset(
    (
        *("manufacturing", "drug-substance-manufacturing", "drug-product-manufacturing"),
        *("clinical-services", "nonclinical-services"),
    )
)
