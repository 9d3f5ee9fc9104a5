"""Days that a text counts from the day of asking: "by the end of next year", "within six months",
"next quarter", "starting in March", "내년 상반기까지", "6개월 이내"."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from app.matching.spelled import SPELLED, value_of
from app.matching.types import Span
from app.period import Period

_MONTHS: Mapping[str, int] = {
    **{"january": 1, "february": 2, "march": 3, "april": 4, "june": 6, "july": 7, "august": 8},
    **{"september": 9, "october": 10, "november": 11, "december": 12},
}
_PARTS: Mapping[str, int] = {
    **{"early": 1, "beginning": 1, "start": 1, "mid": 2, "middle": 2, "late": 4, "end": 4},
    **{"later": 4, "초": 1, "중반": 2, "말": 4},
}
_HALVES: Mapping[str, int] = {"first": 1, "second": 3, "상": 1, "하": 3}
_YEARS: Mapping[str, int] = {
    **{"this": 0, "next": 1, "올해": 0, "금년": 0, "내년": 1, "명년": 1, "내후년": 2},
    **{"diesen": 0, "nächsten": 1, "nächstes": 1},
}
_MOST_MONTHS, _MOST_DAYS = 120, 3650
_LATEST = re.compile(r"\b(?:by|before|until|no later than|bis)(?: the)?\s*$", re.I)
_LATEST_AFTER = re.compile(r"\s?(?:까지|안에|이내|내에|중)")
_NO_WISH = re.compile(r"\b(?:since|stability|shelf[- ]life|old|aged?)\b[^.;]{0,25}$", re.I)
_NUMBER = rf"(?:\d{{1,3}}|{SPELLED})"

Reading = Callable[[re.Match[str], date, bool], str | None]


def _of_year(found: re.Match[str], as_of: date, is_latest: bool) -> str | None:
    parts = found.groupdict()
    year = as_of.year + _YEARS[parts["year"].lower()]
    quarter = int(parts["quarter"]) if parts.get("quarter") else 0
    if parts.get("half"):
        quarter = _HALVES[parts["half"].lower()] + is_latest
    if parts.get("part"):
        quarter = _PARTS[parts["part"].lower()]
    if parts.get("month"):
        return f"{year}-{int(parts['month']):02d}"
    return f"{year}-Q{quarter}" if quarter else str(year)


def _of_quarter(found: re.Match[str], as_of: date, is_latest: bool) -> str | None:
    return _quarter(as_of, 1 if found["which"].lower() in ("next", "다음") else 0)


def _of_month(found: re.Match[str], as_of: date, is_latest: bool) -> str | None:
    return _month(as_of, 1 if found["which"].lower() in ("next", "다음") else 0)


def _in_time(found: re.Match[str], as_of: date, is_latest: bool) -> str | None:
    count, unit = found["count"], found["unit"].lower()
    number = int(count) if count.isdigit() else int(value_of(count))
    if unit.startswith(("day", "week", "일", "주")):
        days = number * (1 if unit.startswith(("day", "일")) else 7)
        return (as_of + timedelta(days=days)).isoformat() if 0 < days <= _MOST_DAYS else None
    months = number * (12 if unit.startswith(("year", "년")) else 1)
    return _month(as_of, months) if 0 < months <= _MOST_MONTHS else None


def _named_month(found: re.Match[str], as_of: date, is_latest: bool) -> str | None:
    month = _MONTHS[found["name"].lower()]
    year = as_of.year + (month < as_of.month)
    day = found.groupdict().get("day")
    return f"{year}-{month:02d}-{int(day):02d}" if day else f"{year}-{month:02d}"


def _end_of_year(found: re.Match[str], as_of: date, is_latest: bool) -> str | None:
    return f"{as_of.year}-Q4"


def _quarter(as_of: date, later: int) -> str:
    number = as_of.year * 4 + (as_of.month - 1) // 3 + later
    return f"{number // 4}-Q{number % 4 + 1}"


def _month(as_of: date, later: int) -> str:
    number = as_of.year * 12 + as_of.month - 1 + later
    return f"{number // 12}-{number % 12 + 1:02d}"


# The month of a date with its year, and the first of several that share one.
_YEAR_BEHIND = (
    rf"(?:\s?(?:-|–|~|/|to|and|or|through|until)\s?(?:may|{'|'.join(_MONTHS)}))?"
    r"(?:,? ?(?:['’]\d\d|20\d\d)|[ -]\d)"
)
_YEAR = r"(?P<year>this|next) (?:calendar )?year"
_FORMS: tuple[tuple[re.Pattern[str], Reading], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reading)
    for pattern, reading in (
        (rf"\bQ(?P<quarter>[1-4]) (?:of )?{_YEAR}\b", _of_year),
        (rf"\b(?P<half>first|second) half of {_YEAR}\b", _of_year),
        (
            r"\b(?P<part>early|beginning|start|mid|middle|late|later|end)(?: of| in)?[ -]*"
            rf"{_YEAR}\b",
            _of_year,
        ),
        (rf"\b{_YEAR}\b", _of_year),
        (r"\b(?P<which>this|next) quarter\b", _of_quarter),
        (r"\b(?P<which>this|next) month\b", _of_month),
        (
            rf"\b(?:within|in)(?: the next| about)? (?P<count>{_NUMBER})[ -]"
            r"(?P<unit>days?|weeks?|months?|years?)(?: from now| time)?\b"
            r"(?! (?:old|study|studies|tox|stability|treatment|dosing|of))",
            _in_time,
        ),
        (
            rf"\b(?:by|from|in|starting|starting in|start in|begin in|before|until|end of|as of) "
            rf"(?:early |mid[- ]|late |(?P<day>[0-3]?\d)(?:st|nd|rd|th)? )?"
            rf"(?P<name>{'|'.join(_MONTHS)})\b(?!{_YEAR_BEHIND})",
            _named_month,
        ),
        (
            r"(?P<year>올해|금년|내후년|내년|명년)(?:\s?(?P<half>상|하)반기|\s?(?P<quarter>[1-4])\s?분기"
            r"|\s?(?P<month>1[0-2]|[1-9])월|\s?(?P<part>초|중반|말))?",
            _of_year,
        ),
        (r"(?P<which>이번|다음)\s?분기", _of_quarter),
        (r"(?P<which>이번|다음)\s?달", _of_month),
        (r"연말(?=까지|에|\s)|연내", _end_of_year),
        (
            r"(?P<count>\d{1,3})\s?(?P<unit>개월|주|년|일)\s?(?:이내|안에|내에|후|뒤)",
            _in_time,
        ),
    )
)


def relative_dates(text: str, as_of: date) -> list[tuple[Span, Period]]:
    """Every such date of a text with the period it means, in the order of the text."""
    found: dict[int, tuple[Span, Period]] = {}
    taken: set[int] = set()
    for span, period in _read(text, as_of):
        places = range(span.start, span.end)
        if taken.isdisjoint(places):
            taken.update(places)
            found[span.start] = span, period
    return [found[start] for start in sorted(found)]


def _read(text: str, as_of: date) -> Iterator[tuple[Span, Period]]:
    for form, reading in _FORMS:
        for match in form.finditer(text):
            start, end = match.span()
            before = text[max(0, start - 40) : start]
            if _NO_WISH.search(before):
                continue
            is_latest = bool(_LATEST.search(before) or _LATEST_AFTER.match(text, end))
            told = reading(match, as_of, is_latest)
            period = _known(told) if told is not None else None
            if period is not None:
                yield Span(match[0], start, end), period


def _known(told: str) -> Period | None:
    """The period told, unless it lies beyond the years that periods know."""
    try:
        return Period.parse(told)
    except ValueError:
        return None
