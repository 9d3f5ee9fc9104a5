import pytest

from app.matching.phrasing import (
    country_in_words,
    fill,
    listed,
    period_in_words,
    stages_in_words,
    works_in_words,
)
from app.period import Period


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("세포", "세포를 세포가 세포는 세포와 세포로"),
        ("항암", "항암을 항암이 항암은 항암과 항암으로"),
        ("바이알", "바이알을 바이알이 바이알은 바이알과 바이알로"),
        ("GMP", "GMP를 GMP가 GMP는 GMP와 GMP로"),
        ("1,000 L", "1,000 L을 1,000 L이 1,000 L은 1,000 L과 1,000 L로"),
        ("2027년 (2분기)", None),
        ("LNP formulation", None),
        ("per.C6", "per.C6을 per.C6이 per.C6은 per.C6과 per.C6으로"),
        ("항체(mAb)", "항체(mAb)를 항체(mAb)가 항체(mAb)는 항체(mAb)와 항체(mAb)로"),
    ],
)
def test_a_particle_follows_the_sound_of_the_word(word: str, said: str | None) -> None:
    found = fill("{w|을} {w|이} {w|은} {w|과} {w|으로}", w=word)
    assert found == (said or " ".join(f"{word}{p}" for p in ("을", "이", "은", "과", "으로")))


def test_a_particle_may_stand_after_a_closing_mark() -> None:
    assert fill("‘{w}’{w:을} ‘{v}’{v:을}", w="세포", v="GMP 항체") == "‘세포’를 ‘GMP 항체’를"


@pytest.mark.parametrize(
    ("lang", "regimes", "said"),
    [
        ("en", {"making"}, "development and manufacturing"),
        (
            "en",
            {"making", "nonclinical"},
            "nonclinical studies as well as development and manufacturing",
        ),
        ("en", {"nonclinical", "clinical"}, "nonclinical studies and clinical trials"),
        ("ko", {"making", "nonclinical"}, "비임상 시험, 개발 및 생산"),
    ],
)
def test_kinds_of_work_with_an_and_of_their_own(lang: str, regimes: set[str], said: str) -> None:
    assert works_in_words(lang, frozenset(regimes)) == said


def test_what_fills_a_slot_is_never_read_as_a_template() -> None:
    assert fill("{asked} and {offered}", asked="{offered}", offered="{0}") == "{offered} and {0}"


@pytest.mark.parametrize(
    ("lang", "items", "line"),
    [
        ("en", [], ""),
        ("en", ["a"], "a"),
        ("en", ["a", "b", "a"], "a and b"),
        ("en", ["a", "", "b", "c"], "a, b and c"),
        ("ko", ["a", "b", "c"], "a, b, c"),
    ],
)
def test_lists(lang: str, items: list[str], line: str) -> None:
    assert listed(lang, items) == line


@pytest.mark.parametrize(
    ("text", "english", "korean"),
    [
        ("2027", "2027", "2027년"),
        ("2027-Q2", "Q2 2027", "2027년 2분기"),
        ("2027-04", "April 2027", "2027년 4월"),
        ("2027-04-05", "5 April 2027", "2027년 4월 5일"),
    ],
)
def test_periods(text: str, english: str, korean: str) -> None:
    period = Period.parse(text)
    assert (period_in_words("en", period), period_in_words("ko", period)) == (english, korean)


@pytest.mark.parametrize(
    ("code", "english", "korean"),
    [
        ("KR", "South Korea", "대한민국"),
        ("US", "the United States", "미국"),
        ("NL", "the Netherlands", "네덜란드"),
        ("XX", "XX", "XX"),
    ],
)
def test_countries(code: str, english: str, korean: str) -> None:
    assert (country_in_words("en", code), country_in_words("ko", code)) == (english, korean)


@pytest.mark.parametrize(
    ("lang", "line"),
    [("en", "preclinical, phase 1 and commercial"), ("ko", "비임상, 1상, 상업 생산")],
)
def test_stages(lang: str, line: str) -> None:
    assert stages_in_words(lang, ("preclinical", "phase1", "commercial")) == line
