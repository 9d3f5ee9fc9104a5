from datetime import date

import pytest

from app.matching.intake import understand
from app.matching.types import Query, Wishes
from app.matching.written import own_words, written_words
from tests.matching.shipped import vocabulary


def written(text: str) -> dict[str, str]:
    needs = understand(text, vocabulary()).needs
    query = Query(needs, Wishes(), as_of=date(2026, 11, 26), weights={}, text=text)
    return dict(written_words(query, vocabulary()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "GMP mRNA drug-substance (LNP), HEK293 cells; AAV9!",
            {
                "gmp": "GMP",
                "mrna": "mRNA",
                "drug": "drug",
                "substance": "substance",
                "lnp": "LNP",
                "hek293": "HEK293",
                "cell": "cells",
                "aav9": "AAV9",
            },
        ),
        ("Anti-PD-1 mAbs", {"antipd": "Anti-PD-1", "mab": "mAbs"}),
        ("GMP mRNA 원액을 위탁생산", {"gmp": "GMP", "mrna": "mRNA", "원액": "원액"}),
    ],
)
def test_words_are_told_as_the_request_writes_them(text: str, expected: dict[str, str]) -> None:
    assert expected.items() <= written(text).items()


def test_korean_also_finds_the_words_of_its_english_name() -> None:
    assert written("플라스미드 생산")["dna"] == "DNA"


def test_what_was_written_is_told_apart_from_its_english_name() -> None:
    needs = understand("항체 원액 생산, GMP", vocabulary()).needs
    query = Query(needs, Wishes(), date(2026, 11, 26), weights={}, text="항체 원액 생산, GMP")
    assert own_words(query) == {"항체", "원액", "생산", "gmp"}
    told = written_words(query, vocabulary())
    assert (told["mammalian"], told["antibody"], told["gmp"]) == ("mammalian", "antibody", "GMP")


def test_a_text_without_words_has_none() -> None:
    query = Query((), Wishes(), as_of=date(2026, 11, 26), weights={}, text=" … !! ")
    assert dict(written_words(query, vocabulary())) == {}
