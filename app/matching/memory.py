"""What requests have worked out of a catalogue's rows, kept for the next one that asks the same."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.matching.columns import Column, Lists, MoreLists, Packed

Value = TypeVar("Value")
Kept = TypeVar("Kept", bound=NDArray[Any])
Shares = NDArray[np.float32]
_ASKED = 256  # things asked whose shares are kept
_TOLD = 32_768  # offers told of, each before one need
_BYTES = 16 * 2**20  # of what is kept for each row


class Memory:
    """Kept as long as its catalogue. Threads may work the same out side by side: what they keep is
    the same."""

    def __init__(self) -> None:
        self._shares: dict[object, tuple[Shares, NDArray[np.bool_]]] = {}
        self._best: dict[object, NDArray[np.float32]] = {}
        self._members: dict[str, Lists] = {}  # one for each column of sets
        self._rows: dict[object, Any] = {}
        self._told: dict[object, dict[object, Any]] = {}

    def passed_on(self) -> "Memory":
        """What still holds when a catalogue has more rows: all that is known of values, whose
        numbers stay as they are."""
        later = Memory()
        later._shares, later._best = dict(self._shares), dict(self._best)
        later._members = dict(self._members)
        return later

    def shares(
        self,
        asked: object,
        column: Column[Value],
        present: NDArray[np.int64],
        judge: Callable[[Value], tuple[float, float]],
    ) -> Shares:
        """The shares won and unknown of the values `present` of a column, a pair for each."""
        kept = self._shares.get(asked)
        if kept is None:
            if len(self._shares) >= _ASKED:
                self._shares = {}
            size = len(column.values)
            kept = self._shares[asked] = (
                np.zeros((size, 2), dtype=np.float32),
                np.zeros(size, dtype=np.bool_),
            )
        elif len(kept[0]) < len(column.values):
            more = len(column.values) - len(kept[0])
            kept = np.pad(kept[0], ((0, more), (0, 0))), np.pad(kept[1], (0, more))
            self._shares[asked] = kept
        pairs, known = kept
        if len(present) == len(pairs) and known.all():
            return pairs
        new = present[~known[present]]
        if len(new):
            values = column.values
            pairs[new] = [judge(values[number]) for number in new.tolist()]
            known[new] = True  # after the pairs: other threads read both
        return pairs[present]

    def best(
        self, asked: object, size: int, work: Callable[[int], NDArray[np.float32]]
    ) -> NDArray[np.float32]:
        """What `work` gives for the values of a column that has `size` of them: it is given the
        number of the first one to work out."""
        kept = self._best.get(asked, np.zeros(0, dtype=np.float32))
        if len(kept) < size:
            if len(self._best) >= _ASKED:
                self._best = {}
            self._best[asked] = kept = np.concatenate((kept, work(len(kept))))
        return kept

    def members(self, name: str, sets: Column[Packed]) -> Lists:
        """The members of each value of a column of sets."""
        kept = self._members.get(name, Lists.of(()))
        if len(kept.bounds) <= len(sets.values):
            new, more = sets.values[len(kept.bounds) - 1 :], MoreLists(kept)
            flat = np.frombuffer(b"".join(new), dtype=np.uintc)
            more.extend(np.array(list(map(len, new))) // flat.itemsize, flat)
            self._members[name] = kept = more.lists()
        return kept

    def rows(self, asked: object, work: Callable[[], Kept]) -> Kept:
        """What `work` gives for all rows, worked out when it is first asked for."""
        kept: Kept | None = self._rows.get(asked)
        if kept is None:
            kept = work()
            if len(self._rows) * kept.nbytes >= _BYTES:
                self._rows = {}
            self._rows[asked] = kept
        return kept

    def told(self, asked: Sequence[object]) -> list[dict[object, Any]]:
        """For each thing asked what was told of rows before it, to be read and added to."""
        if sum(map(len, self._told.values())) >= _TOLD:
            self._told = {}
        told = self._told
        return [told.setdefault(each, {}) for each in asked]
