"""What providers are, laid out in columns: one row for each, and which rows have what."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, chain, pairwise

import numpy as np
from numpy.typing import NDArray

from app.matching.columns import Column, MoreValues, Packed, Rows, packed
from app.matching.offer_columns import EVERY_MODALITY, FACETS, WEAK, Added, Row
from app.matching.postings import MorePostings, Postings
from app.matching.texts import Counted, Texts, counted, greatest
from app.matching.types import Candidate
from app.matching.wording import RECORD_B, RECORD_WORDS, MoreUsage, Usage, texts_of
from app.period import Period

# Bits of `marks` beside those of offers: whether an offer states a quantity, or a standard of any
# kind in words or papers.
SCALED, ASSURED = 64, 128
RECORD, BEST_OFFER = range(2)  # the impacts of a word
LEFT_OUT = ("closed", "absorbed", "captive")  # for history; not in a default ranking


@dataclass(frozen=True, slots=True)
class Place:
    """Where a provider sits and where its facilities stand."""

    country: str | None
    facilities: frozenset[str]

    @classmethod
    def of(cls, candidate: Candidate) -> "Place":
        """The places of a candidate."""
        return cls(candidate.country, frozenset(s.country for s in candidate.sites if s.country))


@dataclass(frozen=True, slots=True)
class Standing:
    """The authorities that licensed or certified a provider, each with the end of its paper."""

    authorities: frozenset[tuple[str, Period | None]]

    @classmethod
    def of(cls, candidate: Candidate) -> "Standing":
        """The standing of a candidate."""
        proofs = candidate.proofs
        return cls(frozenset((p.authority, p.expires_on) for p in proofs if p.authority))


@dataclass(frozen=True)
class ProviderColumns:
    """The columns of all providers.

    `marks` are bits: for each of FACETS whether an offer leaves it unsaid, EVERY_MODALITY, WEAK,
    SCALED and ASSURED whether an offer is so.
    """

    bounds: Rows  # the offers of provider p are the rows bounds[p] to bounds[p + 1]
    is_alive: NDArray[np.bool_]  # still in the catalogue, as the row now stands
    is_inactive: NDArray[np.bool_]
    marks: NDArray[np.uint8]
    places: Column[Place]
    standings: Column[Standing]
    ownerships: Column[str]
    languages: Column[tuple[str, ...]]
    assured: Column[date | None]
    stages: Column[Packed]  # of all offers, as these number them
    works: Column[Packed]
    areas: Column[Packed]
    by_word: Postings[str]  # impacts: in the whole record, and the greatest in one of its offers
    usage: Usage  # how many records use each word
    by_concept: Postings[int]

    @classmethod
    def empty(cls) -> "ProviderColumns":
        """No rows."""
        none = np.zeros(0, dtype=np.bool_)
        return cls(
            bounds=np.zeros(1, dtype=np.int64),
            is_alive=none,
            is_inactive=none,
            marks=np.zeros(0, dtype=np.uint8),
            places=Column.of(()),
            standings=Column.of(()),
            ownerships=Column.of(()),
            languages=Column.of(()),
            assured=Column.of(()),
            stages=Column.of(()),
            works=Column.of(()),
            areas=Column.of(()),
            by_word=Postings.of((), kinds=2),
            usage=Usage(0, {}),
            by_concept=Postings.of(()),
        )


class MoreProviders:
    """Rows that will follow those of some columns, and rows that have gone."""

    def __init__(self, before: ProviderColumns, texts: Texts) -> None:
        self._before = before
        self._texts = texts
        self._is_alive = before.is_alive.copy()
        self._sizes = array("i")
        self._is_inactive = bytearray()
        self._marks = bytearray()
        self._places = MoreValues(before.places)
        self._standings = MoreValues(before.standings)
        self._ownerships = MoreValues(before.ownerships)
        self._languages = MoreValues(before.languages)
        self._assured = MoreValues(before.assured)
        self._stages = MoreValues(before.stages)
        self._works = MoreValues(before.works)
        self._areas = MoreValues(before.areas)
        self._known_places: dict[tuple[str | None, ...], Place] = {}
        self._by_word = MorePostings(before.by_word, texts.words)
        self._by_concept = MorePostings(before.by_concept)
        self._usage = MoreUsage(before.usage)

    def remove(self, number: int, words: Iterable[str]) -> None:
        """The row stays where it is and nobody sees it; the words of its record are given."""
        self._is_alive[number] = False
        self._usage.remove(words)

    def add(
        self, candidates: Sequence[Candidate], rows: Sequence[Sequence[Row]], added: Added
    ) -> None:
        """More rows, with the rows of their offers and what these were added as."""
        sizes = list(map(len, rows))
        self._sizes.extend(sizes)
        self._is_inactive += bytes([candidate.operating in LEFT_OUT for candidate in candidates])
        self._marks += bytes(map(_marks, rows))
        self._places.extend(list(map(self._place, candidates)))
        self._standings.extend(list(map(self._standing, candidates)))
        self._ownerships.extend([candidate.ownership for candidate in candidates])
        self._languages.extend([candidate.languages for candidate in candidates])
        self._assured.extend([candidate.assured_on for candidate in candidates])
        ends = list(accumulate(sizes, initial=0))
        places = list(pairwise(ends))
        for sets, numbers in (
            (self._stages, added.stages),
            (self._works, added.works),
            (self._areas, added.areas),
        ):
            sets.extend(packed(numbers[start:end]) for start, end in places)
        for own in rows:
            self._by_concept.add_keys({c for row in own for c in (*row.concepts, *row.areas)})
        self._add_words(candidates, rows, added.words)

    def _place(self, candidate: Candidate) -> Place:
        key = candidate.country, *[site.country for site in candidate.sites]
        found = self._known_places.get(key)
        if found is None:
            found = self._known_places[key] = Place.of(candidate)
        return found

    def _standing(self, candidate: Candidate) -> Standing:
        return Standing.of(candidate) if candidate.proofs else _NO_STANDING

    def _add_words(
        self, candidates: Sequence[Candidate], rows: Sequence[Sequence[Row]], words: Counted
    ) -> None:
        texts = self._texts
        said = [
            [
                *(texts[text] for text in texts_of(candidate)),
                *chain.from_iterable(row.texts for row in own),
            ]
            for candidate, own in zip(candidates, rows, strict=True)
        ]
        sizes = np.array([len(own) for own in said], dtype=np.int64)
        flat = np.fromiter(chain.from_iterable(said), dtype=np.int64, count=int(sizes.sum()))
        record = counted(texts, flat, sizes, RECORD_B, RECORD_WORDS)
        width = max(1, len(texts.words))
        owners = np.repeat(np.arange(len(rows)), [len(own) for own in rows])
        keys = record.rows * width + record.words
        order = np.argsort(keys)
        best = greatest(owners[words.rows] * width + words.words, words.impacts, keys[order])
        impacts = np.stack((record.impacts[order], best), axis=1)
        self._by_word.extend(record.words[order], record.sizes, impacts)

    def columns(self) -> ProviderColumns:
        """The columns of all rows."""
        before = self._before
        ends = before.bounds[-1] + np.cumsum(np.array(self._sizes, dtype=np.int64))
        alive = np.ones(len(self._sizes), dtype=np.bool_)
        inactive = np.frombuffer(self._is_inactive, dtype=np.bool_)
        self._usage.add(len(self._sizes), self._by_word.counts())
        return ProviderColumns(
            bounds=np.concatenate((before.bounds, ends)),
            is_alive=np.concatenate((self._is_alive, alive)),
            is_inactive=np.concatenate((before.is_inactive, inactive)),
            marks=np.concatenate((before.marks, np.frombuffer(self._marks, dtype=np.uint8))),
            places=self._places.column(),
            standings=self._standings.column(),
            ownerships=self._ownerships.column(),
            languages=self._languages.column(),
            assured=self._assured.column(),
            stages=self._stages.column(),
            works=self._works.column(),
            areas=self._areas.column(),
            by_word=self._by_word.postings(),
            by_concept=self._by_concept.postings(),
            usage=self._usage.usage(),
        )


def _marks(rows: Sequence[Row]) -> int:
    stated, marks, more = _ALL_STATED, 0, 0
    for row in rows:
        stated &= row.marks
        marks |= row.marks
        if row.quantities:
            more |= SCALED
        if not more & ASSURED and not row.assurance.says_nothing:
            more |= ASSURED
    return (_ALL_STATED & ~stated) | (marks & (EVERY_MODALITY | WEAK)) | more


_ALL_STATED = (1 << len(FACETS)) - 1
_NO_STANDING = Standing(frozenset())
