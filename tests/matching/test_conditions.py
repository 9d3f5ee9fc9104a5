import pytest

from app.matching.clauses import Outline
from app.matching.conditions import Apart, Conditions


@pytest.mark.parametrize(
    ("clause", "place", "weight"),
    [
        ("GMP required for fill-finish", "fill-finish", "must"),
        ("fill-finish is a must preferably under GMP", "fill-finish", "must"),
        ("fill-finish is a must preferably under GMP", "GMP", "may"),
        ("fill-finish preferably in Korea", "fill-finish", "should"),
        ("fill-finish is not required", "fill-finish", "should"),
        ("충전 필수", "충전", "must"),
        ("충전 우대", "충전", "may"),
        ("국내 업체 선호", "국내", "should"),
        ("fill-finish and packaging (optional)", "packaging", "may"),
        ("fill-finish and packaging (optional)", "fill-finish", "should"),
        ("GMP and fill-finish (both required)", "GMP", "must"),
        ("GMP (fill-finish optional)", "GMP", "should"),
        ("GMP (fill-finish optional)", "fill-finish", "may"),
        ("plasmid and optional fill-finish", "plasmid", "should"),
        ("plasmid is not optional", "plasmid", "must"),
        ("충전은 선택사항", "충전", "may"),
        ("fill-finish if needed", "fill-finish", "may"),
        ("(필수) 생산 (우대) 충전", "생산", "must"),
        ("[필수] 생산 [우대] 충전", "충전", "may"),
    ],
)
def test_the_nearer_word_decides(clause: str, place: str, weight: str) -> None:
    at = clause.index(place)
    assert Conditions(clause).weight(at, at + len(place)) == weight


def test_a_heading_holds_until_the_next_and_a_word_alone_for_what_is_before_it() -> None:
    text = "Must have: A, nice to have: B. C, must"
    clauses = [(0, 10), (10, 13), (13, 27), (27, 30), (30, 33), (33, 38)]
    apart = Apart(text, clauses)
    assert [apart.weight(at, end) for at, end in ((11, 30), (28, 30), (31, 38))] == [
        "must",
        "may",
        "must",
    ]


def test_a_preference_for_a_place_is_soft() -> None:
    assert Outline("Korea preferred").is_preferred(0)
    assert not Outline("in Korea").is_preferred(0)


def test_a_heading_reaches_over_sentences_to_the_next_one() -> None:
    text = "Must have: A. B. Optional: C. D"
    outline = Outline(text)
    listed = [outline.listed(text.index(letter, 10)) for letter in "ABCD"]
    assert listed == ["must", "must", "may", "should"]


def test_a_heading_may_have_a_dash_or_items_below_it() -> None:
    dashed = Outline("Mandatory - A. Optional - B")
    assert [dashed.listed(12), dashed.listed(26)] == ["must", "may"]
    lines = Outline("필수 요건\n- A\n우대 요건\n- B")
    assert [lines.listed(8), lines.listed(18)] == ["must", "may"]


def test_any_other_label_ends_a_list() -> None:
    outline = Outline("Must have:\n- A\nProject: B")
    assert [outline.listed(13), outline.listed(24)] == ["must", "should"]
