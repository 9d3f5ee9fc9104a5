"""Numbers as people write them: 1,000; 2.5 million; 25 x 10^6; 500m; 250만; twenty."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from app.matching.spelled import SPELLED, SPELLED_HANGUL, value_of

_MAGNITUDES = {
    **{
        "thousand": 3,
        "tausend": 3,
        "million": 6,
        "millions": 6,
        "millionen": 6,
        "mn": 6,
        "mio": 6,
        "billion": 9,
        "bn": 9,
        "trillion": 12,
        **{"lakh": 5, "lakhs": 5, "lac": 5, "lacs": 5, "crore": 7, "crores": 7},
    },
    **{"백": 2, "천": 3, "만": 4, "십만": 5, "백만": 6, "천만": 7, "억": 8, "조": 12},
}
_SHORT = {"k": 3, "m": 6, "mm": 6, "b": 9}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LONGEST = 30  # digits; nothing that is made or filled needs more
_LARGEST = Decimal(10) ** 24

_DIGITS = (
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d])|\d{1,3}(?:[\u00a0\u202f\u2009]\d{3})+(?!\d)"
    r"|\d{1,3}(?: 000)+(?!\d)|\d{1,3}(?:['’]\d{3})+(?!\d)|\d{1,3}(?:\.\d{3}){2,}(?![\d.])"
    r"|\d+,\d{1,2}(?![\d,])|\d+(?:\.\d+)?"
)
_NUMBER = re.compile(
    r"(?:(?P<currency>US\$|[$€£₩¥]|\b(?:KRW|USD|EUR|GBP|CAD|JPY|CHF|CNY|INR|AUD|SGD|DKK|SEK|NOK))"
    r"\s?|(?<![A-Za-z0-9_.])(?<!\d,)(?<![A-Za-z]-)|(?<=\d[xX]))"
    rf"(?P<digits>{_DIGITS})"
    rf"|\b(?P<word>{SPELLED})\b|(?P<hangul>{SPELLED_HANGUL})",
    re.IGNORECASE,
)
_POWER = re.compile(
    r"\s{0,2}[x×*·]\s{0,2}10\s?(?:\^|\*\*)\s?([+-]?\d{1,2})(?!\d)"
    r"|\s{0,2}[x×*·]\s{0,2}10([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})"
    r"|e\+?(\d{1,2})(?!\w)",
    re.IGNORECASE,
)
# "25 x 106 doses": the superscript was lost on the way
_LOST_POWER = re.compile(r"\s{0,2}[x×]\s{0,2}10([3-9]|1\d)(?=\s?(?:doses|cells|vg|vials|tablets))")
_OF_TEN = re.compile(r"\^(\d{1,2})(?!\d)|([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})")
_MAGNITUDE = re.compile(
    r"[\s-]{0,2}(thousand|tausend|millionen|millions|million|mn|mio\.?|billion|bn|trillion"
    r"|lakhs?|lacs?|crores?)(?![A-Za-z])|\s?(백만|십만|천만|백|천|만|억|조)",
    re.IGNORECASE,
)
_KOREAN_REST = re.compile(r"\s?(\d{1,4})\s?(천만|백만|십만|만|천)")
_SHORTLY = re.compile(r"\s?(k|mm|m|b)(?![A-Za-z0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text; `short` is an abbreviated magnitude that only a unit can confirm."""

    start: int
    end: int
    digits: Decimal
    magnitude: Decimal | None = None
    currency: str | None = None
    short: Decimal | None = None
    short_end: int = 0

    @property
    def value(self) -> Decimal:
        """The number with its magnitude."""
        return self.digits * (self.magnitude or 1)


def same_length(text: str) -> str:
    """Full-width and other written variants of single characters made plain, position by
    position; superscripts stay, because 10⁶ is not 106."""
    if text.isascii():
        return text
    return "".join(map(_plain, text))


def _plain(character: str) -> str:
    if character.isascii() or character in "²³¹⁰⁴⁵⁶⁷⁸⁹":
        return character
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character


def numbers_in(text: str) -> Iterator[Number]:
    """All numbers of a text from left to right; absurdly long ones are left out."""
    at = 0
    while found := _NUMBER.search(text, at):
        number = _read(text, found)
        at = found.end() if number is None else number.end
        if number is not None and number.value <= _LARGEST:
            yield number


def _read(text: str, found: re.Match[str]) -> Number | None:
    start, end = found.start(), found.end()
    if word := found["word"] or found["hangul"]:
        return _with_magnitude(text, start, end, value_of(word), None)
    digits = _decimal(found["digits"])
    if digits is None:
        return None
    currency = (found["currency"] or "").strip().lower() or None
    if digits == 10 and (power := _OF_TEN.match(text, end)):
        return Number(start, power.end(), Decimal(10) ** _exponent(power))
    if power := _POWER.match(text, end) or _LOST_POWER.match(text, end):
        return Number(start, power.end(), digits, Decimal(10) ** _exponent(power), currency)
    return _with_magnitude(text, start, end, digits, currency)


def _decimal(written: str) -> Decimal | None:
    if len(written) > _LONGEST:
        return None
    if re.fullmatch(r"\d+,\d{1,2}", written):
        return Decimal(written.replace(",", "."))
    if written.count(".") > 1:
        written = written.replace(".", "")
    return Decimal(re.sub(r"[,\s'’]", "", written))


def _exponent(power: re.Match[str]) -> int:
    return int(next(group for group in power.groups() if group).translate(_SUPERSCRIPTS))


def _with_magnitude(
    text: str, start: int, end: int, digits: Decimal, currency: str | None
) -> Number:
    if found := _MAGNITUDE.match(text, end):
        magnitude = Decimal(10) ** _MAGNITUDES[(found[1] or found[2]).lower().rstrip(".")]
        end = found.end()
        if found[2] and (rest := _KOREAN_REST.match(text, end)):
            smaller = Decimal(10) ** _MAGNITUDES[rest[2]]
            if smaller < magnitude:
                digits += int(rest[1]) * smaller / magnitude
                end = rest.end()
        return Number(start, end, digits, magnitude, currency)
    if found := _SHORTLY.match(text, end):
        short = Decimal(10) ** _SHORT[found[1].lower()]
        return Number(start, end, digits, None, currency, short, found.end())
    return Number(start, end, digits, None, currency)
