"""The catalogue in memory: candidates with their offers as columns. Immutable once built.

A change adds the changed candidates' rows after all others and hides their old ones, so that it
costs what the change holds and not what the catalogue holds. Answers don't depend on where a row
stands: they are the same as of a catalogue built afresh.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.matching.columns import Rows
from app.matching.directory import Directory
from app.matching.ids import Ids
from app.matching.memory import Memory
from app.matching.offer_columns import MoreOffers, OfferColumns
from app.matching.offer_reading import Reader, offers_of
from app.matching.once import once
from app.matching.provider_columns import MoreProviders, ProviderColumns
from app.matching.texts import Texts
from app.matching.types import Candidate, Offer
from app.matching.unmatched import Unmatched, of_catalogue
from app.matching.vocabulary import Vocabulary
from app.matching.wording import words_of, words_of_offer

_AT_ONCE = 4096  # candidates that are read side by side
_HIDDEN = 0.2  # share of rows that are hidden from which on a catalogue is better built afresh


@dataclass(frozen=True)
class Catalogue:
    """Everything a match reads. `rows` are the candidates as their columns stand, hidden ones
    among them, each with its offers in order of id."""

    revision: int
    vocabulary: Vocabulary
    rows: tuple[Candidate, ...]
    ids: Ids
    providers: ProviderColumns
    offers: OfferColumns

    @classmethod
    def build(
        cls, candidates: Iterable[Candidate], vocabulary: Vocabulary, revision: int
    ) -> "Catalogue":
        """Lay out the candidates as columns, in order of slug."""
        empty = cls(
            revision, vocabulary, (), Ids.empty(), ProviderColumns.empty(), OfferColumns.empty()
        )
        return empty._changed((), candidates, revision)

    def changed(self, changes: Mapping[str, Candidate | None], revision: int) -> "Catalogue":
        """A catalogue in which the candidates of these ids are replaced, added, or (None) removed;
        this one stays as it is for those who still read it."""
        found = (self.ids.row(each, self.rows) for each in changes)
        gone = [number for number in found if number is not None]
        return self._changed(gone, filter(None, changes.values()), revision)

    def _changed(
        self, gone: Collection[int], added: Iterable[Candidate], revision: int
    ) -> "Catalogue":
        texts = Texts()
        reader = Reader(self.vocabulary, texts)
        providers, offers = MoreProviders(self.providers, texts), MoreOffers(self.offers, texts)
        for number in gone:
            candidate = self.rows[number]
            providers.remove(number, set(words_of(candidate)))
            for offer in offers_of(candidate):
                offers.remove(set(words_of_offer(offer)))
        kept = sorted(added, key=lambda candidate: candidate.slug)
        for start in range(0, len(kept), _AT_ONCE):
            some = kept[start : start + _AT_ONCE]
            reader.read_ahead(some)
            rows = [reader.rows(candidate) for candidate in some]
            providers.add(some, rows, offers.add([row for own in rows for row in own]))
        changed = Catalogue(
            revision,
            self.vocabulary,
            (*self.rows, *kept),
            self.ids.changed(gone, kept, len(self.rows)),
            providers.columns(),
            offers.columns(),
        )
        changed.__dict__["memory"] = self.memory.passed_on()
        return changed

    @cached_property
    def listed(self) -> Rows:
        """The rows that are in the catalogue, in order of slug."""
        alive = np.flatnonzero(self.providers.is_alive).tolist()
        return np.array(sorted(alive, key=lambda number: self.rows[number].slug), dtype=np.int64)

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """The candidates in order of slug."""
        return tuple(self.rows[number] for number in self.listed.tolist())

    @cached_property
    def directory(self) -> Directory:
        """What lists of providers are searched by, in order of slug; laid out when it is first
        asked for."""
        return Directory.of(self.candidates)

    @once
    def unmatched(self) -> Sequence[Unmatched]:
        """What its candidates wrote that no concept explains; read when it is first asked for."""
        return of_catalogue(self.candidates, self.vocabulary)

    @property
    def wants_rebuild(self) -> bool:
        """Whether so many rows are hidden that building afresh would make matching faster."""
        return float(np.mean(~self.providers.is_alive)) > _HIDDEN if self.rows else False

    def offer(self, provider: int, row: int) -> Offer:
        """The offer of a row, given the provider's."""
        return offers_of(self.rows[provider])[row - int(self.providers.bounds[provider])]

    @cached_property
    def memory(self) -> Memory:
        """What requests have worked out of its rows."""
        return Memory()
