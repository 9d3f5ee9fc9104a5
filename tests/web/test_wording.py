import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.match import Lang
from app.web import wording


@pytest.mark.parametrize(
    ("text", "english", "korean"),
    [
        ("2027", "2027", "2027년"),
        ("2027-Q2", "Q2 2027", "2027년 2분기"),
        ("2027-04", "April 2027", "2027년 4월"),
        ("2027-04-15", "April 15, 2027", "2027년 4월 15일"),
        ("spring", "spring", "spring"),
    ],
)
def test_a_period_is_put_into_words(text: str, english: str, korean: str) -> None:
    assert (wording.period("en", text), wording.period("ko", text)) == (english, korean)


@pytest.mark.parametrize(
    ("lang", "code", "name"),
    [("en", "KR", "South Korea"), ("ko", "KR", "대한민국"), ("en", "QQ", "QQ")],
)
def test_a_country_is_named(lang: Lang, code: str, name: str) -> None:
    assert wording.country(lang, code) == name


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a?b=1&c=2#d",
        "http://example.org",
        "HTTPS://EXAMPLE.ORG/",
        "https://xn--bj0bj06e.kr/",
    ],
)
def test_web_addresses_are_links(address: str) -> None:
    assert wording.is_link(address)


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//example.org/",
        "/providers",
        "https:///path",
        "https://",
        "https://[broken",
        "https://user@example.org/",
        "https://example.org/a b",
        "ftp://example.org/",
        "A leaflet, https://example.org",
    ],
)
def test_other_texts_are_not(address: str | None) -> None:
    assert not wording.is_link(address)


@given(st.text())
def test_whatever_is_a_link_is_a_web_address(text: str) -> None:
    if wording.is_link(text):
        assert text.lower().startswith(("https://", "http://"))


def test_a_long_address_is_cut() -> None:
    assert wording.short_address("https://www.example.org/") == "example.org"
    assert len(wording.short_address("https://example.org/" + "a" * 200)) == 90
