"""Free text to needs: what is asked, for which product and stage, and what stays unclear."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from app.matching.attributes import Attributes
from app.matching.budget import budget_of
from app.matching.clauses import Outline
from app.matching.dates import needed_from
from app.matching.finished import Finished
from app.matching.knowledge import table
from app.matching.languages import asked as languages_asked
from app.matching.languages import languages_of
from app.matching.pauses import pause
from app.matching.place import longer_places, places_of
from app.matching.questions import is_scaled, questions_for
from app.matching.requests import Request, Requests
from app.matching.terms import LIMIT, STOP_WORDS, WEAK_WORDS, Token, tokens, words
from app.matching.types import Mention, Need, Span, Understanding, Understood, Wishes
from app.matching.vocabulary import Vocabulary

_MOST_NEEDS = 12
# Making for a purpose, of whatever product.
_SUPPLY = frozenset(
    (
        *("clinical-trial-material", "commercial-manufacturing", "clinical-supply"),
        "drug-substance-manufacturing",
    )
)
_ASKING_WORDS = frozenset(words(table("words")["asking"]))


def understand(
    text: str, vocabulary: Vocabulary, lang: str = "en", as_of: date | None = None
) -> Understood:
    """Needs and wishes of a text of up to 4,000 characters, in English or Korean.

    What is to be done comes before what it is for; what the text rules out is not asked. Every
    field carries its place in the text. `lang` is the language of the questions: en or ko; they are
    those that the text alone calls for. "Next year" and the like are counted from `as_of`.
    """
    text = text[:LIMIT]
    reader = _Reader(text, vocabulary, as_of)
    pause()
    needs = reader.needs()
    pause()
    wishes, told = reader.wishes()
    known = [*reader.attributes.spans(), *told]
    known += [need.service.span for need in needs if need.service and need.service.span]
    unread, outside = reader.not_understood(known), reader.outside
    return Understood(
        needs=needs,
        wishes=wishes,
        not_understood=unread,
        outside_the_field=outside,
        questions=questions_for(needs, vocabulary, lang, unread=unread, outside=outside),
    )


class _Reader:
    """One text on its way to needs."""

    def __init__(self, text: str, vocabulary: Vocabulary, as_of: date | None) -> None:
        self._text = text
        self._vocabulary = vocabulary
        self.tokens: list[Token] = tokens(text)
        self.outline = Outline(text)
        self._period, self._dates = needed_from(text, as_of)
        named = [*self._dates, *longer_places(text, self.tokens)]
        self._mentions = [
            m for m in vocabulary.find(text) if not (_is_within(m, named) or _is_plain(m.text))
        ]
        self.attributes = Attributes(text, self.tokens, self._mentions, self.outline, vocabulary)
        self._finished = Finished(text, self._mentions, self.outline, vocabulary)
        self._requests = Requests(
            text, self._mentions, self.outline, self.attributes, vocabulary, self._finished
        )
        self.outside = self._requests.outside

    def wishes(self) -> tuple[Wishes, list[tuple[int, int]]]:
        """What holds for all needs, and where the text tells it."""
        places = places_of(self.outline, self.tokens)
        budget = budget_of(self._text)
        spoken = languages_of(self.outline)
        told = [(each.start, each.end) for each in spoken]
        told += [(span.start, span.end) for span in (*self._dates, budget) if span]
        wishes = Wishes(
            self._period,
            places.required,
            places.preferred,
            places.excluded,
            places.markets,
            languages=languages_asked(self.outline, spoken),
            budget=budget.text if budget else None,
        )
        return wishes, [*places.spans, *told]

    def needs(self) -> tuple[Need, ...]:
        """One need per service asked for; without one, a need with the product alone."""
        asked = self._requests.services()
        if asked:
            return self._once_each([self._need(service) for service in asked])
        if self.outside:
            return ()
        whole = 0, len(self._text)
        need = self._described(Need("n1", modality=self.attributes.modality(*whole)), *whole)
        # A stage or a standard alone tells nothing of what is asked.
        return (need,) if need.modality or need.platform or need.therapeutic_area else ()

    def not_understood(self, known: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
        """Stretches of informative words that nothing explains, at most twenty."""
        covered = bytearray(len(self._text))
        explained = [(m.start, m.end) for m in self._mentions if m.concepts or m.readings]
        for low, high in (*explained, *known):
            covered[low:high] = b"\1" * (high - low)
        spans: list[Span] = []
        for match in re.finditer(r"[^\W_][\w'-]*", self._text):
            start, end = match.span()
            if any(covered[start:end]) or self.outline.negated(start, end):
                continue
            informative = [w for w in words(match[0]) if not _is_idle(w)]
            if not informative:
                continue
            if spans and not self._text[spans[-1].end : start].strip(" -"):
                start = spans.pop().start
            spans.append(Span(self._text[start:end], start, end))
        return tuple(spans[:20])

    def _once_each(self, made: Sequence[Need]) -> tuple[Need, ...]:
        """The needs, numbered; making the same product is one need, however often it is said."""
        kept: dict[object, Need] = {}
        for need in made:
            key = tuple(f.concepts or f.readings for f in (need.service, need.modality) if f)
            first = kept.setdefault(key, need)
            if need.importance == "must":
                kept[key] = replace(first, importance="must")
        numbered = enumerate(list(kept.values())[:_MOST_NEEDS], 1)
        return tuple(replace(need, id=f"n{index}") for index, need in numbered)

    def _need(self, asked: Request) -> Need:
        pause()
        product = self.attributes.modality(asked.start, asked.end)
        platform = self.attributes.platform(asked.start, asked.end, asked.field)
        field = self._with_making(asked.field, platform, product)
        if field != asked.field or field.how == "context":
            made = tuple(self._finished.making(c, asked.start) for c in field.concepts)
            field = replace(field, concepts=made)
        need = Need("n1", service=field, modality=product)
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
        if making is None or making in ("drug-substance-manufacturing", *service.concepts):
            return service
        return replace(service, concepts=(making,))

    def _described(self, need: Need, start: int, end: int) -> Need:
        """The need with everything that is told about it near, or once for the whole text."""
        kept = self.attributes
        concepts = need.service.concepts if need.service else ()
        stage, stages = kept.stage(start, end, concepts)
        scale, quantity = (None, None)
        if is_scaled(need, self._vocabulary):
            scale, quantity = kept.scale(start, end)
        quality = kept.quality(start, end, concepts)
        told = [field.span for field in (*quality, scale) if field and field.span]
        importance = self._importance(need, told)
        if importance == "must":  # what is only preferred is no gate of it
            quality = tuple(field for field in quality if not self._may_be_left(field))
            if scale and self._may_be_left(scale):
                scale, quantity = None, None
        return replace(
            need,
            importance=importance,
            platform=kept.platform(start, end, need.service),
            stage=stage,
            stages=stages,
            therapeutic_area=kept.area(start, end),
            quality=quality,
            scale=scale,
            quantity=quantity,
        )

    def _may_be_left(self, field: Understanding) -> bool:
        return field.span is not None and self.outline.importance(*field.span) == "may"

    def _importance(self, need: Need, told: Sequence[tuple[int, int]]) -> Literal["must", "should"]:
        """A must by its own words or by a rule or amount it comes with; never what may be left."""
        own = need.service.span if need.service else None
        said = self.outline.importance(*own) if own else "should"
        if said == "should" and any(self.outline.importance(*span) == "must" for span in told):
            return "must"
        return "must" if said == "must" else "should"


def _is_within(mention: Mention, spans: Sequence[Span]) -> bool:
    return any(s.start <= mention.start and mention.end <= s.end for s in spans)


def _is_plain(written: str) -> bool:
    """Whether a short form is written as the everyday word that looks like it: `Does` for DoEs."""
    return written.casefold() in STOP_WORDS and written in (written.lower(), written.capitalize())


def _is_idle(word: str) -> bool:
    return word in STOP_WORDS or word in WEAK_WORDS or word in _ASKING_WORDS or word[0].isdigit()
