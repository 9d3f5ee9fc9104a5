"""A request as the catalogue is asked it: all needs side by side, with what is computed once."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from app.matching.asked import Asked, asked_of, text_words, weighted_words
from app.matching.assurance import Standard
from app.matching.catalogue import Catalogue
from app.matching.limits import Limits
from app.matching.offer_columns import FACETS
from app.matching.once import once
from app.matching.pauses import pause
from app.matching.provider_columns import RECORD
from app.matching.regime import regimes_of
from app.matching.terms import words
from app.matching.types import Need, Query, Wishes
from app.matching.vocabulary import Vocabulary
from app.period import Period

_COMPARED = ("service", "modality", "platform")  # by the concepts and words of an offer

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Ask:
    """One need in its request, before a catalogue is asked."""

    need: Need
    wishes: Wishes
    as_of: date
    vocabulary: Vocabulary
    asked: Mapping[str, Asked]
    words: Mapping[str, float]  # of the need and of the text around it

    @classmethod
    def of(
        cls,
        need: Need,
        wishes: Wishes,
        as_of: date,
        vocabulary: Vocabulary,
        around: Mapping[str, float],
    ) -> "Ask":
        """Gather what the need asks of each criterion; `around` holds the words of the text."""
        pause()
        asked = asked_of(need, vocabulary)
        telling = weighted_words(need, around, vocabulary)
        return cls(need, wishes, as_of, vocabulary, asked, telling)

    @once
    def needed(self) -> Period:
        """When it is needed: the day of asking unless said otherwise."""
        return self.wishes.needed_from or Period.of_day(self.as_of)

    @once
    def meaning(self) -> Hashable:
        """All that the criteria make of the need, whatever its name and what it weighs."""
        return replace(self.need, id="", importance="should", weight=1.0), self.needed, self.as_of

    @once
    def regimes(self) -> frozenset[str]:
        """The kinds of work that the need's service belongs to."""
        asked = self.asked.get("service")
        return regimes_of(asked.concepts if asked else (), self.vocabulary)

    @once
    def distinguishing(self) -> tuple[str, ...]:
        """What tells the service asked for from others of its name."""
        service = self.need.service
        if service is None or not self.asked.get("service"):
            return ()
        return self.vocabulary.distinguishing(service.text)

    def stands_apart(self, offered: tuple[str, ...]) -> tuple[str, str] | None:
        """What is asked and what is offered in its place, where a service bears something else of
        the same group than the one asked for."""
        return self.vocabulary.groups.against(self.distinguishing, offered, self.vocabulary.fits)

    def is_ruled_out(self, name: str, ruled_out: tuple[str, ...]) -> bool:
        """Whether an offer that rules out these concepts rules out all that is asked in a field."""
        concepts, broader = self.asked[name].concepts, self.vocabulary.broader
        return bool(ruled_out and concepts) and all(
            not set(ruled_out).isdisjoint(broader(concept)) for concept in concepts
        )

    def sides(self, name: str) -> int:
        """The marks of offers that speak of what is asked in a field: of the medicine, of the form
        it takes, or of either, where the kind of medicine is asked."""
        if name != "modality":
            return 1 << FACETS.index(name)
        forms = {self.vocabulary.is_form(concept) for concept in self.asked[name].concepts}
        marks = {1 << FACETS.index("form" if is_form else name) for is_form in forms or {False}}
        return sum(marks)

    @once
    def standards(self) -> Sequence[Standard]:
        """The standards that the need asks for, each to hold when it is needed."""
        asked = self.asked.get("quality")
        return [
            Standard.of(concept, self.needed, self.vocabulary)
            for concept in (asked.concepts if asked else ())
            if concept in self.vocabulary.concepts
        ]


class Likeness:
    """The likenesses that a brief needs, side by side: for each concept that an offer may name
    (first axis) how far it answers what needs ask in their fields, and each part of it."""

    def __init__(self, asks: Sequence[Ask], vocabulary: Vocabulary) -> None:
        rows = [np.zeros(len(vocabulary.ids), dtype=np.float32)]
        known: dict[tuple[str, ...], int] = {}  # needs of one request often ask alike

        def place(concepts: tuple[str, ...]) -> int:
            if concepts not in known:
                known[concepts] = len(rows)
                rows.append(vocabulary.likeness_from(concepts))
            return known[concepts]

        asked = {name for ask in asks for name in ask.asked}
        self.names = [name for name in _COMPARED if name in asked]
        # By field and need the place of what it asks; 0 where nothing was understood.
        self.whole: dict[str, list[int]] = {name: [0] * len(asks) for name in self.names}
        self.parts: dict[int, list[int]] = {}  # of a service of several parts, by need
        for number, ask in enumerate(asks):
            for name in self.names:
                concepts = ask.asked[name].concepts if name in ask.asked else ()
                if not concepts:
                    continue
                self.whole[name][number] = place(concepts)
                if name == "service" and len(concepts) > 1:
                    self.parts[number] = [place((concept,)) for concept in concepts]
        self.table: Floats = np.ascontiguousarray(np.stack(rows).T)


class Phrases:
    """The words of the fields that are compared by words, with weights that add up to 1."""

    def __init__(self, asks: Sequence[Ask], catalogue: Catalogue) -> None:
        self.place: dict[tuple[str, int], int] = {}  # by field and need, among `weights`
        self.weights: list[dict[str, float]] = []
        usage = catalogue.offers.usage
        for number, ask in enumerate(asks):
            for name in _COMPARED:
                asked = ask.asked.get(name)
                if asked is None or (asked.concepts and name != "service"):
                    continue
                rarities = {word: usage.rarity(word) for word in dict.fromkeys(words(asked.text))}
                greatest = sum(rarities.values())
                self.place[name, number] = len(self.weights)
                self.weights.append({word: value / greatest for word, value in rarities.items()})


@dataclass(frozen=True, slots=True)
class WordTable:
    """The words of phrases and of needs with their weights, as offers number them."""

    places: NDArray[np.int32]  # by a word's number its row in the tables; 0: not asked about
    of_phrases: Floats  # a column for each phrase
    of_needs: Floats  # a column for each need

    @classmethod
    def of(
        cls,
        phrases: Sequence[Mapping[str, float]],
        needs: Sequence[Mapping[str, float]],
        numbers: Mapping[str, int],
    ) -> "WordTable":
        """What is asked, of words that have a number."""
        asked = [*phrases, *needs]
        kept = dict.fromkeys(word for words in asked for word in words if word in numbers)
        table = np.zeros((len(asked), len(kept) + 1), dtype=np.float32)
        for row, weights in zip(table, asked, strict=True):
            row[1:] = [weights.get(word, 0.0) for word in kept]
        places = np.zeros(len(numbers), dtype=np.int32)
        places[[numbers[word] for word in kept]] = np.arange(1, len(kept) + 1)
        of_phrases, of_needs = table[: len(phrases)].T, table[len(phrases) :].T
        return cls(places, np.ascontiguousarray(of_phrases), np.ascontiguousarray(of_needs))


@dataclass(frozen=True)
class Brief:
    """All needs of a query before one catalogue."""

    catalogue: Catalogue
    query: Query
    asks: tuple[Ask, ...]

    @classmethod
    def of(cls, query: Query, catalogue: Catalogue) -> "Brief":
        """Lay out a query."""
        vocabulary = catalogue.vocabulary
        around = text_words(query.text, vocabulary)
        return cls(
            catalogue,
            query,
            tuple(
                Ask.of(need, query.wishes, query.as_of, vocabulary, around) for need in query.needs
            ),
        )

    def alone(self, number: int) -> "Brief":
        """The brief of one of its needs."""
        one = replace(self, asks=(self.asks[number],))
        # What costs most is known already.
        one.__dict__["record_wording"] = self.record_wording[number : number + 1]
        return one

    @once
    def likeness(self) -> Likeness:
        """How far concepts answer what is asked."""
        return Likeness(self.asks, self.catalogue.vocabulary)

    @once
    def limits(self) -> Limits:
        """What is taken back of that likeness."""
        return Limits(self.asks, self.likeness.names, self.catalogue)

    @once
    def sides(self) -> NDArray[np.uint8]:
        """For each field of `likeness` and each need, one after the other, the marks of offers
        that speak of what is asked."""
        names = self.likeness.names
        marks = [ask.sides(name) if name in ask.asked else 0 for name in names for ask in self.asks]
        return np.array(marks, dtype=np.uint8)

    @once
    def phrases(self) -> Phrases:
        """The words by which fields are compared."""
        return Phrases(self.asks, self.catalogue)

    @once
    def record_wording(self) -> Floats:
        """For each need (first axis) and provider how much of what can be expected of its words
        the record has; more than 1 is possible."""
        providers = self.catalogue.providers
        return providers.by_word.sums([providers.usage.weights(a.words) for a in self.asks], RECORD)

    @once
    def word_table(self) -> WordTable:
        """The words of `phrases` and of `offer_words` as offers number them."""
        numbers = self.catalogue.offers.numbers
        return WordTable.of(self.phrases.weights, self.offer_words, numbers)

    @once
    def offer_words(self) -> list[dict[str, float]]:
        """The words of each need, weighted by how rarely offers use them."""
        return [self.catalogue.offers.usage.weights(ask.words) for ask in self.asks]
