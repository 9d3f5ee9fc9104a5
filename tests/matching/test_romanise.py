import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.romanise import romanised


@pytest.mark.parametrize(
    ("korean", "latin"),
    [
        ("화순", "hwasun"),
        ("송도", "songdo"),
        ("인천", "incheon"),
        ("오송", "osong"),
        ("안동", "andong"),
        ("대전", "daejeon"),
        ("청주", "cheongju"),
        ("충북", "chungbuk"),
        ("전남", "jeonnam"),
        ("경기", "gyeonggi"),
        ("울산", "ulsan"),
        ("밀양", "miryang"),
        ("백암", "baegam"),
        ("신라", "silla"),
        ("강릉", "gangneung"),
        ("왕십리", "wangsimni"),
        ("독립문", "dongnimmun"),
        ("설날", "seollal"),
        ("한미", "hanmi"),
    ],
)
def test_it_is_written_as_on_road_signs(korean: str, latin: str) -> None:
    assert romanised(korean)[0] == latin


def test_the_unit_of_a_place_may_be_left_out() -> None:
    assert romanised("화순군") == ("hwasungun", "hwasun")
    assert romanised("전라남도") == ("jeollanamdo", "jeollanam")
    assert romanised("부산광역시") == ("busangwangyeoksi", "busan")
    assert romanised("송도") == ("songdo",)


def test_a_province_is_known_by_its_short_name() -> None:
    assert romanised("충북") == ("chungbuk", "chungcheongbuk")


@pytest.mark.parametrize("word", ["", "도", "hwasun", "화순1", "화 순", "ㅎㅘ"])
def test_other_words_have_no_latin_form(word: str) -> None:
    assert romanised(word) == ()


@given(st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=2, max_size=8))
def test_any_korean_word_is_written_in_latin_letters(word: str) -> None:
    assert all(form.isascii() and form.isalpha() for form in romanised(word))
