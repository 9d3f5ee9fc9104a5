"""The worst legal match, 40 of them at once: health, reads and small matches go on beside them."""

import asyncio
import json
import os
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI

from tests.benchmarks.load import MOST_NEEDS, worst_request
from tests.benchmarks.queries import NEEDS, questions
from tests.prove import overload
from tests.prove.asking import Client, Got, in_turn, probe
from tests.prove.experiment import Experiment, Outcome, Size
from tests.prove.place import Place

AT_ONCE, STALL_MS = 40, 100.0
_ALONE_S = 3.0
_SMALL = overload.BODIES[0]
_OTHERS = {
    "health": ("GET", "/livez", b""),
    "reads": ("GET", "/v1/providers?limit=5", b""),
    "small matches": ("POST", "/v1/match", _SMALL),
}


def worst(_place: Place, _size: Size) -> Outcome:
    """Ask a worker for as many of the largest matches as there is a bound for, and others beside.

    It has no short form: beside other tests a wait tells of those.
    """
    alone, beside, large = _measured(seconds=20)
    worst_ms = {name: _stall_ms(alone[name], beside[name]) for name in _OTHERS}
    asked = sum(sum(got.statuses.values()) for got in beside.values())
    refused = {n: dict(g.statuses) for n, g in beside.items() if set(g.statuses) != {200}}
    missed = [f"{name}: held up {ms:.0f} ms" for name, ms in worst_ms.items() if ms > STALL_MS]
    missed += [f"{name}: {statuses}" for name, statuses in refused.items()]
    missed += [f"{name}: broken" for name, got in beside.items() if got.broken]
    if not set(large.statuses) <= {200, 429, 503} or not large.statuses[200]:
        missed.append(f"the large ones: {dict(large.statuses)}")
    if large.broken or large.unmarked:
        missed.append(f"the large ones: {large.broken} broken, {large.unmarked} unmarked")
    held_up = ", ".join(f"{name} {ms:.0f} ms" for name, ms in worst_ms.items())
    return Outcome(
        f"{large.statuses[200]} done and {sum(large.statuses.values()) - large.statuses[200]} "
        f"refused of the large; longest wait of {asked} others: "
        f"{held_up}",
        f"≤ {STALL_MS:g} ms, none refused",
        not missed,
        missed,
    )


def _stall_ms(alone: Got, beside: Got) -> float:
    """How much longer than usual one of them waited."""
    if not beside.times:
        return float("inf")
    return max(0.0, max(beside.times) - statistics.median(alone.times)) * 1000


def bodies() -> list[bytes]:
    """The largest legal requests: of every field, and of words that nearly are terms."""
    full = worst_request(questions(MOST_NEEDS // NEEDS + 1))
    nearly = "lentivral vectr manufacturng e\u0301\u0323 유전자치료제 위탁생산 ΑΒΓ plasmd "
    needs = [need | {"service": (nearly * 3)[:160]} for need in full["needs"]]
    other = full | {"text": (nearly * 100)[:4000], "needs": needs}
    return [json.dumps(body, ensure_ascii=False).encode() for body in (full, other)]


def _measured(seconds: float) -> tuple[dict[str, Got], dict[str, Got], Got]:
    """What the others got without the large ones and beside them, and what those got."""
    processors = os.sched_getaffinity(0)
    with overload.served(overload.FACTORY) as (port, _):
        os.sched_setaffinity(0, {max(processors)})
        try:
            return asyncio.run(_both(port, seconds))
        finally:
            os.sched_setaffinity(0, processors)


async def _both(port: int, seconds: float) -> tuple[dict[str, Got], dict[str, Got], Got]:
    client, large = Client(port), bodies()
    for each in large:
        await client.ask("POST", "/v1/match", each)  # words are read for the first time
    _, alone = await _beside(client, asyncio.sleep(_ALONE_S, Got()))
    got, beside = await _beside(client, in_turn(client, large, AT_ONCE, seconds, rest_s=0.1))
    client.close()
    return alone, beside, got


async def _beside(client: Client, load: Any) -> tuple[Got, dict[str, Got]]:
    stop = asyncio.Event()
    probes = {
        name: asyncio.create_task(probe(client, path, 0.05, stop, method=method, body=body))
        for name, (method, path, body) in _OTHERS.items()
    }
    got = await load
    stop.set()
    return got, {name: await task for name, task in probes.items()}


def without_room_apart() -> FastAPI:
    """The planted defect: large matches take turns among all others."""
    from app.edge import kinds
    from app.main import create_app

    kinds._MOST_LINES = 10**9
    return create_app()


@contextmanager
def _in_one_queue() -> Iterator[None]:
    sound = overload.FACTORY
    overload.FACTORY = f"{__name__}:{without_room_apart.__name__}"
    try:
        yield
    finally:
        overload.FACTORY = sound


WORST = Experiment(
    "worst", worst, {"large matches in one queue with small ones": _in_one_queue}, is_short=False
)
