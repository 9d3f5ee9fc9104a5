"""Real deals, and how far up a ranking puts the provider that each sponsor chose."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CATALOGUE = HERE.parents[1] / "app" / "data" / "providers.jsonl"
DEPTHS = (5, 10, 20)

Need = dict[str, str | None]  # service, modality, stage, therapeutic_area, quality, scale
Rank = Callable[[str | None, list[Need] | None], list[str]]  # slugs, best first
Record = dict[str, Any]  # a line of a data file, as read


@dataclass(frozen=True, slots=True)
class Deal:
    """A need as the sponsor would have put it, and the slug of the provider that was chosen."""

    id: str
    side: str  # cro or mfg: studies or manufacture
    sponsor_country: str
    text: str
    needs: list[Need]
    chosen: str
    year: int | None


@dataclass(frozen=True, slots=True)
class Score:
    """Share of deals with the chosen provider in the first 5, 10 and 20, and mean 1/rank."""

    recall: tuple[float, ...]  # in the order of DEPTHS
    mrr: float


def read_lines(path: Path) -> list[Record]:
    """The records of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


@cache
def read_deals() -> tuple[Deal, ...]:
    """The development deals."""
    return tuple(
        Deal(
            id=row["id"],
            side=row["side"],
            sponsor_country=row["sponsor_country"],
            text=row["need_text"],
            needs=row["needs"],
            chosen=row["chosen"],
            year=row["year"],
        )
        for row in read_lines(HERE / "deals_dev.jsonl")
    )


@cache
def read_providers() -> tuple[Record, ...]:
    """The shipped catalogue by slug, so that a stable sort leaves ties in that order.

    Nobody is left out for having closed since: deals go back to the 1990s.
    """
    return tuple(sorted(read_lines(CATALOGUE), key=lambda record: str(record["slug"])))


def place(order: Sequence[str], chosen: str) -> int | None:
    """The rank of the chosen slug, from 1; None when the ranking leaves it out.

    A tie counts as the ranker put it: what a person would have seen. Raises ValueError when a
    slug comes twice, since each repeat would push the others down unseen.
    """
    if len(set(order)) != len(order):
        raise ValueError("the ranking names a provider twice")
    return order.index(chosen) + 1 if chosen in order else None


def places(rank: Rank, deals: Iterable[Deal], *, with_needs: bool) -> list[int | None]:
    """The chosen provider's rank for each deal, from the text alone or text and needs."""
    return [
        place(rank(deal.text, deal.needs if with_needs else None), deal.chosen) for deal in deals
    ]


def recall(ranks: Sequence[int | None], depth: int) -> float:
    """Share of ranks within the depth; one left out counts as missed."""
    return sum(rank is not None and rank <= depth for rank in ranks) / len(ranks)


def mean_reciprocal_rank(ranks: Sequence[int | None]) -> float:
    """Mean of 1/rank; one left out counts 0."""
    return sum(1 / rank for rank in ranks if rank is not None) / len(ranks)


def score(ranks: Sequence[int | None]) -> Score:
    """The numbers told of a ranking."""
    return Score(tuple(recall(ranks, depth) for depth in DEPTHS), mean_reciprocal_rank(ranks))
