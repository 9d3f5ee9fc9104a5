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

The order of slug in which equals stand is no rank either. In each draw those who tie hold all the
places that they take up together: `ranks` goes from the best of them to the worst, and where the
first k places end within a tie, its members share those that are left evenly (two who tie for the
last of k places count half each).
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
_DECIMALS = 9

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stability:
    """How firmly a candidate stands in its place."""

    in_first: float  # share of draws in which it is among the first `of`; ties share places
    of: int
    in_first_ten: float
    ranks: tuple[int, int]  # within which it is in nine of ten draws, with all who tie with it
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
    best, worst = (places[:shown] for places in _places(drawn))
    points = np.ascontiguousarray(drawn.T[:shown])
    cut = int(_TAIL * DRAWS)
    among_first, among_ten = (_among(best, worst, bound).tolist() for bound in (first, TEN))
    low = np.sort(best, axis=1)[:, cut].tolist()
    high = np.sort(worst, axis=1)[:, DRAWS - 1 - cut].tolist()
    return [
        Stability(
            in_first=among_first[number],
            of=first,
            in_first_ten=among_ten[number],
            ranks=(low[number], high[number]),
            group=group,
        )
        for number, group in enumerate(_groups(points))
    ]


def _places(drawn: Floats) -> tuple[Ints, Ints]:
    """For each candidate and draw its rank, and that of the last who ties with it there: the best
    place and the worst that equals hold together."""
    number = drawn.shape[1]
    order = np.argsort(-drawn, axis=1)
    at = np.broadcast_to(np.arange(1, number + 1), order.shape)
    ranked = np.take_along_axis(drawn, order, axis=1)
    differs = ranked[:, 1:] != ranked[:, :-1]
    edge = np.ones((len(drawn), 1), dtype=np.bool_)
    opens, closes = np.hstack((edge, differs)), np.hstack((differs, edge))
    best = np.maximum.accumulate(np.where(opens, at, 0), axis=1)
    last = np.where(closes, at, number)[:, ::-1]
    worst = np.minimum.accumulate(last, axis=1)[:, ::-1]
    return _by_candidate(order, best), _by_candidate(order, worst)


def _by_candidate(order: Ints, places: Ints) -> Ints:
    """What stands in the order of each draw, with a row for each candidate."""
    found = np.empty_like(places)
    np.put_along_axis(found, order, places, axis=1)
    return np.ascontiguousarray(found.T)


def _among(best: Ints, worst: Ints, bound: int) -> Floats:
    """How much of the draws each candidate is among the first `bound`; equals share."""
    held = np.clip(bound + 1 - best, 0, worst + 1 - best) / (worst + 1 - best)
    share: Floats = held.mean(axis=1)
    return share


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
