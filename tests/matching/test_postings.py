import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.postings import FULL, MorePostings, Postings

ROWS = st.lists(
    st.dictionaries(st.sampled_from("abcd"), st.tuples(st.integers(0, 255), st.integers(0, 255)))
)
ASKED = st.lists(st.dictionaries(st.sampled_from("abcde"), st.floats(0, 4)), min_size=1)


@given(ROWS, ASKED)
def test_sums_are_of_weight_times_impact(
    rows: list[dict[str, tuple[int, int]]], asked: list[dict[str, float]]
) -> None:
    postings = Postings.of(rows, kinds=2)
    for kind in (0, 1, None):
        expected = [
            [
                sum(
                    w * (1 if kind is None else row[k][kind] / FULL)
                    for k, w in one.items()
                    if k in row
                )
                for row in rows
            ]
            for one in asked
        ]
        assert postings.sums(asked, kind).tolist() == [pytest.approx(e, rel=1e-5) for e in expected]


@given(ROWS, ROWS)
def test_added_rows_follow_and_leave_the_postings_as_they_were(
    rows: list[dict[str, tuple[int, int]]], added: list[dict[str, tuple[int, int]]]
) -> None:
    before = Postings.of(rows, kinds=2)
    more = MorePostings(before)
    for row in added:
        more.add(row)
    longer, whole = more.postings(), Postings.of([*rows, *added], kinds=2)
    assert longer.size == whole.size == len(rows) + len(added)
    for key in "abcd":
        assert longer.rows(key).tolist() == whole.rows(key).tolist()
        assert before.rows(key).tolist() == [n for n, row in enumerate(rows) if key in row]


def test_sums_do_not_depend_on_where_a_row_stands() -> None:
    row = {word: (n * 37 % 255 + 1,) for n, word in enumerate("abcdefgh")}
    asked = [{word: 0.1 * n + 0.3 for n, word in enumerate("hgfedcba")}]
    first = Postings.of([row, {"a": (9,)}], kinds=1).sums(asked, 0)
    last = Postings.of([{"b": (3,)}, {}, {"h": (200,)}, row], kinds=1).sums(asked, 0)
    assert first[0, 0] == last[0, 3]


def test_nothing_asked_or_nothing_there_sums_to_nothing() -> None:
    empty: Postings[str] = Postings.of([])
    assert empty.sums([{"a": 1.0}]).shape == (1, 0)
    assert np.array_equal(Postings.of([{"a": ()}]).sums([{}, {"b": 1.0}]), [[0.0], [0.0]])


def test_rows_may_stand_far_apart() -> None:
    far: list[dict[str, tuple[int]]] = [{"a": (1,)}, *({} for _ in range(70_000)), {"a": (2,)}]
    postings = Postings.of(far, kinds=1)
    assert postings.rows("a").tolist() == [0, 70_001]
    more = MorePostings(postings)
    more.add({"a": (3,), "b": (4,)})
    later = more.postings()
    assert later.rows("a").tolist() == [0, 70_001, 70_002]
    assert later.rows("b").tolist() == [70_002]
