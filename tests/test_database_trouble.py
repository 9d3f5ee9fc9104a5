"""The database goes away in the midst of work: 503 with Retry-After and never 500, nothing that was
acknowledged is lost, and the service goes on by itself when the database is back."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.db import create_engine, writing
from app.main import create_app
from app.models.key import Role
from app.services import migrations, vocabulary_files
from app.settings import Settings
from tests.conftest import settings_for
from tests.restarting import FAST, IMMEDIATE, Server, restartable
from tests.service import Create, Headers, issue
from tests.test_kill import running
from tests.test_problems import refused

LONGEST_S = 5.0
BACK_WITHIN_S = 3.0  # of the database; the machine of tests is shared


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


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with restartable() as started:
        made = create_engine(settings_for(started.url))
        migrations.upgrade_engine(made)
        with writing(made) as session:
            vocabulary_files.load_shipped(session)
        made.dispose()
        yield started


@pytest.fixture(scope="module")
def served(server: Server) -> Iterator[tuple[TestClient, Headers]]:
    settings = settings_for(server.url)
    own = create_engine(settings)
    headers = issue(own, Role.CURATOR)
    own.dispose()
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        body = {"name": "Hanbit Bio", "kind": "cdmo", "state": "published"}
        assert client.post("/v1/providers", json=body, headers=headers).status_code == 201
        yield client, headers


def crash(server: Server) -> None:
    server.stop(IMMEDIATE)
    server.start()


def restart(server: Server) -> None:
    server.stop(FAST)
    server.start()


def lose_connections(server: Server) -> None:
    for _ in range(3):
        server.end_connections()
        time.sleep(0.1)


@pytest.mark.parametrize("trouble", [restart, crash, lose_connections])
def test_a_restart_in_mid_load_is_told_and_survived(
    server: Server, served: tuple[TestClient, Headers], trouble: Callable[[Server], None]
) -> None:
    load = Load(*served)
    with load.going_on():
        load.wait_for_good_after(time.monotonic())
        trouble(server)
        back = load.wait_for_good_after(time.monotonic())
        time.sleep(0.3)
    assert load.faults == []
    assert set(load.statuses) <= {200, 201, 503}
    assert back < BACK_WITHIN_S
    assert load.longest_s < LONGEST_S
    answer = load.client.get("/v1/providers/hanbit-bio/capabilities")
    stored = Counter(each["service"] for each in answer.json()["items"])
    assert {service: stored[service] for service in load.kept} == dict.fromkeys(load.kept, 1)


def test_while_it_is_away_the_process_lives_and_isnt_ready(
    server: Server, served: tuple[TestClient, Headers]
) -> None:
    client, headers = served
    server.stop()
    try:
        for path in ("/v1/providers/hanbit-bio", "/v1/providers", "/v1/concepts"):
            answer = client.get(path)
            refused(answer, 503, "unavailable")
            assert answer.headers["retry-after"] == "2"
        refused(client.get("/v1/keys", headers=headers), 503, "unavailable")
        refused(client.get("/readyz"), 503, "unavailable")
        assert client.get("/livez").status_code == 200
        assert client.get("/v1/criteria").status_code == 200
    finally:
        server.start()
    assert client.get("/readyz").status_code == 200


class TestPool:
    def test_without_a_free_connection_it_says_when_to_ask_again(
        self, settings: Settings, engine: Engine
    ) -> None:
        hasty = settings.model_copy(update={"pool_timeout_s": 0.2})
        app = create_app(hasty)
        with TestClient(app, raise_server_exceptions=False) as client:
            held = [app.state.engine.connect() for _ in range(hasty.pool_size)]
            begun = time.monotonic()
            answer = client.get("/v1/providers/hanbit-bio")
            assert time.monotonic() - begun < 3
            refused(answer, 503, "unavailable")
            assert answer.headers["retry-after"] == "2"
            assert client.get("/livez").status_code == 200
            for connection in held:
                connection.close()
            assert client.get("/v1/providers/hanbit-bio").status_code == 404


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # which has one writer at a time
class TestOneWriter:
    def test_many_at_once_never_hear_that_the_database_is_locked(
        self, client: TestClient, curator: Headers, create: Create
    ) -> None:
        create()
        address = "/v1/providers/hanbit-bio/capabilities"
        statuses: Counter[int] = Counter()

        def write(number: int) -> None:
            for step in range(6):
                made = {"service": f"service {number}-{step}"}
                answer = client.post(address, json=made, headers=curator)
                statuses[answer.status_code] += 1
                statuses[client.get(address).status_code] += 1

        threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert statuses == {201: 72, 200: 72}

    def test_a_full_disk_is_told_and_survived(
        self, engine: Engine, database_url: str, curator: Headers
    ) -> None:
        """The process may write no file any longer than it is: what a full disk is like."""
        file = Path(str(engine.url.database))
        acknowledged: list[str] = []
        with running(database_url) as server, httpx2.Client(timeout=10, headers=curator) as client:
            address = f"http://127.0.0.1:{server.port}/v1/providers"

            def write(number: int) -> httpx2.Response:
                body = {"name": f"Provider {number}", "kind": "cdmo", "description": "x" * 4000}
                return client.post(address, json=body)

            assert write(0).status_code == 201
            server.limit_files(max(part.stat().st_size for part in file.parent.iterdir()) + 200_000)
            for number in range(1, 200):
                answer = write(number)
                if answer.status_code != 201:
                    break
                acknowledged.append(answer.json()["id"])
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) >= 2
            assert acknowledged
            for made in acknowledged:
                assert client.get(f"{address}/{made}").status_code == 200
            server.limit_files(None)
            assert write(999).status_code == 201
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
