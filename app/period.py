"""Dates as people know them: a day, a month, a quarter or a year, with that precision kept."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Self

_FORM = re.compile(
    r"(?P<year>\d{4})(?:-(?:[Qq](?P<quarter>[1-4])|(?P<month>\d{2})(?:-(?P<day>\d{2}))?))?"
)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days named at some precision: `2027`, `2027-Q2`, `2027-04` or `2027-04-15`."""

    text: str
    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one of the four forms; ValueError for anything else, or a day that doesn't exist."""
        found = _FORM.fullmatch(text.strip())
        if found is None:
            raise ValueError("a date is written 2027, 2027-Q2, 2027-04 or 2027-04-15")
        year, month = int(found["year"]), int(found["month"] or 1)
        if not 1800 <= year <= 2200:
            raise ValueError("the year lies outside 1800 to 2200")
        if not 1 <= month <= 12:
            raise ValueError("there is no such month")
        if found["day"]:
            if not 1 <= int(found["day"]) <= _end_of(year, month).day:
                raise ValueError("there is no such day")
            return cls.of_day(date(year, month, int(found["day"])))
        if found["month"]:
            return cls(f"{year}-{month:02d}", date(year, month, 1), _end_of(year, month))
        if found["quarter"]:
            quarter = int(found["quarter"])
            start = date(year, 3 * quarter - 2, 1)
            return cls(f"{year}-Q{quarter}", start, _end_of(year, 3 * quarter))
        return cls(f"{year}", date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def of_day(cls, day: date) -> Self:
        """The period of one day."""
        return cls(day.isoformat(), day, day)


def _end_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
