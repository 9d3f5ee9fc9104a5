"""Some offers of a catalogue before all needs of a brief at once: what the criteria judge."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # scipy ships no types

from app.matching.brief import Brief
from app.matching.columns import Column, Rows
from app.matching.offer_columns import FACETS
from app.matching.points import Judgement

Value = TypeVar("Value")
Shares = tuple[Hashable, Callable[[Value], tuple[float, float]]]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Panel:
    """Offers by row, each with its provider. Arrays have a row for each offer, and a column for
    each need."""

    brief: Brief
    providers: Rows
    rows: Rows

    @classmethod
    def of_all(cls, brief: Brief, providers: Rows) -> "Panel":
        """All offers of some providers, in their order."""
        bounds = brief.catalogue.providers.bounds
        sizes = bounds[providers + 1] - bounds[providers]
        before = np.cumsum(sizes) - sizes
        rows = np.arange(int(sizes.sum())) + np.repeat(bounds[providers] - before, sizes)
        return cls(brief, np.repeat(providers, sizes), rows)

    @property
    def size(self) -> tuple[int, int]:
        """Numbers of offers and needs."""
        return len(self.rows), len(self.brief.asks)

    @cached_property
    def _best(self) -> Floats:
        return self.brief.catalogue.offers.concepts.best(self.rows, self.brief.likeness.table)

    @cached_property
    def _overlaps(self) -> Floats:
        phrases, offers = self.brief.phrases, self.brief.catalogue.offers
        wanted = np.full(len(offers.numbers), len(phrases.words), dtype=np.int32)
        for place, word in enumerate(phrases.words):
            if (number := offers.numbers.get(word)) is not None:
                wanted[number] = place
        lists = offers.words
        lengths = lists.bounds[self.rows + 1] - lists.bounds[self.rows]
        found = wanted[lists.flat[lists.places(self.rows)]]
        ends = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
        # What isn't asked about stands in one more column, without weight.
        shape = (len(self.rows), len(phrases.words) + 1)
        uses = csr_matrix((np.ones(len(found), dtype=np.float32), found, ends), shape=shape)
        nothing = np.zeros((1, phrases.weights.shape[1]), dtype=np.float32)
        overlaps: Floats = uses @ np.concatenate((phrases.weights, nothing))
        return overlaps

    def likeness(self, name: str) -> Floats:
        """How far the best concept of each offer answers what is asked under `name`; of several
        services in one phrase, half of it by how many are covered."""
        likeness = self.brief.likeness
        best = self._best[:, likeness.whole[name]]
        for number, places in likeness.parts.items() if name == "service" else ():
            best[:, number] = (best[:, number] + self._best[:, places].mean(axis=1)) / 2
        return best

    def overlap(self, name: str) -> Floats:
        """For each offer the share of the words asked under `name` that stand in it, by rarity; 0
        where words aren't compared."""
        found = np.zeros(self.size, dtype=np.float32)
        columns = self.brief.phrases.column
        for number in range(len(self.brief.asks)):
            if (name, number) in columns:
                found[:, number] = self._overlaps[:, columns[name, number]]
        return found

    def understood(self, name: str) -> NDArray[np.bool_]:
        """Of each need whether what it asks under `name` was understood."""
        asks = self.brief.asks
        return np.array([bool(a.asked[name].concepts) if name in a.asked else False for a in asks])

    def unsaid(self, name: str) -> NDArray[np.bool_]:
        """Which offers (one column) name nothing of this facet."""
        bit = np.uint8(1 << FACETS.index(name))
        found: NDArray[np.bool_] = (self.brief.catalogue.offers.marks[self.rows] & bit) == 0
        return found[:, None]

    def marked(self, mark: int) -> NDArray[np.bool_]:
        """Which offers (one column) bear a mark."""
        found: NDArray[np.bool_] = (self.brief.catalogue.offers.marks[self.rows] & mark) != 0
        return found[:, None]

    def by_value(
        self, column: Column[Value], rows: Rows, asked: Sequence[Shares[Value] | None]
    ) -> Judgement:
        """Judge each distinct value that `rows` of a column have. `asked` has for each need what
        it asks (equal things are judged once) and the shares won and unknown of a value."""
        present, codes = column.present(rows)
        pairs = np.zeros((len(asked), len(present), 2))
        for number, each in enumerate(asked):
            if each is not None:
                key, shares = each
                pairs[number] = self.brief.catalogue.memory.shares(key, column, present, shares)
        return Judgement(pairs[:, :, 0].T, pairs[:, :, 1].T, codes)
