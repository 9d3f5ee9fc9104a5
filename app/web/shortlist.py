"""What the page of the match shows beside the answer: names from the catalogue, and sums."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from app.matching.catalogue import Catalogue
from app.matching.columns import distinct
from app.models.match import Lang, MatchAnswer, MatchPublic, NeedPublic, PointPublic
from app.web import wording
from app.web.texts import say


def country_options(catalogue: Catalogue, lang: Lang) -> list[tuple[str, str]]:
    """The countries where the catalogue has providers or facilities, by name."""
    codes: set[str] = set()
    column = catalogue.providers.places
    for number in distinct(column.codes[catalogue.listed], len(column.values)).tolist():
        place = column.values[number]
        codes |= place.facilities
        codes |= {place.country} if place.country else set()
    return sorted(((c, wording.country(lang, c)) for c in codes), key=lambda option: option[1])


class ConceptLabels:
    """The names of the vocabulary's concepts in a language."""

    def __init__(self, catalogue: Catalogue, lang: Lang) -> None:
        self._concepts = catalogue.vocabulary.concepts
        self._lang = lang

    def __call__(self, ids: Iterable[str]) -> str:
        """The names of these concepts, listed; an id that nobody knows stands for itself."""
        return ", ".join(self._label(concept) for concept in ids)

    def _label(self, concept: str) -> str:
        if concept not in self._concepts:
            return concept
        labels = self._concepts[concept].labels
        return labels.get(self._lang) or labels.get("en") or concept


def context_of(answer: MatchAnswer, catalogue: Catalogue, lang: Lang, most: int) -> dict[str, Any]:
    """What the template of an answer needs beside it, to show at most so many of each kind."""
    return {
        "answer": answer,
        "matches": shown(answer, most),
        "labels": ConceptLabels(catalogue, lang),
        "ledger_of": Ledgers(answer, lang),
        "successors": names_by_slug(catalogue, (who.successor for who in answer.left_out)),
    }


def shown(answer: MatchAnswer, most: int) -> list[MatchPublic]:
    """The matches that the page shows: the first of those that may fit, then of those that
    don't."""
    fits = [match for match in answer.matches if match.eligibility != "ineligible"]
    unfit = [match for match in answer.matches if match.eligibility == "ineligible"]
    return fits[:most] + unfit[:most]


def names_by_slug(catalogue: Catalogue, slugs: Iterable[str | None]) -> dict[str, str]:
    """The names of those of these slugs that the catalogue holds."""
    wanted = {slug for slug in slugs if slug}
    return {c.slug: c.name for c in catalogue.candidates if c.slug in wanted}


@dataclass(frozen=True, slots=True)
class Sums:
    """What lines of a ledger add up to."""

    possible: float
    won: float
    unknown: float
    lost: float
    score: float

    @classmethod
    def of(cls, lines: Sequence[PointPublic]) -> "Sums":
        """The sums of these lines, exact to the hundredth."""
        return cls(*(_sum(getattr(line, f.name) for line in lines) for f in fields(cls)))


@dataclass(frozen=True, slots=True)
class Ledger:
    """A match's lines by need, then those of the wishes, and their sums."""

    groups: list[tuple[str, list[PointPublic]]]
    total: Sums


class Ledgers:
    """The ledgers of an answer, under the words of its needs."""

    def __init__(self, answer: MatchAnswer, lang: Lang) -> None:
        self._lang = lang
        self._titles = {
            need.id: _title(need, number, lang)
            for number, need in enumerate(answer.understood.needs, start=1)
        }

    def __call__(self, match: MatchPublic) -> Ledger:
        """The ledger of a match."""
        groups = [(self._titles.get(need.id, need.id), need.ledger) for need in match.needs]
        groups.append((say(self._lang, "ledger.wishes"), match.wishes))
        filled = [(title, lines) for title, lines in groups if lines]
        return Ledger(filled, Sums.of([line for _, lines in filled for line in lines]))


def _title(need: NeedPublic, number: int, lang: Lang) -> str:
    words = [part.text for part in (need.service, need.modality, need.platform) if part]
    title = say(lang, "read.need", number=number)
    return f"{title}: {', '.join(words)}" if words else title


def _sum(values: Iterable[float]) -> float:
    return sum(round(value * 100) for value in values) / 100
