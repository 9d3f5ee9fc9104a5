"""`python -m tests.benchmarks`: speed and memory over growing catalogues, ours beside others."""

import argparse
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from app.matching.types import Candidate
from tests import postgres
from tests.benchmarks import ours, peers, report, service
from tests.benchmarks.queries import MATCHES, NEEDS, Question, questions
from tests.benchmarks.resample import growths, resampled
from tests.benchmarks.timing import Run
from tests.matching import shipped

SIZES = (1_000, 10_000, 100_000, 1_000_000)
LOOP_TO, PEERS_TO, HTTP_AT = 10_000, 100_000, 10_000
QUERIES, REQUESTS = 60, 400
MINUTES = 18


def say(line: str) -> None:
    """Tell the progress, apart from the report."""
    sys.stderr.write(f"{line}\n")


def copies_of(size: int) -> list[Candidate]:
    """A catalogue of this size."""
    return [candidate for _, candidate in resampled(shipped.catalogue().candidates, size)]


class Benchmark:
    """One run: what was asked, and what has been measured so far."""

    def __init__(self, budget: float) -> None:
        self.budget = budget
        self.asked: Sequence[Question] = questions(QUERIES)
        self.runs: list[Run] = []
        self.figures: list[ours.Figures] = []
        self.skipped: list[str] = []
        self.traced: tuple[int, float] | None = None
        self._started = time.monotonic()

    def all_sizes(self, sizes: Sequence[int], url: str | None) -> None:
        """Every size, smallest first."""
        ours.warm(self.asked)
        for size in sorted(sizes):
            reason = self._too_large(size)
            if reason:
                self.skipped.append(f"{size:,} providers: skipped. {reason}")
                say(self.skipped[-1])
                continue
            say(f"{size:,} providers: resampling")
            candidates = copies_of(size)
            self._ours(candidates)
            if size <= PEERS_TO:
                self._peers(candidates, url)

    def _ours(self, candidates: Sequence[Candidate]) -> None:
        say(f"{len(candidates):,} providers: ours")
        run, figures = ours.measure(candidates, self.asked, self.budget)
        self._keep(run)
        self.figures.append(figures)
        if self.traced is None and len(candidates) <= HTTP_AT:
            self.traced = len(candidates), ours.traced_bytes(candidates) / figures.offers

    def _peers(self, candidates: Sequence[Candidate], url: str | None) -> None:
        texts = [
            " ".join(
                filter(None, (o.service, o.modality, o.platform, *o.stages, o.scale, o.quality))
            )
            for candidate in candidates
            for o in candidate.offers
        ]
        for name, peer in peers.peers(url).items():
            size = len(candidates)
            if peer is peers.loop and size > LOOP_TO:
                continue
            say(f"{size:,} providers: {name}")
            self._keep(peers.measure(name, peer, texts, size, self.asked, self.budget))

    def _keep(self, run: Run) -> None:
        self.runs.append(run)
        say(f"  {report.line(run, None)}")

    def _too_large(self, size: int) -> str:
        """Why a size would not fit into time or memory, judged by the size before it."""
        before = [run for run in self.runs if run.name == ours.NAME and run.build is not None]
        if not before:
            return ""
        last, figures = before[-1], self.figures[-1]
        times = size / last.size
        build = (last.build or 0.0) + figures.changed
        left = MINUTES * 60 - (time.monotonic() - self._started)
        took = (
            f"{last.size:,} took {last.build or 0.0:.0f} s to build, "
            f"{figures.changed:.0f} s to change and {_resident() / 2**30:.1f} GiB"
        )
        if build * times > left:
            return f"{took}: {times:.0f} times that doesn't fit into the {left:.0f} s left."
        free = _available()
        if _resident() * times > free:
            return f"{took}: {times:.0f} times that doesn't fit into {free / 2**30:.1f} GiB."
        return ""


def _resident() -> int:
    """The most memory that this process has held so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _available() -> int:
    """The machine's free memory, in bytes; less than what could be freed."""
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def http_lines(asked: Sequence[Question], budget: float) -> Iterator[str]:
    """The lines about the whole service."""
    originals = shipped.catalogue().candidates
    folder = Path(tempfile.mkdtemp(prefix="cdmo-benchmark-"))
    try:
        say(f"HTTP: seeding {HTTP_AT:,} providers")
        copies = [(originals[i].slug, copy) for i, copy in resampled(originals, HTTP_AT)]
        settings = service.seed(folder / "benchmark.db", copies)
        for workers in (1, 2):
            say(f"HTTP: {workers} worker(s)")
            yield f"  {service.load(settings, workers, asked, budget)}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def lines(options: argparse.Namespace) -> Iterator[str]:
    """The report, line by line, each as soon as it is known."""
    yield f"Queries of {NEEDS} needs; ours explains {MATCHES} matches. {os.cpu_count()} processors."
    laws = growths(shipped.catalogue().candidates)
    yield "Distinct wordings of the real catalogue grow with the number of stated ones to the power"
    yield "  " + ", ".join(f"{law.exponent:.2f} ({name})" for name, law in laws.items())
    benchmark = Benchmark(options.budget)
    with ExitStack() as open_:
        url = None
        try:
            source = postgres.choose(
                os.environ,
                system=postgres.system_installation(),
                packaged=postgres.packaged_installation(),
            )
            server = open_.enter_context(postgres.server(source))
            url = open_.enter_context(postgres.database(server, f"cdmo_benchmark_{os.getpid()}"))
        except postgres.MissingPostgresError as missing:
            yield f"PostgreSQL: not measured, {missing}"
        benchmark.all_sizes(options.sizes, url)
    yield ""
    yield from report.table(benchmark.runs)
    yield from benchmark.skipped
    yield ""
    yield "Growth of the median with the size, as its power:"
    yield from report.growth(benchmark.runs)
    yield ""
    yield "Ours:"
    yield from report.memory(benchmark.figures, benchmark.traced)
    if options.http:
        yield ""
        yield f"The service over HTTP at {HTTP_AT:,} providers:"
        yield from http_lines(questions(REQUESTS, seed=1), options.budget)


def main() -> None:
    """Read the options and print the report."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--sizes",
        type=lambda text: [int(size) for size in text.split(",")],
        default=list(SIZES),
        help="numbers of providers, with commas between",
    )
    parser.add_argument("--no-http", dest="http", action="store_false", help="leave HTTP out")
    parser.add_argument(
        "--budget", type=float, default=20.0, metavar="SECONDS", help="of each ranker at each size"
    )
    for line in lines(parser.parse_args()):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
