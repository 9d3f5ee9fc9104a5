import pytest

from app import rates
from app.rates import Policy


def test_what_is_not_named_keeps_its_default() -> None:
    found = rates.parse("anonymous=7/second, key=2/day")
    assert found["anonymous"] == Policy("anonymous", 7, 1)
    assert found["key"] == Policy("key", 2, 86_400)
    assert {**found, "anonymous": None, "key": None} == {
        **rates.parse(rates.DEFAULT),
        "anonymous": None,
        "key": None,
    }


def test_a_policy_can_be_taken_away() -> None:
    found = rates.parse("sign-in=off")
    assert set(rates.parse(rates.DEFAULT)) - set(found) == {"sign-in"}


@pytest.mark.parametrize("text", ["off", " off "])
def test_all_can_be_taken_away(text: str) -> None:
    assert dict(rates.parse(text)) == {}


@pytest.mark.parametrize(
    "text",
    [
        "60",
        "anonymous",
        "anonymous=60",
        "anonymous=0/minute",
        "anonymous=-1/minute",
        "anonymous=99999999/minute",
        "anonymous=60/week",
        "others=1/day",
        "off, off",
    ],
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z]"):
        rates.parse(text)


def test_a_policy_is_told_as_a_structured_field() -> None:
    assert Policy("key-match", 300, 60).told == '"key-match";q=300;w=60'
