import pytest

from app.matching.clauses import Outline
from app.matching.languages import asked, languages_of
from app.matching.place import places_of
from app.matching.terms import tokens


@pytest.mark.parametrize(
    ("text", "languages", "countries"),
    [
        ("All batch records must be in English.", ("en",), ()),
        ("Documents in Korean are mandatory", ("ko",), ()),
        ("must speak Japanese", ("ja",), ()),
        ("reports in German required", ("de",), ()),
        ("CDMO should speak English and must have GMP", ("en",), ()),
        ("final report in English and Korean.", ("en", "ko"), ()),
        ("Korean-speaking contact, French documents", ("ko", "fr"), ()),
        ("English is not needed", (), ()),
        ("English required", ("en",), ()),
        ("한국어 보고서 필수", ("ko",), ()),
        ("국문 및 영문 성적서 필수", ("ko", "en"), ()),
        ("일본어로 소통 가능한 국내 업체", ("ja",), ("KR",)),
        ("an English CDMO", (), ("GB",)),
        ("in Korean hospitals", (), ("KR",)),
        ("a German lab; reports written in English", ("en",), ("DE",)),
        ("purify and polish; polish the surface", (), ()),
    ],
)
def test_a_language_is_no_country(
    text: str, languages: tuple[str, ...], countries: tuple[str, ...]
) -> None:
    outline = Outline(text)
    places = places_of(outline, tokens(text))
    found = (asked(outline, languages_of(outline)), places.required, places.preferred)
    assert found == (languages, (), countries)


def test_each_is_told_with_its_place() -> None:
    text = "Reports in Korean or English only"
    spoken = languages_of(Outline(text))
    assert [(s.code, text[s.start : s.end]) for s in spoken] == [
        ("ko", "Korean"),
        ("en", "English"),
    ]
