"""Every refusal is a problem, with the id of its request and without anything that was sent."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app import errors
from app.db import create_engine
from app.main import create_app
from app.problems import Problem, documented
from app.settings import Settings
from tests.conftest import vacuum
from tests.service import Create, Headers

CANARY = "canary-5d1c"


def refused(answer: Any, status: int, name: str) -> Problem:
    """The problem of an answer, once all that holds for every problem is seen to hold."""
    assert (answer.status_code, answer.headers["content-type"]) == (
        status,
        "application/problem+json",
    )
    found = Problem.model_validate_json(answer.content, extra="forbid")
    assert (found.type, found.status) == (f"/problems/{name}", status)
    assert found.request_id == answer.headers["x-request-id"]
    assert CANARY not in answer.text
    return found


class TestStatuses:
    def test_404_of_no_route(self, client: TestClient) -> None:
        found = refused(client.get(f"/v1/{CANARY}"), 404, "not-found")
        assert found.detail == "There is nothing at this address."

    @pytest.mark.parametrize(
        ("method", "path", "allow"),
        [
            ("PUT", "/v1/providers/x", "DELETE, GET, HEAD, OPTIONS, PATCH"),
            ("DELETE", "/v1/providers/x/facilities", "GET, HEAD, OPTIONS, POST"),
            ("PATCH", "/v1/keys", "GET, HEAD, OPTIONS, POST"),
            ("POST", "/livez", "GET, HEAD, OPTIONS"),
            ("PUT", "/v1/keys/x", "DELETE, OPTIONS"),
        ],
    )
    def test_405_tells_all_methods_of_the_path(
        self, client: TestClient, method: str, path: str, allow: str
    ) -> None:
        answer = client.request(method, path)
        refused(answer, 405, "method-not-allowed")
        assert answer.headers["allow"] == allow
        options = client.options(path)
        assert (options.status_code, options.headers["allow"]) == (204, allow)

    def test_options_of_no_route_is_404(self, client: TestClient) -> None:
        refused(client.options("/v1/none"), 404, "not-found")

    @pytest.mark.parametrize("has_length", [True, False])
    def test_413(self, client: TestClient, curator: Headers, has_length: bool) -> None:
        body = json.dumps({"name": CANARY * 100_000}).encode()

        def pieces() -> Iterator[bytes]:
            for start in range(0, len(body), 65_536):
                yield body[start : start + 65_536]

        sent = curator | {"Content-Type": "application/json"}
        content = body if has_length else pieces()
        answer = client.post("/v1/providers", content=content, headers=sent)
        refused(answer, 413, "too-large")

    @pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", ""])
    def test_415(self, client: TestClient, curator: Headers, kind: str) -> None:
        body = json.dumps({"name": CANARY, "kind": "cdmo"})
        sent = curator | ({"Content-Type": kind} if kind else {})
        answer = client.post("/v1/providers", content=body, headers=sent)
        refused(answer, 415, "unsupported-media-type")

    def test_422_names_the_place_and_not_the_input(
        self, client: TestClient, curator: Headers
    ) -> None:
        body = {
            "name": CANARY * 100,
            "kind": CANARY,
            "country": CANARY,
            "founded_year": 1999.5,
            "aliases": [CANARY, 5],
            "sources": [""],
            "canary_field": CANARY,
        }
        found = refused(client.post("/v1/providers", json=body, headers=curator), 422, "invalid")
        assert found.detail == "7 things are wrong with what was sent."
        assert {fault.where: fault.detail for fault in found.errors} == {
            "body.name": "This is too long: at most 160 characters are kept.",
            "body.kind": "Use one of: public_cdmo, cdmo, cro_discovery, cro_nonclinical, "
            "cro_clinical, consultant, hospital, research_institute, testing_lab, supplier, "
            "logistics, cluster, association.",
            "body.country": "Write the country in two capital letters, such as KR.",
            "body.founded_year": "This has to be a whole number.",
            "body.aliases[1]": "This has to be text.",
            "body.sources[0]": "This is too short: at least 1 characters are needed.",
            "body.canary_field": "There is no such field here. Check how it is written.",
        }

    def test_422_of_a_parameter(self, client: TestClient, create: Create, curator: Headers) -> None:
        create()
        for limit in ("0", "201", CANARY, "9223372036854775808", "1e3", "\ud800"):
            answer = client.get(
                "/v1/providers/hanbit-bio/history",
                params={"limit": limit.encode("utf-8", "surrogatepass")},
                headers=curator,
            )
            (fault,) = refused(answer, 422, "invalid").errors
            assert fault.where == "query.limit"

    def test_422_of_no_body(self, client: TestClient, curator: Headers) -> None:
        (fault,) = refused(client.post("/v1/providers", headers=curator), 422, "invalid").errors
        assert (fault.where, fault.detail) == ("body", "This is needed.")


class TestDatabase:
    @pytest.fixture
    def failing(self, app: FastAPI) -> Iterator[Callable[[Exception], Any]]:
        """Asks a route that fails with the given exception."""
        raised: list[Exception] = []

        @app.get("/v1/failing")
        def fail() -> None:
            raise raised[0]

        with TestClient(app, raise_server_exceptions=False) as client:

            def ask(error: Exception) -> Any:
                raised[:] = [error]
                return client.get("/v1/failing")

            yield ask

    @pytest.mark.parametrize(
        "error",
        [
            OperationalError(CANARY, {"a": CANARY}, Exception(CANARY)),
            PoolTimeoutError(CANARY),
            DBAPIError(CANARY, {}, Exception(CANARY), connection_invalidated=True),
        ],
    )
    def test_503_where_it_does_not_answer(
        self, failing: Callable[[Exception], Any], error: Exception
    ) -> None:
        answer = failing(error)
        refused(answer, 503, "unavailable")
        assert answer.headers["retry-after"] == "2"

    def test_503_where_the_disk_is_full(self, failing: Callable[[Exception], Any]) -> None:
        full = OperationalError("INSERT", {}, Exception("database or disk is full"))
        answer = failing(full)
        refused(answer, 503, "storage-full")
        assert answer.headers["retry-after"] == "60"

    def test_500_tells_nothing(
        self, failing: Callable[[Exception], Any], capsys: pytest.CaptureFixture[str]
    ) -> None:
        for error in (ValueError(CANARY), DBAPIError(CANARY, {}, Exception(CANARY))):
            found = refused(failing(error), 500, "internal")
            line, _ = [json.loads(text) for text in capsys.readouterr().err.splitlines()]
            assert line["request_id"] == found.request_id
            assert line["error"].endswith(type(error).__name__)
            assert CANARY not in json.dumps(line)

    def test_503_where_there_is_no_database(self) -> None:
        settings = Settings(database_url=SecretStr("postgresql://nobody@127.0.0.1:1/none"))
        with TestClient(create_app(settings), raise_server_exceptions=False) as client:
            answer = client.get("/v1/providers/x")
            assert client.get("/livez").status_code == 200
        refused(answer, 503, "unavailable")

    # Only SQLite has one writer.
    @pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
    def test_503_while_another_holds_the_database(
        self, settings: Settings, curator: Headers
    ) -> None:
        hasty = settings.model_copy(update={"busy_timeout_s": 0.1})
        engine = create_engine(hasty)
        with (
            TestClient(create_app(hasty), raise_server_exceptions=False) as client,
            engine.connect() as connection,
        ):
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            body = {"name": "x", "kind": "cdmo"}
            refused(client.post("/v1/providers", json=body, headers=curator), 503, "unavailable")
            connection.exec_driver_sql("ROLLBACK")
            assert client.post("/v1/providers", json=body, headers=curator).status_code == 201
        engine.dispose()

    # The limit is set by a pragma of SQLite.
    @pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
    def test_keeps_what_was_acknowledged_when_the_disk_fills(
        self, app: FastAPI, client: TestClient, engine: Engine, curator: Headers
    ) -> None:
        vacuum(Path(str(engine.url.database)))
        limits = {"pages": 0}

        @event.listens_for(app.state.engine, "begin")
        def limit(connection: Connection) -> None:
            pages = limits["pages"]
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages or 1_000_000}")

        with engine.connect() as connection:
            limits["pages"] = connection.exec_driver_sql("PRAGMA page_count").scalar_one() + 20
        acknowledged = []
        for number in range(100):
            body = {"name": f"Provider {number}", "kind": "cdmo", "description": "x" * 4000}
            answer = client.post("/v1/providers", json=body, headers=curator)
            if answer.status_code != 201:
                break
            acknowledged.append(answer.json())
        refused(answer, 503, "storage-full")
        assert acknowledged
        for made in acknowledged:
            address = f"/v1/providers/{made['id']}"
            assert client.get(address, headers=curator).json() == made
        limits["pages"] = 0
        assert client.post("/v1/providers", json=body, headers=curator).status_code == 201


class TestRequestId:
    @pytest.mark.parametrize("sent", ["desk-17", "a" * 80, "00-4bf92f35:77/x.y_z=+"])
    def test_is_the_one_that_was_sent(self, client: TestClient, sent: str) -> None:
        for path in ("/livez", "/v1/none"):
            answer = client.get(path, headers={"X-Request-Id": sent})
            assert answer.headers["x-request-id"] == sent

    @pytest.mark.parametrize("sent", ["", "a" * 81, "a b", '{"a":1}', "é"])
    def test_is_a_new_one_where_it_could_do_harm(self, client: TestClient, sent: str) -> None:
        headers = {"X-Request-Id": sent.encode("latin-1")}
        first, second = (client.get("/livez", headers=headers) for _ in range(2))  # type: ignore[arg-type] # as a client may send it
        assert len(first.headers["x-request-id"]) == 32
        assert first.headers["x-request-id"] != second.headers["x-request-id"]


class TestContract:
    def test_every_operation_is_told_of(self, app: FastAPI) -> None:
        contract = app.openapi()
        for path, operations in contract["paths"].items():
            for method, operation in operations.items():
                place = f"{method} {path}"
                assert operation.get("description"), place
                assert operation.get("tags"), place
                for status, answer in operation["responses"].items():
                    if int(status) >= 400:
                        assert list(answer["content"]) == ["application/problem+json"], place

    def test_holds_problems_only(self, app: FastAPI) -> None:
        schemas = app.openapi()["components"]["schemas"]
        assert "HTTPValidationError" not in schemas
        assert set(schemas["Problem"]["properties"]) == set(Problem.model_fields)

    def test_errors_of_one_status_share_an_entry(self) -> None:
        told = documented(errors.ConflictError, errors.StillRunningError, errors.StaleError)
        schema = {"$ref": "#/components/schemas/Problem"}
        content = {"application/problem+json": {"schema": schema}}
        assert told == {
            409: {
                "description": "This collides with what is stored; The first request with this "
                "Idempotency-Key is still running",
                "content": content,
            },
            412: {
                "description": "The record has changed since you read it",
                "content": content,
            },
        }
