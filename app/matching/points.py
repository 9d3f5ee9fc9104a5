"""How points are shared out and counted: integer hundredths, so that every sum is exact."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.matching.types import TOTAL, Verdict

# Possible and unknown points come in tenths of a point and priors in tenths, so that
# prior x unknown is a whole number of hundredths.
GRAIN = 10

# Shares are sums and means of floats: what differs by less is equal.
_NOISE = 1e-9

VERDICTS: tuple[Verdict, ...] = ("met", "partly", "unknown", "missed")
MET, PARTLY, UNKNOWN, MISSED = range(4)

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Codes = NDArray[np.int32]


@dataclass(frozen=True)
class Judgement:
    """What a criterion found for each distinct value of a column.

    `won` and `unknown` are shares in 0..1 of the points possible (the rest is lost); `codes` says
    which value each offer (or provider) has, and is None where the values stand one for each.
    """

    won: Floats
    unknown: Floats
    codes: Codes | None = None

    def verdicts(self) -> NDArray[np.int8]:
        """For each value: MET, PARTLY, UNKNOWN or MISSED."""
        return self._verdicts

    @cached_property
    def _verdicts(self) -> NDArray[np.int8]:
        found = np.full(len(self.won), PARTLY, dtype=np.int8)
        nothing = self.won <= _NOISE
        open_ = self.unknown > _NOISE
        found[nothing & open_] = UNKNOWN
        found[nothing & ~open_] = MISSED
        found[self.won >= 1.0 - _NOISE] = MET
        return found

    def at(self, index: int) -> int:
        """The position among the values that offer (or provider) `index` has."""
        return index if self.codes is None else int(self.codes[index])

    def spread(self, values: NDArray[np.int32]) -> NDArray[np.int32]:
        """One entry for each offer (or provider) from one for each value."""
        return values if self.codes is None else values[self.codes]


@dataclass(frozen=True, slots=True)
class Tally:
    """A judgement in points: hundredths won and unknown of those possible, for each value."""

    possible: int
    prior: float
    won: Ints
    unknown: Ints

    @property
    def scores(self) -> Ints:
        """won + prior x unknown, in hundredths."""
        return (self.won + self.unknown * round(self.prior * 10) // 10).astype(np.int32)


def tally(judgement: Judgement, possible: int, prior: float) -> Tally:
    """Turn shares into hundredths; what is neither won nor unknown is lost."""
    unknown = np.rint(judgement.unknown * possible / GRAIN).astype(np.int32) * GRAIN
    won = np.rint(judgement.won * possible).astype(np.int32)
    nothing_lost = judgement.won + judgement.unknown >= 1.0 - _NOISE
    won = np.where(nothing_lost, possible - unknown, np.minimum(won, possible - unknown))
    return Tally(possible, prior, won.astype(np.int32), unknown)


def share_out(weights: Sequence[float]) -> list[int]:
    """Divide the 100.00 points by weight, in tenths of a point; the largest remainders round up.

    Raises ValueError when no weight is above zero.
    """
    total = math.fsum(weights)
    if total <= 0:
        raise ValueError("no weight is above zero")
    exact = [weight / total * (TOTAL // GRAIN) for weight in weights]
    units = [int(share) for share in exact]
    missing = TOTAL // GRAIN - sum(units)
    by_remainder = sorted(range(len(exact)), key=lambda i: (units[i] - exact[i], i))
    for i in by_remainder[:missing]:
        units[i] += 1
    return [unit * GRAIN for unit in units]


def weigh(weights: Mapping[str, float], criterion: str) -> float:
    """The weight of a criterion, 0 when the table doesn't name it."""
    return float(weights.get(criterion, 0.0))
