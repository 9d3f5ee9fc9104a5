"""What requests have worked out of a catalogue's rows, kept for the next one that asks the same."""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.matching.columns import Column

Value = TypeVar("Value")
Kept = TypeVar("Kept", bound=NDArray[Any])
Shares = NDArray[np.float64]
_ASKED = 256  # things asked whose shares are kept
_BYTES = 32 * 2**20  # of what is kept for each row


class Memory:
    """Kept as long as its catalogue. Threads may work the same out side by side: what they keep is
    the same."""

    def __init__(self) -> None:
        self._shares: dict[object, tuple[Shares, NDArray[np.bool_]]] = {}
        self._rows: dict[object, Any] = {}

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
            kept = self._shares[asked] = np.zeros((size, 2)), np.zeros(size, dtype=np.bool_)
        pairs, known = kept
        if len(present) == len(pairs) and known.all():
            return pairs
        for number in present[~known[present]].tolist():
            pairs[number] = judge(column.values[number])
            known[number] = True  # after its pair: other threads read both
        return pairs[present]

    def rows(self, asked: object, work: Callable[[], Kept]) -> Kept:
        """What `work` gives for all rows, worked out when it is first asked for."""
        kept: Kept | None = self._rows.get(asked)
        if kept is None:
            kept = work()
            if len(self._rows) * kept.nbytes >= _BYTES:
                self._rows = {}
            self._rows[asked] = kept
        return kept
