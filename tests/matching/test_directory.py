import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.directory import (
    BEGINNING,
    EXACT,
    INSIDE,
    KIND,
    MISSPELLED,
    NAME,
    PLACE,
    SERVICE,
    WHOLE,
    WHOLE_BEGINNING,
    WHOLE_MISSPELLED,
    Directory,
    Scores,
    compact,
)
from app.matching.types import Candidate, Offer, Site

CENTRE = Candidate(
    id="1",
    slug="centre",
    name="Microbe Centre (MBC)",
    native_name="미생물 실증센터",
    aliases=("MBC",),
    kind="public_cdmo",
    country="KR",
    city="Hwasun",
    offers=(Offer(id="o1", service="Viral vector filling", stages=("phase2", "phase1")),),
)
PLANT = Candidate(
    id="2",
    slug="plant",
    name="Hwasun Plant",
    kind="cdmo",
    sites=(Site(id="s1", name="Line 1", country="US"), Site(id="s2", name="Line 2", country="DE")),
)
DIRECTORY = Directory.of([CENTRE, PLANT])


def scores(found: Scores) -> list[int]:
    return list(map(int, found))


class TestWord:
    @pytest.mark.parametrize(
        ("word", "expected"),
        [
            ("hwasun", [PLACE * EXACT, NAME * EXACT]),
            ("hwas", [PLACE * BEGINNING, NAME * BEGINNING]),
            ("hw", [0, 0]),
            ("hwasum", [PLACE * MISSPELLED, NAME * MISSPELLED]),
            ("filling", [SERVICE * EXACT, 0]),
            ("cdmo", [KIND * EXACT, KIND * EXACT]),
            ("실증", [NAME * BEGINNING, 0]),
            ("화순", [PLACE * EXACT, NAME * EXACT]),
            ("화순군", [PLACE * EXACT, NAME * EXACT]),
            ("증센", [NAME * INSIDE, 0]),
            ("증", [0, 0]),
            ("미생물실증센터", [NAME * EXACT, 0]),
            ("미생믈실증센터", [NAME * MISSPELLED, 0]),
            ("zzzzzz", [0, 0]),
        ],
    )
    def test_counts_by_where_and_how_it_is_found(self, word: str, expected: list[int]) -> None:
        assert scores(DIRECTORY.word(word)) == expected

    def test_a_known_word_is_only_doubted_on_request(self) -> None:
        near = Directory.of(
            [CENTRE, Candidate(id="3", slug="x", name="Hwasuns Plant", kind="cdmo")]
        )
        assert scores(near.word("filing")) == [SERVICE * MISSPELLED, 0]
        assert scores(near.word("plants")) == [0, NAME * MISSPELLED]
        assert scores(DIRECTORY.word("line")) == [0, 24 * EXACT]


class TestName:
    @pytest.mark.parametrize(
        ("q", "expected"),
        [
            ("Microbe Centre", [WHOLE, 0]),
            ("MBC", [WHOLE, 0]),
            ("microbe-centre (mbc)", [WHOLE, 0]),
            ("미생물실증 센터", [WHOLE, 0]),
            ("미생물실", [WHOLE_BEGINNING, 0]),
            ("Hwasun", [0, WHOLE_BEGINNING]),
            ("", [0, 0]),
            ("(", [0, 0]),
        ],
    )
    def test_a_whole_name_is_found_however_it_is_spaced(self, q: str, expected: list[int]) -> None:
        assert scores(DIRECTORY.name(q)) == expected

    def test_a_misspelled_name_is_found_on_request(self) -> None:
        assert scores(DIRECTORY.name("Hwasum Plnat")) == [0, 0]
        assert scores(DIRECTORY.name("Hwasum Plant", misspelled=True)) == [0, WHOLE_MISSPELLED]


def test_labels_tell_what_each_provider_stands_under() -> None:
    assert {
        name: [column.values[code] for code in column.codes]
        for name, column in DIRECTORY.labels.items()
    } == {
        "kind": [("public_cdmo",), ("cdmo",)],
        "country": [("KR",), ("DE", "US")],
        "ownership": [("unknown",), ("unknown",)],
        "stage": [("phase1", "phase2"), ()],
        "operating": [("unknown",), ("unknown",)],
    }


def test_a_directory_of_nobody_finds_nobody() -> None:
    empty = Directory.of([])
    assert scores(empty.word("hwasun", misspelled=True)) == []
    assert scores(empty.name("hwasun", misspelled=True)) == []


@given(st.text(max_size=200))
def test_compact_is_the_same_for_composed_and_decomposed_text(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    if len(decomposed) < 160:
        assert compact(decomposed) == compact(unicodedata.normalize("NFC", text))
