import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.matching.columns import Column, ConceptLists


@given(st.lists(st.sampled_from("abcde")))
def test_every_row_finds_its_value(rows: list[str]) -> None:
    column = Column.of(rows)
    assert [column.values[code] for code in column.codes.tolist()] == rows
    assert list(column.values) == list(dict.fromkeys(rows))


def test_each_distinct_value_is_judged_once() -> None:
    judged = []

    def shares(value: str) -> tuple[float, float]:
        judged.append(value)
        return 1.0, 0.25

    won, unknown = Column.of(["b", "a", "b"]).judge(shares)
    assert (judged, won.tolist(), unknown.tolist()) == (["b", "a"], [1.0, 1.0], [0.25, 0.25])


def test_no_rows_are_judged_to_nothing() -> None:
    empty: Column[str] = Column.of([])
    won, unknown = empty.judge(lambda _: (1.0, 0.0))
    assert (won.tolist(), unknown.tolist(), empty.codes.tolist()) == ([], [], [])


@given(st.lists(st.lists(st.integers(0, 5), max_size=4)))
def test_the_best_of_each_list_and_0_for_none(lists: list[list[int]]) -> None:
    likeness = np.array([0.5, 0.0, 1.0, 0.25, 0.75, 0.125], dtype=np.float32)
    best = ConceptLists.of(lists).best(likeness)
    assert best.tolist() == [max((float(likeness[i]) for i in each), default=0.0) for each in lists]
