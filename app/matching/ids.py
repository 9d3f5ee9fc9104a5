"""Which row each candidate has, by its id, in a tenth of the room of a dictionary."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.types import Candidate


@dataclass(frozen=True, slots=True)
class Ids:
    """Hashes of ids, ascending, and their rows; the candidates in these have the ids themselves."""

    hashes: NDArray[np.int64]
    rows: NDArray[np.int32]

    @classmethod
    def empty(cls) -> "Ids":
        """No ids."""
        return cls(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int32))

    def row(self, known: str, candidates: Sequence[Candidate]) -> int | None:
        """The row of an id among these candidates; None if it has none."""
        own = hash(known)
        start, end = (int(self.hashes.searchsorted(own, side)) for side in ("left", "right"))
        found = (row for row in self.rows[start:end].tolist() if candidates[row].id == known)
        return next(found, None)

    def changed(self, gone: Collection[int], added: Sequence[Candidate], first: int) -> "Ids":
        """Without some rows, and with candidates whose rows begin at `first`."""
        kept = ~np.isin(self.rows, np.array(list(gone), dtype=np.int32))
        new = np.array([hash(candidate.id) for candidate in added], dtype=np.int64)
        order = np.argsort(new, kind="stable")
        hashes, places = self.hashes[kept], new[order]
        at = hashes.searchsorted(places)
        rows = np.insert(self.rows[kept], at, (order + first).astype(np.int32))
        return Ids(np.insert(hashes, at, places), rows)
