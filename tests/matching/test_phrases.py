import pytest

from app.matching.phrases import Phrases
from app.matching.terms import tokens
from app.matching.wordforms import stem

PHRASES = Phrases(
    {
        "filling": ["put|fill vial|syringe", "바이알 채우|충전"],
        "coli": ["grow E._coli"],
        "unknown": ["read scan"],
    },
    {"filling", "coli"},
)


def found(text: str) -> list[tuple[str, str]]:
    words = tokens(text)
    stems = [stem(word.word) for word in words]
    return [
        (text[words[first].start : words[last - 1].end], concept)
        for first in range(len(words))
        for last, _, concept in PHRASES.starting(words, stems, first)
    ]


@pytest.mark.parametrize(
    ("text", "phrase", "concept"),
    [
        ("please put our liquid into vials now", "put our liquid into vials", "filling"),
        ("filling (sterile) syringes", "filling (sterile) syringes", "filling"),
        ("바이알에 무균으로 채우기", "바이알에 무균으로 채우", "filling"),
        ("growing E. coli", "growing E. coli", "coli"),
    ],
)
def test_words_may_stand_between_the_parts(text: str, phrase: str, concept: str) -> None:
    assert found(text) == [(phrase, concept)]


@pytest.mark.parametrize(
    "text",
    [
        "put the whole of our sterile liquid into vials",  # too far apart
        "put it there. Vials are ours",
        "put labels and vials",
        "vials to put",
        "read scans",  # of a concept that the vocabulary doesn't have
    ],
)
def test_what_is_no_phrase(text: str) -> None:
    assert found(text) == []


def test_a_phrase_is_as_long_as_its_own_words() -> None:
    words = tokens("put our liquid into vials")
    stems = [stem(word.word) for word in words]
    assert list(PHRASES.starting(words, stems, 0)) == [(5, len("put vials"), "filling")]
