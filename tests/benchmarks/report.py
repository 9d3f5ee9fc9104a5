"""The table of all runs in plain text."""

from collections.abc import Iterator, Sequence

from tests.benchmarks import ours
from tests.benchmarks.targets import Measured
from tests.benchmarks.timing import Run


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


def growth(measured: Measured) -> Iterator[str]:
    """For each ranker the power of the size that its median grows with."""
    for name in dict.fromkeys(run.name for run in measured.runs):
        found = measured.exponent(name)
        if found is not None:
            yield f"  {name:<22}{found:>6.2f}"


def memory(figures: Sequence[ours.Figures]) -> Iterator[str]:
    """What ours holds beside its texts, and how fast it follows a change."""
    for found in figures:
        yield (
            f"  {found.size:>9,} providers, {found.offers:,} capabilities: "
            f"{found.bytes_each:.0f} bytes per capability beside the texts; a change of one "
            f"provider is in the next match after {found.changed * 1000:.1f} ms"
        )


def _number(value: float | None, width: int, digits: int = 1) -> str:
    return f"{'-':>{width}}" if value is None else f"{value:>{width}.{digits}f}"
