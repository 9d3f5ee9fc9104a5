"""Some offers of a catalogue before all needs of a brief at once: what the criteria judge."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # scipy ships no types

from app.matching.brief import Brief
from app.matching.columns import Rows
from app.matching.offer_columns import FACETS

# The same words without the same concept are a strong hint and no proof.
WORDS_SHARE = 0.9
DOES_THE_WORK = 0.5  # an offer less like the work asked for does something else
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
        asked = dict.fromkeys(word for weights in phrases.weights for word in weights)
        # What isn't asked about stands in one more row, without weight.
        table = np.zeros((len(asked) + 1, len(phrases.weights)), dtype=np.float32)
        wanted = np.full(len(offers.numbers), len(asked), dtype=np.int32)
        for place, word in enumerate(asked):
            if (number := offers.numbers.get(word)) is not None:
                wanted[number] = place
            table[place] = [weights.get(word, 0.0) for weights in phrases.weights]
        lists = offers.words
        found = wanted[lists.flat[lists.places(self.rows)]]
        lengths = lists.bounds[self.rows + 1] - lists.bounds[self.rows]
        ends = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
        ones = np.ones(len(found), dtype=np.float32)
        uses = csr_matrix((ones, found, ends), shape=(len(self.rows), len(asked) + 1))
        overlaps: Floats = uses @ table
        return overlaps

    @cached_property
    def _compared(self) -> Mapping[str, tuple[Floats, Floats]]:
        """By field the shares won and unknown; fields stand side by side, for speed."""
        brief, needs = self.brief, len(self.brief.asks)
        names = brief.likeness.names
        best = self._best.take([c for name in names for c in brief.likeness.whole[name]], axis=1)
        for number, parts in brief.likeness.parts.items():
            best[:, number] = (best[:, number] + self._best[:, parts].mean(axis=1)) / 2
        understood = np.array([bool(c) for name in names for c in brief.likeness.whole[name]])
        for (name, number), place in brief.phrases.place.items():
            column = best[:, names.index(name) * needs + number]
            np.maximum(column, np.float32(WORDS_SHARE) * self._overlaps[:, place], out=column)
        bits = np.array([1 << FACETS.index(name) for name in names], dtype=np.uint8)
        unsaid = (brief.catalogue.offers.marks[self.rows, None] & bits.repeat(needs)) == 0
        # Where no concept explains the phrase only its words can be compared: what they find is
        # won, and as nobody knows what the rest means, the rest is unknown.
        unknown = np.where(unsaid | ~understood, np.float32(1.0) - best, np.float32(0.0))
        places = {name: slice(n * needs, (n + 1) * needs) for n, name in enumerate(names)}
        return {name: (best[:, part], unknown[:, part]) for name, part in places.items()}

    def compared(self, name: str) -> tuple[Floats, Floats]:
        """How far each offer answers what is asked in a field, by its best concept and by words:
        shares won and unknown. Of several services in one phrase, half is won by how many are
        covered."""
        return self._compared[name]

    def marked(self, mark: int) -> NDArray[np.bool_]:
        """Which offers (one column) bear a mark."""
        found: NDArray[np.bool_] = (self.brief.catalogue.offers.marks[self.rows] & mark) != 0
        return found[:, None]

    @cached_property
    def serves(self) -> NDArray[np.bool_]:
        """Which offers do the work that each need asks for, in the main. Where the work wasn't
        understood its words decide; where an offer doesn't say what it does, it may."""
        found = np.ones(self.size, dtype=np.bool_)
        unsaid = ~self.marked(1 << FACETS.index("service"))[:, 0]
        for number, ask in enumerate(self.brief.asks):
            if "service" in ask.asked:
                place = self.brief.likeness.whole["service"][number]
                share = self._best[:, place]
                if not place:
                    share = self._overlaps[:, self.brief.phrases.place["service", number]]
                found[:, number] = (share >= DOES_THE_WORK) | unsaid
        return found
