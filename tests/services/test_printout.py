"""A shortlist as lines for the terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.match import MatchAnswer, MatchData
from app.services import match as matching
from app.services import printout
from app.services.printout import bar, fit
from tests.matching import shipped
from tests.web import answers


def answered(**fields: object) -> MatchAnswer:
    data = MatchData.model_validate({"as_of": "2026-11-21", **fields})
    return matching.match(data, shipped.catalogue())


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (100, 100, "█" * 20),
        (0, 0, "·" * 20),
        (0, 100, "▒" * 20),
        (50, 75, "█" * 10 + "▒" * 5 + "·" * 5),
    ],
)
def test_a_bar_stands_for_a_hundred_points(low: float, high: float, shown: str) -> None:
    assert bar(low, high) == shown


@given(st.floats(0, 100), st.floats(0, 100))
def test_a_bar_is_always_as_long(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert len(bar(low, high)) == 20


def test_korean_names_take_two_columns() -> None:
    assert fit("한빛바이오", 7) == "한빛바 "
    assert fit("Hanbit", 8) == "Hanbit  "


def test_shows_what_was_read_the_places_and_the_ledger() -> None:
    answer = answered(text="GMP mRNA drug substance zorblax, Korea", limit=3)
    lines = list(printout.lines(answer, explain=1))
    assert lines[0] == "n1 (should): service mRNA drug substance; modality mRNA; quality GMP"
    assert "not understood: zorblax" in lines
    rows = [line for line in lines if line[:3] in ("  1", "  2", "  3", "  =") and line[3] in " ~"]
    assert len(rows) == 3
    assert sum(line.startswith("      n1") for line in lines) == len(
        answer.matches[0].needs[0].ledger
    )
    assert lines[-1] == "█ won  ▒ unknown: ask  · lost" or lines[-1].startswith("Left out: ")


def test_says_what_it_read_for_the_whole() -> None:
    answer = answered(text="GMP mRNA, by 2028, preferably Korea, not in China, approved by the FDA")
    assert "for the whole: needed from 2028; preferably in KR; not in CN; markets FDA" in list(
        printout.lines(answer)
    )


def test_names_who_was_left_out_and_the_successor() -> None:
    needs = [{"service": "plasmid DNA manufacturing", "modality": "plasmid DNA"}]
    lines = list(printout.lines(answered(needs=needs, limit=100)))
    assert any(
        line.startswith("Left out: Cobra") and line.endswith("(absorbed, now charles-river)")
        for line in lines
    )


def test_says_when_nobody_fits_and_when_there_is_nobody() -> None:
    nobody = answered(text="PCR").model_copy(update={"matches": [], "left_out": []})
    fits = "Nobody fits. Those who come close are listed with --include-ineligible."
    assert list(printout.lines(nobody))[-1] == fits
    empty = nobody.model_copy(update={"considered": 0})
    told = "The catalogue is empty: bring providers in with `cdmo-match import`."
    assert list(printout.lines(empty))[-1] == told


def test_marks_who_cannot_be_told_apart_and_says_what_would_make_it_fit() -> None:
    found = answers.answer()
    near, unfit = found.matches[1:]
    lines = list(printout.lines(found))
    assert "GMP alone rules out 180 of 331 providers." in lines
    row = next(n for n, line in enumerate(lines) if line.startswith("  =~"))
    assert lines[row].endswith("conditional, fits from 2027-Q2, rank 1 to 3")
    assert lines[row + 1] == "      If it showed GMP."
    assert (near.group, unfit.group) == (1, None)
    assert lines[row + 2].startswith("  3 Unfit")
    assert lines[row + 3 : row + 5] == [
        "      If you had it done elsewhere.",
        "      If 5 L were enough.",
    ]
    assert "~ can't be told apart from the first above without it" in lines
