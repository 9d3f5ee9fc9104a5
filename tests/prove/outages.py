"""PostgreSQL ended and started again in the midst of load: nothing but 503 meanwhile, nothing lost,
and well again by itself."""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2

from app.models.key import Role
from tests.prove.experiment import Experiment, Outcome, Size
from tests.prove.place import Place
from tests.prove.planted import planted
from tests.prove.server import Server, load_apart, running
from tests.prove.writers import Written, add_providers, differences, issue, writers
from tests.restarting import FAST, IMMEDIATE, restartable
from tests.restarting import Server as Database

_CLIENTS = 6
_BETWEEN_S, _DOWN_S = 1.5, 1.0
_WELL_S, _HUNG_S = 2.0, 8.0


def outages(place: Place, size: Size) -> Outcome:
    """Restarts, crashes and ended connections while clients write."""
    with (
        TemporaryDirectory(prefix="cdmo-prove-") as folder,
        restartable() as own,
        Place(own.url, Path(folder)) as there,
        there.database("postgres") as database,
        load_apart(not size.is_short),
    ):
        _, headers = issue(database, Role.CURATOR)
        places = add_providers(database, 40)
        with (
            running(database.url) as server,
            writers(server.address, places, headers, _CLIENTS) as written,
        ):
            well = [
                _through(server, own, what, written)
                for what in (_restart, _crash, _end_connections)
                for _ in range(size.of(5, 1))
            ]
        lost = differences(database, places, written)
    wrong = {s: n for s, n in written.statuses.items() if s not in (201, 409, 503)}
    found = [f"{n} answers {s}" for s, n in wrong.items()] + lost
    if written.without_retry_after:
        found.append(f"{written.without_retry_after} refusals without Retry-After")
    slow = size.of(1, 5)  # beside other tests everything takes longer
    return Outcome(
        f"{len(well)} outages, {len(written.acknowledged):,} writes, {written.statuses[503]} 503s: "
        f"{sum(wrong.values())} other errors, {len(lost)} lost; well after {max(well):.2f} s, "
        f"longest answer {written.longest_s:.1f} s",
        f"0 but 503 with Retry-After; 0 lost; ≤ {_WELL_S:g} s; ≤ {_HUNG_S:g} s",
        not found and max(well) <= _WELL_S * slow and written.longest_s <= _HUNG_S * slow,
        found,
    )


def _through(
    server: Server, own: Database, what: Callable[[Database], float], written: Written
) -> float:
    """Let one outage happen; how long after the database was ready a write was acknowledged."""
    before = len(written.acknowledged)
    _wait(lambda: len(written.acknowledged) > before + 5)
    ready = what(own)
    since = len(written.acknowledged)
    _wait(lambda: len(written.acknowledged) > since)
    took = time.monotonic() - ready
    assert httpx2.get(f"{server.address}/livez", timeout=10).status_code == 200
    time.sleep(_BETWEEN_S)
    return took


def _wait(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not is_so() and time.monotonic() < ends:
        time.sleep(0.01)


def _restart(own: Database) -> float:
    own.stop(FAST)
    time.sleep(_DOWN_S)
    return _started(own)


def _crash(own: Database) -> float:
    own.stop(IMMEDIATE)
    return _started(own)


def _started(own: Database) -> float:
    own.start()
    return time.monotonic()


def _end_connections(own: Database) -> float:
    own.end_connections()
    return time.monotonic()


OUTAGES = Experiment("outages", outages, {"failures not mapped": planted("unmapped-database")})
