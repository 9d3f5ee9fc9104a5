"""Some offers of a catalogue before all needs of a brief at once: what the criteria judge."""

from collections.abc import Mapping
from dataclasses import dataclass

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
    each need that lies together in memory."""

    brief: Brief
    providers: Rows
    rows: Rows

    @classmethod
    def of_all(cls, brief: Brief, providers: Rows) -> "Panel":
        """All offers of some providers, in their order."""
        bounds = brief.catalogue.providers.bounds
        starts = bounds.take(providers)
        sizes = bounds.take(providers + 1) - starts
        before = np.cumsum(sizes) - sizes
        rows = np.arange(int(sizes.sum())) + np.repeat(starts - before, sizes)
        return cls(brief, np.repeat(providers, sizes), rows)

    @property
    def size(self) -> tuple[int, int]:
        """Numbers of offers and needs."""
        return len(self.rows), len(self.brief.asks)

    @once
    def _best(self) -> Floats:
        return self.brief.catalogue.offers.concepts.best(self.rows, self.brief.likeness.table)

    @once
    def _hits(self) -> tuple[Rows, Rows, NDArray[np.int32]]:
        """The few words of these offers that are asked about: where they stand among all words
        of offers, whose they are, and their rows in the brief's table of words."""
        words = self.brief.catalogue.offers.words
        entries, lengths = words.entries(self.rows)
        places = self.brief.word_table.places.take(words.flat.take(entries))
        hits = np.flatnonzero(places)
        owners = np.repeat(np.arange(len(self.rows)), lengths).take(hits)
        return entries.take(hits), owners, places.take(hits)

    @once
    def _overlaps(self) -> Floats:
        """The share of each phrase's words that stand in what an offer says it does with what."""
        offers = self.brief.catalogue.offers
        entries, owners, places = self._hits
        ends = offers.words.bounds.take(self.rows) + offers.profiles.take(self.rows)
        told = np.flatnonzero(entries < ends.take(owners))
        ones = np.ones(len(told), dtype=np.float32)
        return self._sums(
            ones, owners.take(told), places.take(told), self.brief.word_table.of_phrases
        )

    @once
    def wording(self) -> Floats:
        """How much of what can be expected of each need's words an offer has; more than 1 is
        possible."""
        entries, owners, places = self._hits
        impacts = self.brief.catalogue.offers.impacts.take(entries) * np.float32(1 / FULL)
        return self._sums(impacts, owners, places, self.brief.word_table.of_needs)

    def _sums(
        self, impacts: Floats, owners: Rows, places: NDArray[np.int32], weights: Floats
    ) -> Floats:
        """For each offer and each column of `weights` the sum of weight x impact over its words."""
        ends = np.zeros(len(self.rows) + 1, dtype=np.int32)
        np.cumsum(np.bincount(owners, minlength=len(self.rows)), out=ends[1:])
        uses = csr_matrix((impacts, places, ends), shape=(len(self.rows), len(weights)))
        sums: Floats = np.asfortranarray(uses @ weights)
        return sums

    @once
    def _compared(self) -> Mapping[str, tuple[Floats, Floats]]:
        """By field the shares won and unknown; needs and fields stand side by side, for speed."""
        brief, needs = self.brief, len(self.brief.asks)
        names, best = brief.likeness.names, self._best.T
        whole = [place for name in names for place in brief.likeness.whole[name]]
        won = best.take(whole, axis=0)
        for number, parts in brief.likeness.parts.items():
            won[number] = (won[number] + self._best.take(parts, axis=1).mean(axis=1)) / 2
        for (name, number), place in brief.phrases.place.items():
            row = won[names.index(name) * needs + number]
            np.maximum(row, np.float32(WORDS_SHARE) * self._overlaps[:, place], out=row)
        is_open = (brief.catalogue.offers.marks.take(self.rows) & brief.sides[:, None]) == 0
        # Where no concept explains the phrase only its words can be compared: what they find is
        # won, and as nobody knows what the rest means, the rest is unknown.
        is_open |= np.array(whole)[:, None] == 0
        unknown = (np.float32(1.0) - won) * is_open
        brief.limits.apply(won, unknown, self.rows)
        places = {name: slice(n * needs, (n + 1) * needs) for n, name in enumerate(names)}
        return {name: (won[part].T, unknown[part].T) for name, part in places.items()}

    def compared(self, name: str) -> tuple[Floats, Floats]:
        """How far each offer answers what is asked in a field, by its best concept and by words:
        shares won and unknown. Of several services in one phrase, half is won by how many are
        covered."""
        return self._compared[name]

    def marked(self, mark: int) -> NDArray[np.bool_]:
        """Which offers (one column) bear a mark."""
        found: NDArray[np.bool_] = (self.brief.catalogue.offers.marks.take(self.rows) & mark) != 0
        return found[:, None]

    @once
    def serves(self) -> NDArray[np.bool_]:
        """Which offers do the work that each need asks for, in the main. Where the work wasn't
        understood its words decide; where an offer doesn't say what it does, it may."""
        found = np.ones(self.size, dtype=np.bool_, order="F")
        unsaid = ~self.marked(1 << FACETS.index("service"))[:, 0]
        for number, ask in enumerate(self.brief.asks):
            if "service" in ask.asked:
                place = self.brief.likeness.whole["service"][number]
                share = self._best[:, place]
                if not place:
                    share = self._overlaps[:, self.brief.phrases.place["service", number]]
                found[:, number] = (share >= DOES_THE_WORK) | unsaid
        return found
