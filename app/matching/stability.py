"""How firm a ranking is: what remains of it when the weights are others, within stated bounds.

No set of weights is right, and a rank that only one set gives is no fact. So the best candidates
are ranked again DRAWS times, each time with every criterion's weight multiplied by a factor of its
own between a half and the double (evenly on a logarithmic scale, so that halving is as likely as
doubling). The factors are the same for every request: the same request gives the same answer.

Groups tell which order means nothing. The best candidate not yet placed opens a group, and all who
follow belong to it until one comes that it beats in nine of ten draws; that one opens the next. To
compare with the group's first, not with the neighbour, keeps a long chain of small differences
from making one group of the whole list. Equal scores never beat each other. Nine of ten is what
DRAWS can tell to two percent, and an order on which that many weightings agree can be defended.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

DRAWS = 200
BOUND = 2.0  # a weight is drawn between 1/BOUND and BOUND times what it is
CERTAIN = 0.9  # share of draws in which the first of a group must beat the first of the next
TEN = 10
_SEED = 20261122
_TAIL = 0.05  # of the draws at either end are left out of the interval of ranks
_DECIMALS, _LESS_THAN_ROUNDED = 9, 1e-13

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stability:
    """How firmly a candidate stands in its place."""

    in_first: float  # share of draws in which it is among the first `of`
    of: int
    in_first_ten: float
    ranks: tuple[int, int]  # within which it is in nine of ten draws
    group: int  # from 1; those of one group can't be told apart


def stability(
    shares: Floats, weights: Floats, criteria: Sequence[str], first: int, shown: int
) -> list[Stability]:
    """How firmly the first `shown` candidates of a pool stand, in the pool's order.

    `shares` holds for each candidate, best first, and each line the share of its points that count
    (0 to 1); `weights` the lines' points; `criteria` the criterion of each line, because a weight
    is a criterion's. `first` is how many are asked for.
    """
    if not min(len(shares), shown):
        return []
    parts = weights / weights.sum()
    drawn = (parts[:, None] * _factors(tuple(criteria))).T @ shares.T  # draws x candidates
    drawn = np.round(drawn, _DECIMALS)  # sums in another order of adding are equal still
    ranks = _ranks(drawn)[:shown]
    points = np.ascontiguousarray(drawn.T[:shown])
    ordered = np.sort(ranks, axis=1)
    cut = int(_TAIL * DRAWS)
    among_first, among_ten = ((ranks <= bound).sum(axis=1).tolist() for bound in (first, TEN))
    low, high = (ordered[:, at].tolist() for at in (cut, DRAWS - 1 - cut))
    return [
        Stability(
            in_first=among_first[number] / DRAWS,
            of=first,
            in_first_ten=among_ten[number] / DRAWS,
            ranks=(low[number], high[number]),
            group=group,
        )
        for number, group in enumerate(_groups(points))
    ]


def _ranks(drawn: Floats) -> NDArray[np.int64]:
    """For each candidate its rank in each draw; among equals the pool's order stands."""
    places = np.arange(drawn.shape[1])
    order = np.argsort(places * _LESS_THAN_ROUNDED - drawn, axis=1)  # much faster than stable
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, (places + 1)[None, :], axis=1)
    return np.ascontiguousarray(ranks.T)


def _groups(points: Floats) -> list[int]:
    """The group of each candidate. `points` has a row for each candidate, a column for each
    draw."""
    groups, head = [1], points[0]
    for others in points[1:]:
        beaten = int((head > others).sum()) >= CERTAIN * DRAWS
        head = others if beaten else head
        groups.append(groups[-1] + beaten)
    return groups


@cache
def _column(criterion: str) -> Floats:
    """A criterion's factors: its own, whatever other criteria there are."""
    draw = random.Random(f"{_SEED} {criterion}")
    return np.array([BOUND ** draw.uniform(-1.0, 1.0) for _ in range(DRAWS)])


def _factors(criteria: tuple[str, ...]) -> Floats:
    """A row for each line, a column for each draw."""
    return np.array([_column(criterion) for criterion in criteria]).reshape(-1, DRAWS)
