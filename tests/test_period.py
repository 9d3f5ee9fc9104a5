"""Dates at the precision that they are known with."""

from datetime import date

import pytest

from app.period import Period


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2027", date(2027, 1, 1), date(2027, 12, 31)),
        ("2027-Q2", date(2027, 4, 1), date(2027, 6, 30)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2027-04-15", date(2027, 4, 15), date(2027, 4, 15)),
    ],
)
def test_is_a_stretch_of_days(text: str, first: date, last: date) -> None:
    assert Period.parse(text) == Period(text, first, last)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("yesterday", "a date is written 2027, 2027-Q2, 2027-04 or 2027-04-15"),
        ("2027-Q5", "a date is written 2027, 2027-Q2, 2027-04 or 2027-04-15"),
        ("1027", "the year lies outside 1800 to 2200"),
        ("2027-13", "there is no such month"),
        ("2027-00-01", "there is no such month"),
        ("2027-02-30", "there is no such day"),
        ("2027-02-00", "there is no such day"),
    ],
)
def test_refuses_what_is_no_date_in_plain_words(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Period.parse(text)
