"""For each word or concept the rows that have it, so that cost grows with what matches."""

from array import array
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix  # type: ignore[import-untyped]  # scipy ships no types

Key = TypeVar("Key", bound=Hashable)
Numbers = NDArray[np.int32]
FULL = 255  # an impact of 1, in the byte that holds it


@dataclass(frozen=True, slots=True)
class Postings(Generic[Key]):
    """For each key the rows that have it, ascending, each with an impact in 1/255."""

    size: int
    lists: Mapping[Key, tuple[Numbers, NDArray[np.uint8]]]

    @classmethod
    def of(cls, rows: Iterable[Mapping[Key, int]]) -> "Postings[Key]":
        """Index rows given as impacts (1 to 255) by key."""
        more = MorePostings(cls(0, {}))
        for row in rows:
            more.add(row)
        return more.postings()

    def rows(self, key: Key) -> Numbers:
        """The rows that have this key, in ascending order."""
        entry = self.lists.get(key)
        return _NONE if entry is None else entry[0]

    def sums(
        self, keys: Sequence[Key], weights: NDArray[np.float32], *, bare: bool = False
    ) -> NDArray[np.float32]:
        """For each row (first axis) and each column of `weights` (one row for each key) the sum of
        weight x impact, added in the order of the keys; `bare` takes every impact as 1."""
        places = [place for place, key in enumerate(keys) if key in self.lists]
        if not places or not self.size:
            return np.zeros((self.size, weights.shape[1]), dtype=np.float32)
        chosen = [self.lists[keys[place]] for place in places]
        bounds = np.cumsum([0, *(len(rows) for rows, _ in chosen)], dtype=np.int32)
        indices = np.concatenate([rows for rows, _ in chosen])
        if bare:
            impacts = np.ones(len(indices), dtype=np.float32)
        else:
            impacts = np.concatenate([impact for _, impact in chosen]).astype(np.float32)
            impacts *= np.float32(1 / FULL)
        matrix = csc_matrix((impacts, indices, bounds), shape=(self.size, len(places)))
        found: NDArray[np.float32] = matrix @ weights[places]
        return found


class MorePostings(Generic[Key]):
    """Rows that will follow those of some postings."""

    def __init__(self, before: Postings[Key]) -> None:
        self._before = before
        self._size = before.size
        self._added: dict[Key, tuple[array[int], bytearray]] = {}

    def add(self, impacts: Mapping[Key, int]) -> None:
        """One more row: what it has, and how much of it (1 to 255)."""
        for key, impact in impacts.items():
            entry = self._added.get(key)
            if entry is None:
                entry = self._added[key] = (array("i"), bytearray())
            entry[0].append(self._size)
            entry[1].append(impact)
        self._size += 1

    def postings(self) -> Postings[Key]:
        """The postings of all rows."""
        lists = dict(self._before.lists)
        for key, (rows, impacts) in self._added.items():
            numbers = np.array(rows, dtype=np.int32)
            weights = np.frombuffer(bytes(impacts), dtype=np.uint8)
            if (old := lists.get(key)) is not None:
                numbers = np.concatenate((old[0], numbers))
                weights = np.concatenate((old[1], weights))
            lists[key] = numbers, weights
        return Postings(self._size, lists)


_NONE = np.zeros(0, dtype=np.int32)
