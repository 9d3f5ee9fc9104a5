"""What the matching is to reach, and whether this run did."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.benchmarks import ours
from tests.benchmarks.load import Answered, Stall
from tests.benchmarks.timing import Run, exponent

HALF_THE_LOAD = 50.0  # matches a second
MOST_GROWTH = 1.3  # the power that the time may grow with, in any input of a request
_AT = 100_000  # providers, where it is held against others


@dataclass
class Measured:
    """Everything that one run of the benchmarks has found so far."""

    runs: list[Run] = field(default_factory=list)
    figures: list[ours.Figures] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    stall: Stall | None = None
    growths: Mapping[str, float] = field(default_factory=dict)  # by input of a request

    def run(self, name: str, size: int) -> Run | None:
        """What a ranker took at a size, None if it wasn't asked."""
        return next((r for r in self.runs if (r.name, r.size) == (name, size)), None)

    def median(self, size: int) -> float | None:
        """The median of ours in milliseconds."""
        found = self.run(ours.NAME, size)
        return found.median if found else None

    def figure(self, size: int) -> ours.Figures | None:
        """What is told of ours at a size."""
        return next((found for found in self.figures if found.size == size), None)

    def load(self, rate: float | None, workers: int = 2) -> Answered | None:
        """What the service answered under a load."""
        asked = (found for found in self.answered if (found.rate, found.workers) == (rate, workers))
        return next(asked, None)

    def exponent(self, name: str) -> float | None:
        """The power of the size that a ranker's median grows with."""
        known = [(r.size, r.median) for r in self.runs if r.name == name and r.median is not None]
        return exponent([size for size, _ in known], [median for _, median in known])

    def times_slower(self, name: str) -> tuple[float, bool] | None:
        """How many times longer than ours a peer takes; True: longer still, it was stopped."""
        own, peer = self.median(_AT), self.run(name, _AT)
        if not own or peer is None or peer.at_least is None:
            return None
        return peer.at_least / own, not peer.times


@dataclass(frozen=True, slots=True)
class Target:
    """One figure, what it should be, and what it was; None where this run didn't measure it."""

    what: str
    wanted: str
    found: str | None
    reached: bool | None

    @property
    def verdict(self) -> str:
        """reached, not reached, or not measured."""
        return {True: "reached", False: "not reached", None: "not measured"}[self.reached]


def targets(measured: Measured) -> Sequence[Target]:
    """All targets, in the order in which they are told."""
    return [*_of_speed(measured), *_of_peers(measured), *_of_keeping(measured), *_of_http(measured)]


def _most(what: str, most: float, found: float | None, unit: str, digits: int = 1) -> Target:
    wanted = f"≤ {most:g}{unit}"
    if found is None:
        return Target(what, wanted, None, None)
    return Target(what, wanted, f"{found:,.{digits}f}{unit}", found <= most)


def _of_speed(measured: Measured) -> Iterator[Target]:
    for size, most in ((10_000, 5.0), (100_000, 20.0), (1_000_000, 200.0)):
        yield _most(f"match of {size:,} providers, median", most, measured.median(size), " ms")
    growth = measured.exponent(ours.NAME)
    yield _most("growth with the catalogue, as its power", 0.9, growth, "", 2)
    steepest = max(measured.growths, key=lambda name: measured.growths[name], default="")
    yield Target(
        "time grows no worse than n^1.3 in any input",
        f"≤ n^{MOST_GROWTH:g}",
        f"n^{measured.growths[steepest]:.2f} ({steepest})" if steepest else None,
        measured.growths[steepest] <= MOST_GROWTH if steepest else None,
    )


def _of_peers(measured: Measured) -> Iterator[Target]:
    for name, least in (("PostgreSQL pg_trgm", 50.0), ("SQLite FTS5", 10.0)):
        what, wanted = f"faster than {name} at {_AT:,}", f"≥ {least:g} x"
        ratio = measured.times_slower(name)
        if ratio is None:
            yield Target(what, wanted, None, None)
            continue
        times, is_more = ratio
        found = f"{'> ' if is_more else ''}{times:,.1f} x"
        # A peer that was stopped early might have shown us slower than wanted, or not.
        yield Target(what, wanted, found, True if times >= least else None if is_more else False)
    ratio = measured.times_slower("tantivy")
    own = 1 / ratio[0] if ratio and not ratio[1] else None
    yield _most(f"against tantivy's top 20 at {_AT:,}", 4.0, own, " x its time")


def _of_keeping(measured: Measured) -> Iterator[Target]:
    figure, run = measured.figure(_AT), measured.run(ours.NAME, _AT)
    held = figure.bytes_each if figure else None
    yield _most(f"memory per capability beside its texts at {_AT:,}", 200.0, held, " bytes", 0)
    yield _most(f"build at {_AT:,}", 15.0, run.build if run else None, " s")
    changed = figure.changed * 1000 if figure else None
    yield _most(f"a change seen at {_AT:,}", 50.0, changed, " ms")


def _of_http(measured: Measured) -> Iterator[Target]:
    full, half = measured.load(None), measured.load(HALF_THE_LOAD)
    rate = full.per_second if full else None
    yield Target(
        "HTTP with full ledgers, 2 workers",
        "≥ 100 matches/s",
        None if rate is None else f"{rate:.0f} matches/s",
        None if rate is None else rate >= 100,
    )
    what = f"p99 at {HALF_THE_LOAD:g} matches/s, 2 workers"
    yield _most(what, 100.0, half.p99 if half else None, " ms", 0)
    wait = measured.stall.wait if measured.stall else None
    yield _most("another request's wait for the worst legal one", 100.0, wait, " ms", 0)


def lines(measured: Measured) -> Iterator[str]:
    """The targets in plain text."""
    for target in targets(measured):
        yield (
            f"  {target.what:<52}{target.wanted:>18}{target.found or '-':>24}  {target.verdict}"
        ).rstrip()
