"""Which words are misspelt, and which only look so."""

import pytest

from app.matching.intake import understand
from app.matching.knowledge import table
from app.matching.lexicon import Lexicon
from app.matching.right_words import right_words
from app.matching.types import Understood
from tests.matching.shipped import vocabulary


def read(text: str) -> Understood:
    return understand(text, vocabulary())


def services(text: str) -> list[tuple[str, tuple[str, ...]]]:
    found = read(text)
    return [(n.service.text, n.service.concepts) for n in found.needs if n.service]


RIGHT = (
    *("turkey", "closing", "cambridge", "private", "denial", "influence", "mentoring", "trailing"),
    *("arbitration", "checkable", "contact", "charge", "allowance", "destination", "commodity"),
)


@pytest.mark.parametrize("word", RIGHT)
def test_words_that_are_right_are_not_repaired(word: str) -> None:
    assert [(m.text, m.concepts) for m in vocabulary().find(f"our {word} here")] == []


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("CRO in Turkey for a phase 3 trial", [("phase 3 trial", ("clinical-services",))]),
        (
            "after the closing of our Series A we need mRNA manufacturing",
            [("mRNA manufacturing", ("mrna-manufacturing",))],
        ),
        (
            "plasmid manufacturing in Cambridge, MA",
            [("plasmid manufacturing", ("plasmid-manufacturing",))],
        ),
        ("lyophilzation of vials", [("lyophilzation", ("lyophilization",))]),
        ("fermentaton at scale", [("fermentaton", ("microbial-fermentation",))]),
        ("세포쥬 개발", [("세포쥬 개발", ("cell-line-development",))]),
        ("동결 건죠", [("동결 건죠", ("lyophilization",))]),
        ("바이러쓰 벡터 생산", [("바이러쓰 벡터 생산", ("viral-vector-manufacturing",))]),
        ("세포수 측정", []),
    ],
)
def test_only_slips_are_repaired(text: str, asked: list[tuple[str, tuple[str, ...]]]) -> None:
    assert services(text) == asked


@pytest.mark.parametrize("text", ["H1N1 vaccine", "H5N1 vaccine", "H3N2 vaccine", "A-H1N1 vaccine"])
def test_a_code_within_a_name_is_a_part_of_that(text: str) -> None:
    assert [(m.text, m.concepts) for m in vocabulary().find(text)] == [("vaccine", ("vaccine",))]


@pytest.mark.parametrize(
    ("text", "concept"),
    [("an N-1 stage", "seed-train"), ("to ICH-Q7", "ich-q7"), ("per Q10", "ich-q10")],
)
def test_a_code_by_itself_says_what_it_names(text: str, concept: str) -> None:
    assert [m.concepts for m in vocabulary().find(text)] == [(concept,)]


def test_recruiting_staff_lies_outside_the_field() -> None:
    found = read("recruitment agency for QA staff")
    assert (found.needs, [span.text for span in found.outside_the_field]) == (
        (),
        ["recruitment agency"],
    )
    assert services("patient recruitment for a trial") == [
        ("patient recruitment", ("patient-recruitment",))
    ]


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("CRO in Turkey", ("TR",)),
        ("CRO in Jordan", ("JO",)),
        ("CRO in Georgia", ("GE", "US")),
        ("CRO in Georgia, USA", ("US",)),
        ("plasmid manufacturing in Cambridge", ("GB", "US")),
        ("plasmid manufacturing in Cambridge, UK", ("GB",)),
        ("plasmid manufacturing in Cambridge, MA", ("US",)),
        ("our partner, University of Cambridge, needs AAV", ()),
        ("tests by the Declaration of Helsinki", ()),
    ],
)
def test_places_that_look_like_other_words(text: str, countries: tuple[str, ...]) -> None:
    assert read(text).wishes.countries_preferred == countries


def test_the_list_of_right_words_tells_its_licence_and_holds_no_known_word() -> None:
    assert "Kevin Atkinson" in table("right_words")["licence"]
    listed = {word for line in table("right_words")["words"] for word in line.split()}
    assert listed <= right_words()
    assert listed.isdisjoint(Lexicon(vocabulary().concepts.values()).known)
