"""Some offers of a catalogue before all needs of a brief at once: what the criteria judge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]  # scipy ships no types

from app.matching.brief import Brief
from app.matching.columns import Rows
from app.matching.offer_columns import FACETS
from app.matching.once import once
from app.matching.postings import FULL

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

    @once
    def _best(self) -> Floats:
        return self.brief.catalogue.offers.concepts.best(self.rows, self.brief.likeness.table)

    @once
    def _overlaps(self) -> Floats:
        """The share of each phrase's words that stand in what an offer says it does with what."""
        offers = self.brief.catalogue.offers
        entries, lengths = offers.words.entries(self.rows, offers.profiles[self.rows])
        ones = np.ones(len(entries), dtype=np.float32)
        return self._sums(self.brief.phrases.weights, offers.words.flat[entries], lengths, ones)

    @once
    def wording(self) -> Floats:
        """How much of what can be expected of each need's words an offer has; more than 1 is
        possible."""
        offers = self.brief.catalogue.offers
        entries, lengths = offers.words.entries(self.rows)
        impacts = offers.impacts[entries].astype(np.float32) * np.float32(1 / FULL)
        return self._sums(self.brief.offer_words, offers.words.flat[entries], lengths, impacts)

    def _sums(
        self,
        asked: Sequence[Mapping[str, float]],
        words: NDArray[np.integer[Any]],
        lengths: Rows,
        impacts: Floats,
    ) -> Floats:
        """For each offer and each of `asked` the sum of weight x impact over its words."""
        numbers = self.brief.catalogue.offers.numbers
        kept = dict.fromkeys(word for weights in asked for word in weights if word in numbers)
        # What isn't asked about stands in one more row, without weight.
        table = np.zeros((len(kept) + 1, len(asked)), dtype=np.float32)
        wanted = np.full(len(numbers), len(kept), dtype=np.int32)
        for place, word in enumerate(kept):
            wanted[numbers[word]] = place
            table[place] = [weights.get(word, 0.0) for weights in asked]
        ends = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
        shape = (len(self.rows), len(table))
        uses = csr_matrix((impacts, wanted[words], ends), shape=shape)
        sums: Floats = uses @ table
        return sums

    @once
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
        sides = [a.sides(name) if name in a.asked else 0 for name in names for a in brief.asks]
        marks = brief.catalogue.offers.marks[self.rows, None]
        unsaid = (marks & np.array(sides, dtype=np.uint8)) == 0
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

    @once
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
