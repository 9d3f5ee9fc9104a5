"""What is told of times: percentiles, growth, and a budget that ends the asking."""

import pytest

from tests.benchmarks.report import line, table
from tests.benchmarks.timing import Run, exponent, timed


def test_growth_is_the_power_of_the_size() -> None:
    assert exponent([10, 100, 1000], [2.0, 20.0, 200.0]) == pytest.approx(1)
    assert exponent([10, 1000], [3.0, 3.0]) == pytest.approx(0, abs=1e-9)
    assert exponent([10], [3.0]) is None


def test_nothing_is_asked_after_the_budget() -> None:
    asked: list[int] = []
    assert timed([lambda: asked.append(1)], -1.0) == ((), False)
    assert asked == []
    times, complete = timed([lambda: asked.append(1)] * 3, 60.0)
    assert (len(times), complete, asked) == (3, True, [1, 1, 1])


def test_the_table_compares_with_ours_at_the_same_size_and_says_what_is_missing() -> None:
    runs = [
        Run("ours", 1000, 1.0, (0.01, 0.03)),
        Run("other", 1000, 2.0, (0.04,)),
        Run("absent", 1000, note="not installed"),
    ]
    assert [row.split() for row in table(runs)][1:] == [
        ["ours", "1,000", "1.0", "2", "20.0", "29.8", "1.00"],
        ["other", "1,000", "2.0", "1", "40.0", "40.0", "2.00"],
        ["absent", "1,000", "-", "0", "-", "-", "-", "not", "installed"],
    ]
    assert line(runs[1], None).split()[-1] == "-"
