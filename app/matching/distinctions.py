"""What tells two works of one name apart: filling vials is not filling syringes.

Both are the service "filling"; the phrase bears a further concept (a medicine, a form, a container,
a host, a disease area, a standard, a nuclide, an animal) that the service has lost. Concepts of one
group stand against each other; a phrase that bears none of a group says nothing about it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from app.matching.knowledge import table
from app.matching.types import Concept

AT_MOST = 0.5  # of a service, where the offer is for something else of the same group
ALIKE = 0.5  # what is at least so like what is asked isn't held against it
_MARK = ":"  # between the group and the name of what the vocabulary has no concept for
_BY_FACET = {"modality": "medicine", "therapeutic_area": "area"}
_PHASES = re.compile(
    r"\bphases?\s*(iv|i{1,3}|[1-4])[ab]?\b"
    r"(?:\s*(?:-|–|/|to|through|and|&|,)\s*(?:phase\s*)?(iv|i{1,3}|[1-4])[ab]?\b)?"
    r"|([1-4])\s?(?:(?:-|~|∼|–|·|,)\s?([1-4]))?상(?![가-힣]*태)",
    re.I,
)
_DURATIONS = re.compile(
    r"\b(\d{1,3})[- ]?(day|week|month|year)s?\b|(?<!\d)(\d{1,3})\s?(일|주|개월|년)(?!차)"
)
_DAYS = {"day": 1, "week": 7, "month": 30.4, "year": 365}
_DAYS |= {"일": 1, "주": 7, "개월": 30.4, "년": 365}
_DIGITS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"[1-9]")

Names = tuple[str, ...]


class Groups:
    """The groups of a vocabulary's concepts."""

    def __init__(
        self, concepts: Mapping[str, Concept], line: Callable[[str], Sequence[str]]
    ) -> None:
        self._concepts, self._line = concepts, line
        self._known: dict[str, str] = {}  # not by a bound method, which would be a circle

    def of(self, name: str) -> str:
        """The group of a concept, or of a name out of `named_in`; empty where it tells nothing
        apart."""
        group = self._known.get(name)
        if group is None:
            group = self._known[name] = self._group(name)
        return group

    def _group(self, name: str) -> str:
        if _MARK in name:
            return name.partition(_MARK)[0]
        listed, known = _listed(), self._concepts.get(name)
        if known is None or name in table("distinctions")["left_out"]:
            return ""
        group = next((listed[up] for up in self._line(name) if up in listed), "")
        if group or known.facet not in _BY_FACET:
            return group
        is_form = not _forms().isdisjoint(self._line(name))
        return "form" if is_form else _BY_FACET[known.facet]

    def telling(self, names: Iterable[str]) -> Names:
        """Those that tell works apart, each once."""
        return tuple(dict.fromkeys(name for name in names if self.of(name)))

    def standing(
        self, asked: Sequence[str], names: Iterable[str], fits: Callable[[str, str], bool]
    ) -> list[int]:
        """How each of the names that offers bear stands to what is asked: the number of its group
        among those asked, from 1, below zero where it fits nothing asked in it; else 0."""
        groups: dict[str, list[str]] = {}
        for name in asked:
            groups.setdefault(self.of(name), []).append(name)
        numbers = {group: number for number, group in enumerate(groups, start=1)}
        found = []
        for name in names:
            group = self.of(name)
            number = numbers.get(group, 0)
            is_fit = number and any(fits(one, name) for one in groups[group])
            found.append(number if is_fit else -number)
        return found

    def against(
        self, asked: Sequence[str], offered: Sequence[str], fits: Callable[[str, str], bool]
    ) -> tuple[str, str] | None:
        """The first pair of an asked and an offered name that stand against each other: of one
        group, in which the offer bears nothing that fits what is asked."""
        for group in dict.fromkeys(map(self.of, asked)):
            mine = [name for name in asked if self.of(name) == group]
            theirs = [name for name in offered if self.of(name) == group]
            if theirs and not any(fits(one, other) for one in mine for other in theirs):
                return mine[0], theirs[0]
        return None


def named_in(phrase: str) -> Names:
    """What a phrase names that the vocabulary has no concept for, each with its group."""
    text = phrase.lower()
    first, words, found = _by_first_word(), _WORD.findall(text), []
    if not text.isascii():
        found += [name for form, name in _korean_forms() if form in text]
    if not first.keys().isdisjoint(words):  # mostly it is
        for at, word in enumerate(words):
            found += [n for f, n in first.get(word, ()) if tuple(words[at : at + len(f)]) == f]
    if "phase" in text or "상" in text:
        found += _phases(text)
    if _DIGIT.search(text):
        found += _durations(text)
    return tuple(dict.fromkeys(found))


def _phases(text: str) -> Iterable[str]:
    """The phases of trials, each of a range by itself."""
    for match in _PHASES.finditer(text):
        told = [_DIGITS.get(each) or int(each) for each in match.groups() if each]
        for number in range(min(told), max(told) + 1):
            yield f"phase{_MARK}{number}"


def _durations(text: str) -> Iterable[str]:
    """How long a study takes, in weeks: 13 weeks and 90 days are the same."""
    for match in _DURATIONS.finditer(text):
        number, unit = (each for each in match.groups() if each)
        yield f"duration{_MARK}{round(int(number) * _DAYS[unit] / 7)}"


def told(name: str, lang: str) -> str:
    """How a name out of `named_in` is told; empty for a concept."""
    group, mark, own = name.partition(_MARK)
    if not mark:
        return ""
    if group == "phase":
        return f"{own}상" if lang == "ko" else f"phase {own}"
    if group == "duration":
        return f"{own}주" if lang == "ko" else f"{own} weeks"
    return str(table("distinctions")["korean"].get(own, own)) if lang == "ko" else own


@cache
def _listed() -> Mapping[str, str]:
    groups = table("distinctions")["concepts"]
    return {concept: group for group, concepts in groups.items() for concept in concepts}


@cache
def _forms() -> frozenset[str]:
    return frozenset(table("families")["forms"])


@cache
def _all_forms() -> Sequence[tuple[str, str]]:
    groups = table("distinctions")["words"]
    return [
        (form, f"{group}{_MARK}{name}")
        for group, names in groups.items()
        for name, forms in names.items()
        for form in forms
    ]


@cache
def _by_first_word() -> Mapping[str, Sequence[tuple[Names, str]]]:
    found: dict[str, list[tuple[Names, str]]] = {}
    for form, name in _all_forms():
        if form.isascii():
            words = tuple(form.split())
            found.setdefault(words[0], []).append((words, name))
    return found


@cache
def _korean_forms() -> Sequence[tuple[str, str]]:
    return [(form, name) for form, name in _all_forms() if not form.isascii()]
