"""Score every candidate, keep the best, and write ledgers for those alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.catalogue import Catalogue
from app.matching.criteria import CRITERIA, Ask, Criterion
from app.matching.explain import Scene, fits_from, gate_question, point
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
    Candidate,
    Eligibility,
    Gate,
    Match,
    NeedMatch,
    Point,
    Query,
    Shortlist,
)

GATES = ("service", "modality", "stage", "quality", "scale")  # of a `must` need
ELIGIBLE, CONDITIONAL, INELIGIBLE = range(3)
ELIGIBILITY: tuple[Eligibility, ...] = ("eligible", "conditional", "ineligible")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that every ledger of the answer has: a criterion of a need, or a wish."""

    criterion: Criterion
    judgement: Judgement
    tally: Tally


@dataclass(frozen=True)
class Scored:
    """One need's lines, and for every candidate the offer that serves it best."""

    ask: Ask
    lines: tuple[Line, ...]
    best: NDArray[np.int64]  # index of the offer, for each candidate
    scores: NDArray[np.int32]  # of that offer, in hundredths

    def line(self, criterion: str) -> Line | None:
        """The line of this criterion, if the need has one."""
        return next((line for line in self.lines if line.criterion.name == criterion), None)

    def verdicts(self, line: Line) -> NDArray[np.int8]:
        """For each candidate the verdict on its best offer."""
        found = line.judgement.verdicts()
        codes = line.judgement.codes
        return found[self.best] if codes is None else found[codes[self.best]]


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
    asks = [Ask.of(catalogue, need, query.wishes, query.as_of, query.text) for need in query.needs]
    heaviness = sum(need.weight for need in query.needs)
    judged: list[tuple[int | None, Criterion, Judgement, float]] = []
    for number, ask in enumerate(asks):
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
        (number, Line(criterion, found, tally(found, points, criterion.prior)))
        for (number, criterion, found, _), points in zip(judged, possible, strict=True)
    ]
    needs = [
        _score(ask, [line for owner, line in lines if owner == number])
        for number, ask in enumerate(asks)
    ]
    return needs, [line for owner, line in lines if owner is None]


def _score(ask: Ask, lines: Sequence[Line]) -> Scored:
    catalogue = ask.catalogue
    scores = np.zeros(len(catalogue.offers), dtype=np.int64)
    for line in lines:
        scores += line.judgement.spread(line.tally.scores)
    # The greatest score and, among equals, the first offer of the record: both in one number.
    places = np.arange(len(scores), dtype=np.int64)
    keys = scores * len(scores) + (len(scores) - 1 - places) if len(scores) else scores
    if not len(catalogue.starts):
        return Scored(ask, tuple(lines), np.zeros(0, np.int64), np.zeros(0, np.int32))
    best = len(scores) - 1 - np.maximum.reduceat(keys, catalogue.starts) % len(scores)
    return Scored(ask, tuple(lines), best, scores[best].astype(np.int32))


def _fates(query: Query, catalogue: Catalogue, needs: Sequence[Scored]) -> NDArray[np.int8]:
    fates = np.zeros(len(catalogue.candidates), dtype=np.int8)
    late = np.ones(len(fates), dtype=np.bool_)
    for scored in needs:
        must = scored.ask.need.importance == "must"
        for line in scored.lines:
            verdicts = scored.verdicts(line)
            if line.criterion.name == "time":
                missed = verdicts == MISSED
                late &= missed
                _worsen(fates, verdicts != MET, CONDITIONAL)
                if must:
                    _worsen(fates, missed, INELIGIBLE)
            elif must and line.criterion.name in GATES:
                _worsen(fates, verdicts != MET, CONDITIONAL)
                _worsen(fates, verdicts == MISSED, INELIGIBLE)
    if query.wishes.needed_from is not None:
        _worsen(fates, late, INELIGIBLE)
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
    if query.wishes.include_inactive or not chosen:
        return ()
    floor = min(totals[number] for number in chosen)
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
            gates.append(gate_question(scene, None, "place", VERDICTS[verdict]))
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
        verdict=VERDICTS[int(line.judgement.verdicts()[at])],
    )


def _need_gates(scene: Scene, ledger: Sequence[Point]) -> list[Gate]:
    need = scene.ask.need
    hard = (*GATES, "time") if need.importance == "must" else ("time",)
    return [
        gate_question(scene, need.id, line.criterion, line.verdict)
        for line in ledger
        if line.criterion in hard and line.verdict != "met"
    ]
