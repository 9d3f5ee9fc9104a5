"""Fit the weights of the criteria to real deals, and tell what they reach on deals left out.

    python -m tests.quality.fit

A provider's score is linear in the weights once the best offer of each need is chosen, so the two
steps take turns: choose the offers, then set weights (none below 0) under which the chosen
provider is the likeliest (softmax over all providers, a little ridge). Both modes are fitted
together, because one set of weights serves both. A fold leaves out every fifth deal in both modes.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped] # scipy ships no types

from app.matching.brief import Brief
from app.matching.catalogue import Catalogue
from app.matching.criteria import CRITERIA, Criterion
from app.matching.panel import Panel
from app.matching.tables import Table
from app.models.match import MatchData
from app.models.need import NeedData, WishesData
from app.services.match import query_of
from tests.matching import shipped
from tests.quality.deals import Deal, mean_reciprocal_rank, read_deals, recall
from tests.quality.ours import AS_OF

Floats = NDArray[np.float64]
RIDGE, ROUNDS, FOLDS, SEEDS = 1e-4, 3, 5, 2
BY_NEED = tuple(c for c in CRITERIA if c.scope == "need")
BY_WISH = tuple(c for c in CRITERIA if c.scope == "wishes" and c.name != "freshness")
CHOOSE = np.array([c.name != "wording" for c in BY_NEED])  # the best offer isn't told by words
NAMES = tuple(c.name for c in (*BY_NEED, *BY_WISH))


@dataclass(frozen=True)
class Case:
    """A deal in one mode: the shares of every criterion, and the provider that was chosen."""

    needs: tuple[tuple[float, Floats], ...]  # each need's part, and offers by criterion
    wishes: Floats  # providers by criterion
    chosen: int


def case(deal: Deal, catalogue: Catalogue, *, with_needs: bool) -> Case:
    """Judge every offer and provider by every criterion."""
    data = MatchData(
        text=deal.text,
        needs=[NeedData.model_validate(need) for need in deal.needs] if with_needs else [],
        wishes=WishesData(include_inactive=True),
        as_of=AS_OF,
    )
    query, _ = query_of(data, catalogue.vocabulary)
    brief = Brief.of(query, catalogue)
    whole = sum(need.weight for need in query.needs)
    everybody = np.arange(len(catalogue.candidates))
    panel = Panel.of_all(brief, everybody)
    by_need = [_shares(criterion, panel) for criterion in BY_NEED]
    wishes = Panel(brief, everybody, everybody)
    slugs = [candidate.slug for candidate in catalogue.candidates]
    return Case(
        needs=tuple(
            (ask.need.weight / whole, np.stack([shares[:, number] for shares in by_need], axis=1))
            for number, ask in enumerate(brief.asks)
        ),
        wishes=np.stack([_shares(criterion, wishes)[:, 0] for criterion in BY_WISH], axis=1),
        chosen=slugs.index(deal.chosen),
    )


def _shares(criterion: Criterion, panel: Panel) -> Floats:
    """Rows by needs; 0 where a need doesn't ask for the criterion."""
    asks, known = panel.brief.asks, panel.brief.catalogue
    is_asked = np.array([criterion.is_asked(ask) for ask in asks])
    if not is_asked.any():
        return np.zeros((len(panel.rows), len(asks)))
    asks = asks if criterion.scope == "need" else asks[:1]
    judged = Table(criterion, asks, known, [0] * len(asks)).line(panel).judged
    shares: Floats = judged.spread(judged.won + criterion.prior * judged.unknown)
    found: Floats = shares * is_asked[: len(asks)]
    return found


def _table(case: Case, weights: Floats, catalogue: Catalogue) -> Floats:
    """Providers by criterion, each need through the offer that these weights like best."""
    starts = catalogue.providers.bounds[:-1]
    owner = np.repeat(np.arange(len(starts)), np.diff(catalogue.providers.bounds))
    total = np.zeros((len(starts), len(BY_NEED)))
    for part, shares in case.needs:
        scores = shares @ (weights[: len(BY_NEED)] * CHOOSE)
        hits = np.flatnonzero(scores >= np.maximum.reduceat(scores, starts)[owner] - 1e-12)
        total += part * shares[hits[np.unique(owner[hits], return_index=True)[1]]]
    return np.hstack([total, case.wishes])


def fit(cases: Sequence[Case], catalogue: Catalogue) -> Floats:
    """The weights under which the chosen providers are likeliest."""
    weights = np.full(len(NAMES), 3.0)
    for _ in range(ROUNDS):
        tables = [(_table(case, weights, catalogue), case.chosen) for case in cases]
        found = minimize(
            _loss,
            weights,
            args=(tables,),
            jac=True,
            bounds=[(0.0, None)] * len(weights),
            method="L-BFGS-B",
            options={"maxiter": 60},
        )
        weights = found.x
    return weights


def _loss(weights: Floats, tables: Sequence[tuple[Floats, int]]) -> tuple[float, Floats]:
    loss, slope = 0.0, np.zeros_like(weights)
    for table, chosen in tables:
        scores = table @ weights
        odds = np.exp(scores - scores.max())
        chances = odds / odds.sum()
        loss -= float(np.log(chances[chosen] + 1e-300))
        slope -= table[chosen] - chances @ table
    size = len(tables)
    return loss / size + RIDGE * float(weights @ weights), slope / size + 2 * RIDGE * weights


def rank(case: Case, weights: Floats, catalogue: Catalogue) -> int:
    """The chosen provider's rank under these weights; equal scores stand in order of slug."""
    scores = np.round(_table(case, weights, catalogue) @ weights, 9)
    own = scores[case.chosen]
    return 1 + int((scores > own).sum()) + int((scores[: case.chosen] == own).sum())


def report() -> Iterator[str]:
    """The weights fitted to all deals, and what is reached on all and on those left out."""
    catalogue, deals = shipped.catalogue(), read_deals()
    modes = [
        [case(deal, catalogue, with_needs=with_needs) for deal in deals]
        for with_needs in (False, True)
    ]
    weights = fit([*modes[0], *modes[1]], catalogue)
    yield "  ".join(f"{name} {w:.2f}" for name, w in zip(NAMES, weights, strict=True))
    yield _told("fitted", [[rank(c, weights, catalogue) for c in mode] for mode in modes])
    left_out: list[list[int]] = [[], []]
    for seed in range(SEEDS):
        order = np.random.default_rng(seed).permutation(len(deals))
        for fold in range(FOLDS):
            kept = [int(n) for place, n in enumerate(order) if place % FOLDS != fold]
            weights = fit([mode[n] for mode in modes for n in kept], catalogue)
            for ranks, mode in zip(left_out, modes, strict=True):
                ranks += [rank(mode[int(n)], weights, catalogue) for n in order[fold::FOLDS]]
    yield _told("left out", left_out)


def _told(title: str, ranks: Sequence[Sequence[int]]) -> str:
    figures = (f"R@10 {recall(r, 10):.3f} MRR {mean_reciprocal_rank(r):.3f}" for r in ranks)
    return f"{title:<10}{'   with needs '.join(figures)}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in report())
