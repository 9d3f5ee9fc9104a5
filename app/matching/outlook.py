"""What an answer says beside its ledgers: what would make a provider fit, which condition costs
most candidates, and how firmly each provider stands in its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from app.matching.catalogue import Catalogue
from app.matching.near_misses import (
    Change,
    Condition,
    Costliest,
    asked_in_words,
    changes,
    costliest,
)
from app.matching.points import MISSED
from app.matching.rank import GATES, INELIGIBLE, Line, Scores
from app.matching.stability import Stability, stability
from app.matching.types import Query, Shortlist

# Candidates among whom ranks are drawn: those who could come to stand among the first.
_POOL, _LARGEST_POOL, _TIMES = 50, 200, 4


@dataclass(frozen=True, slots=True)
class Outlook:
    """For each match of a shortlist its changes and its stability, and the costliest condition.
    Whoever is ineligible has no place to be firm in."""

    changes: tuple[tuple[Change, ...], ...]
    stability: tuple[Stability | None, ...]
    costliest: Costliest | None


def outlook(query: Query, catalogue: Catalogue, scores: Scores, found: Shortlist) -> Outlook:
    """What is to be said of a shortlist and the scores that it was taken from."""
    shown = np.ones_like(catalogue.inactive)
    if not query.wishes.include_inactive:
        shown = ~catalogue.inactive
    ranked = [m for m in found.matches if m.eligibility != "ineligible"]
    standings = _standings(query, scores, shown, len(ranked))
    rest = [None] * (len(found.matches) - len(ranked))
    label = partial(_label, query, catalogue)
    return Outlook(
        changes=tuple(changes(query, match, label) for match in found.matches),
        stability=(*standings, *rest),
        costliest=costliest(
            _conditions(query, catalogue, scores, shown), found.considered, query.lang
        ),
    )


def _standings(
    query: Query, scores: Scores, shown: NDArray[np.bool_], ranked: int
) -> list[Stability]:
    fit = np.flatnonzero(shown & (scores.fates != INELIGIBLE))
    size = max(_POOL, min(_TIMES * query.limit, _LARGEST_POOL))
    pool = fit[np.argsort(-scores.totals[fit], kind="stable")][:size]
    shares, lines = _shares(scores, pool)
    weights = np.array([line.tally.possible for line in lines], dtype=np.float64)
    names = [line.criterion.name for line in lines]
    return stability(shares, weights, names, query.limit, ranked)


def _shares(scores: Scores, pool: NDArray[np.int64]) -> tuple[NDArray[np.float64], Sequence[Line]]:
    """For each candidate of the pool and each line the share of its points that count."""
    placed = [(line, need.best[pool]) for need in scores.needs for line in need.lines]
    placed += [(line, pool) for line in scores.wishes]
    kept = [(line, at) for line, at in placed if line.tally.possible]
    columns = [
        line.tally.scores[at if line.judgement.codes is None else line.judgement.codes[at]]
        / line.tally.possible
        for line, at in kept
    ]
    return np.array(columns, dtype=np.float64).T, [line for line, _ in kept]


def _conditions(
    query: Query, catalogue: Catalogue, scores: Scores, shown: NDArray[np.bool_]
) -> list[Condition]:
    """Every hard condition of the request, with those of the candidates shown who fail it."""
    label = partial(_label, query, catalogue)
    found = [
        Condition(
            need.ask.need.id,
            line.criterion.name,
            asked_in_words(query, need.ask.need, line.criterion.name, label),
            (need.verdicts(line.criterion.name) == MISSED)[shown],
        )
        for need in scores.needs
        if need.ask.need.importance == "must"
        for line in need.lines
        if line.criterion.name in GATES
    ]
    late = [need.verdicts("time") == MISSED for need in scores.needs]
    required = [need.ask.need.importance == "must" for need in scores.needs]
    too_late = np.zeros_like(shown)
    for verdicts, must in zip(late, required, strict=True):
        too_late |= verdicts & must
    if query.wishes.needed_from is not None:
        too_late |= np.logical_and.reduce(late)
    asked = asked_in_words(query, scores.needs[0].ask.need, "time")
    found.append(Condition(None, "time", asked, too_late[shown]))
    if query.wishes.countries_required:
        abroad = _abroad(query, catalogue)
        found.append(Condition(None, "place", asked_in_words(query, None, "place"), abroad[shown]))
    return found


def _abroad(query: Query, catalogue: Catalogue) -> NDArray[np.bool_]:
    wanted = frozenset(query.wishes.countries_required)
    missed = [
        place.country is not None and not ({place.country} | place.facilities) & wanted
        for place in catalogue.places.values
    ]
    return np.array(missed, dtype=np.bool_)[catalogue.places.codes]


def _label(query: Query, catalogue: Catalogue, concept: str) -> str:
    labels = catalogue.vocabulary.concepts[concept].labels
    return labels.get(query.lang) or labels.get("en") or concept
