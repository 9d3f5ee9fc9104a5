"""Columns: what offers or providers have, one entry for each row, in arrays.

Rows are only ever added: a later state of a catalogue goes on with the numbering of the earlier
one, and whoever still reads the earlier one sees no change.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Value = TypeVar("Value")
Rows = NDArray[np.int64]
Codes = NDArray[np.uint8 | np.uint16 | np.uint32]  # as narrow as the number of values allows
Packed = bytes  # a set of numbers, ascending, each an unsigned int of the machine
_SHORT = 2**16


@dataclass(frozen=True, slots=True)
class Column(Generic[Value]):
    """The distinct values that rows have, and for each row which of them it has.

    Real catalogues repeat themselves, so a criterion judges a value once for all rows.
    """

    values: tuple[Value, ...]
    codes: Codes
    numbers: Mapping[Value, int]

    @classmethod
    def of(cls, rows: Iterable[Value]) -> "Column[Value]":
        """Number the distinct (hashable) values of `rows` in order of first appearance."""
        more = MoreValues(cls((), np.zeros(0, dtype=np.uint8), {}))
        for row in rows:
            more.add(row)
        return more.column()


def packed(numbers: Iterable[int]) -> Packed:
    """Some numbers as a set that takes little room; equal sets are equal bytes."""
    return array("I", sorted(set(numbers))).tobytes()


def distinct(numbers: NDArray[np.integer[Any]], size: int) -> Rows:
    """The distinct ones of numbers below `size`, ascending."""
    present = np.zeros(size, dtype=np.bool_)
    present[numbers] = True
    return np.flatnonzero(present)


class MoreValues(Generic[Value]):
    """Rows that will follow those of a column."""

    def __init__(self, before: Column[Value]) -> None:
        self._before = before
        self._numbers = dict(before.numbers)
        self._codes = array("i")
        # Values that readers give again and again are known by themselves, which spares hashing
        # what is in them; they are kept, so that no other one takes their place in memory.
        self._known: dict[int, int] = {}
        self._kept: list[Value] = []

    def add(self, value: Value) -> None:
        """One more row."""
        self.extend((value,))

    def extend(self, values: Iterable[Value]) -> list[int]:
        """More rows; the numbers of their values."""
        known, before = self._known, len(self._codes)
        for value in values:
            code = known.get(id(value))
            if code is None:
                code = known[id(value)] = self._numbers.setdefault(value, len(self._numbers))
                self._kept.append(value)
            self._codes.append(code)
        return self._codes[before:].tolist()

    def column(self) -> Column[Value]:
        """The column with all rows."""
        narrow = np.min_scalar_type(max(0, len(self._numbers) - 1))
        before = self._before.codes.astype(narrow, copy=False)
        codes = np.concatenate((before, np.array(self._codes, dtype=np.int32).astype(narrow)))
        return Column(tuple(self._numbers), codes, self._numbers)


@dataclass(frozen=True, slots=True)
class Lists:
    """For each row a list of numbers: `flat[bounds[row] : bounds[row + 1]]`."""

    bounds: NDArray[np.int32]
    flat: NDArray[np.integer[Any]]  # of 16 bits as long as they hold every number

    @classmethod
    def of(cls, lists: Iterable[Sequence[int]]) -> "Lists":
        """Lay lists end to end."""
        more = MoreLists(cls(np.zeros(1, dtype=np.int32), np.zeros(0, dtype=np.uint16)))
        for each in lists:
            more.add(each)
        return more.lists()

    def at(self, row: int) -> list[int]:
        """The list of one row."""
        found: list[int] = self.flat[self.bounds[row] : self.bounds[row + 1]].tolist()
        return found

    def entries(self, rows: Rows) -> tuple[Rows, Rows]:
        """Where in `flat` the entries of these rows stand, one row after the other, and how many
        each row has."""
        starts = self.bounds.take(rows)
        lengths = (self.bounds.take(rows + 1) - starts).astype(np.int64)
        before = np.cumsum(lengths) - lengths
        places: Rows = np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths)
        return places, lengths

    def best(self, rows: Rows, worth: NDArray[np.float32]) -> NDArray[np.float32]:
        """For each of these rows the greatest worth among its entries, column by column; 0 for an
        empty list. `worth` has a row for each number that a list may hold."""
        best = np.zeros((len(rows), worth.shape[1]), dtype=np.float32)
        lengths = self.bounds.take(rows + 1) - self.bounds.take(rows)
        # The longest lists first: those with a further entry are then a stretch at the front.
        order = np.argsort((-lengths).astype(np.int16), kind="stable")
        starts = self.bounds.take(rows.take(order))
        longer = len(rows) - np.cumsum(np.bincount(lengths))  # lists with more entries than this
        for place, size in enumerate(longer[:-1].tolist()):
            entries = self.flat.take(starts[:size] + place)
            np.maximum(best[:size], worth.take(entries, axis=0), out=best[:size])
        back = np.empty_like(order)
        back[order] = np.arange(len(order))
        found: NDArray[np.float32] = np.ascontiguousarray(best.T).take(back, axis=1).T
        return found


class MoreLists:
    """Rows that will follow those of some lists."""

    def __init__(self, before: Lists) -> None:
        self._before = before
        self._lengths = array("i")
        self._flat = array("i")

    def add(self, entries: Sequence[int]) -> None:
        """One more row."""
        self._lengths.append(len(entries))
        self._flat.extend(entries)

    def extend(self, lengths: NDArray[np.integer[Any]], entries: NDArray[np.integer[Any]]) -> None:
        """More rows, given by how many entries each has, and all of these."""
        self._lengths.frombytes(lengths.astype(np.int32).tobytes())
        self._flat.frombytes(entries.astype(np.int32).tobytes())

    def counts(self) -> NDArray[np.intp]:
        """How often each number stands in the rows added."""
        return np.bincount(np.array(self._flat, dtype=np.int32))

    def lists(self) -> Lists:
        """The lists of all rows."""
        before = self._before
        ends = before.bounds[-1] + np.cumsum(np.array(self._lengths, dtype=np.int64))
        added = np.array(self._flat, dtype=np.int32)
        if before.flat.dtype == np.uint16 and added.max(initial=0) < _SHORT:
            added = added.astype(np.uint16)
        bounds = np.concatenate((before.bounds, ends.astype(np.int32)))
        return Lists(bounds, np.concatenate((before.flat, added)))
