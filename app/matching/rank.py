"""Find the providers that answer a query best, and write ledgers for those alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.brief import Brief
from app.matching.catalogue import Catalogue
from app.matching.ceilings import Ceilings
from app.matching.columns import Rows, distinct
from app.matching.ledger import Ledgers
from app.matching.once import once
from app.matching.pauses import pause
from app.matching.points import Judgement
from app.matching.scoring import (
    CONDITIONAL,
    ELIGIBLE,
    INELIGIBLE,
    Evaluated,
    Fates,
    Points,
    Scoring,
)
from app.matching.types import Candidate, Eligibility, Match, Query, Shortlist

ELIGIBILITY: tuple[Eligibility, ...] = ("eligible", "conditional", "ineligible")
_FIRST = 256  # providers that are looked at first, those with the highest ceilings
_TOGETHER = 1024  # providers whose dates are judged along with these, rather than need by need
# Those of whom is told how firmly the chosen stand before them.
_POOL, _LARGEST_POOL, _TIMES = 50, 200, 4
_AT_ONCE = 4096  # providers that are looked at in one go: others get their turn between two
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Scores:
    """Every provider's score and fate, by row, before anything is explained."""

    totals: Points  # in hundredths
    fates: Fates


def score(query: Query, catalogue: Catalogue) -> Scores:
    """Score all providers. Raises ValueError when the weights leave nothing to score."""
    search = Search.of(query, catalogue)
    search.look_at(np.arange(len(catalogue.rows)))
    return Scores(search.totals, search.fates)


def shortlist(query: Query, catalogue: Catalogue) -> Shortlist:
    """Rank the catalogue for a query. Eligible and conditional candidates stand together by
    score; ineligible ones follow if they are asked for. Equal scores stand in order of slug.

    Raises ValueError when the weights leave nothing to score.
    """
    return Search.of(query, catalogue).shortlist


class Search:
    """The scores of those providers that may be on the shortlist, and everybody's fate."""

    @classmethod
    def of(cls, query: Query, catalogue: Catalogue) -> "Search":
        """A search that has looked at nobody yet. Raises ValueError when the weights leave nothing
        to score."""
        return cls(Scoring.of(Brief.of(query, catalogue)))

    def __init__(self, scoring: Scoring) -> None:
        self.scoring = scoring
        self._query, self._catalogue = scoring.brief.query, scoring.brief.catalogue
        providers = self._catalogue.providers
        self._ceilings = Ceilings(scoring)
        self.is_known = np.zeros(len(providers.is_alive), dtype=np.bool_)
        self.totals = np.zeros(len(self.is_known), dtype=np.int32)
        self.fates = np.zeros(len(self.is_known), dtype=np.int8)
        self._looks: list[Evaluated] = []
        self.is_shown: Mask = providers.is_alive
        if not self._query.wishes.include_inactive:
            self.is_shown = providers.is_alive & ~providers.is_inactive

    @once
    def shortlist(self) -> Shortlist:
        """The answer, with ledgers."""
        chosen, totals, fates = self.chosen, self.totals, self.fates
        best, lines = self.best_of(chosen), self.lines_of(chosen)
        ledgers = Ledgers(self.scoring, np.array(chosen, np.int64), best, lines)
        matches: list[Match] = []
        for place, number in enumerate(chosen):
            pause()
            before = chosen[place - 1] if place else None
            tied = before is not None and (totals[before], fates[before] == INELIGIBLE) == (
                totals[number],
                fates[number] == INELIGIBLE,
            )
            fate = ELIGIBILITY[int(fates[number])]
            matches.append(ledgers.match(place, fate, tied_with_previous=bool(tied)))
        counts = np.bincount(fates[self.is_shown], minlength=3)
        return Shortlist(
            considered=int(self.is_shown.sum()),
            eligible=int(counts[ELIGIBLE]),
            conditional=int(counts[CONDITIONAL]),
            ineligible=int(counts[INELIGIBLE]),
            matches=tuple(matches),
            left_out=self._left_out(chosen),
        )

    @once
    def chosen(self) -> list[int]:
        """The rows of the shortlist in order; then every fate is known."""
        if not len(self.is_known):
            return []
        self.fates = self._ceilings.fates.copy()
        alive = self._catalogue.providers.is_alive
        may_fit = alive & (self._ceilings.fates < INELIGIBLE)
        self.look_at(np.flatnonzero((self._ceilings.is_open | self.foremost) & alive))
        fit = self._settled(may_fit, fit=True)[: self._query.limit]
        self._judge_dates()
        if self._query.include_ineligible and len(fit) < self._query.limit:
            unfit = alive & (self.fates == INELIGIBLE)
            fit += self._settled(unfit, fit=False)[: self._query.limit - len(fit)]
        return fit

    @once
    def foremost(self) -> Mask:
        """Those with the highest ceilings, who are looked at first."""
        may_fit = self._catalogue.providers.is_alive & (self._ceilings.fates < INELIGIBLE)
        ceilings = np.where(may_fit, self._ceilings.totals, -1)
        if len(ceilings) <= _FIRST:
            return may_fit
        found: Mask = may_fit & (ceilings >= np.partition(ceilings, -_FIRST)[-_FIRST])
        return found

    def _judge_dates(self) -> None:
        """Tell who of those not looked at is conditional by its dates alone, where nothing else
        makes anybody so."""
        if self.scoring.musts.any() or self._query.wishes.needed_from is not None:
            return
        late = [self._undecided(providers) for providers in self._ceilings.late()]
        few = distinct(np.concatenate(late), len(self.is_known))
        if len(few) <= _TOGETHER:
            self.fates[few] = self.scoring.fates_of(few)
            return
        for number, providers in enumerate(late):
            left = self._undecided(providers)  # by the needs before
            for start in range(0, len(left), _AT_ONCE):
                pause()
                some = left[start : start + _AT_ONCE]
                self.fates[some] = self.scoring.fates_by(number, some)

    def _undecided(self, providers: Rows) -> Rows:
        """Those of these providers who may be eligible, as far as is known."""
        left: Rows = providers[~self.is_known[providers] & (self.fates[providers] == ELIGIBLE)]
        return left

    @property
    def may_serve(self) -> Mask:
        """Who doesn't plainly fail to do the work of a must; of them all hard conditions are
        known."""
        return self._ceilings.may_serve

    def missed(self, criterion: str, number: int) -> Mask:
        """Whose best offer for a need is known to miss a criterion."""
        found = np.zeros(len(self.is_known), dtype=np.bool_)
        for look in self._looks:
            found[look.providers] = look.missed[criterion][:, number]
        return found

    def look_at(self, numbers: Rows) -> None:
        """Score these providers, some at a time."""
        numbers = numbers[~self.is_known[numbers]]
        for start in range(0, len(numbers), _AT_ONCE):
            pause()
            some = numbers[start : start + _AT_ONCE]
            found = self.scoring.evaluate(some)
            self.totals[some], self.fates[some] = found.totals, found.fates
            self._looks.append(found)
        self.is_known[numbers] = True

    def best_of(self, chosen: Sequence[int]) -> Rows:
        """For each of these rows, all looked at, and each need the row of the best offer."""
        numbers = np.array(chosen, dtype=np.int64)
        best = np.zeros((len(numbers), len(self.scoring.brief.asks)), dtype=np.int64)
        for look in self._looks:
            at = np.minimum(look.providers.searchsorted(numbers), len(look.providers) - 1)
            here = look.providers.take(at) == numbers
            best[here] = look.best[at[here]]
        return best

    @once
    def pool(self) -> list[int]:
        """Those who could come to stand among the first: the chosen, and who follows them of those
        with the highest ceilings, all who tie with the last of the chosen among them, as far as
        the largest pool holds them. Whoever is ineligible is left out."""
        limit = self._query.limit
        first = [number for number in self.chosen if self.fates[number] != INELIGIBLE]
        others = self.foremost & self._of_fate(fit=True)
        others[first] = False
        tied = int((self.totals[others] == self.totals[first[-1]]).sum()) if first else 0
        size = max(_POOL, min(max(_TIMES * limit, len(first) + tied), _LARGEST_POOL)) - len(first)
        return [*first, *self.ranked(np.flatnonzero(others), size)]

    def lines_of(self, numbers: Sequence[int]) -> dict[str, Judgement]:
        """By criterion what the best offers of these rows win and leave unknown; the rows are of
        the chosen or of the pool."""
        known, lines = self._lines
        at = [known[number] for number in numbers]
        return {name: Judgement(each.won[at], each.unknown[at]) for name, each in lines.items()}

    @once
    def _lines(self) -> tuple[dict[int, int], dict[str, Judgement]]:
        """The same of everybody of whom it will be asked, and where each stands there."""
        rows = list(dict.fromkeys((*self.chosen, *self.pool)))
        numbers = np.array(rows, dtype=np.int64)
        lines = self.scoring.lines(self.scoring.asked, numbers, self.best_of(rows))
        return {number: place for place, number in enumerate(rows)}, lines

    def _left_out(self, chosen: Sequence[int]) -> tuple[Candidate, ...]:
        """Inactive candidates that would stand among the chosen, best first."""
        if self._query.wishes.include_inactive:
            return ()
        fit = [number for number in chosen if self.fates[number] != INELIGIBLE]
        floor = self.totals[fit[-1]] if len(fit) >= self._query.limit else 0
        providers = self._catalogue.providers
        out = providers.is_alive & providers.is_inactive & self.is_known
        found = np.flatnonzero(out & (self.fates != INELIGIBLE) & (self.totals >= floor))
        return tuple(self._catalogue.rows[n] for n in self.ranked(found, self._query.limit))

    def ranked(self, numbers: Rows, most: int) -> list[int]:
        """The best of these rows, best first, equal scores in order of slug."""
        totals = self.totals[numbers]
        if len(numbers) > most > 0:
            floor = np.partition(totals, len(totals) - most)[len(totals) - most]
            numbers = numbers[totals >= floor]
        rows = self._catalogue.rows
        return sorted(numbers.tolist(), key=lambda n: (-int(self.totals[n]), rows[n].slug))[:most]

    def _settled(self, among: Mask, *, fit: bool) -> list[int]:
        """The best rows of those that fit (or don't), once nobody else can be one of them."""
        ceilings, size = self._ceilings.least, _TOGETHER
        while True:
            ranked = self.ranked(np.flatnonzero(self._of_fate(fit)), self._query.limit)
            floor = self.totals[ranked[-1]] if len(ranked) >= self._query.limit else -1
            rest = np.flatnonzero(among & ~self.is_known & (ceilings >= floor))
            if not len(rest):
                return ranked
            if len(rest) > size:
                rest = np.sort(rest[np.argpartition(ceilings[rest], -size)[-size:]])
            self.look_at(rest)
            size *= 8

    def _of_fate(self, fit: bool) -> Mask:
        found: Mask = self.is_known & self.is_shown & ((self.fates != INELIGIBLE) == fit)
        return found
