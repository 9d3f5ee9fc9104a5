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


# What may stand between a stage and the word that says it is over.
_STUDY = (
    r"(?:\s?(?:clinical|trials?|study|studies|programme|program|work|package|part|development"
    r"|dosing|임상|시험|연구|단계)){0,3}"
)
_OVER_BEFORE = re.compile(
    r"(?:(?<!to be )(?<!will be )(?<!to have )\b(?:finished|completed|concluded"
    r"|done with|passed|successful|after (?:finish|complet)ing|abgeschlossene[nr]?)"
    r"|\b(?:after|following|upon) (?:the |successful )*(?:completion|end|conclusion) of)"
    r"(?: (?:our|the|its|a|an|all|both|successful|first|clinical|glp|in))*\s$"
)
_OVER_AFTER = re.compile(
    rf"{_STUDY}(?: (?:is|was|were|are|has been|have been|already|now|just|successfully|fully))*"
    r" (?:completed?|finished|done|concluded|over|ended|behind us|passed|abgeschlossen|termine)\b"
    r"(?! (?:by|before|until) (?:\S+ ){0,3}?\S*\d)"
    rf"|{_STUDY}\s?(?:을|를|은|는|이|가|까지)?\s?(?:성공적으로\s?)?"
    r"(?:완료(?!\s?(?:예정|목표|계획)|해(?!서)|하(?:려|고 ?싶|기)|할|될)"
    r"|종료(?!\s?예정|할|될)|마쳤|마친|마치고|끝났|끝낸|끝내고)"
)
_UNDER_WAY = re.compile(
    rf"{_STUDY}(?: (?:is|are|has|have|was|currently|now|already|just))*"
    r" (?:ongoing|running|under ?way|started|begun|enrolling|recruiting|in progress)\b"
    rf"|{_STUDY}\s?(?:을|를|은|는|이|가)?\s?(?:진행 ?중|수행 ?중|완료 ?예정)"
)
_MATERIAL_AFTER = re.compile(
    rf"{_STUDY}\s?(?:materials?|suppl|batch|lots?\b|tablets?|capsules?|vials?|drug|products?|doses?)"
)
_BOTH = re.compile(r"\s?(?:and|&|plus|및|과|와)\s?")


def stages_asked(text: str) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
    """The stages that a text speaks of as wanted: not what is over, nor what is under way where
    another is asked for. `1상 완료, 2상용 정제` is about phase 2."""
    plain, starts, ends = aligned(text)
    named = [row for row in _named(plain) if row[1] > row[0]]
    over = [_is_over(plain, begin, end) for begin, end, _ in named]
    for one, (row, following) in enumerate(pairwise(named)):
        joined = _BOTH.fullmatch(plain, row[1], following[0])
        if joined and over[one + 1] and not _MATERIAL_AFTER.match(plain, row[1]):
            over[one] = True
        elif joined and over[one] and not _MATERIAL_AFTER.match(plain, following[1]):
            over[one + 1] = True
    left = [row for row, is_over in zip(named, over, strict=True) if not is_over]
    asked = [row for row in left if not _UNDER_WAY.match(plain, row[1])] or left
    return tuple((starts[begin], ends[end - 1], stages) for begin, end, stages in asked)


def _is_over(plain: str, begin: int, end: int) -> bool:
    if _OVER_AFTER.match(plain, end):
        return True
    before = plain[max(0, begin - 60) : begin]
    return bool(_OVER_BEFORE.search(before)) and not _MATERIAL_AFTER.match(plain, end)


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
