"""Columns: the distinct values that offers or providers have, and which one each of them has.

A criterion judges every distinct value once; the offers then look their value up. Real
catalogues repeat themselves, so this is where matching gets its speed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Column(Generic[Value]):
    """Distinct values in order of first appearance, and a code into them for each row."""

    values: tuple[Value, ...]
    codes: NDArray[np.int32]

    @classmethod
    def of(cls, rows: Iterable[Value]) -> "Column[Value]":
        """Number the distinct (hashable) values of `rows`."""
        numbers: dict[Value, int] = {}
        codes = [numbers.setdefault(value, len(numbers)) for value in rows]
        return cls(tuple(numbers), np.array(codes, dtype=np.int32))

    def judge(
        self, shares: Callable[[Value], tuple[float, float]]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The shares won and unknown of every distinct value."""
        pairs = np.array([shares(value) for value in self.values], dtype=np.float64)
        pairs = pairs.reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]


@dataclass(frozen=True, slots=True)
class ConceptLists:
    """For each distinct value the positions of its concepts, flattened: cheap to take a best of."""

    starts: NDArray[np.int64]
    positions: NDArray[np.int32]

    @classmethod
    def of(cls, lists: Sequence[Sequence[int]]) -> "ConceptLists":
        """Flatten lists of positions; an empty list points at the one position past the last
        concept, whose likeness is 0 (see `best`)."""
        lengths = np.array([max(1, len(found)) for found in lists], dtype=np.int64)
        starts = np.concatenate(([0], np.cumsum(lengths)[:-1])) if len(lengths) else lengths
        flat = [position for found in lists for position in (found or (-1,))]
        return cls(starts.astype(np.int64), np.array(flat, dtype=np.int32))

    def best(self, likeness: NDArray[np.float32]) -> NDArray[np.float64]:
        """For each value the greatest likeness among its concepts, 0 when it has none."""
        if not len(self.starts):
            return np.zeros(0)
        padded = np.append(likeness, np.float32(0.0))  # position -1 reads this 0
        return np.maximum.reduceat(padded[self.positions], self.starts).astype(np.float64)
