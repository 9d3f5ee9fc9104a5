"""The README's tables of speed, between two marks that the benchmarks write between."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks.targets import Measured, targets
from tests.benchmarks.timing import Run

README = Path(__file__).parents[2] / "README.md"
START, END = "<!-- bench -->", "<!-- /bench -->"


def written(page: str, measured: Measured) -> str:
    """The page with the tables of this run in the place of the last ones."""
    before, start, rest = page.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"the page has no {START} and {END} to write between")
    tables = "\n".join(block(measured))
    return f"{before}{START}\n{tables}\n{END}{after}"


def block(measured: Measured) -> Iterator[str]:
    """The tables in Markdown."""
    yield from _rankers(measured)
    yield ""
    yield from _keeping(measured)
    if measured.answered:
        yield ""
        yield from _http(measured)
    yield ""
    yield "| to reach | wanted | measured | |"
    yield "|---|--:|--:|---|"
    for target in targets(measured):
        yield f"| {target.what} | {target.wanted} | {target.found or '-'} | {target.verdict} |"


def _rankers(measured: Measured) -> Iterator[str]:
    sizes = sorted({run.size for run in measured.runs})
    yield (
        f"Milliseconds for 5 needs, 20 matches each, on {os.cpu_count()} processors: median / 99th "
        "percentile. Ours explains every point and writes its whole answer as JSON; the others "
        "rank bare texts."
    )
    yield ""
    yield f"| ranker | {' | '.join(f'{size:,}' for size in sizes)} | grows with |"
    yield f"|---|{'--:|' * (len(sizes) + 1)}"
    for name in dict.fromkeys(run.name for run in measured.runs):
        cells = [_cell(measured.run(name, size)) for size in sizes]
        power = measured.exponent(name)
        grows = "-" if power is None else f"n^{power:.2f}"
        yield f"| {name} | {' | '.join(cells)} | {grows} |"


def _cell(run: Run | None) -> str:
    if run is None:
        return "-"
    if run.median is None or run.p99 is None:
        return run.note
    cut = f" ({run.note})" if run.note else ""
    return f"{run.median:,.1f} / {run.p99:,.1f}{cut}"


def _keeping(measured: Measured) -> Iterator[str]:
    rows: Sequence[tuple[str, list[str]]] = (
        ("capabilities", [f"{found.offers:,}" for found in measured.figures]),
        ("build, s", [_build(measured, found.size) for found in measured.figures]),
        (
            "bytes per capability beside its texts",
            [f"{found.bytes_each:.0f}" for found in measured.figures],
        ),
        ("a change seen, ms", [f"{found.changed * 1000:.1f}" for found in measured.figures]),
    )
    yield f"| ours | {' | '.join(f'{found.size:,}' for found in measured.figures)} |"
    yield f"|---|{'--:|' * len(measured.figures)}"
    for name, cells in rows:
        yield f"| {name} | {' | '.join(cells)} |"


def _build(measured: Measured, size: int) -> str:
    run = measured.run("ours", size)
    return "-" if run is None or run.build is None else f"{run.build:.1f}"


def _http(measured: Measured) -> Iterator[str]:
    yield "| over HTTP, 10,000 providers | answers/s | median, ms | p99, ms |"
    yield "|---|--:|--:|--:|"
    for found in measured.answered:
        load = "as fast as answered" if found.rate is None else f"{found.rate:g} asked a second"
        workers = f"{found.workers} worker{'s' if found.workers > 1 else ''}"
        yield (
            f"| {workers}, {load} | {found.per_second:.0f} | {found.p50:.0f} | {found.p99:.0f} |"
        )
    yield ""
    yield (
        "Over HTTP the same 400 questions are asked again and again, after a first round that "
        "isn't counted, so that much of what they need is remembered."
    )
    if measured.stall:
        yield ""
        yield f"The worst legal request: {measured.stall}."
