"""Stages of development named in a text, as the six that capabilities and needs are compared by."""

import re
from itertools import pairwise

from app.matching.knowledge import table
from app.matching.terms import aligned, normalise
from app.matching.types import STAGES

_ORDER = {stage: index for index, stage in enumerate(STAGES)}
_CLINICAL = ("phase1", "phase2", "phase3")
_NUMBER = r"(?:iv|iii|ii|i|[1-4])"
_PHASE = re.compile(
    rf"\b(?:ph(?:ase)?s?\.?\s?-?|p(?=[1-4]\b))({_NUMBER})(?:\s?[abc](?![a-z]))?"
    rf"((?:\s*(?:[/,&+-]|to|and|or|through|~"
    rf"|–)+\s*(?:ph(?:ase)?s?\.?\s?-?)?{_NUMBER}(?:[abc])?\b)*)"
    r"(?![0-9])",
)
_KOREAN_PHASE = re.compile(r"([1-4])[abc]?(?:\s*([/,~·-])\s*([1-4])[abc]?)?\s*(?:상|단계 임상)")
_LATER = re.compile(rf"(to|-|through|~|and|or|[/,&+])\s*(?:ph(?:ase)?s?\.?\s?-?)?({_NUMBER})")
_VALUE = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_NOT_A_TRIAL = re.compile(
    r"\b(?:sbir|sttr)\s+(?:phase|ph)\s?\S+|\bphase\s?\S+\s+of\s+(?:the\s+)?(?:project|contract"
    r"|works?)\b"
)
_PATTERNS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile("|".join(wording["patterns"])), tuple(wording["stages"]))
    for wording in table("stages")["wordings"]
)
_ANY_CLINICAL = re.compile(r"(?<![a-z])clinical|임상|klinisch|clinique")
_NOT_CLINICAL = re.compile(
    r"(?:pre|non)[ -]?clinical|early[ -](?:phase |stage )?clinical|late[ -](?:phase "
    r"|stage )?clinical"
    r"|전임상|비임상|초기 임상|후기 임상|preclinique|praklinisch"
)
_IND = re.compile(r"\bind\b")
_ALL = re.compile(
    r"\b(?:all (?:phases|stages)|any (?:phase|stage)|every (?:phase|stage))|전 ?주기|전 ?단계"
)
_RANGE = re.compile(r"\b(?:to|through|until|up to)\b|[-–~→]|부터|에서|까지")


def stages_of(text: str) -> tuple[str, ...]:
    """The stages a text names, in the order of development; a range holds what lies between.

    `Phase I/IIa` gives phase1 and phase2, `clinical to commercial` phase1 to commercial. A
    contract's or grant's phase is none.
    """
    plain = normalise(text)
    if _ALL.search(plain):
        return _CLINICAL if "phase" in plain else STAGES
    found = _named(plain)
    if not found and _IND.search(plain):
        return ("preclinical",)
    return _in_order(plain, found)


def stage_spans(text: str) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
    """Where a text names stages: start, end and the stages named there."""
    plain, starts, ends = aligned(text)
    return tuple(
        (starts[begin], ends[end - 1], stages)
        for begin, end, stages in _named(plain)
        if end > begin
    )


def _named(plain: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """The stretches of a normalised text that name stages; `clinical` only where nothing else."""
    plain = _NOT_A_TRIAL.sub(lambda m: " " * len(m[0]), plain)
    found: list[tuple[int, int, tuple[str, ...]]] = []
    for match in _PHASE.finditer(plain):
        found.append((*match.span(), _stages(_numbers(match[1], match[2] or ""))))
    for match in _KOREAN_PHASE.finditer(plain):
        numbers = _spread(int(match[1]), int(match[3] or match[1]), match[2] in ("~", "-"))
        found.append((*match.span(), _stages(numbers)))
    for pattern, stages in _PATTERNS:
        found.extend((*match.span(), stages) for match in pattern.finditer(plain))
    named = {stage for *_, stages in found for stage in stages}
    general = _ANY_CLINICAL.search(_NOT_CLINICAL.sub(lambda m: " " * len(m[0]), plain))
    if general and not named.intersection(_CLINICAL):
        found.append((*general.span(), _CLINICAL))
    return sorted(found)


def _in_order(plain: str, found: list[tuple[int, int, tuple[str, ...]]]) -> tuple[str, ...]:
    """All stages found; between two that a range joins, also what lies between."""
    named = {stage for *_, stages in found for stage in stages}
    for (before, _, low), (after, _, high) in pairwise(found):
        if _RANGE.search(plain[before:after]) and after - before <= 40:
            first, last = _ORDER[low[0]], _ORDER[high[-1]]
            named.update(STAGES[first : last + 1])
    return tuple(stage for stage in STAGES if stage in named)


def _numbers(first: str, rest: str) -> set[int]:
    last = _VALUE.get(first) or int(first)
    numbers = {last}
    for joint, value in _LATER.findall(rest):
        number = _VALUE.get(value) or int(value)
        numbers |= _spread(last, number, joint in ("to", "-", "through", "~"))
        last = number
    return numbers


def _spread(first: int, last: int, is_range: bool) -> set[int]:
    return set(range(first, last + 1)) if is_range and first < last else {first, last}


def _stages(numbers: set[int]) -> tuple[str, ...]:
    named = {f"phase{number}" if number < 4 else "commercial" for number in numbers}
    return tuple(stage for stage in STAGES if stage in named)
