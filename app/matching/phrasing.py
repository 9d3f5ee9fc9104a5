"""How codes, dates and lists are read aloud, and sentences filled with them, in both languages."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from app.matching.knowledge import table
from app.period import Period

_SLOT = re.compile(r"\{(\w+)(?:([|:])([은이을과]|으로|이나))?\}")
# After a final consonant, and after a vowel.
_PARTICLES = {
    "은": ("은", "는"),
    "이": ("이", "가"),
    "을": ("을", "를"),
    "과": ("과", "와"),
    "으로": ("으로", "로"),
    "이나": ("이나", "나"),
}
_CLOSED_DIGITS, _CLOSED_LETTERS, _CLOSED_ENDS = "013678", "LMNR", ("l", "m", "n", "ng")
_LIQUID = ("1", "7", "8", "L", "R", "l")  # ㄹ, after which 로 stands
_BRACKETED = re.compile(r"\s*\([^()]*\)\s*$")

_STAGES: Mapping[str, Mapping[str, str]] = {
    "en": {"phase1": "phase 1", "phase2": "phase 2", "phase3": "phase 3"},
    "ko": {
        "discovery": "발굴",
        "preclinical": "비임상",
        "phase1": "1상",
        "phase2": "2상",
        "phase3": "3상",
        "commercial": "상업 생산",
    },
}
_WORKS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "discovery": "discovery",
        "nonclinical": "nonclinical studies",
        "clinical": "clinical trials",
        "regulatory": "regulatory affairs",
        "consulting": "quality and CMC consulting",
        "making": "development and manufacturing",
        "testing": "analysis and testing",
        "logistics": "packaging and logistics",
        "engineering": "facilities and engineering",
        "supply": "materials and equipment",
    },
    "ko": {
        "discovery": "발굴 연구",
        "nonclinical": "비임상 시험",
        "clinical": "임상시험",
        "regulatory": "인허가",
        "consulting": "품질 및 CMC 자문",
        "making": "개발 및 생산",
        "testing": "분석 및 시험",
        "logistics": "포장 및 물류",
        "engineering": "시설 및 엔지니어링",
        "supply": "원부자재 및 장비",
    },
}
_CODES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "ownership": {
        "public": ("public", "공공"),
        "private": ("private", "민간"),
        "ppp": ("public-private partnership", "민관 협력"),
        "nonprofit": ("non-profit", "비영리"),
    },
    "language": {
        "ar": ("Arabic", "아랍어"),
        "cs": ("Czech", "체코어"),
        "da": ("Danish", "덴마크어"),
        "de": ("German", "독일어"),
        "el": ("Greek", "그리스어"),
        "en": ("English", "영어"),
        "es": ("Spanish", "스페인어"),
        "fi": ("Finnish", "핀란드어"),
        "fr": ("French", "프랑스어"),
        "he": ("Hebrew", "히브리어"),
        "hi": ("Hindi", "힌디어"),
        "hu": ("Hungarian", "헝가리어"),
        "id": ("Indonesian", "인도네시아어"),
        "it": ("Italian", "이탈리아어"),
        "ja": ("Japanese", "일본어"),
        "ko": ("Korean", "한국어"),
        "nl": ("Dutch", "네덜란드어"),
        "no": ("Norwegian", "노르웨이어"),
        "pl": ("Polish", "폴란드어"),
        "pt": ("Portuguese", "포르투갈어"),
        "ru": ("Russian", "러시아어"),
        "sv": ("Swedish", "스웨덴어"),
        "th": ("Thai", "태국어"),
        "tr": ("Turkish", "튀르키예어"),
        "uk": ("Ukrainian", "우크라이나어"),
        "vi": ("Vietnamese", "베트남어"),
        "zh": ("Chinese", "중국어"),
    },
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_WITH_ARTICLE = re.compile(
    r"(?:United|Netherlands|Czech Republic|Philippines|Bahamas|Maldives|Gambia|Dominican Republic"
    r"|.*Islands|.*Emirates)\b"
)


def fill(template: str, **values: str) -> str:
    """The template with its `{slots}` filled. `{slot|을}` adds the Korean particle, 을 or 를, that
    the word takes; `{slot:을}` is the particle alone, to stand after a closing mark."""

    def put(slot: re.Match[str]) -> str:
        value = values.get(slot[1], "")
        if slot[3] is None:
            return value
        return (value if slot[2] == "|" else "") + _particle(value, slot[3])

    return _SLOT.sub(put, template)


def spoken(lang: str, criterion: str, text: str, joint: str = "and") -> str:
    """What a criterion compares, as it is read aloud: codes and dates in words, lists joined."""
    if not text:
        return ""
    if criterion in ("time", "freshness"):
        return _date_in_words(lang, text)
    if criterion in _CODES:
        names = _CODES[criterion]
        words = [names.get(each, (each, each))[lang == "ko"] for each in text.split(", ")]
        return listed(lang, words, joint)
    if criterion == "place":
        return listed(lang, (_after_in(lang, name) for name in text.split(", ")), joint)
    if criterion in ("wording", "market"):
        return listed(lang, text.split(", "), joint)
    return text


def listed(lang: str, items: Iterable[str], joint: str = "and") -> str:
    """The distinct items in one line: "A, B and C"; "A, B, C" in Korean, which has no joint."""
    kept = list(dict.fromkeys(item for item in items if item))
    if lang == "ko" or len(kept) < 2:
        return ", ".join(kept)
    return f"{', '.join(kept[:-1])} {joint} {kept[-1]}"


def stages_in_words(lang: str, stages: Iterable[str], joint: str = "and") -> str:
    """Stages of development as a person in the field writes them, in one line."""
    words = _STAGES.get(lang, _STAGES["en"])
    return listed(lang, (words.get(stage, stage) for stage in stages), joint)


def country_in_words(lang: str, code: str) -> str:
    """The name of a country as it stands after "in"; its code where nobody knows it."""
    names = table("places")["countries"].get(code, {})
    name = str((names.get("korean" if lang == "ko" else "names") or [code])[0])
    return _after_in(lang, name)


def countries_in_words(lang: str, codes: Iterable[str], joint: str = "or") -> str:
    """The names of countries as they stand after "in", in one line."""
    return listed(lang, (country_in_words(lang, code) for code in codes), joint)


def period_in_words(lang: str, period: Period) -> str:
    """A day, month, quarter or year: "15 April 2027", "April 2027", "Q2 2027", "2027"."""
    first, form = period.first, period.text[4:]
    year, quarter = first.year, (first.month + 2) // 3
    if lang == "ko":
        tail = f" {quarter}분기" if "Q" in form else "".join(_korean_days(period))
        return f"{year}년{tail}"
    if "Q" in form:
        return f"Q{quarter} {year}"
    month = f"{_MONTHS[first.month - 1]} {year}"
    return {0: str(year), 3: month}.get(len(form), f"{first.day} {month}")


def _after_in(lang: str, country: str) -> str:
    return f"the {country}" if lang != "ko" and _WITH_ARTICLE.match(country) else country


def _date_in_words(lang: str, text: str) -> str:
    try:
        return period_in_words(lang, Period.parse(text))
    except ValueError:
        return text


def _korean_days(period: Period) -> Iterable[str]:
    parts = len(period.text.split("-"))
    if parts > 1:
        yield f" {period.first.month}월"
    if parts > 2:
        yield f" {period.first.day}일"


def _particle(word: str, kind: str) -> str:
    closed, liquid = _ending(_BRACKETED.sub("", word).rstrip(" .,:;!?'\"”’)]"))
    if kind == "으로" and liquid:
        return "로"
    return _PARTICLES[kind][0 if closed else 1]


def _ending(word: str) -> tuple[bool, bool]:
    """Whether a word, read aloud, ends in a consonant, and whether that is ㄹ."""
    last = word[-1:]
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % 28
        return final > 0, final == 8
    if last.isdigit() or last.isupper():  # letters by themselves are spelt out
        return last in _CLOSED_DIGITS + _CLOSED_LETTERS, last in _LIQUID
    return word.endswith(_CLOSED_ENDS), last in _LIQUID


@lru_cache(maxsize=1024)
def works_in_words(lang: str, regimes: frozenset[str]) -> str:
    """Kinds of work as a person says them, in one line and a fixed order."""
    said = _WORKS.get(lang, _WORKS["en"])
    kept = [words for regime, words in said.items() if regime in regimes]
    # "quality and CMC consulting" has an "and" of its own.
    return listed(lang, kept, "as well as" if any(" and " in words for words in kept) else "and")
