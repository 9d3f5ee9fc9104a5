"""Times of one ranker at one size, and what is told of them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Run:
    """What one ranker took over a catalogue of one size; `note` says why something is missing."""

    name: str
    size: int
    build: float | None = None  # seconds
    times: tuple[float, ...] = ()  # seconds of each query
    note: str = ""
    stopped: float | None = None  # seconds after which a query was stopped before it had answered

    @property
    def median(self) -> float | None:
        """The median query in milliseconds."""
        return milliseconds(self.times, 50)

    @property
    def at_least(self) -> float | None:
        """The median query in milliseconds, or what even the first one took more than."""
        if self.times or self.stopped is None:
            return self.median
        return self.stopped * 1000

    @property
    def p99(self) -> float | None:
        """The 99th percentile in milliseconds."""
        return milliseconds(self.times, 99)


def milliseconds(times: Sequence[float], percentile: float) -> float | None:
    """A percentile of seconds, in milliseconds; None of none."""
    return float(np.percentile(times, percentile)) * 1000 if times else None


def exponent(sizes: Sequence[int], medians: Sequence[float]) -> float | None:
    """The power of the size that the times grow with: 1 is in step with it; None below two."""
    if len(sizes) < 2:
        return None
    return float(np.polyfit(np.log(sizes), np.log(medians), 1)[0])


def timed(asks: Sequence[Callable[[], object]], budget: float) -> tuple[tuple[float, ...], bool]:
    """The seconds of each call, and whether all were made before `budget` seconds had passed."""
    end = time.perf_counter() + budget
    times: list[float] = []
    for ask in asks:
        if time.perf_counter() > end:
            return tuple(times), False
        started = time.perf_counter()
        ask()
        times.append(time.perf_counter() - started)
    return tuple(times), True
