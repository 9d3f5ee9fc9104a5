import unicodedata

import pytest

from app.matching.terms import near

WORDS = ["biologics", "biology", "filling", "line1", "unicode", *(
    unicodedata.normalize("NFD", word) for word in ("백신", "동결건조", "화순")
)]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("biologcs", [0]),
        ("biologyy", [1]),
        ("fillng", [2]),
        ("filling", []),
        ("line2", []),
        ("fil", []),
        ("동결건즈", [6]),
        ("zzzzzzzz", []),
        ("f" * 161, []),
    ],
)
def test_only_the_nearest_other_words_count(word: str, expected: list[int]) -> None:
    assert near(unicodedata.normalize("NFD", word), WORDS) == expected
