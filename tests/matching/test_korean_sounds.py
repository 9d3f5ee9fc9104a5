"""Korean words by how they sound."""

import pytest

from app.matching.korean_sounds import by_sound, sound_of


@pytest.mark.parametrize(
    ("one", "other"),
    [("세포쥬", "세포주"), ("건죠", "건조"), ("바이러쓰", "바이러스"), ("백터", "벡터")],
)
def test_slips_sound_alike(one: str, other: str) -> None:
    assert sound_of(one) == sound_of(other)


@pytest.mark.parametrize(
    ("one", "other"), [("세포수", "세포주"), ("정제", "경제"), ("원료", "완료")]
)
def test_other_words_do_not(one: str, other: str) -> None:
    assert sound_of(one) != sound_of(other)


def test_words_that_sound_alike_stand_together() -> None:
    assert by_sound(["벡터", "정제", "백터"]) == {
        sound_of("벡터"): ["백터", "벡터"],
        sound_of("정제"): ["정제"],
    }
