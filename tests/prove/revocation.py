"""A key that is revoked opens nothing any more, on whichever worker, within a second."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import httpx2

from app.models.key import Role
from tests.prove.experiment import Experiment, Outcome, Size
from tests.prove.place import ENGINES, Database, Place
from tests.prove.planted import planted
from tests.prove.server import load_apart, running
from tests.prove.writers import issue

_WORKERS, _CLIENTS, _LISTENS_S = 4, 8, 3.0


def revocation(place: Place, size: Size) -> Outcome:
    """Revoke keys in use while four workers serve, and time the last answer that they get."""
    rounds = size.of(10, 1)
    latest, survived, answers = 0.0, 0, 0
    for kind in ENGINES[:: size.of(1, -1)][: size.of(2, 1)]:
        with (
            place.database(kind) as database,
            load_apart(not size.is_short),
            running(database.url, workers=_WORKERS) as server,
        ):
            for _ in range(rounds):
                opened, alive, heard = _revoked(database, server.address)
                latest, survived = max(latest, opened), survived + alive
                answers += heard
    return Outcome(
        f"a revoked key last opened {latest:.2f} s after, on {_WORKERS} workers; "
        f"{survived} rights survived ({answers:,} answers)",
        "≤ 1 s; 0",
        latest <= 1.0 and not survived and answers > 50,
    )


def _revoked(database: Database, address: str) -> tuple[float, int, int]:
    _, admin = issue(database, Role.ADMIN)
    key, headers = issue(database, Role.ADMIN)
    paths = ("/v1/portals", "/v1/keys", "/v1/companies", "/v1/providers?state=draft", "/v1/phrases")
    opened: list[float] = []
    refused: list[float] = []
    ends: list[float] = []

    def ask(number: int) -> None:
        # A connection for each request, which any of the workers may take.
        for path in cycle(paths[number % len(paths) :] + paths[: number % len(paths)]):
            started = time.monotonic()
            if ends and started > ends[0]:
                return
            answer = httpx2.get(f"{address}{path}", headers=headers, timeout=30, verify=False)
            (opened if answer.status_code == 200 else refused).append(started)

    with ThreadPoolExecutor(_CLIENTS) as pool:
        running_ = [pool.submit(ask, number) for number in range(_CLIENTS)]
        time.sleep(1.0)
        gone = httpx2.delete(f"{address}/v1/keys/{key}", headers=admin, timeout=30, verify=False)
        revoked = time.monotonic()
        ends.append(revoked + _LISTENS_S)
        for each in running_:
            each.result()
    assert gone.status_code == 204, gone.text
    after = [at for at in opened if at > revoked]
    survivors = sum(
        httpx2.get(f"{address}{path}", headers=headers, timeout=30, verify=False).status_code != 401
        for path in paths
        for _ in range(_WORKERS)
    )
    last = max(after, default=revoked) - revoked
    return last, survivors, len(opened) + len(refused)


REVOCATION = Experiment(
    "revocation", revocation, {"keys remembered for a minute": planted("remember-keys")}
)
