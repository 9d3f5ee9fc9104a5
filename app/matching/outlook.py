"""What an answer says beside its ledgers: what would make a provider fit, which condition costs
most candidates, and how firmly each provider stands in its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from app.matching.criteria import BY_NAME
from app.matching.near_misses import (
    Change,
    Condition,
    Costliest,
    Label,
    asked_in_words,
    changes,
    costliest,
)
from app.matching.panel import Panel
from app.matching.pauses import pause
from app.matching.points import Judgement, scores
from app.matching.rank import Search
from app.matching.scoring import GATES, INELIGIBLE
from app.matching.stability import Stability, stability
from app.matching.types import Match, Query, Shortlist

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outlook:
    """For each match of a shortlist its changes and its stability, and the costliest condition.
    Whoever is ineligible has no place to be firm in."""

    changes: tuple[tuple[Change, ...], ...]
    stability: tuple[Stability | None, ...]
    costliest: Costliest | None


def outlook(search: Search, found: Shortlist) -> Outlook:
    """What is to be said of a shortlist and the search that it was taken from."""
    query = search.scoring.brief.query
    ranked = [match for match in found.matches if match.eligibility != "ineligible"]
    standings = _standings(search, len(ranked))
    rest = [None] * (len(found.matches) - len(ranked))
    label = partial(_label, search)
    return Outlook(
        changes=tuple(_changes(query, match, label) for match in found.matches),
        stability=(*standings, *rest),
        costliest=costliest(_conditions(search), found.considered, query.lang),
    )


def _changes(query: Query, match: Match, label: Label) -> tuple[Change, ...]:
    pause()
    return changes(query, match, label)


def _standings(search: Search, ranked: int) -> list[Stability]:
    shares, weights, names = _shares(search, search.pool)
    return stability(shares, weights, names, search.scoring.brief.query.limit, ranked)


def _shares(search: Search, pool: Sequence[int]) -> tuple[Floats, Floats, list[str]]:
    """For each candidate of the pool and each line the share of its points that count; the lines'
    points and criteria."""
    scoring, numbers = search.scoring, np.array(pool, dtype=np.int64)
    panel = Panel(scoring.brief, numbers, numbers)
    lines = search.lines_of(pool)
    for criterion in scoring.wished:
        judged = scoring.tables[criterion.name].judged(panel)
        won, unknown = judged.spread(judged.won), judged.spread(judged.unknown)
        lines[criterion.name] = Judgement(won, unknown)
    possible = [(name, points) for name in lines for points in scoring.possible[name]]
    names, weights = [name for name, _ in possible], np.array([points for _, points in possible])
    won = np.concatenate([line.won for line in lines.values()], axis=1)
    unknown = np.concatenate([line.unknown for line in lines.values()], axis=1)
    priors = np.array([BY_NAME[name].prior for name in names])
    counted = scores(Judgement(won, unknown), weights, priors)
    counts = np.flatnonzero(weights)
    shares = counted.take(counts, axis=1) / weights.take(counts)
    return shares, weights.take(counts).astype(np.float64), [names[at] for at in counts.tolist()]


def _conditions(search: Search) -> list[Condition]:
    """Every hard condition that may rule somebody out, with those who fail it of the candidates
    that are shown and might do the work of every must."""
    scoring, query = search.scoring, search.scoring.brief.query
    wishes = query.wishes
    if not (scoring.musts.any() or wishes.needed_from or wishes.has_place):
        return []
    asked_about = search.is_shown & search.may_serve
    label = partial(_label, search)
    found = [
        Condition(
            ask.need.id,
            name,
            asked_in_words(query, ask.need, name, label),
            search.missed(name, number)[asked_about],
            is_whole=name == "service" and len(scoring.brief.asks) == 1,
        )
        for number, ask in enumerate(scoring.brief.asks)
        for name in GATES
        if scoring.musts[number] and name in scoring.hard and scoring.hard[name][number]
    ]
    late = [search.missed("time", number) for number in range(len(scoring.musts))]
    too_late = np.zeros_like(asked_about)
    for missed, must in zip(late, scoring.musts.tolist(), strict=True):
        too_late |= missed & must
    if wishes.needed_from is not None:
        too_late |= np.logical_and.reduce(late)
    asked = asked_in_words(query, scoring.brief.asks[0].need, "time")
    found.append(Condition(None, "time", asked, too_late[asked_about]))
    if wishes.has_place:
        abroad = (scoring.places == INELIGIBLE)[asked_about]
        named = asked_in_words(query, None, "place")
        outside = not wishes.countries_required
        found.append(Condition(None, "place", named, abroad, is_outside=outside))
    return found


def _label(search: Search, concept: str) -> str:
    brief = search.scoring.brief
    labels = brief.catalogue.vocabulary.concepts[concept].labels
    return labels.get(brief.query.lang) or labels.get("en") or concept
