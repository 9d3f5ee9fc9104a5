"""For each word or concept the rows that have it, so that cost grows with what matches."""

from array import array
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix  # type: ignore[import-untyped]  # scipy ships no types

Key = TypeVar("Key", bound=Hashable)
Numbers = NDArray[np.int32]
Impacts = tuple[int, ...]  # each 0 to 255
Steps = NDArray[np.uint16] | NDArray[np.int32]
_LONGEST = 2**16 - 1  # step that 16 bits hold
FULL = 255  # an impact of 1, in the byte that holds it


@dataclass(frozen=True, slots=True)
class Postings(Generic[Key]):
    """For each key the rows that have it, ascending, and a row of impacts in 1/255 for each.

    Of rows the steps from one to the next are kept, the first from 0: half the room, for steps
    are short where lists are long.
    """

    size: int
    kinds: int  # of impacts
    lists: Mapping[Key, tuple[Steps, NDArray[np.uint8]]]

    @classmethod
    def of(cls, rows: Iterable[Mapping[Key, Impacts]], kinds: int = 0) -> "Postings[Key]":
        """Index rows given as impacts by key."""
        more = MorePostings(cls(0, kinds, {}))
        for row in rows:
            more.add(row)
        return more.postings()

    def rows(self, key: Key) -> Numbers:
        """The rows that have this key, in ascending order."""
        entry = self.lists.get(key)
        return _NONE if entry is None else np.cumsum(entry[0], dtype=np.int32)

    def sums(
        self, asked: Sequence[Mapping[Key, float]], kind: int | None = None
    ) -> NDArray[np.float32]:
        """For each of `asked` (first axis) and each row the sum of weight x impact over its keys,
        in their order; without a `kind`, every impact is 1."""
        indices: list[Numbers] = []
        impacts: list[NDArray[np.uint8]] = []
        weights: list[float] = []
        for place, keys in enumerate(asked):
            for key, weight in keys.items():
                if (entry := self.lists.get(key)) is not None:
                    rows = np.cumsum(entry[0], dtype=np.int32)
                    rows += np.int32(place * self.size)
                    indices.append(rows)
                    weights.append(weight if kind is None else weight / FULL)
                    if kind is not None:
                        impacts.append(entry[1][:, kind])
        shape = (len(asked), self.size)
        if not indices:
            return np.zeros(shape, dtype=np.float32)
        bounds = np.cumsum([0, *map(len, indices)], dtype=np.int32)
        flat = np.concatenate(indices)
        values = np.ones(len(flat), np.float32)
        if kind is not None:
            values = np.concatenate(impacts).astype(np.float32)
        # All sums are one: the rows of each of `asked` stand after those of the one before.
        matrix = csc_matrix((values, flat, bounds), shape=(shape[0] * shape[1], len(weights)))
        found: NDArray[np.float32] = (matrix @ np.array(weights, np.float32)).reshape(shape)
        return found


class MorePostings(Generic[Key]):
    """Rows that will follow those of some postings."""

    def __init__(self, before: Postings[Key], numbers: dict[Key, int] | None = None) -> None:
        self._before = before
        self._numbers: dict[Key, int] = {} if numbers is None else numbers
        # One entry after the other, and how many each row has; sorted by key in the end.
        self._keys = array("i")
        self._sizes = array("i")
        self._impacts = bytearray()

    def add(self, impacts: Mapping[Key, Impacts]) -> None:
        """One more row: what it has, and how much of it."""
        numbers = self._numbers
        self._keys.extend([numbers.setdefault(key, len(numbers)) for key in impacts])
        self._sizes.append(len(impacts))
        self._impacts += bytes(chain.from_iterable(impacts.values()))

    def add_keys(self, keys: Collection[Key]) -> None:
        """One more row of postings without impacts."""
        numbers = self._numbers
        self._keys.extend([numbers.setdefault(key, len(numbers)) for key in keys])
        self._sizes.append(len(keys))

    def extend(
        self,
        keys: NDArray[np.integer[Any]],
        sizes: NDArray[np.integer[Any]],
        impacts: NDArray[np.uint8],
    ) -> None:
        """More rows, given by the numbers of what they have, how many of these each has, and a
        row of impacts for each of these."""
        self._keys.frombytes(keys.astype(np.int32).tobytes())
        self._sizes.frombytes(sizes.astype(np.int32).tobytes())
        self._impacts += impacts.tobytes()

    def counts(self) -> dict[Key, int]:
        """How many of the rows added have each key."""
        counts = np.bincount(np.array(self._keys, dtype=np.int32), minlength=len(self._numbers))
        return dict(zip(self._numbers, counts.tolist(), strict=True))

    def postings(self) -> Postings[Key]:
        """The postings of all rows."""
        before = self._before
        size = before.size + len(self._sizes)
        sizes = np.array(self._sizes, dtype=np.int32)
        order = np.argsort(np.array(self._keys, dtype=np.int32), kind="stable")
        rows = np.repeat(np.arange(before.size, size, dtype=np.int32), sizes)[order]
        impacts = np.frombuffer(bytes(self._impacts), dtype=np.uint8)
        impacts = impacts.reshape(len(rows), before.kinds)[order]
        lists, end = dict(before.lists), 0
        steps = np.diff(rows, prepend=np.int32(0))
        short = steps.astype(np.uint16)  # but of those that are too long
        for key, count in self.counts().items():
            if not count:
                continue
            start, end = end, end + count
            old = lists.get(key)
            first = int(rows[start]) - (0 if old is None else int(old[0].sum(dtype=np.int64)))
            weights = impacts[start:end]
            steps[start] = first
            own = short[start:end]
            if steps[start:end].max() <= _LONGEST:
                own[0] = first
            else:
                own = steps[start:end].copy()
            if old is not None:
                own, weights = np.concatenate((old[0], own)), np.concatenate((old[1], weights))
            lists[key] = own, weights
        return Postings(size, before.kinds, lists)


_NONE = np.zeros(0, dtype=np.int32)
