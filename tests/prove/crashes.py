"""The server killed and ended in the midst of writing, on both engines."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx2
from sqlalchemy import text

from app.models.key import Role
from tests.prove.experiment import Experiment, Outcome, Size
from tests.prove.place import ENGINES, Database, Place
from tests.prove.planted import SHORT_GRACE, planted
from tests.prove.server import load_apart, running
from tests.prove.writers import add_providers, differences, issue, writers

_CLIENTS = 6
_GRACE_S = 15
_SLOW = 3


def kills(place: Place, size: Size) -> Outcome:
    """SIGKILL while clients write, each under an Idempotency-Key: nothing lost, nothing doubled."""
    wrong: list[str] = []
    starts: list[float] = []
    writes = killed = 0
    for kind in ENGINES:
        with place.database(kind) as database, load_apart(not size.is_short):
            many, times = size.of(5_000, 60), size.of(25, 1)
            found, done = _killed(database, many, times, starts)
            wrong += [f"{kind}: {each}" for each in found]
            writes, killed = writes + done, killed + times
    starts.sort()
    p95 = starts[int(len(starts) * 0.95) - 1] if len(starts) > 1 else starts[0]
    enough = writes >= size.of(10_000, 60)
    return Outcome(
        f"{killed} kills in {writes:,} writes: {len(wrong)} lost, doubled or half there; "
        f"back within {p95:.1f} s",
        "0; ≤ 3 s",
        not wrong and enough and (p95 <= 3.0 or size.is_short),
        wrong,
    )


def _killed(
    database: Database, many: int, times: int, starts: list[float]
) -> tuple[list[str], int]:
    _, headers = issue(database, Role.CURATOR)
    places = add_providers(database, many // 150 + 1)
    with running(database.url) as server:
        with writers(server.address, places, headers, _CLIENTS) as written:
            for number in range(1, times + 1):
                _wait_until(lambda n=number: len(written.acknowledged) >= many * n // (times + 1))  # type: ignore[misc] # mypy can't infer it
                server.kill()
                starts.append(server.start())
            _wait_until(lambda: len(written.acknowledged) >= many)
        found = differences(database, places, written)
        for key, first in list(written.acknowledged.items())[:: max(1, many // 200)]:
            spot, number_ = key.rsplit("-", 1)
            again = httpx2.post(
                f"{server.address}/v1/providers/{spot}/capabilities",
                json={"service": f"Service {number_}"},
                headers=headers | {"Idempotency-Key": key},
                timeout=30,
            )
            if again.status_code != 201 or again.json() != first:
                found.append(f"{key} is answered otherwise the second time")
    return found, len(written.acknowledged)


def _wait_until(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + 600
    while not is_so() and time.monotonic() < ends:
        time.sleep(0.01)


def shutdown(place: Place, size: Size) -> Outcome:
    """SIGTERM under load: what was begun is finished, and the process is gone in time."""
    wrong: list[str] = []
    longest = 0.0
    rounds = size.of(10, 1)
    for kind in ENGINES:
        with place.database(kind) as database, load_apart(not size.is_short):
            _, headers = issue(database, Role.CURATOR)
            places = add_providers(database, 10)
            for _ in range(rounds):
                took, found = _ended(database, places, headers)
                longest = max(longest, took)
                wrong += [f"{kind}: {each}" for each in found]
    return Outcome(
        f"{2 * rounds} ends under load: {len(wrong)} requests cut or locks left; {longest:.1f} s",
        f"0; ≤ {_GRACE_S + 1} s",
        not wrong and longest <= _GRACE_S + 1,
        wrong,
    )


def _ended(
    database: Database, places: list[str], headers: dict[str, str]
) -> tuple[float, list[str]]:
    found: list[str] = []
    with (
        running(database.url) as server,
        ThreadPoolExecutor(_SLOW) as pool,
        writers(server.address, places, headers, 4) as written,
    ):
        slow = [
            pool.submit(httpx2.get, f"{server.address}/prove/slow", timeout=30)
            for _ in range(_SLOW)
        ]
        begun = f"{server.address}/prove/begun"
        _wait_until(lambda: httpx2.get(begun, timeout=30).json() == _SLOW)
        took = server.terminate()
        restarted = threading.Thread(target=server.start)
        restarted.start()  # so that the writers can finish what they are at
        for each in slow:
            error = each.exception()
            if error is not None or each.result().status_code != 200:
                found.append(f"a request that had begun was cut: {error or each.result()}")
        restarted.join()
    refused = {status for status in written.statuses if status >= 500 and status != 503}
    found += [f"answered {status} while ending" for status in refused]
    found += differences(database, places, written) if len(written.acknowledged) else ["no writes"]
    # Whatever a process left locked would let this wait.
    with database.owner.begin() as connection:
        if database.kind == "postgres":
            connection.execute(text("SET LOCAL lock_timeout = '1s'"))
        connection.execute(text("UPDATE provider SET version = version"))
        connection.execute(text("DELETE FROM capability"))
        connection.execute(text("DELETE FROM idempotent_answer"))
        connection.execute(text("DELETE FROM event"))
    return took, found


KILLS = Experiment("kills", kills, {"the key kept apart": planted("keep-answer-apart")})
SHUTDOWN = Experiment("shutdown", shutdown, {"a grace too short": planted(SHORT_GRACE)})
