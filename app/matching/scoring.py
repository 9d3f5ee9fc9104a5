"""Scores and fates of providers: every offer before every need, the best offer of each kept."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.matching.brief import Ask, Brief
from app.matching.columns import Rows
from app.matching.criteria import OF_NEEDS, OF_WISHES, Criterion
from app.matching.once import once
from app.matching.panel import Panel
from app.matching.points import MET, MISSED, UNKNOWN, Judgement, share_out, tally, weigh
from app.matching.provider_columns import Place
from app.matching.tables import Line, Table
from app.matching.types import TOTAL, Need

GATES = ("service", "modality", "stage", "quality", "scale")  # of a `must` need
ELIGIBLE, CONDITIONAL, INELIGIBLE = range(3)
# By verdict, in the order of VERDICTS: what a hard condition makes of an offer. A need that isn't
# a must has one such condition, time, and no offer fails by it alone.
_OF_A_MUST = np.array([ELIGIBLE, CONDITIONAL, CONDITIONAL, INELIGIBLE], dtype=np.int8)
_OTHERWISE = np.array([ELIGIBLE, CONDITIONAL, CONDITIONAL, CONDITIONAL], dtype=np.int8)

Fates = NDArray[np.int8]
Points = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """How some providers fare, given in ascending order. `best` has for each provider and need the
    row of its best offer, `lines` by criterion what that offer wins and leaves unknown."""

    providers: Rows
    totals: Points  # in hundredths
    fates: Fates
    best: Rows
    lines: Mapping[str, Judgement]
    late: NDArray[np.bool_]  # whether it does the work of the need, but not by then


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
        """What the countries required make of every provider."""
        wanted = frozenset(self.brief.query.wishes.countries_required)
        column = self.brief.catalogue.providers.places
        fates = [_OF_A_MUST[verdict_of(place, wanted)] for place in column.values]
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
    def hard(self) -> Mapping[str, NDArray[np.bool_]]:
        """By criterion for which needs it is a hard condition."""
        asks = self.brief.asks
        return {c.name: np.array([is_hard(c, ask) for ask in asks]) for c in self.asked}

    @once
    def musts(self) -> NDArray[np.bool_]:
        """Which needs are a must."""
        return np.array([ask.need.importance == "must" for ask in self.brief.asks])

    def evaluate(self, providers: Rows) -> Evaluated:
        """Score these providers, given in ascending order."""
        query, needs = self.brief.query, np.arange(len(self.brief.asks))
        panel = Panel.of_all(self.brief, providers)
        scores, fates, judged = self._offers(panel, self.asked)
        best = _best(scores, fates, panel, providers)
        lines = {name: found.picked(best, needs) for name, found in judged.items()}
        worst = fates[best, needs].max(axis=1)
        late = lines["time"].verdicts == MISSED
        if late.any():
            late &= (self.musts | panel.serves)[best, needs]
        if query.wishes.needed_from is not None:
            worst = np.where(late.all(axis=1), np.int8(INELIGIBLE), worst)
        if query.wishes.countries_required:
            worst = np.maximum(worst, self.places[providers])
        told = tally(lines["wording"], self.possible["wording"]).won if "wording" in lines else 0
        totals = (scores[best, needs] + told).sum(axis=1, dtype=np.int32) + self.wishes[providers]
        return Evaluated(providers, totals, worst, panel.rows[best], lines, late)

    def fates_by(self, number: int, providers: Rows) -> Fates:
        """What one need alone makes of these providers."""
        own = {c.name: self.possible[c.name][number : number + 1] for c in OF_NEEDS}
        possible = {**self.possible, **own}
        alone = Scoring(self.brief.alone(number), possible)
        panel = Panel.of_all(alone.brief, providers)
        scores, fates, _ = alone._offers(panel, [c for c in alone.asked if c.name != "wording"])
        found: Fates = fates[_best(scores, fates, panel, providers)[:, 0], 0]
        return found

    def _offers(
        self, panel: Panel, criteria: Sequence[Criterion]
    ) -> tuple[Points, Fates, dict[str, Judgement]]:
        """Scores (but for wording) and fates of offers, and what each criterion found.

        Which offer is the best doesn't hang on words: how rare a word is changes with every other
        record, and nobody's fate may.
        """
        scores = np.zeros(panel.size, dtype=np.int32)
        fates = np.zeros(panel.size, dtype=np.int8)
        judged = {}
        for criterion in criteria:
            line = self.tables[criterion.name].line(panel)
            judged[criterion.name] = line.judged
            if criterion.name != "wording":
                scores += line.judged.spread(line.scores)
            if self.hard[criterion.name].any():
                np.maximum(fates, self._fates(criterion, line, panel), out=fates)
        return scores, fates, judged

    def _fates(self, criterion: Criterion, line: Line, panel: Panel) -> Fates:
        verdicts = line.verdicts
        found = np.where(self.musts, _OF_A_MUST[verdicts], _OTHERWISE[verdicts])
        fates: Fates = line.judged.spread(found * self.hard[criterion.name])
        if criterion.name == "time" and fates.any():
            fates = fates * (self.musts | panel.serves)
        return fates


def is_hard(criterion: Criterion, ask: Ask) -> bool:
    """Whether a criterion is a hard condition of a need."""
    if criterion.name == "time":
        return True
    return ask.need.importance == "must" and criterion.name in GATES and criterion.is_asked(ask)


def verdict_of(place: Place, wanted: frozenset[str]) -> int:
    """Whether a provider sits in one of the countries required, or has a facility there."""
    if place.country in wanted or place.facilities & wanted:
        return MET
    return MISSED if place.country else UNKNOWN


def _wording_of(need: Need) -> tuple[str, str]:
    return repr(replace(need, id="")), need.id


def _best(scores: Points, fates: Fates, panel: Panel, providers: Rows) -> Rows:
    """The position among the panel's rows of each provider's best offer for each need: among those
    that fail no hard condition, where there are any, the one with the most points; among equals
    one without open questions, then the first."""
    size = len(scores)
    if not size:
        return np.zeros((0, scores.shape[1]), dtype=np.int64)
    keys = (fates < INELIGIBLE) * np.int64(TOTAL + 1) + scores
    keys = keys * 3 + (INELIGIBLE - fates)
    keys = keys * size + np.arange(size - 1, -1, -1)[:, None]
    bounds = panel.brief.catalogue.providers.bounds
    sizes = bounds[providers + 1] - bounds[providers]
    best: Rows = size - 1 - np.maximum.reduceat(keys, np.cumsum(sizes) - sizes, axis=0) % size
    return best
