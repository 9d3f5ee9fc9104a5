import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.points import (
    GRAIN,
    MET,
    MISSED,
    PARTLY,
    UNKNOWN,
    Judgement,
    scores,
    share_out,
    tally,
    weigh,
)
from app.matching.types import TOTAL, Point

weights = st.lists(
    st.one_of(st.just(0.0), st.floats(0.001, 1_000), st.integers(1, 100).map(float)), min_size=1
).filter(lambda given: sum(given) > 0)


def column(won: list[float], unknown: list[float]) -> Judgement:
    """Values before one need."""
    return Judgement(np.array(won)[:, None], np.array(unknown)[:, None])


@st.composite
def judgements(draw: st.DrawFn) -> Judgement:
    won = draw(st.lists(st.floats(0, 1), min_size=1, max_size=5))
    unknown = [draw(st.floats(0, 1 - share)) for share in won]
    return column(won, unknown)


class TestShareOut:
    @given(weights)
    def test_possible_points_total_a_hundred_in_tenths(self, given: list[float]) -> None:
        shared = share_out(given)
        assert sum(shared) == TOTAL
        assert all(points >= 0 and points % GRAIN == 0 for points in shared)

    @given(weights)
    def test_each_share_lies_within_a_tenth_of_its_proportion(self, given: list[float]) -> None:
        for points, weight in zip(share_out(given), given, strict=True):
            assert abs(points - weight / sum(given) * TOTAL) < GRAIN + 1e-6

    def test_what_weighs_nothing_gets_nothing(self) -> None:
        assert share_out([1, 0, 1, 1]) == [3340, 0, 3330, 3330]

    def test_nothing_to_score_is_refused(self) -> None:
        with pytest.raises(ValueError, match="no weight is above zero"):
            share_out([0.0, 0.0])


class TestTally:
    @given(judgements(), st.integers(0, TOTAL // GRAIN), st.integers(0, 10))
    def test_every_line_adds_up_exactly(self, found: Judgement, tenths: int, prior: int) -> None:
        possible = tenths * GRAIN
        counted = tally(found, [possible])
        counts = scores(found, [possible], prior / 10)
        for won, unknown, score in np.stack((counted.won, counted.unknown, counts), 1)[..., 0]:
            lost = possible - won - unknown
            assert min(won, unknown, lost) >= 0
            assert score * 10 == won * 10 + unknown * prior
            line = possible, int(won), int(unknown), int(lost)
            shown = Point("x", *line, prior / 10, "met", None, None, "")
            assert shown.score == score

    @given(judgements(), st.integers(0, TOTAL // GRAIN))
    def test_verdicts_agree_with_points(self, found: Judgement, tenths: int) -> None:
        possible = tenths * GRAIN
        counted = tally(found, [possible])
        for verdict, won, unknown in np.stack((found.verdicts, counted.won, counted.unknown), 1)[
            ..., 0
        ]:
            if verdict == MET:
                assert (won, unknown) == (possible, 0)
            elif verdict == MISSED:
                assert (won, unknown) == (0, 0)
            elif verdict == UNKNOWN:
                # A share of less than half a grain may round to the other side.
                assert won <= GRAIN

    @given(st.floats(0, 1), st.floats(0, 1), st.integers(0, TOTAL // GRAIN))
    def test_less_unknown_never_counts_as_more(self, one: float, two: float, tenths: int) -> None:
        found = column([0.0, 0.0], sorted((one, two)))
        less, more = tally(found, [tenths * GRAIN]).unknown[:, 0].tolist()
        assert less <= more

    def test_float_noise_loses_nothing(self) -> None:
        counted = tally(column([0.1 + 0.2], [0.7 - 1e-16]), [1000])
        assert (counted.won.tolist(), counted.unknown.tolist()) == ([[300]], [[700]])

    def test_each_need_has_its_points(self) -> None:
        found = Judgement(np.array([[1.0, 0.5]]), np.array([[0.0, 0.25]]))
        counted = tally(found, [100, 400])
        assert (counted.won.tolist(), counted.unknown.tolist()) == ([[100, 200]], [[0, 100]])
        assert scores(found, [100, 400], 0.5).tolist() == [[100, 250]]


def test_verdicts_of_shares() -> None:
    won = np.array([1.0, 1 - 1e-12, 0.5, 0.0, 0.0, 1e-12, 0.2])
    unknown = np.array([0.0, 0.0, 0.5, 0.3, 0.0, 1.0, 0.0])
    found = Judgement(won, unknown)
    assert found.verdicts.tolist() == [MET, MET, PARTLY, UNKNOWN, MISSED, UNKNOWN, PARTLY]


def test_values_are_looked_up_by_code() -> None:
    found = Judgement(np.zeros((2, 1)), np.array([[0.25], [0.5]]), np.array([1, 0, 1]))
    assert found.spread(np.array([7, 9], dtype=np.int32)).tolist() == [9, 7, 9]
    picked = found.picked(np.array([[2]]), np.arange(1))
    assert (picked.won.tolist(), picked.unknown.tolist()) == ([[0.0]], [[0.5]])


def test_a_criterion_without_weight_weighs_nothing() -> None:
    assert (weigh({"service": 3}, "service"), weigh({}, "service")) == (3.0, 0.0)
