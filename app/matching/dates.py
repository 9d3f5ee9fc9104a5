"""From when something is needed, as told in running text."""

import re
from calendar import month_abbr, month_name
from datetime import date

from app.matching.relative_dates import relative_dates
from app.matching.types import Span
from app.period import Period

_MONTHS = {
    name.casefold(): number
    for names in (month_name, month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?P<year>20[0-9]{2})"
_WORDS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>[0-3][0-9]))?(?![0-9])",
        rf"Q(?P<quarter>[1-4])[ /,-]*(?:of )?{_YEAR}",
        rf"{_YEAR}[ /-]*Q(?P<quarter>[1-4])",
        rf"(?P<ordinal>first|second|third|fourth|1st|2nd|3rd|4th) quarter (?:of |in )?{_YEAR}",
        rf"{_YEAR}\s*년\s*(?P<quarter>[1-4])\s*(?:/4\s*)?분기",
        rf"{_YEAR}\s*년\s*(?P<half>상|하)반기",
        rf"{_YEAR}\s*년\s*(?P<month>1[0-2]|0?[1-9])\s*월(?:\s*(?P<day>[0-3]?[0-9])\s*일)?",
        rf"{_YEAR}\s*년\s*(?P<part>초|중반|말)?",
        rf"H(?P<half>[12])[ /,-]*(?:of )?{_YEAR}",
        rf"(?P<half>first|second) half (?:of |in )?{_YEAR}",
        rf"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)? (?P<name>{_MONTH})\.?,? {_YEAR}",
        rf"(?P<name>{_MONTH})\.? (?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?,? {_YEAR}",
        rf"(?P<name>{_MONTH})\.?,? (?:of )?{_YEAR}",
        rf"(?:the )?(?P<part>early|beginning of|start of|mid|middle of|late|end of)[ -]*{_YEAR}",
        rf"(?P<bare>(?<![0-9/.-])){_YEAR}(?![0-9/.-]*[0-9])",
    )
)
_BEFORE = re.compile(
    r"(?:\b(?:by|from|start(?:s|ing|ed)?(?: in| from| on)?|begin(?:s|ning)?(?: in)?|as of|after"
    r"|before"
    r"|available(?: in| from)?|needed(?: in| by)?|required(?: in| by)?|deliver(?:y|ed)?(?: in| by)?"
    r"|expected(?: in)?|planned for|due(?: in| by)?|scheduled for|no later than|not before"
    r"|ready(?: in"
    r"| by)?|in|during|around|mid|slots? (?:in|for)|target(?:ing)?|on|ab|bis|dès|à partir de)"
    r"(?: the| about| around)?)\s*$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s*(?:부터|까지|에|이후|이전|내|착수|시작|예정|필요|중)")
_PAST = re.compile(
    r"\b(?:completed|finished|published|founded|founded in|licensed|since|was|were|had|until|ended"
    r"|approved|awarded|dated|extended)\b[^.;]{0,40}$|\b(?:to|through|until|-|–)\s*$",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"\b(?:by|before|until|no later than|at the latest|bis|avant)(?: the)?\s*$", re.IGNORECASE
)
_UNTIL_AFTER = re.compile(r"\s*(?:까지|안에|이내|내에|이전)")
_PARTS = {"early": 1, "beginning of": 1, "start of": 1, "mid": 2, "middle of": 2, "late": 4,
          "end of": 4, "초": 1, "중반": 2, "말": 4}  # fmt: skip
_HALVES = {"1": 1, "2": 3, "first": 1, "second": 3, "상": 1, "하": 3}


def needed_from(text: str, as_of: date | None = None) -> tuple[Period | None, tuple[Span, ...]]:
    """When the work is wanted (the earliest day named for it), and every date of the text.

    "by Q2 2027" and "from 2028" both give the period they name. A date counts only where a word
    such as by, from, in or 부터 leads to it, and not in a clause about the past. "Next year" and
    "within six months" are counted from `as_of`, and left alone without it.
    """
    told = relative_dates(text, as_of) if as_of else []
    wanted = [period for _, period in told]
    spans = [span for span, _ in told]
    taken = {at for span in spans for at in range(span.start, span.end)}
    for form in _FORMS:
        for match in form.finditer(text):
            start, end = match.span()
            if not taken.isdisjoint(range(start, end)):
                continue
            period = _period(match, is_latest=_is_latest(text, start, end))
            if period is None:
                continue
            taken.update(range(start, end))
            spans.append(Span(match[0], start, end))
            if _leads(text, start, end, period):
                wanted.append(period)
    spans.sort(key=lambda span: span.start)
    return min(wanted, key=lambda p: (p.first, p.last), default=None), tuple(spans)


def _leads(text: str, start: int, end: int, period: Period) -> bool:
    """Whether a date tells when something is wanted; a quarter or half-year mostly does."""
    before = text[max(0, start - 60) : start]
    if _PAST.search(before):
        return False
    if "Q" in period.text:
        return True
    return bool(_BEFORE.search(before) or _AFTER.match(text, end))


def _is_latest(text: str, start: int, end: int) -> bool:
    """Whether a date is the last that will do: "by", "before", "까지"."""
    return bool(_UNTIL.search(text[max(0, start - 30) : start]) or _UNTIL_AFTER.match(text, end))


def _period(match: re.Match[str], *, is_latest: bool) -> Period | None:
    parts = match.groupdict()
    year = parts["year"]
    quarter = parts.get("quarter") or _WORDS.get((parts.get("ordinal") or "").casefold())
    if parts.get("half"):
        quarter = _HALVES[parts["half"].casefold()] + is_latest
    if parts.get("part"):
        quarter = _PARTS[parts["part"].casefold()]
    month = parts.get("month") or _MONTHS.get((parts.get("name") or "").casefold())
    text = year
    if quarter:
        text = f"{year}-Q{quarter}"
    elif month:
        text = f"{year}-{int(month):02d}"
        if parts.get("day"):
            text += f"-{int(parts['day']):02d}"
    try:
        return Period.parse(text)
    except ValueError:
        return None
