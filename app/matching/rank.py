"""Score every candidate, keep the best, and write ledgers for those alone."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.matching.asked import text_words
from app.matching.catalogue import Catalogue
from app.matching.criteria import CRITERIA, Ask, Criterion
from app.matching.explain import Scene, country_question, fits_from, gate_question, point
from app.matching.points import (
    MET,
    MISSED,
    UNKNOWN,
    VERDICTS,
    Judgement,
    Tally,
    share_out,
    tally,
    weigh,
)
from app.matching.types import (
    TOTAL,
    Candidate,
    Eligibility,
    Gate,
    Match,
    Need,
    NeedMatch,
    Point,
    Query,
    Shortlist,
)

GATES = ("service", "modality", "stage", "quality", "scale")  # of a `must` need
ELIGIBLE, CONDITIONAL, INELIGIBLE = range(3)
# By verdict, in the order of VERDICTS: what a hard condition makes of an offer. A need that isn't
# a must has one such condition, time, and no offer fails by it alone.
_OF_A_MUST = np.array([ELIGIBLE, CONDITIONAL, CONDITIONAL, INELIGIBLE], dtype=np.int32)
_OTHERWISE = np.array([ELIGIBLE, CONDITIONAL, CONDITIONAL, CONDITIONAL], dtype=np.int32)
ELIGIBILITY: tuple[Eligibility, ...] = ("eligible", "conditional", "ineligible")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that every ledger of the answer has: a criterion of a need, or a wish."""

    criterion: Criterion
    judgement: Judgement
    tally: Tally
    verdicts: NDArray[np.int8]  # for each value of the judgement


@dataclass(frozen=True)
class Scored:
    """One need's lines, and for every candidate the offer that serves it best."""

    ask: Ask
    lines: tuple[Line, ...]
    best: NDArray[np.int64]  # index of the offer, for each candidate
    scores: NDArray[np.int64]  # of that offer, in hundredths
    fates: NDArray[np.int32]  # of that offer by this need: ELIGIBLE, CONDITIONAL or INELIGIBLE

    def verdicts(self, criterion: str) -> NDArray[np.int8]:
        """For each candidate the verdict of a criterion on its best offer."""
        line = next(line for line in self.lines if line.criterion.name == criterion)
        codes = line.judgement.codes
        return line.verdicts[self.best if codes is None else codes[self.best]]


@dataclass(frozen=True)
class Scores:
    """Every candidate's score and fate, before anything is explained."""

    needs: tuple[Scored, ...]
    wishes: tuple[Line, ...]
    totals: NDArray[np.int64]  # in hundredths
    fates: NDArray[np.int8]  # ELIGIBLE, CONDITIONAL or INELIGIBLE


def score(query: Query, catalogue: Catalogue) -> Scores:
    """Score all candidates. Raises ValueError when the weights leave nothing to score."""
    needs, wishes = _lines(query, catalogue)
    totals = np.zeros(len(catalogue.candidates), dtype=np.int64)
    for scored in needs:
        totals += scored.scores
    for line in wishes:
        totals += line.judgement.spread(line.tally.scores)
    return Scores(tuple(needs), tuple(wishes), totals, _fates(query, catalogue, needs))


def shortlist(query: Query, catalogue: Catalogue) -> Shortlist:
    """Rank the catalogue for a query. Eligible and conditional candidates stand together by
    score; ineligible ones follow if they are asked for. Equal scores stand in order of slug.

    Raises ValueError when the weights leave nothing to score.
    """
    scores = score(query, catalogue)
    totals, fates = scores.totals, scores.fates
    shown = np.ones_like(catalogue.inactive)
    if not query.wishes.include_inactive:
        shown = ~catalogue.inactive
    chosen = _keep(query, totals, fates, shown)
    matches: list[Match] = []
    for rank, number in enumerate(chosen, start=1):
        before = chosen[rank - 2] if rank > 1 else None
        tied = before is not None and (totals[before], fates[before] == INELIGIBLE) == (
            totals[number],
            fates[number] == INELIGIBLE,
        )
        matches.append(_match(query, catalogue, scores, number, rank, bool(tied)))
    counts = np.bincount(fates[shown], minlength=3)
    return Shortlist(
        considered=int(shown.sum()),
        eligible=int(counts[ELIGIBLE]),
        conditional=int(counts[CONDITIONAL]),
        ineligible=int(counts[INELIGIBLE]),
        matches=tuple(matches),
        left_out=_left_out(query, catalogue, totals, fates, chosen),
    )


def _lines(query: Query, catalogue: Catalogue) -> tuple[list[Scored], list[Line]]:
    around = text_words(query.text, catalogue.vocabulary)
    asks = [Ask.of(catalogue, need, query.wishes, query.as_of, around) for need in query.needs]
    heaviness = math.fsum(need.weight for need in query.needs)
    judged: list[tuple[int | None, Criterion, Judgement, float]] = []
    # Points that don't divide evenly fall by what is asked, not by the order it is asked in.
    for number in sorted(range(len(asks)), key=lambda number: _wording_of(query.needs[number])):
        ask = asks[number]
        share = ask.need.weight / heaviness if heaviness > 0 else 0.0
        for criterion in (c for c in CRITERIA if c.scope == "need"):
            found = criterion.judge(ask)
            if found is not None:
                weight = weigh(query.weights, criterion.name) * share
                judged.append((number, criterion, found, weight))
    for criterion in (c for c in CRITERIA if c.scope == "wishes"):
        found = criterion.judge(asks[0])
        if found is not None:
            judged.append((None, criterion, found, weigh(query.weights, criterion.name)))
    possible = share_out([weight for *_, weight in judged])
    lines = [
        (number, Line(criterion, found, tally(found, points, criterion.prior), found.verdicts()))
        for (number, criterion, found, _), points in zip(judged, possible, strict=True)
    ]
    needs = [
        _score(ask, [line for owner, line in lines if owner == number])
        for number, ask in enumerate(asks)
    ]
    return needs, [line for owner, line in lines if owner is None]


def _wording_of(need: Need) -> tuple[str, str]:
    return repr(replace(need, id="")), need.id


def _score(ask: Ask, lines: Sequence[Line]) -> Scored:
    """The best offer of each candidate: among those that fail no hard condition, where there are
    any, the one with the most points; among equals one without open questions, then the first."""
    offers = len(ask.catalogue.offers)
    scores = np.zeros(offers, dtype=np.int64)
    fates = np.zeros(offers, dtype=np.int32)
    table = _OF_A_MUST if ask.need.importance == "must" else _OTHERWISE
    for line in lines:
        scores += line.judgement.spread(line.tally.scores)
        if line.criterion.name in _hard(ask.need):
            found = line.judgement.spread(table[line.verdicts])
            np.maximum(fates, found, out=fates)
    if not offers:
        return Scored(ask, tuple(lines), np.zeros(0, np.int64), scores, fates)
    keys = ((fates < INELIGIBLE) * (TOTAL + 1) + scores) * 3 + (INELIGIBLE - fates)
    keys = keys * offers + np.arange(offers - 1, -1, -1)
    best = offers - 1 - np.maximum.reduceat(keys, ask.catalogue.starts) % offers
    return Scored(ask, tuple(lines), best, scores[best], fates[best])


def _hard(need: Need) -> tuple[str, ...]:
    return (*GATES, "time") if need.importance == "must" else ("time",)


def _fates(query: Query, catalogue: Catalogue, needs: Sequence[Scored]) -> NDArray[np.int8]:
    fates = np.zeros(len(catalogue.candidates), dtype=np.int8)
    for scored in needs:
        np.maximum(fates, scored.fates.astype(np.int8), out=fates)
    if query.wishes.needed_from is not None:
        late = [scored.verdicts("time") == MISSED for scored in needs]
        _worsen(fates, np.logical_and.reduce(late), INELIGIBLE)
    if query.wishes.countries_required:
        verdicts = _country_verdicts(query, catalogue)
        _worsen(fates, verdicts == UNKNOWN, CONDITIONAL)
        _worsen(fates, verdicts == MISSED, INELIGIBLE)
    return fates


def _worsen(fates: NDArray[np.int8], where: NDArray[np.bool_], fate: int) -> None:
    np.maximum(fates, np.where(where, fate, ELIGIBLE).astype(np.int8), out=fates)


def _country_verdicts(query: Query, catalogue: Catalogue) -> NDArray[np.int8]:
    wanted = frozenset(query.wishes.countries_required)
    verdicts = [
        MET
        if place.country in wanted or place.facilities & wanted
        else (MISSED if place.country else UNKNOWN)
        for place in catalogue.places.values
    ]
    return np.array(verdicts, dtype=np.int8)[catalogue.places.codes]


def _keep(
    query: Query, totals: NDArray[np.int64], fates: NDArray[np.int8], shown: NDArray[np.bool_]
) -> list[int]:
    fit = np.flatnonzero(shown & (fates != INELIGIBLE))
    chosen = fit[np.argsort(-totals[fit], kind="stable")][: query.limit].tolist()
    if query.include_ineligible and len(chosen) < query.limit:
        unfit = np.flatnonzero(shown & (fates == INELIGIBLE))
        chosen += unfit[np.argsort(-totals[unfit], kind="stable")][
            : query.limit - len(chosen)
        ].tolist()
    return [int(number) for number in chosen]


def _left_out(
    query: Query,
    catalogue: Catalogue,
    totals: NDArray[np.int64],
    fates: NDArray[np.int8],
    chosen: Sequence[int],
) -> tuple[Candidate, ...]:
    """Inactive candidates that would stand among the chosen, best first."""
    if query.wishes.include_inactive:
        return ()
    fit = [number for number in chosen if fates[number] != INELIGIBLE]
    floor = totals[fit[-1]] if len(fit) >= query.limit else 0
    found = np.flatnonzero(catalogue.inactive & (fates != INELIGIBLE) & (totals >= floor))
    best = found[np.argsort(-totals[found], kind="stable")][: query.limit]
    return tuple(catalogue.candidates[number] for number in best.tolist())


def _match(
    query: Query,
    catalogue: Catalogue,
    scores: Scores,
    number: int,
    rank: int,
    tied: bool,
) -> Match:
    candidate = catalogue.candidates[number]
    found = []
    gates: list[Gate] = []
    starts = []
    for scored in scores.needs:
        offer_at = int(scored.best[number])
        offer = catalogue.offers[offer_at]
        scene = Scene(scored.ask, candidate, offer, offer_at, number, query.lang)
        ledger = tuple(_point(line, scene, offer_at) for line in scored.lines)
        found.append(NeedMatch(scored.ask.need.id, offer.id or None, offer.site_id, ledger))
        gates += _need_gates(scene, ledger)
        starts.append(fits_from(scene))
    scene = Scene(scores.needs[0].ask, candidate, None, 0, number, query.lang)
    lines = tuple(_point(line, scene, number) for line in scores.wishes)
    if query.wishes.countries_required:
        verdict = int(_country_verdicts(query, catalogue)[number])
        if verdict != MET:
            gates.append(country_question(scene, VERDICTS[verdict]))
    return Match(
        rank=rank,
        tied_with_previous=tied,
        candidate=candidate,
        eligibility=ELIGIBILITY[int(scores.fates[number])],
        fits_from=max((s for s in starts if s), key=lambda s: s.last).text if any(starts) else None,
        needs=tuple(found),
        wishes=lines,
        gates=tuple(gates),
    )


def _point(line: Line, scene: Scene, index: int) -> Point:
    at = line.judgement.at(index)
    return point(
        scene,
        line.criterion.name,
        possible=line.tally.possible,
        won=int(line.tally.won[at]),
        unknown=int(line.tally.unknown[at]),
        prior=line.criterion.prior,
        verdict=VERDICTS[int(line.verdicts[at])],
    )


def _need_gates(scene: Scene, ledger: Sequence[Point]) -> list[Gate]:
    need = scene.ask.need
    hard = _hard(need)
    return [
        gate_question(scene, need.id, line)
        for line in ledger
        if line.criterion in hard and line.verdict != "met"
    ]
