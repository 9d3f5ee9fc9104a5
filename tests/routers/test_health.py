"""For operators: alive, ready, measured."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Engine, text

from app.db import for_writing, writing
from app.main import create_app
from app.matching.catalogue import Catalogue
from app.services import revisions, vocabulary_files
from app.settings import Settings
from tests.catalogue import load
from tests.conftest import owner_of
from tests.service import Create

NOT_READY = {
    "type": "/problems/unavailable",
    "title": "The service can't answer right now",
    "status": 503,
    "detail": "The service isn't ready.",
}


@pytest.fixture
def measured(settings: Settings) -> Iterator[TestClient]:
    app = create_app(settings.model_copy(update={"telemetry": True}))
    with TestClient(app) as client:
        yield client


class TestReady:
    def test_is_ready(self, engine: Engine, client: TestClient) -> None:
        with writing(engine) as session:
            vocabulary_files.load_shipped(session)
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})

    def test_needs_one_connection_at_a_time(self, engine: Engine, settings: Settings) -> None:
        load(engine)
        app = create_app(settings)  # which would refuse so narrow a pool
        narrow = {"pool_size": 1, "pool_timeout_s": 0.2}
        app.state.settings = settings.model_copy(update=narrow)
        with TestClient(app) as client:
            assert client.get("/readyz").json() == {"status": "ok"}

    def test_tells_of_a_build_that_failed(self, engine: Engine, client: TestClient) -> None:
        load(engine)
        assert client.get("/readyz").json() == {"status": "ok"}
        with writing(engine) as session:
            revisions.next_revision(session, revisions.VOCABULARY)
        with patch.object(Catalogue, "build", side_effect=MemoryError):
            client.get("/readyz")
            client.app.state.catalogue.settle()  # type: ignore[attr-defined] # any ASGI app to it
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()) == (
            200,
            {
                "status": "behind",
                "detail": (
                    "The catalogue could not be built anew; answers come from the one before."
                ),
            },
        )

    def test_names_the_catalogue(self, client: TestClient) -> None:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert answer.json() == NOT_READY | {
            "request_id": answer.headers["x-request-id"],
            "errors": [{"where": "catalogue", "detail": "The catalogue isn't loaded yet."}],
        }

    def test_names_the_migrations(self, engine: Engine, client: TestClient) -> None:
        owner = owner_of(engine)
        with for_writing(owner).begin() as connection:
            kept = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
            connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
        try:
            answer = client.get("/readyz")
        finally:
            with for_writing(owner).begin() as connection:
                connection.execute(
                    text("UPDATE alembic_version SET version_num = :kept"), {"kept": kept}
                )
        assert answer.json() == NOT_READY | {
            "request_id": answer.headers["x-request-id"],
            "errors": [
                {
                    "where": "migrations",
                    "detail": "The tables aren't up to date. Run `cdmo-match migrate`.",
                }
            ],
        }

    def test_names_the_database(self) -> None:
        settings = Settings(database_url=SecretStr("postgresql://nobody@127.0.0.1:1/none"))
        with TestClient(create_app(settings), raise_server_exceptions=False) as client:
            answer = client.get("/readyz")
            alive = client.get("/livez")
        assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
        assert answer.json() == NOT_READY | {
            "request_id": answer.headers["x-request-id"],
            "errors": [{"where": "database", "detail": "The database doesn't answer."}],
        }


class TestMetrics:
    def test_are_off_unless_asked_for(self, client: TestClient) -> None:
        answer = client.get("/metrics")
        assert answer.status_code == 404
        assert (
            answer.json()["detail"]
            == "Metrics are off. Start the service with CDMO_TELEMETRY=true."
        )

    def test_count_requests_by_route_and_hold_no_input(
        self, measured: TestClient, create: Create
    ) -> None:
        create()
        for path in ("hanbit-bio", "canary-slug?q=canary"):
            measured.get(f"/v1/providers/{path}")
        answer = measured.get("/metrics")
        assert answer.headers["content-type"].startswith("text/plain")
        lines = [
            line
            for line in answer.text.splitlines()
            if line.startswith("http_server_request_duration_seconds_count")
        ]
        assert all('http_route="/v1/providers/{reference}"' in line for line in lines)
        statuses = sorted(line.split('status_code="')[1][:3] for line in lines)
        assert statuses == ["200", "404"]
        assert "canary" not in answer.text
