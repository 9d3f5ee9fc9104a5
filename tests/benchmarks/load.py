"""The whole service under load, over HTTP on this machine: how much, how fast, who waits."""

import http.client
import json
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import Any

from tests.benchmarks.queries import AS_OF, Question
from tests.benchmarks.timing import milliseconds

AT_ONCE = 8  # connections that ask as fast as they are answered
_PACED = 48  # connections that ask at given times, so that none of them is waited for
_PATIENCE_S, _GRACE_S = 60, 10
_WORST_TIMES = 3
MOST_NEEDS, MOST_MATCHES = 32, 100  # of a legal request


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered under one load."""

    workers: int
    rate: float | None  # requests a second that came in; None: as fast as they were answered
    seconds: float
    times: tuple[float, ...]  # of the good answers, each from the moment at which it was due
    failures: int

    @property
    def per_second(self) -> float:
        """Good answers a second."""
        return len(self.times) / self.seconds

    @property
    def p50(self) -> float:
        """The median in milliseconds."""
        return milliseconds(self.times, 50) or 0.0

    @property
    def p99(self) -> float:
        """The 99th percentile in milliseconds."""
        return milliseconds(self.times, 99) or 0.0

    def __str__(self) -> str:
        load = f"{AT_ONCE} connections" if self.rate is None else f"{self.rate:g} requests/s"
        return (
            f"{self.workers} worker{'s' if self.workers > 1 else ' '}  {load:<15}"
            f"{self.per_second:8.1f} answers/s  p50 {self.p50:7.1f} ms  p99 {self.p99:7.1f} ms  "
            f"({len(self.times)} answers, {self.failures} failed)"
        )


@dataclass(frozen=True, slots=True)
class Stall:
    """How the largest legal request holds up the others of the same worker."""

    worst: float  # seconds that it takes itself, the longest of several
    size: int  # bytes of its answer
    alone: float  # median seconds of an ordinary match without it
    beside: float  # the longest that one took beside it
    requests: int  # ordinary ones beside it

    @property
    def wait(self) -> float:
        """The longest that another request waited for it, in milliseconds."""
        return max(0.0, self.beside - self.alone) * 1000

    def __str__(self) -> str:
        return (
            f"{MOST_NEEDS} needs and {MOST_MATCHES} matches take {self.worst:.2f} s and "
            f"{self.size / 1e6:.1f} MB on 1 worker; of {self.requests} ordinary matches beside it "
            f"none waited longer than {self.wait:.0f} ms"
        )


@contextmanager
def _connection(port: int) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
    try:
        connection.connect()
        yield connection
    finally:
        connection.close()


def _ask(connection: http.client.HTTPConnection, body: bytes) -> tuple[bool, int]:
    connection.request("POST", "/v1/match", body, {"content-type": "application/json"})
    answer = connection.getresponse()
    return answer.status == 200, len(answer.read())


def _bodies(asked: Sequence[Question]) -> list[bytes]:
    return [json.dumps(question.body).encode() for question in asked]


def as_fast_as_answered(
    port: int, workers: int, asked: Sequence[Question], budget: float
) -> Answered:
    """Ask the questions in turn for `budget` seconds, over some connections that stay open."""
    bodies = _bodies(asked)
    started = time.perf_counter()

    def client(first: int) -> list[tuple[bool, float]]:
        found = []
        number = first
        with _connection(port) as connection:
            while (begun := time.perf_counter()) < started + budget:
                good, _ = _ask(connection, bodies[number % len(bodies)])
                found.append((good, time.perf_counter() - begun))
                number += AT_ONCE
        return found

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = [each for part in pool.map(client, range(AT_ONCE)) for each in part]
    return _answered(workers, None, time.perf_counter() - started, answers)


def at_rate(
    port: int, workers: int, asked: Sequence[Question], rate: float, seconds: float
) -> Answered:
    """Ask at moments that don't wait for answers, as independent people would: the gaps between
    them are exponential. A late answer counts from the moment at which its question was due."""
    bodies = _bodies(asked)
    chance = random.Random(0)
    moments, moment = [], 0.0
    while (moment := moment + chance.expovariate(rate)) < seconds:
        moments.append(moment)
    started = time.perf_counter() + 0.5
    waiting = iter(enumerate(moments))  # `next` on it is atomic

    def client(_: int) -> list[tuple[bool, float]]:
        found = []
        with _connection(port) as connection:
            for number, moment in waiting:
                due = started + moment
                if time.perf_counter() > started + seconds + _GRACE_S:
                    found.append((False, 0.0))
                    continue
                time.sleep(max(0.0, due - time.perf_counter()))
                good, _size = _ask(connection, bodies[number % len(bodies)])
                found.append((good, time.perf_counter() - due))
        return found

    with ThreadPoolExecutor(_PACED) as pool:
        answers = [each for part in pool.map(client, range(_PACED)) for each in part]
    return _answered(workers, rate, time.perf_counter() - started, answers)


def _answered(
    workers: int, rate: float | None, seconds: float, answers: Sequence[tuple[bool, float]]
) -> Answered:
    good = tuple(taken for is_good, taken in answers if is_good)
    return Answered(workers, rate, seconds, good, len(answers) - len(good))


def stall(port: int, asked: Sequence[Question]) -> Stall:
    """Send the worst legal request some times, and ordinary ones beside it all the while."""
    bodies = _bodies(asked)
    with _connection(port) as connection:
        alone = statistics.median(_times(connection, bodies))
        done = Event()
        with ThreadPoolExecutor(1) as pool:
            largest = pool.submit(_largest, port, json.dumps(worst_request(asked)).encode(), done)
            beside = list(_times(connection, bodies, until=done))
        worst, size = largest.result()
    return Stall(worst, size, alone, max(beside), len(beside))


def _times(
    connection: http.client.HTTPConnection, bodies: Sequence[bytes], until: Event | None = None
) -> Iterator[float]:
    number = 0
    while not until.is_set() if until else number < len(bodies):
        begun = time.perf_counter()
        _ask(connection, bodies[number % len(bodies)])
        yield time.perf_counter() - begun
        number += 1
        time.sleep(0.005)


def _largest(port: int, body: bytes, done: Event) -> tuple[float, int]:
    times = []
    size = 0
    try:
        with _connection(port) as connection:
            for _ in range(_WORST_TIMES):
                begun = time.perf_counter()
                good, size = _ask(connection, body)
                times.append(time.perf_counter() - begun)
                if not good:
                    raise RuntimeError("the worst legal request was refused")
    finally:
        done.set()
    return max(times), size


def worst_request(asked: Sequence[Question]) -> dict[str, Any]:
    """As many needs and matches as may be asked for, with every field and wish stated."""
    needs = [need for question in asked for need in question.body["needs"]][:MOST_NEEDS]
    stated = {
        "importance": "must",
        "platform": "single-use bioreactor",
        "stage": "phase 1",
        "therapeutic_area": "oncology",
        "quality": ["GMP", "GLP", "ISO 13485"],
        "scale": {"minimum": 50, "maximum": 500, "unit": "L"},
    }
    return {
        "text": " ".join(need.get("service", "") for need in needs)[:4000],
        "needs": [stated | need for need in needs],
        "wishes": {
            "needed_from": "2028",
            "countries": {"preferred": ["KR", "US", "DE"]},
            "markets": ["MFDS", "FDA", "EMA"],
            "ownership": ["public", "private"],
            "languages": ["en", "ko"],
            "include_inactive": True,
        },
        "as_of": AS_OF.isoformat(),
        "limit": MOST_MATCHES,
        "include_ineligible": True,
    }
