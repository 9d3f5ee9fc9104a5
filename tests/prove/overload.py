"""Asked for two and five times of what it can do, a worker still does nearly all that it can.

`python -m tests.prove.overload` measures the capacity of one worker on one processor, then asks for
the double and for five times of it, from another processor, with probes of health and of a read
beside it. It prints the figures as JSON and fails where a target is missed. `--defect` takes the
limits of the queues away, and has to fail.

Goodput is good answers per second of the worker's own processor time, as a part of what it is at
capacity: on a machine that does other things as well, seconds of the clock would tell of those.
Each overload is compared with the capacity measured right before and right after it; the median of
the rounds counts, for what else the machine does slows down a processor as well.
"""

import asyncio
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from tests.benchmarks.timing import milliseconds
from tests.prove.asking import Client, Got, at_rate, in_turn, probe

FACTORY = "app.main:create_app"
GOODPUT, HEALTH_MS = 0.9, 100.0
_AT_ONCE = 4
_READ = "/v1/providers?limit=5"
BODIES = [
    json.dumps(body).encode()
    for body in (
        {"text": "GMP mRNA drug substance and LNP formulation for a phase 1 vaccine, Korea"},
        {"text": "GLP 4-week toxicity study in rats and toxicokinetics"},
        {
            "needs": [
                {"service": "fill-finish", "modality": "monoclonal antibody", "quality": "GMP"}
            ]
        },
        {"needs": [{"service": "plasmid DNA manufacturing", "stage": "phase 1"}], "limit": 5},
    )
]


@contextmanager
def served(factory: str) -> Iterator[tuple[int, int]]:
    """The port and the process of one worker with the shipped catalogue, on one processor."""
    with tempfile.TemporaryDirectory() as folder:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = int(free.getsockname()[1])
        environment = os.environ | {
            "CDMO_DATABASE_URL": f"sqlite:///{Path(folder) / 'overload.db'}",
            "CDMO_LOG_LEVEL": "error",
            "CDMO_RATE_LIMITS": "off",
        }
        prepare = "from app.cli import _prepare, _settings; _prepare(_settings(), quiet=True)"
        subprocess.run(
            [sys.executable, "-c", prepare], env=environment, check=True, capture_output=True
        )
        command = [sys.executable, "-m", "uvicorn", "--factory", factory, "--port", str(port)]
        command += ["--log-level", "error", "--no-access-log"]
        server = subprocess.Popen(command, env=environment, start_new_session=True)
        try:
            os.sched_setaffinity(server.pid, {min(os.sched_getaffinity(0))})
            _wait_for(port)
            yield port, server.pid
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        if time.monotonic() > deadline:
            raise TimeoutError("the server isn't ready in time")
        time.sleep(0.1)


async def _beside(client: Client, load: Any) -> tuple[Got, Got, Got]:
    """What a load got, and what the probes of health and of a read got all the while."""
    stop = asyncio.Event()
    probes = [
        asyncio.create_task(probe(client, "/livez", 0.05, stop)),
        asyncio.create_task(probe(client, _READ, 0.1, stop)),
    ]
    got = await load
    stop.set()
    health, reads = await asyncio.gather(*probes)
    return got, health, reads


@dataclass
class Sum:
    """All that was got under one load, in several rounds."""

    matches: Got = field(default_factory=Got)
    health: Got = field(default_factory=Got)
    reads: Got = field(default_factory=Got)
    efficiency: list[float] = field(default_factory=list)  # good matches per processor second


async def measure(port: int, pid: int, seconds: float, rounds: int) -> dict[str, Any]:
    """The figures: capacity, and for each overload what was done, refused, and waited for. The
    loads take turns, so that what else the machine does falls on all of them."""
    client = Client(port)
    await in_turn(client, BODIES, _AT_ONCE, 3.0)  # words are read for the first time
    sums = {1: Sum(), 2: Sum(), 5: Sum()}
    for times in [1, *[2, 1, 5, 1] * rounds]:
        total, used = sums[times], _processor_s(pid)
        rate = times * sums[1].matches.per_second if times > 1 else 0.0
        load = (
            at_rate(client, BODIES, rate, seconds)
            if times > 1
            else in_turn(client, BODIES, _AT_ONCE, seconds)
        )
        parts = await _beside(client, load)
        total.efficiency.append(parts[0].statuses[200] / (_processor_s(pid) - used))
        for whole, part in zip((total.matches, total.health, total.reads), parts, strict=True):
            whole.add(part)
    client.close()
    capacity = sums[1].efficiency
    return {"capacity_per_s": round(sums[1].matches.per_second, 1)} | {
        f"{times}x": {
            "goodput": round(goodput(found.efficiency, capacity[first:], step=2), 3),
            **_told(found),
        }
        for first, (times, found) in enumerate((t, s) for t, s in sums.items() if t > 1)
    }


def goodput(efficiency: list[float], capacity: list[float], step: int) -> float:
    """The median part of the capacity that was reached: each time of the mean of the capacity
    measured before it, `step` after the last one, and the capacity measured after it."""
    around = zip(capacity[::step], capacity[1::step], strict=False)
    parts = [2 * each / sum(pair) for each, pair in zip(efficiency, around, strict=False)]
    return statistics.median(parts)


def _processor_s(pid: int) -> float:
    """Seconds of a processor that the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _told(found: Sum) -> dict[str, Any]:
    matches, health, reads = found.matches, found.health, found.reads
    return {
        "statuses": dict(sorted(matches.statuses.items())),
        "unmarked": matches.unmarked + reads.unmarked,
        "broken": matches.broken + health.broken + reads.broken,
        "admitted_p99_ms": round(milliseconds(matches.times, 99) or 0),
        "health_p99_ms": round(milliseconds(health.times, 99) or 0, 1),
        "health": dict(health.statuses),
        "reads": dict(reads.statuses),
        "reads_p99_ms": round(milliseconds(reads.times, 99) or 0, 1),
    }


def misses(figures: dict[str, Any]) -> list[str]:
    """The targets that aren't reached."""
    found = []
    for name in ("2x", "5x"):
        figure = figures[name]
        checks = {
            f"goodput >= {GOODPUT}": figure["goodput"] >= GOODPUT,
            "refused with 429 or 503 alone": set(figure["statuses"]) <= {200, 429, 503},
            "every refusal says when to ask again": figure["unmarked"] == 0,
            "no connection broken": figure["broken"] == 0,
            f"health within {HEALTH_MS:g} ms": figure["health_p99_ms"] <= HEALTH_MS,
            "health always answers": set(figure["health"]) == {200},
            "reads go on": set(figure["reads"]) == {200},
        }
        found += [f"{name}: {check}" for check, holds in checks.items() if not holds]
    return found


def without_limits() -> FastAPI:
    """The planted defect: whatever comes is taken on."""
    from app.edge import workload
    from app.edge.turns import Room
    from app.main import create_app

    boundless = Room(running=100_000, waiting=100_000, patience_s=1_000)
    workload._ROOMS.update(dict.fromkeys(workload._ROOMS, boundless))
    return create_app()


@contextmanager
def shedding_off() -> Iterator[None]:
    """The planted defect, for the time of the block."""
    global FACTORY
    sound = FACTORY
    FACTORY = f"{__spec__.name}:{without_limits.__name__}"
    try:
        yield
    finally:
        FACTORY = sound


def run(seconds: float, rounds: int) -> tuple[dict[str, Any], list[str]]:
    """The figures, and the targets missed."""
    processors = os.sched_getaffinity(0)
    with served(FACTORY) as (port, pid):
        os.sched_setaffinity(0, {max(processors)})
        try:
            figures = asyncio.run(measure(port, pid, seconds, rounds))
        finally:
            os.sched_setaffinity(0, processors)
    return figures, misses(figures)


if __name__ == "__main__":
    with shedding_off() if "--defect" in sys.argv else nullcontext():
        found, missed = run(3.0, 7)
    sys.stdout.write(json.dumps({"experiment": "overload", **found, "missed": missed}) + "\n")
    sys.exit(bool(missed))
