"""Dates counted from the day of asking."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.dates import needed_from
from app.matching.relative_dates import relative_dates

ASKED = date(2026, 11, 26)


def wanted(text: str) -> str | None:
    period, _ = needed_from(text, ASKED)
    return period.text if period else None


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("vials by the end of next year", "2027-Q4"),
        ("to start early next year", "2027-Q1"),
        ("in mid next year", "2027-Q2"),
        ("some time next year", "2027"),
        ("later this year", "2026-Q4"),
        ("Q3 next year", "2027-Q3"),
        ("in the first half of next year", "2027-Q1"),
        ("by the first half of next year", "2027-Q2"),
        ("next quarter", "2027-Q1"),
        ("next month", "2026-12"),
        ("within six months", "2027-05"),
        ("in 18 months", "2028-05"),
        ("within the next 2 years", "2028-11"),
        ("within 10 days", "2026-12-06"),
        ("in four weeks", "2026-12-24"),
        ("starting in March", "2027-03"),
        ("by December", "2026-12"),
        ("by March, 2 kg", "2027-03"),
        ("by 31 March", "2027-03-31"),
        ("내년 상반기까지", "2027-Q2"),
        ("내년 상반기부터", "2027-Q1"),
        ("내년 초", "2027-Q1"),
        ("내년 3월부터", "2027-03"),
        ("내년에", "2027"),
        ("내후년 1분기", "2028-Q1"),
        ("올해 말까지", "2026-Q4"),
        ("연말까지", "2026-Q4"),
        ("연내 착수", "2026-Q4"),
        ("다음 분기", "2027-Q1"),
        ("다음 달부터", "2026-12"),
        ("6개월 이내", "2027-05"),
        ("2년 안에", "2028-11"),
        ("3주 후", "2026-12-17"),
        ("by the first half of 2027", "2027-Q2"),
        ("2027년 상반기까지", "2027-Q2"),
        ("2027년 상반기부터", "2027-Q1"),
    ],
)
def test_what_a_date_means_on_the_day_of_asking(text: str, period: str) -> None:
    assert wanted(f"We need plasmid {text}") == period


@pytest.mark.parametrize(
    "text",
    [
        "6-month stability study",
        "stability, in 6 months",
        "a 13-week study",
        "toxicity in 13 week studies",
        "mice in 8 weeks old cohorts",
        "in March 2027",
        "0개월 이내",
        "within 999 years",
    ],
)
def test_what_is_no_date_counted_from_today(text: str) -> None:
    assert relative_dates(text, ASKED) == []


PHRASES = (
    *("next year", "by the end of next year", "next quarter", "next month", "within 10 years"),
    *(
        "in 3650 days",
        "within 120 months",
        "starting in March",
        "내년",
        "내후년 하반기",
        "연말까지",
    ),
    *("다음 분기", "다음 달", "10년 이내", "3650일 후", "120개월 안에"),
)


@given(st.sampled_from(PHRASES), st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_what_lies_beyond_the_years_that_are_known_is_no_date(phrase: str, as_of: date) -> None:
    for _, period in relative_dates(f"tablets needed {phrase}", as_of):
        assert as_of.year <= period.first.year <= 2200


@pytest.mark.parametrize("text", ["needed next year", "within 10 years", "내년까지", "내후년"])
def test_at_the_end_of_the_known_years_nothing_is_read(text: str) -> None:
    assert needed_from(text, date(2200, 6, 1)) == (None, ())


def test_without_a_day_of_asking_nothing_is_counted() -> None:
    assert needed_from("within six months") == (None, ())


@given(st.text(max_size=200), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_it_never_fails_and_quotes_the_text(text: str, as_of: date) -> None:
    for span, _ in relative_dates(text, as_of):
        assert text[span.start : span.end] == span.text
