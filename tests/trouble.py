"""Load on a service whose PostgreSQL goes away, and what may be said of it afterwards."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from fastapi.testclient import TestClient

from app.db import create_engine, writing
from app.main import create_app
from app.models.key import Role
from app.services import migrations, vocabulary_files
from tests.conftest import settings_for
from tests.restarting import FAST, IMMEDIATE, Server, restartable
from tests.service import Headers, issue


@dataclass
class Load:
    """What clients got while they asked for one thing after the other."""

    client: TestClient
    headers: Headers
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    good_at: float = 0.0
    longest_s: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Read, match and write in turn until the end."""
        step = 0
        while not self._stop.is_set():
            begun = time.monotonic()
            answer = self._ask(step)
            self.longest_s = max(self.longest_s, time.monotonic() - begun)
            self.statuses[answer.status_code] += 1
            if answer.is_success:
                self.good_at = time.monotonic()
            elif answer.status_code != 503 or "retry-after" not in answer.headers:
                self.faults.append(f"{answer.status_code} {answer.text}")
            step += 1
            time.sleep(0.005)

    def _ask(self, step: int) -> Any:
        match step % 4:
            case 0:
                return self.client.get("/v1/providers?q=bio")
            case 1:
                return self.client.get("/v1/providers/hanbit-bio")
            case 2:
                return self.client.post("/v1/intake", json={"text": "LNP formulation"})
        service = f"service {uuid4()}"
        answer = self.client.post(
            "/v1/providers/hanbit-bio/capabilities", json={"service": service}, headers=self.headers
        )
        if answer.status_code == 201:
            self.kept.append(service)
        return answer

    @contextmanager
    def going_on(self, clients: int = 4) -> Iterator[None]:
        threads = [threading.Thread(target=self.run) for _ in range(clients)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def wait_for_good_after(self, moment: float) -> float:
        """Seconds from a moment to the first good answer after it."""
        deadline = time.monotonic() + 20
        while self.good_at < moment:
            assert time.monotonic() < deadline, "the service doesn't come back"
            time.sleep(0.01)
        return self.good_at - moment


@contextmanager
def served() -> Iterator[tuple[Server, TestClient, Headers]]:
    """A PostgreSQL of one's own, the service on it, and a curator's key."""
    with restartable() as server:
        settings = settings_for(server.url)
        engine = create_engine(settings)
        migrations.upgrade_engine(engine)
        with writing(engine) as session:
            vocabulary_files.load_shipped(session)
        headers = issue(engine, Role.CURATOR)
        engine.dispose()
        with TestClient(create_app(settings), raise_server_exceptions=False) as client:
            body = {"name": "Hanbit Bio", "kind": "cdmo", "state": "published"}
            assert client.post("/v1/providers", json=body, headers=headers).status_code == 201
            yield server, client, headers


def crash(server: Server) -> None:
    """As if the power had gone."""
    server.stop(IMMEDIATE)
    server.start()


def restart(server: Server) -> None:
    """As an operator does it."""
    server.stop(FAST)
    server.start()


def lose_connections(server: Server) -> None:
    """As a network does it."""
    for _ in range(3):
        server.end_connections()
        time.sleep(0.1)


TROUBLES: tuple[Callable[[Server], None], ...] = (restart, crash, lose_connections)


@dataclass(frozen=True, slots=True)
class Survived:
    """What a trouble did to the requests that were made all the while."""

    statuses: Counter[int]
    back_s: float  # from the database's being back to the first good answer
    longest_s: float
    faults: tuple[str, ...]
    lost: int
    doubled: int


def survive(
    server: Server, client: TestClient, headers: Headers, trouble: Callable[[Server], None]
) -> Survived:
    """Ask and write while the trouble comes and goes, then look for what was acknowledged."""
    load = Load(client, headers)
    with load.going_on():
        load.wait_for_good_after(time.monotonic())
        trouble(server)
        back_s = load.wait_for_good_after(time.monotonic())
        time.sleep(0.3)
    answer = client.get("/v1/providers/hanbit-bio/capabilities")
    stored = Counter(each["service"] for each in answer.json()["items"])
    return Survived(
        statuses=load.statuses,
        back_s=back_s,
        longest_s=load.longest_s,
        faults=tuple(load.faults),
        lost=sum(stored[service] == 0 for service in load.kept),
        doubled=sum(stored[service] > 1 for service in load.kept),
    )
