"""Scores and fates of providers: every offer before every need, the best offer of each kept."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.matching.brief import Ask, Brief
from app.matching.columns import Rows
from app.matching.criteria import BY_NAME, OF_NEEDS, OF_WISHES, Criterion
from app.matching.once import once
from app.matching.panel import Panel
from app.matching.pauses import pause
from app.matching.points import MET, MISSED, UNKNOWN, Judgement, share_out, tally, weigh
from app.matching.provider_columns import Place
from app.matching.tables import Line, Table
from app.matching.types import TOTAL, Need, Wishes

GATES = ("service", "modality", "stage", "quality", "scale")  # of a `must` need
ELIGIBLE, CONDITIONAL, INELIGIBLE = range(3)
# By verdict, in the order of VERDICTS: what a hard condition makes of an offer. A need that isn't
# a must has one such condition, time, and no offer fails by it alone.
_OF_A_MUST = np.array([ELIGIBLE, CONDITIONAL, CONDITIONAL, INELIGIBLE], dtype=np.int8)
_OTHERWISE = np.array([ELIGIBLE, CONDITIONAL, CONDITIONAL, CONDITIONAL], dtype=np.int8)

Fates = NDArray[np.int8]
Mask = NDArray[np.bool_]
Points = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """How some providers fare, given in ascending order. `best` has for each provider and need the
    row of its best offer; `missed` tells by hard condition whether that offer is known to fail it
    (of time: that it does the work of the need, but not by then)."""

    providers: Rows
    totals: Points  # in hundredths
    fates: Fates
    best: Rows
    missed: Mapping[str, Mask]


@dataclass(frozen=True)
class Scoring:
    """A brief with the points that each line is worth."""

    brief: Brief
    possible: Mapping[str, tuple[int, ...]]  # by criterion: of each need, or of the one wish

    @classmethod
    def of(cls, brief: Brief) -> "Scoring":
        """Share out the points. Raises ValueError when the weights leave nothing to score."""
        query, asks = brief.query, brief.asks
        heaviness = math.fsum(ask.need.weight for ask in asks)
        lines: list[tuple[str, int]] = []
        weights: list[float] = []
        # Points that don't divide evenly fall by what is asked, not by the order it is asked in.
        for number in sorted(range(len(asks)), key=lambda number: _wording_of(asks[number].need)):
            share = asks[number].need.weight / heaviness if heaviness > 0 else 0.0
            for criterion in OF_NEEDS:
                if criterion.is_asked(asks[number]):
                    lines.append((criterion.name, number))
                    weights.append(weigh(query.weights, criterion.name) * share)
        for criterion in OF_WISHES:
            if criterion.is_asked(asks[0]):
                lines.append((criterion.name, 0))
                weights.append(weigh(query.weights, criterion.name))
        shared = dict(zip(lines, share_out(weights), strict=True))
        possible = {
            criterion.name: tuple(
                shared.get((criterion.name, number), 0)
                for number in range(len(asks) if criterion.scope == "need" else 1)
            )
            for criterion in (*OF_NEEDS, *OF_WISHES)
        }
        return cls(brief, possible)

    @once
    def wishes(self) -> Points:
        """Every provider's points of the wishes, in hundredths."""
        brief = self.brief
        everybody = np.arange(len(brief.catalogue.rows))
        panel = Panel(brief, everybody, everybody)
        scores = np.zeros(len(everybody), dtype=np.int32)
        for criterion in self.wished:
            line = self.tables[criterion.name].line(panel)
            scores += line.judged.spread(line.scores)[:, 0]
        return scores

    @once
    def tables(self) -> Mapping[str, Table]:
        """Every criterion that is asked for, with the points it is worth."""
        asks, known = self.brief.asks, self.brief.catalogue
        found = {c.name: Table(c, asks, known, self.possible[c.name]) for c in self.asked}
        for c in self.wished:
            found[c.name] = Table(c, asks[:1], known, self.possible[c.name])
        return found

    @once
    def places(self) -> Fates:
        """What the countries required or ruled out make of every provider."""
        wishes, column = self.brief.query.wishes, self.brief.catalogue.providers.places
        fates = [_OF_A_MUST[verdict_of(place, wishes)] for place in column.values]
        return np.array(fates, dtype=np.int8)[column.codes]

    @once
    def asked(self) -> tuple[Criterion, ...]:
        """The criteria that a need asks for."""
        asks = self.brief.asks
        return tuple(c for c in OF_NEEDS if any(c.is_asked(ask) for ask in asks))

    @once
    def wished(self) -> tuple[Criterion, ...]:
        """The criteria that the wishes ask for."""
        return tuple(c for c in OF_WISHES if c.is_asked(self.brief.asks[0]))

    @once
    def hard(self) -> Mapping[str, Mask]:
        """By criterion for which needs it is a hard condition."""
        asks = self.brief.asks
        return {c.name: np.array([is_hard(c, ask) for ask in asks]) for c in self.asked}

    @once
    def musts(self) -> Mask:
        """Which needs are a must."""
        return np.array([ask.need.importance == "must" for ask in self.brief.asks])

    def evaluate(self, providers: Rows) -> Evaluated:
        """Score these providers, given in ascending order."""
        query, needs = self.brief.query, np.arange(len(self.brief.asks))
        panel = Panel.of_all(self.brief, providers)
        offers = self._offers(panel)
        best = _best(offers, panel, providers)
        rows = panel.rows.take(best)
        missed = {name: found[best, needs] for name, found in offers.missed.items()}
        worst = offers.fates[best, needs].max(axis=1)
        if query.wishes.needed_from is not None:
            worst = np.where(missed["time"].all(axis=1), np.int8(INELIGIBLE), worst)
        if query.wishes.has_place:
            worst = np.maximum(worst, self.places[providers])
        totals = offers.scores[best, needs].sum(axis=1, dtype=np.int32) + self.wishes[providers]
        if "wording" in self.tables:
            told = BY_NAME["wording"].judge(panel).picked(best, needs)
            totals += tally(told, self.possible["wording"]).won.sum(axis=1, dtype=np.int32)
        return Evaluated(providers, totals, worst, rows, missed)

    def fates_of(self, providers: Rows) -> Fates:
        """What all needs together make of these providers, but for the wishes."""
        panel = Panel.of_all(self.brief, providers)
        offers = self._offers(panel)
        best = _best(offers, panel, providers)
        fates: Fates = offers.fates[best, np.arange(len(self.brief.asks))].max(axis=1)
        return fates

    def fates_by(self, number: int, providers: Rows) -> Fates:
        """What one need alone makes of these providers."""
        own = {c.name: self.possible[c.name][number : number + 1] for c in OF_NEEDS}
        alone = Scoring(self.brief.alone(number), {**self.possible, **own})
        return alone.fates_of(providers)

    def lines(
        self, criteria: Sequence[Criterion], providers: Rows, best: Rows
    ) -> dict[str, Judgement]:
        """What the best offers of these providers, given by row for each need, win and leave
        unknown."""
        rows, first = np.unique(best, return_index=True)
        panel = Panel(self.brief, np.repeat(providers, best.shape[1]).take(first), rows)
        at, needs = rows.searchsorted(best), np.arange(best.shape[1])
        judged = {c.name: self.tables[c.name].judged(panel) for c in criteria}
        return {name: found.picked(at, needs) for name, found in judged.items()}

    def _offers(self, panel: Panel) -> "_Offers":
        """Which offer is the best doesn't hang on words: how rare a word is changes with every
        other record, and nobody's fate may."""
        scores = np.zeros(panel.size, dtype=np.int32, order="F")
        fates = np.zeros_like(scores, dtype=np.int8)
        missed = {}
        for criterion in self.asked:
            if criterion.name == "wording":
                continue
            pause()
            line = self.tables[criterion.name].line(panel)
            scores += line.judged.spread(line.scores)
            if self.hard[criterion.name].any():
                found, missed[criterion.name] = self._fates(criterion, line, panel)
                np.maximum(fates, found, out=fates)
        return _Offers(scores, fates, missed)

    def _fates(self, criterion: Criterion, line: Line, panel: Panel) -> tuple[Fates, Mask]:
        """What a hard condition makes of offers, and which of them are known to fail it."""
        verdicts, judged = line.judged.verdicts, line.judged
        fates = np.where(self.musts, _OF_A_MUST[verdicts], _OTHERWISE[verdicts])
        found: Fates = judged.spread(fates * self.hard[criterion.name])
        missed: Mask = judged.spread(verdicts == MISSED)
        if criterion.name == "time" and found.any():
            counts = self.musts | panel.serves
            found, missed = found * counts, missed & counts
        return found, missed


class _Offers(NamedTuple):
    """What offers come to before each need, but for wording: hundredths, fates, and by hard
    condition which of them are known to fail it."""

    scores: Points
    fates: Fates
    missed: Mapping[str, Mask]


def is_hard(criterion: Criterion, ask: Ask) -> bool:
    """Whether a criterion is a hard condition of a need."""
    if criterion.name == "time":
        return True
    return ask.need.importance == "must" and criterion.name in GATES and criterion.is_asked(ask)


def verdict_of(place: Place, wishes: Wishes) -> int:
    """Whether a provider sits, or has a facility, in one of the countries required; where none
    are, in any that isn't ruled out."""
    wanted, excluded = wishes.countries_required, wishes.countries_excluded
    known = {place.country, *place.facilities} - {None}
    fitting = known.intersection(wanted) if wanted else known.difference(excluded)
    if fitting:
        return MET
    return MISSED if place.country else UNKNOWN


def _wording_of(need: Need) -> tuple[str, str]:
    return repr(replace(need, id="")), need.id


def _best(offers: _Offers, panel: Panel, providers: Rows) -> Rows:
    """The position among the panel's rows of each provider's best offer for each need: among those
    that fail no hard condition, where there are any, the one with the most points; among equals
    one without open questions, then the first."""
    size, needs = offers.scores.shape
    if not size:
        return np.zeros((0, needs), dtype=np.int64)
    keys = offers.scores * np.int32(INELIGIBLE + 1) - offers.fates
    keys -= (offers.fates == INELIGIBLE) * np.int32((TOTAL + 1) * (INELIGIBLE + 1))
    keys = keys * np.int64(size) + np.arange(size - 1, -1, -1)[:, None]
    bounds = panel.brief.catalogue.providers.bounds
    sizes = bounds.take(providers + 1) - bounds.take(providers)
    best: Rows = size - 1 - np.maximum.reduceat(keys, np.cumsum(sizes) - sizes, axis=0) % size
    return best
