"""Numbers written as words: "half a million", "two hundred and fifty", "forty-five", "오백"."""

import re
from collections.abc import Mapping
from decimal import Decimal

_ONES: Mapping[str, int] = {
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8},
    **{"nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14},
    **{"fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19},
    # German and French, as far as they aren't English words.
    **{"zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9},
    **{"zehn": 10, "zwölf": 12, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "huit": 8},
    **{"neuf": 9, "dix": 10, "douze": 12},
}
_TENS: Mapping[str, int] = {
    **{"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70},
    **{"eighty": 80, "ninety": 90, "zwanzig": 20, "fünfzig": 50, "vingt": 20, "cinquante": 50},
}
_HANGUL: Mapping[str, int] = {
    **{"일": 1, "이": 2, "삼": 3, "사": 4, "오": 5, "육": 6, "칠": 7, "팔": 8, "구": 9},
}
_HANGUL_TIMES: Mapping[str, int] = {"십": 10, "백": 100, "천": 1000}
_HANGUL_MYRIADS: Mapping[str, int] = {"만": 10**4, "억": 10**8}
_NATIVE: Mapping[str, int] = {
    **{"한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9},
    "열": 10,
}
_ONE = "|".join(sorted(_ONES, key=len, reverse=True))
_TEN = "|".join(_TENS)
_BELOW_HUNDRED = rf"(?:(?:{_TEN})(?:[ -](?:{_ONE}))?|(?:{_ONE}))"
_MAGNITUDE = r"(?:thousand|million|billion)"
_PARTS: Mapping[str, Decimal] = {
    "half": Decimal("0.5"),
    "quarter": Decimal("0.25"),
    "quarters": Decimal("0.75"),
}
SPELLED = (
    rf"(?:(?:(?:{_ONE}) and )?(?:an? |three )?(?:half|quarters?)(?: of)?(?: an?)?"
    rf"(?=[ -]{_MAGNITUDE}\b)"
    rf"|(?:(?:{_ONE}|a) )?(?:hundred|dozen)(?: and {_BELOW_HUNDRED}| {_BELOW_HUNDRED})?"
    rf"|{_BELOW_HUNDRED}|an?(?=[ -]{_MAGNITUDE}\b))"
)
# Read as a number only in front of what is counted, for these are also parts of other words.
SPELLED_HANGUL = (
    r"(?<![가-힣])(?:[일이삼사오육칠팔구십백천만억]{2,9}(?=\s?[가-힣A-Za-z])|[백천만억](?=\s[가-힣A-Za-z])"
    rf"|(?:{'|'.join(_NATIVE)})(?=\s(?:배치|로트|바이알|종|개)))"
)


def value_of(written: str) -> Decimal:
    """What a number word says that SPELLED or SPELLED_HANGUL has found."""
    if "가" <= written[0] <= "힣":
        return Decimal(_NATIVE.get(written) or _hangul(written))
    words = re.split(r"[ -]", written.lower())
    part = next((_PARTS[word] for word in words if word in _PARTS), None)
    if part is not None:
        whole = _ONES[words[0]] if words[1:2] == ["and"] else 0
        return whole + part
    times = {"hundred": 100, "dozen": 12}
    total, counted = 0, False
    for word in words:
        if word in times:
            total, counted = (total or 1) * times[word], True
        else:
            total += _ONES.get(word) or _TENS.get(word) or 0
            counted = counted or word not in ("a", "an", "and")
    return Decimal(total if counted else 1)


def _hangul(written: str) -> int:
    total = below = digit = 0
    for syllable in written:
        if syllable in _HANGUL:
            digit = _HANGUL[syllable]
        elif syllable in _HANGUL_TIMES:
            below += (digit or 1) * _HANGUL_TIMES[syllable]
            digit = 0
        else:
            total += (below + digit or 1) * _HANGUL_MYRIADS[syllable]
            below = digit = 0
    return total + below + digit
