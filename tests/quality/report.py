"""How measured rankings are told: the table, the misses, and what changed since."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.quality.deals import DEPTHS, Deal, score

MISSED_BELOW = 10
NUMBERS = (*(f"R@{depth}" for depth in DEPTHS), "MRR")
MODE_WIDTH = 7 * len(NUMBERS)


@dataclass(frozen=True, slots=True)
class Measured:
    """A ranker's ranks of the chosen providers, by mode, in the order of the deals."""

    name: str
    ranks: dict[str, list[int | None]]
    seconds: float


def table(title: str, measured: Sequence[Measured], chosen: Sequence[int]) -> Iterator[str]:
    """A line per ranker over the deals at the chosen positions; seconds are for all deals."""
    modes = list(measured[0].ranks)
    width = max(len(result.name) for result in measured) + 2
    yield title
    yield " " * width + "".join(f"    {mode:<{MODE_WIDTH - 4}}" for mode in modes).rstrip()
    heads = "".join(f"{number:>7}" for _ in modes for number in NUMBERS)
    yield f"{'ranker':<{width}}{heads}{'seconds':>10}"
    for result in measured:
        scores = [score([result.ranks[mode][i] for i in chosen]) for mode in modes]
        cells = "".join(f"{value:7.3f}" for s in scores for value in (*s.recall, s.mrr))
        yield f"{result.name:<{width}}{cells}{result.seconds:10.1f}"


def is_found(rank: int | None) -> bool:
    """Whether a person who reads the first ten sees it."""
    return rank is not None and rank <= MISSED_BELOW


def misses(result: Measured, deals: Sequence[Deal]) -> Iterator[str]:
    """A line per deal whose chosen provider stands too low: mode, deal, rank, chosen."""
    for mode, ranks in result.ranks.items():
        low = [(deal, rank) for deal, rank in zip(deals, ranks, strict=True) if not is_found(rank)]
        yield ""
        yield f"{result.name}, {mode}: {len(low)} below rank {MISSED_BELOW}"
        for deal, rank in low:
            yield f"{deal.id}  {rank or 'absent':>6}  {deal.chosen}"


def keep(measured: Sequence[Measured], path: Path) -> None:
    """Write all ranks, to be compared with after a change."""
    path.write_text(json.dumps({result.name: result.ranks for result in measured}))


def changes(path: Path, result: Measured, deals: Sequence[Deal]) -> Iterator[str]:
    """A line per deal that has entered or left the first ten since the ranks were kept."""
    kept = json.loads(path.read_text()).get(result.name)
    yield ""
    if kept is None:
        yield f"{result.name}: not in the kept ranks"
        return
    for mode, ranks in result.ranks.items():
        pairs = list(zip(deals, kept[mode], ranks, strict=True))
        gained = [pair for pair in pairs if is_found(pair[2]) and not is_found(pair[1])]
        lost = [pair for pair in pairs if is_found(pair[1]) and not is_found(pair[2])]
        yield f"{result.name}, {mode}: {len(gained)} gained, {len(lost)} lost"
        for word, moved in (("gained", gained), ("lost", lost)):
            for deal, before, after in moved:
                move = f"{before or 'absent'} to {after or 'absent'}"
                yield f"{word:<6}  {deal.id}  {move}  {deal.chosen}"
