"""Languages that a text asks for, apart from the countries that share their names."""

import re
from functools import cache
from typing import NamedTuple

from app.matching.clauses import Outline
from app.matching.knowledge import table

# What is written or spoken, so that a name before it is a language's.
_WRITTEN = (
    r"(?:language|speaking|speakers?|fluency|proficiency|skills|translations?|versions?|documents?"
    r"|documentation|reports?|reporting|records?|batch records?|sops?|summar(?:y|ies)|minutes"
    r"|correspondence|communications?|paperwork|spoken)\b"
)
_SPOKEN = (
    r"(?:speak(?:s|ing)?|spoken|fluent(?:ly)?|fluency|proficient|proficiency|written|writ(?:es?|ing)"
    r"|read(?:s|ing)?|languages?|communicat(?:es?|ing|ion))(?:\s+(?:in|is|are|fluent|good|native"
    r"|business|both|and|some))*[\s:]+"
)
# A country's adjective has a noun after it; what has none after "in" is a language.
_NO_NOUN = (
    r"(?=\s*(?:[.,;:)\n!?]|$)|\s+(?:is|are|as|only|must|should|for|by|from|with|within|preferred"
    r"|preferably|mandatory|required|requested|essential|needed|please|at|on|before|if|a must"
    r"|obligatory)\b)"
)


class Spoken(NamedTuple):
    """A language of a text by its ISO 639-1 code, and where it is named."""

    code: str
    start: int
    end: int


@cache
def _codes() -> dict[str, str]:
    kept = table("languages")["languages"]
    return {
        form.casefold(): code
        for code, names in kept.items()
        for form in (*names["english"], *names["korean"])
    }


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    kept = table("languages")["languages"].values()
    name = "(?:" + "|".join(form for names in kept for form in names["english"]) + ")"
    row = rf"{name}\b(?:\s*(?:,|/|&|\band\b|\bor\b|,\s*and\b)\s*{name}\b)*"
    english = re.compile(
        rf"\b(?:{row}(?=[ -](?:{_WRITTEN}))"
        rf"|{_SPOKEN}{row}(?!\s+(?-i:CDMO|CMO|CRO|GMP))"
        rf"|(?:in|into|to)\s+(?:both\s+)?{row}{_NO_NOUN}"
        rf"|English{_NO_NOUN}"
        rf"|{row}\s+(?:is|are)\s+(?:an?\s+)?(?:must|mandatory|required|essential)\b)",
        re.I,
    )
    forms = "|".join(form for names in kept for form in names["korean"])
    return english, re.compile(rf"(?<![가-힣])(?:{forms})")


@cache
def _name() -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{f}\b" if f.isascii() else f for f in _codes()), re.I)


def languages_of(outline: Outline) -> list[Spoken]:
    """The languages named as such, in the order of the text; `Korean` of a Korean plant is none."""
    text = outline.text
    plain = text.casefold()
    if not any(form in plain for form in _codes()):
        return []
    return [
        Spoken(_codes()[name[0].casefold()], *name.span())
        for pattern in _patterns()
        for found in pattern.finditer(text)
        for name in _name().finditer(text, *found.span())
    ]


def asked(outline: Outline, spoken: list[Spoken]) -> tuple[str, ...]:
    """The codes of languages that are asked for and not ruled out."""
    return tuple(dict.fromkeys(s.code for s in spoken if not outline.negated(s.start, s.end)))
