"""`python -m tests.benchmarks`: speed and memory over growing catalogues, ours beside others."""

import argparse
import gc
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

from app.matching.catalogue import Catalogue
from app.matching.types import Candidate
from tests import postgres
from tests.benchmarks import inputs, load, ours, page, peers, report, service, targets
from tests.benchmarks.queries import MATCHES, NEEDS, Question, questions
from tests.benchmarks.resample import growths, resampled
from tests.benchmarks.targets import HALF_THE_LOAD, Measured
from tests.benchmarks.timing import Run
from tests.matching import shipped

SIZES = (1_000, 10_000, 100_000, 1_000_000)
LOOP_TO, PEERS_TO, HTTP_AT, INPUTS_AT = 10_000, 100_000, 10_000, 10_000
QUERIES, REQUESTS = 60, 400
MINUTES = 18
_STARTED = time.monotonic()


def say(line: str) -> None:
    """Tell the progress, apart from the report."""
    sys.stderr.write(f"[{time.monotonic() - _STARTED:4.0f} s] {line}\n")


class Benchmark:
    """One run: what was asked, and what has been measured so far."""

    def __init__(self, budget: float) -> None:
        self.budget = budget
        self.asked: Sequence[Question] = questions(QUERIES)
        self.measured = Measured()
        self._candidates: list[Candidate] = []
        self._more = (copy for _, copy in resampled(shipped.catalogue().candidates, max(SIZES)))

    def all_sizes(self, sizes: Sequence[int], url: str | None) -> None:
        """Every size, smallest first."""
        ours.warm(self.asked)
        for size in sorted(sizes):
            reason = self._too_large(size)
            if reason:
                say(f"{size:,} providers: skipped. {reason}")
                self.measured.runs.append(Run(ours.NAME, size, note=f"skipped. {reason}"))
                continue
            say(f"{size:,} providers: resampling")
            self._grow_to(size)
            self._ours()
            if size == INPUTS_AT:
                self._inputs()
            if size <= PEERS_TO:
                self._peers(url)
        self._candidates.clear()

    def _grow_to(self, size: int) -> None:
        # A larger catalogue begins with the smaller one. The collector would walk it all again
        # and again.
        gc.disable()
        self._candidates += islice(self._more, size - len(self._candidates))
        gc.enable()

    def _ours(self) -> None:
        say(f"{len(self._candidates):,} providers: ours")
        run, figures = ours.measure(self._candidates, self.asked, self.budget)
        self._keep(run)
        self.measured.figures.append(figures)

    def _inputs(self) -> None:
        say(f"{INPUTS_AT:,} providers: growth with what a request holds")
        catalogue = Catalogue.build(self._candidates, shipped.vocabulary(), 1)
        self.measured.growths = inputs.growths(catalogue)

    def _peers(self, url: str | None) -> None:
        size = len(self._candidates)
        texts = [
            " ".join(
                filter(None, (o.service, o.modality, o.platform, *o.stages, o.scale, o.quality))
            )
            for candidate in self._candidates
            for o in candidate.offers
        ]
        for name, peer in peers.peers(url).items():
            if peer is peers.loop and size > LOOP_TO:
                continue
            say(f"{size:,} providers: {name}")
            self._keep(peers.measure(name, peer, texts, size, self.asked, self.budget))

    def _keep(self, run: Run) -> None:
        self.measured.runs.append(run)
        say(f"  {report.line(run, None)}")

    def _too_large(self, size: int) -> str:
        """Why a size would not fit into time or memory, judged by the size before it."""
        before = self.measured.run(ours.NAME, len(self._candidates))
        if before is None or before.build is None:
            return ""
        times = size / before.size
        left = MINUTES * 60 - (time.monotonic() - _STARTED)
        build = before.build * times
        if build > left:
            return f"It would take {build:.0f} s to build, and {left:.0f} s are left."
        needed, free = _resident() * times, _available()
        if needed > free:
            return f"It would need {needed / 2**30:.1f} GiB, and {free / 2**30:.1f} are free."
        return ""

    def over_http(self) -> Iterator[str]:
        """Measure the whole service with 1 and 2 workers; its lines of the report."""
        originals = shipped.catalogue().candidates
        folder = Path(tempfile.mkdtemp(prefix="cdmo-benchmark-"))
        asked = questions(REQUESTS, seed=1)
        try:
            say(f"HTTP: seeding {HTTP_AT:,} providers")
            copies = [(originals[i].slug, copy) for i, copy in resampled(originals, HTTP_AT)]
            settings = service.seed(folder / "benchmark.db", copies)
            for workers in (1, 2):
                say(f"HTTP: {workers} worker(s)")
                with service.served(settings, workers) as port:
                    yield from self._loads(port, workers, asked)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _loads(self, port: int, workers: int, asked: Sequence[Question]) -> Iterator[str]:
        load.as_fast_as_answered(port, workers, asked, self.budget / 5)  # what is remembered
        self.measured.answered.append(load.as_fast_as_answered(port, workers, asked, self.budget))
        yield f"  {self.measured.answered[-1]}"
        if workers == 1:
            self.measured.stall = load.stall(port, asked)
            yield f"  {self.measured.stall}"
        else:
            paced = load.at_rate(port, workers, asked, HALF_THE_LOAD, self.budget)
            self.measured.answered.append(paced)
            yield f"  {paced}"


def _resident() -> int:
    """The memory that this process holds now, in bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _available() -> int:
    """The memory that the machine could give, in bytes."""
    (line,) = (
        line
        for line in Path("/proc/meminfo").read_text().splitlines()
        if line.startswith("MemAvailable:")
    )
    return int(line.split()[1]) * 1024


def lines(options: argparse.Namespace) -> Iterator[str]:
    """The report, line by line, each as soon as it is known."""
    if options.readme:  # a page without its marks is better known now than in the end
        page.written(page.README.read_text(encoding="utf-8"), Measured())
    yield f"Queries of {NEEDS} needs; ours explains {MATCHES} matches. {os.cpu_count()} processors."
    laws = growths(shipped.catalogue().candidates)
    yield "Distinct wordings of the real catalogue grow with the number of stated ones to the power"
    yield "  " + ", ".join(f"{law.exponent:.2f} ({name})" for name, law in laws.items())
    benchmark = Benchmark(options.budget)
    measured = benchmark.measured
    # First, so that the largest catalogue has what is left of the time.
    over_http = list(benchmark.over_http()) if options.http else []
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
    yield from report.table(measured.runs)
    yield ""
    yield "Growth of the median with the size, as its power:"
    yield from report.growth(measured)
    yield ""
    yield f"Growth with what a request holds more of, at {INPUTS_AT:,} providers:"
    for name, power in measured.growths.items():
        yield f"  {name:<30}{power:6.2f}"
    yield ""
    yield "Ours:"
    yield from report.memory(measured.figures)
    if options.http:
        yield ""
        yield f"The service over HTTP at {HTTP_AT:,} providers:"
        yield from over_http
    yield ""
    yield "Targets:"
    yield from targets.lines(measured)
    if options.readme:
        text = page.README.read_text(encoding="utf-8")
        page.README.write_text(page.written(text, measured), encoding="utf-8")
        yield "The README has these figures now."


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
        "--readme", action="store_true", help="write the figures into the README as well"
    )
    parser.add_argument(
        "--budget", type=float, default=10.0, metavar="SECONDS", help="of each ranker at each size"
    )
    for line in lines(parser.parse_args()):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
