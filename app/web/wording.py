"""Codes, dates and addresses as a person reads them."""

import re
from datetime import UTC, date, datetime
from functools import cache
from urllib.parse import urlsplit

from babel import Locale
from babel.dates import format_date

from app.models.match import Lang
from app.period import Period

_SHOWN_ADDRESS = 90
_QUARTER = {"en": "Q{quarter} {year}", "ko": "{year}년 {quarter}분기"}
_MONTH = {"en": "MMMM y", "ko": "y년 M월"}
_YEAR = {"en": "{year}", "ko": "{year}년"}
_UNPRINTABLE = re.compile(r"[\s\x00-\x20\x7f]")


@cache
def _locale(lang: Lang) -> Locale:
    return Locale.parse(lang)


def country(lang: Lang, code: str) -> str:
    """The name of a country by its ISO code; the code itself where nobody knows it."""
    return str(_locale(lang).territories.get(code, code))


def language(lang: Lang, code: str) -> str:
    """The name of a language by its ISO code; the code itself where nobody knows it."""
    return str(_locale(lang).languages.get(code, code))


def day(lang: Lang, value: date) -> str:
    """A day in words."""
    return format_date(value, "long", locale=lang)


def moment(lang: Lang, value: datetime) -> str:
    """A day in words, with the time of it."""
    utc = value.astimezone(UTC)
    return f"{day(lang, utc.date())}, {utc:%H:%M} UTC"


def period(lang: Lang, text: str) -> str:
    """A day, month, quarter or year in words; unchanged where it can't be read."""
    try:
        found = Period.parse(text)
    except ValueError:
        return text
    year = found.first.year
    if "Q" in found.text:
        quarter = (found.first.month + 2) // 3
        return _QUARTER[lang].format(quarter=quarter, year=year)
    if len(found.text) == len("2027"):
        return _YEAR[lang].format(year=year)
    if len(found.text) == len("2027-04"):
        return format_date(found.first, _MONTH[lang], locale=lang)
    return day(lang, found.first)


def points(value: float) -> str:
    """Points with their two decimals."""
    return f"{value:.2f}"


def is_link(address: str | None) -> bool:
    """Whether an address may be a link: http or https, with a host, and nothing hidden in it."""
    if not address or _UNPRINTABLE.search(address):
        return False
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc


def short_address(address: str) -> str:
    """An address without its scheme, cut to what fits on a line."""
    text = re.sub(r"^https?://(?:www\.)?", "", address).rstrip("/")
    return text if len(text) <= _SHOWN_ADDRESS else text[: _SHOWN_ADDRESS - 1] + "…"
