from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.matching.ids import Ids
from app.matching.types import Candidate
from tests.matching import shipped

_ANYBODY = shipped.catalogue().candidates[0]


def people(*ids: str) -> list[Candidate]:
    return [replace(_ANYBODY, id=each) for each in ids]


def test_rows_are_found_by_id() -> None:
    rows = people("c", "a", "b")
    ids = Ids.empty().changed((), rows, 0)
    assert [ids.row(each, rows) for each in "abcd"] == [1, 2, 0, None]


def test_ids_of_one_hash_are_told_apart() -> None:
    rows = people("a", "b")
    ids = Ids.empty().changed((), rows, 0)
    ids.hashes[:] = hash("a")
    assert ids.row("a", rows) == 0
    assert ids.row("b", people("a", "c")) is None


@given(st.lists(st.tuples(st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef")))))
def test_says_what_a_dictionary_says(changes: list[tuple[set[str], set[str]]]) -> None:
    known: dict[str, int] = {}
    ids, rows = Ids.empty(), people()
    for removed, added in changes:
        gone = [row for each in {*removed, *added} if (row := ids.row(each, rows)) is not None]
        new = people(*sorted(added))
        ids = ids.changed(gone, new, len(rows))
        known = {each: row for each, row in known.items() if row not in gone}
        known |= {each.id: row for row, each in enumerate(new, start=len(rows))}
        rows += new
        assert {each: ids.row(each, rows) for each in "abcdef"} == {
            each: known.get(each) for each in "abcdef"
        }
