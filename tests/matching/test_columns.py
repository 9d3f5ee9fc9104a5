import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.matching.columns import Column, Lists, MoreLists, MoreValues, distinct

lists_of_numbers = st.lists(st.lists(st.integers(0, 5), max_size=4))


@given(st.lists(st.sampled_from("abcde")))
def test_every_row_finds_its_value(rows: list[str]) -> None:
    column = Column.of(rows)
    assert [column.values[code] for code in column.codes.tolist()] == rows
    assert list(column.values) == list(dict.fromkeys(rows))


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("bcd")))
def test_added_rows_go_on_with_the_numbers_and_leave_the_column_as_it_was(
    rows: list[str], added: list[str]
) -> None:
    column = Column.of(rows)
    before = column.codes.tolist()
    more = MoreValues(column)
    for value in added:
        more.add(value)
    whole, longer = Column.of([*rows, *added]), more.column()
    assert (longer.values, longer.codes.tolist()) == (whole.values, whole.codes.tolist())
    assert (column.values, column.codes.tolist()) == (tuple(dict.fromkeys(rows)), before)


def test_distinct_numbers_ascend() -> None:
    assert distinct(np.array([4, 0, 4, 2]), 5).tolist() == [0, 2, 4]
    assert distinct(np.zeros(0, dtype=np.int32), 3).tolist() == []


@given(lists_of_numbers, lists_of_numbers)
def test_added_lists_follow(lists: list[list[int]], added: list[list[int]]) -> None:
    more = MoreLists(Lists.of(lists))
    for each in added:
        more.add(each)
    longer = more.lists()
    found = [longer.at(row) for row in range(len(lists) + len(added))]
    assert found == [*lists, *added]


@given(lists_of_numbers.filter(bool), st.data())
def test_entries_of_rows_stand_one_row_after_the_other(
    lists: list[list[int]], data: st.DataObject
) -> None:
    rows = data.draw(st.lists(st.integers(0, len(lists) - 1)))
    kept = Lists.of(lists)
    chosen = np.array(rows, dtype=np.int64)
    entries, lengths = kept.entries(chosen)
    assert kept.flat[entries].tolist() == [n for row in rows for n in lists[row]]
    assert lengths.tolist() == [len(lists[row]) for row in rows]


@given(lists_of_numbers.filter(bool), st.data())
def test_the_best_of_each_list_and_0_for_none(lists: list[list[int]], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.integers(0, len(lists) - 1)))
    worth = np.array([[0.5, 0.0, 1.0, 0.25, 0.75, 0.125], [0, 1, 0, 0.5, 0, 0]], np.float32).T
    best = Lists.of(lists).best(np.array(rows, dtype=np.int64), np.ascontiguousarray(worth))
    expected = [
        [max((float(worth[i, need]) for i in lists[row]), default=0.0) for need in (0, 1)]
        for row in rows
    ]
    assert best.tolist() == expected
