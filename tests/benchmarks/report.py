"""The table of all runs in plain text."""

from collections.abc import Iterator, Sequence

from tests.benchmarks import ours
from tests.benchmarks.timing import Run, exponent


def table(runs: Sequence[Run]) -> Iterator[str]:
    """One line for each ranker and size; `x ours` is its median over ours at that size."""
    yield (
        f"{'ranker':<22}{'providers':>10}{'build s':>9}{'queries':>9}"
        f"{'median ms':>11}{'p99 ms':>10}{'x ours':>8}  note"
    )
    base = {run.size: run.median for run in runs if run.name == ours.NAME}
    for name in dict.fromkeys(run.name for run in runs):
        yield from (line(run, base.get(run.size)) for run in runs if run.name == name)


def line(run: Run, own: float | None) -> str:
    """A run's line of the table; `own` is the median of ours at its size."""
    ratio = run.median / own if run.median is not None and own else None
    return (
        f"{run.name:<22}{run.size:>10,}{_number(run.build, 9)}{len(run.times):>9}"
        f"{_number(run.median, 11)}{_number(run.p99, 10)}{_number(ratio, 8, 2)}  {run.note}"
    ).rstrip()


def growth(runs: Sequence[Run]) -> Iterator[str]:
    """For each ranker the power of the size that its median grows with."""
    for name in dict.fromkeys(run.name for run in runs):
        known = [(r.size, r.median) for r in runs if r.name == name and r.median is not None]
        found = exponent([size for size, _ in known], [median for _, median in known])
        if found is not None:
            yield f"  {name:<22}{found:>6.2f}  over {', '.join(f'{size:,}' for size, _ in known)}"


def memory(figures: Sequence[ours.Figures], traced: tuple[int, float] | None) -> Iterator[str]:
    """What ours holds beside its texts, and how fast it follows a change."""
    for found in figures:
        yield (
            f"  {found.size:>9,} providers, {found.offers:,} capabilities, "
            f"{found.profiles:,} distinct profiles: "
            f"{found.array_bytes / found.offers:.0f} bytes of arrays per capability; "
            f"a change of one provider is seen after {found.changed:.2f} s"
        )
    if traced is not None:
        size, held = traced
        yield (
            f"  by tracemalloc, at {size:,} providers: {held:.0f} bytes per capability "
            "(arrays, columns of distinct values and word lists; candidates and texts not counted)"
        )


def _number(value: float | None, width: int, digits: int = 1) -> str:
    return f"{'-':>{width}}" if value is None else f"{value:>{width}.{digits}f}"
