"""The database goes away in the midst of work: 503 with Retry-After and never 500, nothing that was
acknowledged is lost, and the service goes on by itself when the database is back."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.main import create_app
from app.settings import Settings
from tests import trouble
from tests.conftest import vacuum
from tests.prove.server import running
from tests.restarting import Server
from tests.service import Create, Headers
from tests.test_problems import refused

LONGEST_S = 5.0
BACK_WITHIN_S = 3.0  # of the database; the machine of tests is shared

Service = tuple[Server, TestClient, Headers]


@pytest.fixture(scope="module")
def served() -> Iterator[Service]:
    with trouble.served() as service:
        yield service


@pytest.mark.parametrize("cause", trouble.TROUBLES)
def test_a_restart_in_mid_load_is_told_and_survived(
    served: Service, cause: Callable[[Server], None]
) -> None:
    found = trouble.survive(*served, cause)
    assert found.faults == ()
    assert set(found.statuses) <= {200, 201, 503}
    assert (found.lost, found.doubled) == (0, 0)
    assert found.back_s < BACK_WITHIN_S
    assert found.longest_s < LONGEST_S


def test_while_it_is_away_the_process_lives_and_isnt_ready(
    served: Service,
) -> None:
    server, client, headers = served
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
        vacuum(file)
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
