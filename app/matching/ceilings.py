"""The most that each provider can score, from postings alone: who can't reach the shortlist is
never looked at closely.

A ceiling is never below the score; how far above decides only how much work is saved.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.matching.availability import judge as judge_timing
from app.matching.columns import Column, Packed, Rows, distinct
from app.matching.criteria import BY_NAME, OFFER_SHARE, Criterion
from app.matching.offer_columns import EVERY_MODALITY, WEAK
from app.matching.once import once
from app.matching.panel import WORDS_SHARE, Panel
from app.matching.pauses import pause
from app.matching.points import GRAIN
from app.matching.provider_columns import ASSURED, BEST_OFFER, SCALED, ProviderColumns
from app.matching.scoring import ELIGIBLE, INELIGIBLE, Fates, Scoring

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
# What the values of all offers of a provider are kept in, by criterion.
_SETS: Mapping[str, Callable[[ProviderColumns], Column[Packed]]] = {
    "stage": lambda providers: providers.stages,
    "regime": lambda providers: providers.works,
    "breadth": lambda providers: providers.works,
    "therapeutic_area": lambda providers: providers.areas,
}
# Marks of providers that state anything a criterion compares; silence is unknown.
_STATED = {"quality": ASSURED, "scale": SCALED}
_STEPS = 16  # likenesses are rounded up to one of so many


_NOISE = 0.05  # hundredths that sums in single precision may be off


def _rounding(criterion: Criterion) -> float:
    """What the points of a line may lie above its shares: what is won is rounded, and takes over
    what the unknown is rounded down by where nothing is lost."""
    prior = criterion.prior
    return max(1 + GRAIN / 2 * prior, GRAIN / 2 * (1 - prior) if prior else 0.0)


@dataclass(frozen=True)
class Ceilings:
    """What can be told of every provider without looking at its offers."""

    scoring: Scoring

    @once
    def totals(self) -> Floats:
        """The most that each provider can score, in hundredths."""
        total = self.scoring.wishes.astype(np.float32)
        constant = 0.0
        for criterion in self.scoring.asked:
            possible = self.scoring.possible[criterion.name]
            worth = [(number, points) for number, points in enumerate(possible) if points]
            constant += len(worth) * _rounding(criterion)
            if criterion.name in _SETS:
                total += self._by_sets(criterion, worth)
            elif criterion.name in _STATED:
                total += self._if_stated(criterion, sum(possible))
            elif criterion.column is not None:
                constant += sum(possible)
            else:
                for number, points in worth:
                    pause()
                    total += self._by_offers(criterion.name, number, points)
        total += np.float32(constant)
        return total

    @once
    def least(self) -> Floats:
        """The same, without what `totals` allows for rounding where there is less of it: where all
        of a line or nothing is unknown, only what is won is rounded; and no line is worth more
        than its points."""
        spare = -_NOISE
        for criterion in self.scoring.asked:
            lines = sum(points > 0 for points in self.scoring.possible[criterion.name])
            if criterion.column is not None:
                spare += lines * (_rounding(criterion) - 0.5 * (criterion.name in _SETS))
        found: Floats = self.totals - np.float32(max(0.0, spare))
        return found

    @once
    def fates(self) -> Fates:
        """The best fate that each provider can have: INELIGIBLE where it can't do a must, or isn't
        where it must be."""
        fates = np.where(self.may_serve, np.int8(ELIGIBLE), np.int8(INELIGIBLE))
        if self.scoring.brief.query.wishes.has_place:
            fates = np.maximum(fates, self.scoring.places)
        return fates

    @once
    def may_serve(self) -> Mask:
        """Who doesn't plainly fail to do the work of a must."""
        scoring, asks = self.scoring, self.scoring.brief.asks
        found = np.ones(len(scoring.wishes), dtype=np.bool_)
        for number in np.flatnonzero(scoring.musts).tolist():
            for name in ("service", "modality"):
                if name in asks[number].asked:
                    found &= self._may_have(name, number)
        return found

    def _may_have(self, name: str, number: int) -> Mask:
        """Who has an offer that doesn't plainly miss a field of a need."""
        found: Mask = (self._steps(name, number) > 0) | (self._unsaid(name, number) > 0)
        place = self.scoring.brief.phrases.place.get((name, number))
        if place is not None:
            found |= self._overlaps[place] > 0
        mark = EVERY_MODALITY if name == "modality" else WEAK
        found |= (self.scoring.brief.catalogue.providers.marks & mark) != 0
        if not self.scoring.brief.asks[number].asked[name].concepts:
            found[:] = True
        return found

    @once
    def is_open(self) -> Mask:
        """Whose fate can only be told from its best offers for all needs."""
        found = np.zeros(len(self.scoring.wishes), dtype=np.bool_)
        if self.scoring.musts.any():
            return self.may_serve
        if self.scoring.brief.query.wishes.needed_from is not None:
            found[self._late[0]] = True
        return found

    def late(self) -> list[Rows]:
        """For each need the providers with an offer that does its work and doesn't plainly run by
        then: they are conditional where it is their best one."""
        owners, rows = self._late
        serving = Panel(self.scoring.brief, owners, rows).serves
        size = len(self.scoring.wishes)
        return [distinct(owners[serves], size) for serves in serving.T]

    @property
    def _late(self) -> tuple[Rows, Rows]:
        """The offers that don't plainly run by then: their providers, and their rows."""
        catalogue, needed = self.scoring.brief.catalogue, self.scoring.brief.asks[0].needed
        as_of = self.scoring.brief.query.as_of
        column = catalogue.offers.availabilities

        def work() -> Rows:
            timings = [judge_timing(value, needed, as_of) for value in column.values]
            is_late = np.array([timing.won < 1.0 for timing in timings], dtype=np.bool_)
            rows = np.flatnonzero(is_late[column.codes])
            owners = np.searchsorted(catalogue.providers.bounds, rows, side="right") - 1
            return np.stack((owners, rows))

        owners, rows = catalogue.memory.rows(("late", needed, as_of), work)
        return owners, rows

    def _points(self, name: str, number: int, points: float) -> Floats:
        """The most that an offer of each provider can get of the points of a field, with what
        counts of the unknown."""
        brief, prior = self.scoring.brief, BY_NAME[name].prior
        steps = self._steps(name, number)
        place = brief.phrases.place.get((name, number))
        understood = bool(brief.asks[number].asked[name].concepts)
        # By step for offers that name something of the facet, then for those that don't.
        won = np.arange(_STEPS + 1) / _STEPS
        table = np.concatenate((won, won + prior * (1 - won))) if understood else np.tile(won, 2)
        kept = (
            (points * table)
            .astype(np.float32)
            .take(steps + self._unsaid(name, number) * (_STEPS + 1))
        )
        if place is not None:
            overlap = np.float32(points * WORDS_SHARE * (1 - prior)) * self._overlaps[place]
            by_words = overlap + np.float32(points * prior)
            kept = np.maximum(kept, by_words, out=kept)
        marks = brief.catalogue.providers.marks
        if name == "modality":
            kept[marks & EVERY_MODALITY != 0] = points
        if name == "service":
            kept[marks & WEAK != 0] += np.float32(points * prior / 2)
        return kept

    def _by_offers(self, name: str, number: int, points: int) -> Floats:
        if name == "wording":
            found: Floats = np.float32(points) * self._wording[number]
            return found
        return self._points(name, number, points)

    def _by_sets(self, criterion: Criterion, worth: Sequence[tuple[int, int]]) -> Floats:
        """The most points among the values that the offers of each provider have."""
        column = _SETS[criterion.name](self.scoring.brief.catalogue.providers)
        points = np.zeros(len(column.values), dtype=np.float32)
        for number, possible in worth:
            points += np.float32(possible) * self._best_of_sets(criterion, column, number)
        found: Floats = points.take(column.codes)
        return found

    def _best_of_sets(self, criterion: Criterion, sets: Column[Packed], number: int) -> Floats:
        """The best share that counts among the values of each set."""
        catalogue = self.scoring.brief.catalogue
        key, judge = criterion.judge(self.scoring.brief.asks[number])

        def work(first: int) -> Floats:
            column: Column[Any] = criterion.column(catalogue)  # type: ignore[misc]  # those of _SETS have one
            members = catalogue.memory.members(criterion.name, sets)
            shares = [won + criterion.prior * unknown for won, unknown in map(judge, column.values)]
            starts = members.bounds[first:-1]
            worth = np.array(shares).take(members.flat[starts[0] :])
            best: Floats = np.maximum.reduceat(worth, starts - starts[0]).astype(np.float32)
            return best

        return catalogue.memory.best((criterion.name, key), len(sets.values), work)

    def _if_stated(self, criterion: Criterion, points: int) -> Floats:
        """All where a provider states something of the kind, else what the unknown counts."""
        mark = (self.scoring.brief.catalogue.providers.marks & _STATED[criterion.name]) != 0
        return np.where(mark, np.float32(points), np.float32(points * criterion.prior))

    def _unsaid(self, name: str, number: int) -> NDArray[np.uint8]:
        """1 for each provider that may have an offer which says nothing of what a need asks in a
        field, else 0."""
        sides = np.uint8(self.scoring.brief.asks[number].sides(name))
        marks = self.scoring.brief.catalogue.providers.marks
        found: NDArray[np.uint8] = ((marks & sides) == sides).astype(np.uint8)
        return found

    def _steps(self, name: str, number: int) -> NDArray[np.uint8]:
        """The likeness of each provider's best concept, rounded up to one of _STEPS."""
        brief = self.scoring.brief
        concepts = brief.asks[number].asked[name].concepts
        postings = brief.catalogue.providers.by_concept

        def work() -> NDArray[np.uint8]:
            found = np.zeros(len(self.scoring.wishes), dtype=np.uint8)
            steps = np.ceil(brief.catalogue.vocabulary.likeness_from(concepts) * _STEPS)
            for step in np.unique(steps[steps > 0]).tolist():  # ascending: the best one stays
                which = np.flatnonzero(steps == step).tolist()
                found[np.concatenate([postings.rows(concept) for concept in which])] = step
            return found

        return brief.catalogue.memory.rows(("steps", concepts), work)

    @once
    def _overlaps(self) -> Floats:
        brief = self.scoring.brief
        return brief.catalogue.providers.by_word.sums(brief.phrases.weights)

    @once
    def _wording(self) -> Floats:
        brief, own = self.scoring.brief, np.float32(OFFER_SHARE)
        best = brief.catalogue.providers.by_word.sums(brief.offer_words, BEST_OFFER)
        best *= own
        best += (1 - own) * brief.record_wording
        return np.minimum(best, np.float32(1.0), out=best)
