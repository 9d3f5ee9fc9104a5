"""From when something is needed, as told in running text."""

import re
from calendar import month_abbr, month_name
from datetime import date

from app.matching.relative_dates import relative_dates
from app.matching.types import Span
from app.matching.units import counted_at, measure_at
from app.period import Period

_MONTHS = {
    name.casefold(): number
    for names in (month_name, month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?P<year>20[0-9]{2})"
# Of a year without its century only those of this and the next two decades are read.
_SHORT_YEAR = r"(?:20)?(?P<year>[2-4][0-9])(?![0-9])"
_KOREAN_YEAR = (
    rf"(?:{_YEAR}|(?<![0-9.,])['’‘]?(?P<short>[2-4][0-9]))\s*(?:년도?|\.(?=\s?[01]?[0-9]\s*월))"
)
_NO_DIGIT = r"(?<![0-9./'-])"
_NO_MORE = r"(?![0-9])(?![./-][0-9])"
_SPAN = r"\s*(?:-|–|~|/|to|and|or|through|until)\s*"
_WORDS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>[0-3][0-9]))?(?![0-9])",
        # Of a stretch of time its beginning is what counts.
        rf"Q(?P<quarter>[1-4]){_SPAN}Q?[1-4][ /,'’-]*(?:of )?{_YEAR}",
        rf"\b(?P<name>{_MONTH})\.?{_SPAN}(?:{_MONTH})\.?,? (?:of )?{_YEAR}",
        rf"Q(?P<quarter>[1-4])[ /,'’-]*(?:of )?{_YEAR}",
        rf"\b(?P<quarter>[1-4])Q[ /,'’-]*{_SHORT_YEAR}",
        rf"\bQ(?P<quarter>[1-4]) ?[/'’-] ?{_SHORT_YEAR}",
        rf"{_YEAR}[ /-]*Q(?P<quarter>[1-4])",
        rf"(?P<ordinal>first|second|third|fourth|1st|2nd|3rd|4th) quarter (?:of |in )?{_YEAR}",
        rf"{_KOREAN_YEAR}\s*(?P<quarter>[1-4])\s*(?:/4\s*)?분기",
        rf"{_KOREAN_YEAR}\s*(?P<half>상|하)반기",
        rf"{_KOREAN_YEAR}\s*(?P<month>1[0-2]|0?[1-9])\s*(?:[~-]\s*(?:1[0-2]|[1-9])\s*)?월"
        r"(?:\s*(?P<day>[0-3]?[0-9])\s*일)?",
        rf"{_KOREAN_YEAR}\s*(?P<part>초(?!과)|중반|말)",
        rf"(?:{_YEAR}|(?<![0-9.,])['’‘](?P<short>[2-4][0-9]))\s*년",
        rf"H(?P<half>[12])[ /,'’-]*(?:of )?{_YEAR}",
        rf"\b(?:H(?P<half>[12]) ?[/'’-] ?|(?P<early>[12])H[ /,'’-]*){_SHORT_YEAR}",
        rf"(?P<half>first|second) half (?:of |in )?{_YEAR}",
        rf"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)? (?:of )?(?P<name>{_MONTH})\.?,? {_YEAR}",
        rf"(?P<name>{_MONTH})\.? (?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?,? {_YEAR}",
        rf"(?P<name>{_MONTH})\.?,? (?:of )?{_YEAR}",
        rf"\b(?P<name>{_MONTH})\.?[ -]?['’]{_SHORT_YEAR}",
        rf"{_NO_DIGIT}(?P<day>[0-3]?[0-9])\. ?(?P<month>1[0-2]|0?[1-9])\. ?{_YEAR}(?![0-9])",
        rf"{_NO_DIGIT}(?P<one>[0-3]?[0-9])(?P<stroke>[/-])(?P<other>[0-3]?[0-9])(?P=stroke){_YEAR}"
        r"(?![0-9])",
        rf"{_NO_DIGIT}(?P<month>1[0-2]|0?[1-9])[/.-]{_YEAR}{_NO_MORE}",
        rf"{_NO_DIGIT}{_YEAR}(?P<dot>[./]) ?(?P<month>1[0-2]|0?[1-9])"
        rf"(?:(?P=dot) ?(?P<day>[0-3]?[0-9])(?![0-9]))?{_NO_MORE}",
        r"(?<![0-9.,])['’‘]?(?P<short>[2-4][0-9])\. ?(?P<month>1[0-2]|0?[1-9])"
        r"(?:\. ?(?P<day>[0-3]?[0-9]))?\.?(?=\s?(?:까지|부터))",
        rf"(?:the )?(?P<part>early|beginning of|start of|mid|middle of|late|end of)[ -]*{_YEAR}",
        rf"(?P<bare>(?<![0-9/.-])){_YEAR}(?![0-9/.-]*[0-9])",
    )
)
_BEFORE = re.compile(
    r"(?:\b(?:by|from|between|start(?:s|ing|ed)?(?: in| from| on)?|begin(?:s|ning)?(?: in)?|as of"
    r"|after|before"
    r"|available(?: in| from)?|needed(?: in| by)?|required(?: in| by)?|deliver(?:y|ed)?(?: in| by)?"
    r"|expected(?: in)?|planned for|due(?: in| by)?|scheduled for|not? later than"
    r"|not (?:before|until)|ready(?: in| by)?|in|during|around|mid|slots? (?:in|for)"
    r"|target(?:ing)?|on|ab|bis|dès|à partir de"
    r"|(?:start|delivery|target|due)(?: date)?|deadline|timing|timeline|at the latest)"
    r"\s?[:=]?"
    r"(?: the| about| around)?"
    r"(?:[ -](?:early|mid|late|end|start|beginning|middle)(?: of)?)?)[ -]*$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\s*(?:부터|까지|에|이후|이전|내|착수|시작|예정|필요|중)")
_DONE = (
    r"completed|finished|published|founded|founded in|licensed|approved|awarded|dated|extended"
    r"|started|initiated|closed|filed"
)
_PAST = re.compile(
    rf"(?<!\bbe )\b(?:{_DONE})\b(?! (?:by|before|until|no later)\b)[^.;]{{0,40}}$"
    r"|\b(?:began|begun|since|was|were|had|(?<!not )until|ended)\b[^.;]{0,40}$"
    rf"|(?:\b(?:to|through|(?<!not )until)|(?:[0-9]|\b(?:{_MONTH})\.?)\s*[-–])\s*$",
    re.IGNORECASE,
)
_PAST_AFTER = re.compile(
    rf",?\s?(?:we|it|they|(?:our|the) [a-z]+)\s(?:have |had |already |successfully )?"
    rf"(?:{_DONE}|began|begun|raised|entered|received|obtained|dosed|spun)\b"
    r"|에?[^.;,]{0,20}?(?:설립|창업|마쳤|마친|완료(?!\s?예정|\s?목표|까지|해|하려|할|될)|[했었였](?:고|으며|습니다|다|던))",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"\b(?:by|before|until|not? later than|at the latest|bis|avant)(?: the)?(?: end(?: of)?)?\s*$",
    re.IGNORECASE,
)
_UNTIL_AFTER = re.compile(r"\s*(?:까지|안에|이내|내에|이전)")
_CLOSES = re.compile(r"\s*(?:[,;)]|\.?\s*$)")
_PARTS = {"early": 1, "beginning of": 1, "start of": 1, "mid": 2, "middle of": 2, "late": 4,
          "end of": 4, "초": 1, "중반": 2, "말": 4}  # fmt: skip
_HALVES = {"1": 1, "2": 3, "first": 1, "second": 3, "상": 1, "하": 3}


def needed_from(text: str, as_of: date | None = None) -> tuple[Period | None, tuple[Span, ...]]:
    """When the work is wanted (the earliest day named for it), and every date of the text.

    "by Q2 2027" and "from 2028" both give the period they name. A date counts only where a word
    such as by, from, in or 부터 leads to it, and not in a clause about the past. "Next year" and
    "within six months" are counted from `as_of`, and left alone without it; what is over on that
    day is never wanted.
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
            if period is None or _is_amount(match):
                continue
            taken.update(range(start, end))
            spans.append(Span(match[0], start, end))
            if _leads(text, start, end, period):
                wanted.append(period)
    spans.sort(key=lambda span: span.start)
    ahead = [period for period in wanted if as_of is None or period.last >= as_of]
    return min(ahead, key=lambda p: (p.first, p.last), default=None), tuple(spans)


def _is_amount(match: re.Match[str]) -> bool:
    """Whether this is a number with its unit: `2027.3 mg`."""
    if "." not in match[0] or match.groupdict().get("dot") is None:
        return False
    return bool(measure_at(match.string, match.end()) or counted_at(match.string, match.end()))


def _leads(text: str, start: int, end: int, period: Period) -> bool:
    """Whether a date tells when something is wanted; a quarter, a half-year and a day mostly do,
    and a month that ends a clause."""
    before = text[max(0, start - 60) : start]
    if _PAST.search(before) or _PAST_AFTER.match(text, end):
        return False
    if "Q" in period.text or period.first == period.last:
        return True
    if len(period.text) > 4 and _CLOSES.match(text, end):
        return True
    return bool(_BEFORE.search(before) or _AFTER.match(text, end))


def _is_latest(text: str, start: int, end: int) -> bool:
    """Whether a date is the last that will do: "by", "before", "까지"."""
    return bool(_UNTIL.search(text[max(0, start - 30) : start]) or _UNTIL_AFTER.match(text, end))


def _period(match: re.Match[str], *, is_latest: bool) -> Period | None:
    parts = match.groupdict()
    year = parts.get("year") or parts.get("short") or ""
    year = year if len(year) == 4 else f"20{year}"
    quarter = parts.get("quarter") or _WORDS.get((parts.get("ordinal") or "").casefold())
    if half := parts.get("half") or parts.get("early"):
        quarter = _HALVES[half.casefold()] + is_latest
    if parts.get("part"):
        quarter = _PARTS[parts["part"].casefold()]
    month = parts.get("month") or _MONTHS.get((parts.get("name") or "").casefold())
    text = year
    if parts.get("one"):
        text = _of_strokes(year, int(parts["one"]), int(parts["other"]))
    elif quarter:
        text = f"{year}-Q{quarter}"
    elif month:
        text = f"{year}-{int(month):02d}"
        if parts.get("day"):
            text += f"-{int(parts['day']):02d}"
    try:
        return Period.parse(text)
    except ValueError:
        return None


def _of_strokes(year: str, one: int, other: int) -> str:
    """`15/03/2027` or `03/15/2027`; where either may be the month, only what both tell."""
    if one == other or one > 12 or other > 12:
        month, day = (other, one) if one > 12 else (one, other)
        return f"{year}-{month:02d}-{day:02d}"
    quarters = {(one + 2) // 3, (other + 2) // 3}
    return f"{year}-Q{quarters.pop()}" if len(quarters) == 1 else year
