"""Stability: what remains of a ranking when the weights are others."""

import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.matching.stability import DRAWS, Stability, stability

NAMES = ("service", "modality", "scale")


def table(*rows: tuple[float, ...]) -> NDArray[np.float64]:
    return np.array(rows, dtype=np.float64)


def of(
    *rows: tuple[float, ...], weights: tuple[float, ...] = (1, 1, 1), first: int = 2
) -> list[Stability]:
    return stability(table(*rows), np.array(weights, dtype=np.float64), NAMES, first, len(rows))


def test_who_is_better_in_everything_stays_before() -> None:
    assert of((1, 1, 1), (0.5, 0.9, 0.9), (0.4, 0.1, 0.2)) == [
        Stability(1.0, 2, 1.0, (1, 1), 1),
        Stability(1.0, 2, 1.0, (2, 2), 2),
        Stability(0.0, 2, 1.0, (3, 3), 3),
    ]


def test_who_is_better_in_one_and_worse_in_another_cannot_be_told_apart() -> None:
    one, other, last = of((1, 0, 1), (0, 1, 1), (0, 0, 0.1), first=1)
    assert (one.group, other.group, last.group) == (1, 1, 2)
    assert one.ranks == other.ranks == (1, 2)
    assert one.in_first + other.in_first == pytest.approx(1.0)
    assert 0.35 < one.in_first < 0.65
    assert last == Stability(0.0, 1, 1.0, (3, 3), 2)


def test_equals_are_one_group_and_hold_their_places_together() -> None:
    found = of((0.5, 0.5, 0.5), (0.5, 0.5, 0.5), (0.5, 0.5, 0.5), first=1)
    assert {(each.of, each.in_first_ten, each.ranks, each.group) for each in found} == {
        (1, 1.0, (1, 3), 1)
    }
    assert [each.in_first for each in found] == pytest.approx([1 / 3] * 3)


def test_a_tie_after_the_first_spans_its_own_places() -> None:
    tied = Stability(0.5, 2, 1.0, (2, 3), 2)
    assert of((1, 1, 1), (0.5, 0.5, 0.5), (0.5, 0.5, 0.5), (0, 0, 0), first=2) == [
        Stability(1.0, 2, 1.0, (1, 1), 1),
        tied,
        tied,
        Stability(0.0, 2, 1.0, (4, 4), 3),
    ]


@given(st.integers(1, 15), st.integers(1, 15))
def test_the_order_of_equals_tells_nothing(size: int, first: int) -> None:
    found = of(*[(0.3, 0.6, 0.1)] * size, first=first)
    assert found[:-1] == found[1:]
    assert found[0].ranks == (1, size)
    assert found[0].in_first == pytest.approx(min(first, size) / size)


def test_a_chain_of_small_differences_is_not_one_group() -> None:
    rows = [(1 - n / 40, n / 40 - n / 25, 0.0) for n in range(20)]
    groups = [each.group for each in of(*rows)]
    assert groups == sorted(groups)
    assert groups[-1] > 3


def test_a_criterion_that_several_needs_have_is_drawn_once() -> None:
    shares = table((1, 0), (0, 1))
    found = stability(shares, np.array([1.0, 0.99]), ("service", "service"), 1, 2)
    assert [each.in_first for each in found] == [1.0, 0.0]


def test_those_of_the_pool_who_are_not_shown_still_take_places() -> None:
    shares = table((1, 0, 0), (0, 1, 0), (0, 0, 1))
    (first,) = stability(shares, np.ones(3), NAMES, 1, 1)
    assert first.in_first < 0.6
    assert first.ranks == (1, 3)


def test_a_pool_of_nobody_is_empty() -> None:
    assert stability(np.zeros((0, 3)), np.ones(3), NAMES, 10, 0) == []


@given(st.data())
def test_laws(data: st.DataObject) -> None:
    share = st.floats(0, 1)
    size = data.draw(st.integers(1, 12))
    rows = data.draw(st.lists(st.tuples(share, share, share), min_size=size, max_size=size))
    weights = np.array([3.0, 2.0, 1.0])
    shares = table(*sorted(rows, key=lambda row: -float(np.dot(row, weights))))
    first = data.draw(st.integers(1, 12))
    found = stability(shares, weights, NAMES, first, size)
    assert found == stability(shares, weights, NAMES, first, size)
    # Exactly `first` stand among the first in each draw.
    assert sum(each.in_first for each in found) == pytest.approx(min(first, size))
    assert all(1 <= each.ranks[0] <= each.ranks[1] <= size for each in found)
    steps = [after.group - before.group for before, after in pairwise(found)]
    assert set(steps) <= {0, 1}
    # All weights times the same are the same weights.
    assert found == stability(shares, weights * 4.0, NAMES, first, size)


def test_costs_a_millisecond() -> None:
    random = np.random.default_rng(1)
    shares, weights = random.random((50, 60)), random.random(60)
    names = [f"c{number % 14}" for number in range(60)]
    stability(shares, weights, names, 20, 20)
    taken = []
    for _ in range(20):
        start = time.process_time()
        stability(shares, weights, names, 20, 20)
        taken.append(time.process_time() - start)
    assert DRAWS == 200
    assert min(taken) < 0.005
