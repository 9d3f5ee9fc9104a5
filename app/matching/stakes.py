"""What hangs on each thing a request leaves open: how far an answer would set apart the providers
that fit best so far.

For every field that a need leaves out, the best candidates are asked what they say there. Each of
their answers is tried as the sender's: it gives the field's points to those who say so, the prior's
share to those who are silent, and nothing to the rest. What is at stake is by how many points such
an answer sets two of the candidates apart, on average. Where all say the same, or nobody says
anything, nothing is.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from app.matching.assurance import REGIMES, Assurance
from app.matching.availability import Availability, judge
from app.matching.brief import Ask
from app.matching.columns import Column, Rows
from app.matching.criteria import BY_NAME
from app.matching.offer_columns import EVERY_MODALITY
from app.matching.place import regulator_named
from app.matching.points import weigh
from app.matching.provider_columns import Place, Standing
from app.matching.rank import Search
from app.matching.scoring import INELIGIBLE
from app.matching.types import STAGES, Need, Quantity
from app.matching.units import NOT_CAPACITY
from app.matching.vocabulary import Vocabulary
from app.period import Period

_AMONG = 20  # candidates that are compared
_MOST_NEEDS = 3  # that are looked at, the heaviest: no more is asked anyway
_SHOWN = 3  # answers of theirs that are named
_FACETS = {"modality": ("modality",), "platform": ("platform", "equipment")}
_NO_SCALE = (*NOT_CAPACITY, "batches", "people_or_animals", "count", "duration")


class Stake(NamedTuple):
    """What an answer about one field would decide, and what candidates say there, mostly first."""

    need: str | None  # None: of the whole
    field: str
    points: float  # by which an answer sets two candidates apart, on average
    said: tuple[Any, ...]  # concepts, stages, countries, authorities or quantities


class _Said(NamedTuple):
    """What a candidate says in a field: nothing at all, or what it names and all that covers."""

    named: tuple[Hashable, ...] = ()
    covers: frozenset[Hashable] = frozenset()
    every: bool = False


_Answers = Mapping[_Said, int]  # how many candidates say so
_SILENT = _Said()


def stakes(search: Search, is_scaled: Callable[[Need], bool]) -> tuple[Stake, ...]:
    """What the needs and the wishes of a search leave open, the most at stake first.
    `is_scaled` tells whether amounts and technologies belong to a need."""
    if not search.chosen:
        return ()
    shown = search.is_known & search.is_shown & (search.fates != INELIGIBLE)
    pool = search.ranked(np.flatnonzero(shown), _AMONG)
    table = _Table(search, np.array(pool, dtype=np.int64), search.best_of(pool))
    found = [*table.of_needs(is_scaled), *table.of_wishes()]
    return tuple(sorted((s for s in found if s.points > 0), key=lambda stake: -stake.points))


class _Table:
    """The best candidates of a search with the offers they stand there with."""

    def __init__(self, search: Search, providers: Rows, best: Rows) -> None:
        brief = search.scoring.brief
        self._scoring, self._asks, self._weights = search.scoring, brief.asks, brief.query.weights
        self._vocabulary = brief.catalogue.vocabulary
        self._offers, self._columns = brief.catalogue.offers, brief.catalogue.providers
        self._providers, self._best = providers, best
        self._heaviness = sum(ask.need.weight for ask in brief.asks) or 1.0
        self._asked = self._weight_asked()

    def of_needs(self, is_scaled: Callable[[Need], bool]) -> Iterable[Stake]:
        """The fields that a need leaves out."""
        numbers = range(len(self._asks))
        heaviest = sorted(numbers, key=lambda number: -self._asks[number].need.weight)
        for number in heaviest[:_MOST_NEEDS]:
            ask = self._asks[number]
            share = ask.need.weight / self._heaviness
            for field, say in self._open(number, scaled=is_scaled(ask.need)):
                yield self._stake(ask.need.id, field, field, say(), share)

    def of_wishes(self) -> Iterable[Stake]:
        """The wishes that the whole leaves out."""
        ask, columns = self._asks[0], self._columns
        wishes = ask.wishes
        if wishes.needed_from is None:
            said = _tallied(self._offers.availabilities, self._best[:, 0], _when(ask))
            yield self._stake(None, "needed_from", "time", said)
        if not (wishes.has_place or wishes.countries_preferred):
            said = _tallied(columns.places, self._providers, _where)
            yield self._stake(None, "countries", "place", said)
        if not wishes.markets:
            said = _tallied(columns.standings, self._providers, _licensed)
            yield self._stake(None, "markets", "market", said)

    def _open(self, number: int, *, scaled: bool) -> Iterable[tuple[str, Callable[[], _Answers]]]:
        """The fields that a need leaves open and that can belong to it."""
        ask, rows, offers = self._asks[number], self._best[:, number], self._offers
        vocabulary = self._vocabulary
        fields: dict[str, Callable[[], _Answers]] = {
            "modality": lambda: self._concepts(rows, "modality"),
            "stage": lambda: _tallied(offers.stages, rows, _stages),
            "quality": lambda: _tallied(
                offers.assurances, rows, lambda found: _standards(found, vocabulary)
            ),
        }
        if scaled:
            fields["platform"] = lambda: self._concepts(rows, "platform")
            fields["scale"] = lambda: _amounts(offers.quantities, rows)
        else:
            fields["therapeutic_area"] = lambda: _tallied(
                offers.areas,
                rows,
                lambda areas: _Said(*vocabulary.told(areas, ("therapeutic_area",))),
            )
        return [(name, say) for name, say in fields.items() if not BY_NAME[name].is_asked(ask)]

    def _weight_asked(self) -> float:
        """The weight of all that is asked already, among which a further answer takes its share."""
        asked = [
            weigh(self._weights, criterion.name) * ask.need.weight / self._heaviness
            for criterion in self._scoring.asked
            for ask in self._asks
            if criterion.is_asked(ask)
        ]
        return sum(asked) + sum(weigh(self._weights, c.name) for c in self._scoring.wished)

    def _stake(
        self, need: str | None, field: str, criterion: str, answers: _Answers, share: float = 1.0
    ) -> Stake:
        weight = share * weigh(self._weights, criterion)
        named = Counter[Hashable]()
        for said, times in answers.items():
            for name in said.named:
                named[name] += times
        apart = _apart(answers, named, BY_NAME[criterion].prior) if named and weight else 0.0
        points = 100 * apart * weight / (self._asked + weight) if apart else 0.0
        shown = sorted((name for name, _ in named.most_common(_SHOWN)), key=_rank)
        return Stake(need, field, points, tuple(shown))

    def _concepts(self, rows: Rows, field: str) -> _Answers:
        offers, facets = self._offers, _FACETS[field]
        answers = Counter[_Said]()
        for row, mark in zip(rows.tolist(), offers.marks[rows].tolist(), strict=True):
            every = field == "modality" and bool(mark & EVERY_MODALITY)
            told = self._vocabulary.told(tuple(offers.concepts.at(row)), facets)
            answers[_Said(*told, every)] += 1
        return answers


def _apart(answers: _Answers, named: Counter[Hashable], prior: float) -> float:
    """By what share of a field's points an answer sets two candidates apart, on average over the
    candidates and over the answers they give."""
    size = sum(answers.values())
    every = sum(times for said, times in answers.items() if said.every)
    silent = answers.get(_SILENT, 0)
    covered = Counter[Hashable]()
    for said, times in answers.items():
        for name in () if said.every else said.covers:
            covered[name] += times
    total = 0.0
    for name, times in named.items():
        yes = every + covered[name]
        no = size - yes - silent
        total += times * (yes * no + (1 - prior) * yes * silent + prior * no * silent)
    return 2 * total / (size * size * named.total())


def _tallied(column: Column[Any], rows: Rows, say: Callable[[Any], _Said]) -> _Answers:
    answers = Counter[_Said]()
    for code, times in Counter(column.codes[rows].tolist()).items():
        answers[say(column.values[code])] += times
    return answers


def _standards(found: Assurance, vocabulary: Vocabulary) -> _Said:
    held = [claim.regime for claim in found.claims if claim.strength == "held"]
    for paper in found.at_site:
        above = vocabulary.broader(paper.concept)
        held.append(next((regime for regime in above if regime in REGIMES), None))
    named = tuple(dict.fromkeys(regime for regime in held if regime))
    return _Said(named, frozenset(named))


def _stages(stages: tuple[str, ...]) -> _Said:
    return _Said(stages, frozenset(stages))


def _where(place: Place) -> _Said:
    named = (place.country,) if place.country else ()
    return _Said(named, place.facilities.union(named))


def _licensed(standing: Standing) -> _Said:
    named = tuple(sorted({known for a, _ in standing.authorities if (known := regulator_named(a))}))
    return _Said(named, frozenset(named))


def _when(ask: Ask) -> Callable[[Availability], _Said]:
    """Whether an offer runs today, or only later."""
    today = Period.of_day(ask.as_of)

    def say(found: Availability) -> _Said:
        reason = judge(found, today, ask.as_of).reason
        if reason in ("running", "tight"):
            return _Said(("now", "later"), frozenset(("now", "later")))
        return _Said(("later",), frozenset(("later",))) if reason == "late" else _SILENT

    return say


def _amounts(column: Column[tuple[Quantity, ...]], rows: Rows) -> _Answers:
    """Up to how much each goes, in the kind of quantity that most of them state."""
    offered = [column.values[code] for code in column.codes[rows].tolist()]
    kinds = Counter(
        (q.kind, q.unit) for each in offered for q in each if q.kind not in _NO_SCALE and _top(q)
    )
    if not kinds:
        return {}
    chosen, _ = kinds.most_common(1)[0]
    tops = Counter(
        max((_top(q) for q in each if (q.kind, q.unit) == chosen), default=0.0) for each in offered
    )
    steps = {top: Quantity(top, top, chosen[1], chosen[0]) for top in sorted(tops) if top}
    answers = {
        _Said((amount,), frozenset(steps[step] for step in steps if step <= top)): tops[top]
        for top, amount in steps.items()
    }
    return {**answers, _SILENT: tops[0.0]} if tops[0.0] else answers


def _rank(said: Hashable) -> float:
    """Stages in their order, amounts by size, all else as it came."""
    if isinstance(said, Quantity):
        return _top(said)
    return STAGES.index(said) if said in STAGES else 0


def _top(quantity: Quantity) -> float:
    return quantity.maximum or quantity.minimum or 0.0
