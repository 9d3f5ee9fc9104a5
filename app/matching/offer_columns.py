"""What offers say, in columns: a row for each offer, those of a provider together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.matching.assurance import Assurance
from app.matching.availability import Availability
from app.matching.columns import Column, Lists, MoreLists, MoreValues
from app.matching.postings import FULL
from app.matching.regime import Work
from app.matching.texts import Counted, Texts, counted
from app.matching.types import Quantity
from app.matching.wording import OFFER_B, OFFER_WORDS, MoreUsage, Usage

FACETS = ("service", "modality", "form", "platform")
# Bits of `marks`, beside one for each of FACETS: what is stated.
EVERY_MODALITY, WEAK, IS_SILENT = 16, 32, 64
_HEAD = 3  # texts that say what is done with what


class Row(NamedTuple):
    """One offer as it is laid out."""

    concepts: tuple[int, ...]  # positions in the vocabulary
    texts: tuple[int, ...]  # numbers of what it says, first of service, modality and platform
    marks: int
    stages: tuple[str, ...]  # in the order of STAGES
    work: Work
    assurance: Assurance
    quantities: tuple[Quantity, ...]
    availability: Availability
    areas: tuple[int, ...]  # concepts of the offer's and the provider's disease areas
    distinguishing: tuple[str, ...]  # what tells its service from others of that name
    ruled_out: tuple[str, ...]  # concepts that its words rule out


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
    distinguishing: Lists  # numbers of `names`
    ruled_out: Column[tuple[str, ...]]  # of most rows (), which has the number 0
    names: Mapping[str, int]  # of what tells a service from others of its name
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
            distinguishing=Lists.of(()),
            ruled_out=Column(((),), none, {(): 0}),
            names={},
            numbers={},
            usage=Usage(0, {}),
        )


class Added(NamedTuple):
    """What is told of rows that were added: their words, and for each the number of its value."""

    words: Counted
    stages: list[int]
    works: list[int]
    areas: list[int]


class MoreOffers:
    """Rows that will follow those of some columns, and rows that have gone."""

    def __init__(self, before: OfferColumns, texts: Texts) -> None:
        self._before = before
        self._texts = texts
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
        self._distinguishing = MoreLists(before.distinguishing)
        self._ruled_out = MoreValues(before.ruled_out)
        self._names = dict(before.names)
        self._numbers = dict(before.numbers)
        self._of_words = np.zeros(0, dtype=np.int32)  # by number of `texts` the number here, or -1
        self._usage = MoreUsage(before.usage)

    def remove(self, words: Iterable[str]) -> None:
        """A row stays where it is and must be masked; its words, given here, count no more."""
        self._usage.remove(words)

    def add(self, rows: Sequence[Row]) -> Added:
        """More rows; their words as `texts` numbers them, and the numbers of some values."""
        for row in rows:
            self._concepts.add(row.concepts)
        self._marks += bytes([row.marks for row in rows])
        stages = self._stages.extend([row.stages for row in rows])
        works = self._works.extend([row.work for row in rows])
        self._assurances.extend([row.assurance for row in rows])
        self._quantities.extend([row.quantities for row in rows])
        self._availabilities.extend([row.availability for row in rows])
        areas = self._areas.extend([row.areas for row in rows])
        names = self._names
        for row in rows:
            told = row.distinguishing
            self._distinguishing.add([names.setdefault(name, len(names)) for name in told])
        self._ruled_out.extend([row.ruled_out for row in rows])
        texts = np.array([row.texts for row in rows], dtype=np.int64).reshape(len(rows), -1)
        sizes = np.full(len(rows), texts.shape[1])
        found = counted(self._texts, texts.ravel(), sizes, OFFER_B, OFFER_WORDS, head=_HEAD)
        self._words.extend(found.sizes, self._numbered(found.words))
        self._impacts += found.impacts.tobytes()
        self._profiles += np.minimum(found.heads, FULL).astype(np.uint8).tobytes()
        return Added(found, stages, works, areas)

    def _numbered(self, words: NDArray[np.int64]) -> NDArray[np.int32]:
        """The numbers of words here, by their numbers in the texts."""
        names = list(self._texts.words)
        missing = np.full(len(names) - len(self._of_words), -1, dtype=np.int32)
        self._of_words = np.concatenate((self._of_words, missing))
        numbers = self._numbers
        for word in np.unique(words[self._of_words[words] < 0]).tolist():
            self._of_words[word] = numbers.setdefault(names[word], len(numbers))
        found: NDArray[np.int32] = self._of_words[words]
        return found

    def columns(self) -> OfferColumns:
        """The columns of all rows."""
        before = self._before
        used = zip(self._numbers, self._words.counts().tolist(), strict=False)
        self._usage.add(len(self._marks), {word: count for word, count in used if count})
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
            distinguishing=self._distinguishing.lists(),
            ruled_out=self._ruled_out.column(),
            names=self._names,
            numbers=self._numbers,
            usage=self._usage.usage(),
        )


def _extended(before: NDArray[np.uint8], added: bytearray) -> NDArray[np.uint8]:
    return np.concatenate((before, np.frombuffer(bytes(added), dtype=np.uint8)))
