"""How points are shared out and counted: integer hundredths, so that every sum is exact."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.matching.once import once
from app.matching.types import TOTAL, Verdict

# Possible and unknown points come in tenths of a point and priors in tenths, so that
# prior x unknown is a whole number of hundredths.
GRAIN = 10

# Shares are sums and means of floats: what differs by less is equal.
_NOISE = 1e-6

VERDICTS: tuple[Verdict, ...] = ("met", "partly", "unknown", "missed")
MET, PARTLY, UNKNOWN, MISSED = range(4)

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int32]
Codes = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Judgement:
    """What a criterion found for each of some values (first axis) and each need (second axis).

    `won` and `unknown` are shares in 0..1 of the points possible (the rest is lost); `codes` says
    which value each row has, and is None where the values stand one for each row. What belongs to
    one need lies together in memory (Fortran's order): there are few needs and many values.
    """

    won: Floats
    unknown: Floats
    codes: Codes | None = None

    @once
    def verdicts(self) -> NDArray[np.int8]:
        """For each value and need: MET, PARTLY, UNKNOWN or MISSED."""
        found = np.full_like(self.won, PARTLY, dtype=np.int8)
        nothing = self.won <= _NOISE
        open_ = self.unknown > _NOISE
        found[nothing & open_] = UNKNOWN
        found[nothing & ~open_] = MISSED
        found[self.won >= 1.0 - _NOISE] = MET
        return found

    def picked(self, rows: NDArray[np.int64], needs: NDArray[np.int64]) -> "Judgement":
        """The judgement of one row for each need."""
        at = (rows if self.codes is None else self.codes.take(rows)) + needs * len(self.won)
        return Judgement(self.won.ravel("F").take(at), self.unknown.ravel("F").take(at))

    def spread(self, values: NDArray[Any]) -> NDArray[Any]:
        """One entry for each row from one for each value; needs stay side by side."""
        return values if self.codes is None else values.T.take(self.codes, axis=-1).T


@dataclass(frozen=True, slots=True)
class Tally:
    """A judgement in points: hundredths won and unknown of those possible."""

    won: Ints
    unknown: Ints


def tally(judgement: Judgement, possible: Sequence[int] | Floats) -> Tally:
    """Turn shares into hundredths; what is neither won nor unknown is lost. `possible` has the
    points possible along the last axes."""
    won, units = _counted(judgement, possible)
    units *= np.float32(GRAIN)
    return Tally(won.astype(np.int32), units.astype(np.int32))


def scores(judgement: Judgement, possible: Sequence[int] | Floats, prior: float | Floats) -> Ints:
    """What a judgement counts in hundredths: won + prior x unknown."""
    won, units = _counted(judgement, possible)
    # Hundredths of a grain, of which a prior takes whole tenths: exact in single precision.
    units *= np.rint(np.multiply(prior, GRAIN)).astype(np.float32)
    won += units
    return won.astype(np.int32)


def _counted(
    judgement: Judgement, possible: Sequence[int] | Floats
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Hundredths won, and tenths of a point unknown: whole numbers."""
    # In single precision throughout: the same shares give the same points wherever they come from.
    points = np.asarray(possible, dtype=np.float32)
    shares = judgement.won.astype(np.float32, copy=False)
    open_ = judgement.unknown.astype(np.float32, copy=False)
    units = open_ * (points * np.float32(1 / GRAIN))
    np.rint(units, out=units)
    left = points - units * np.float32(GRAIN)
    won = shares * points
    np.rint(won, out=won)
    np.minimum(won, left, out=won)
    np.copyto(won, left, where=shares + open_ >= np.float32(1.0 - _NOISE))
    return won, units


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
