"""CORS: only origins that a key is bound to, or that the operator lists."""

import asyncio
from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from app.edge import origins
from app.edge.origins import KnownOrigins
from app.logs import BOUND_TO
from app.main import create_app
from app.settings import Settings
from tests.test_problems import refused

OURS, BOUND, FOREIGN = "https://a.example", "https://b.example", "https://evil.example"


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    made = create_app(settings.model_copy(update={"cors_origins": f"{OURS}, {BOUND}"}))

    @made.get("/v1/bound")
    def read_bound(request: Request) -> str:
        request.scope[BOUND_TO] = frozenset({BOUND})
        return "for one site alone"

    return made


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def preflight(client: TestClient, origin: str, path: str = "/v1/match"):  # type: ignore[no-untyped-def] # an answer of the client
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    return client.options(path, headers=asked)


def test_a_known_origin_may_ask(client: TestClient) -> None:
    answer = preflight(client, OURS)
    assert (answer.status_code, answer.content) == (204, b"")
    found = {n: v for n, v in answer.headers.items() if n.startswith("access-control")}
    assert found == {
        "access-control-allow-origin": OURS,
        "access-control-allow-methods": "GET, HEAD, POST",
        "access-control-allow-headers": "Authorization, Content-Type, Idempotency-Key, "
        "If-None-Match, X-Request-Id",
        "access-control-max-age": "600",
    }
    assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize("origin", [FOREIGN, "null", "*", f"{OURS}.evil.example", OURS.upper()])
def test_no_other_origin_is_told_anything(client: TestClient, origin: str) -> None:
    refused(preflight(client, origin), 403, "forbidden")
    for path in ("/v1/criteria", "/v1/none", "/v1/bound"):
        headers = client.get(path, headers={"Origin": origin}).headers
        assert [name for name in headers if name.startswith("access-control")] == []
        assert "Origin" in headers["vary"]


def test_a_known_origin_may_read_answers_and_refusals(client: TestClient) -> None:
    for path in ("/v1/criteria", "/v1/none"):
        headers = client.get(path, headers={"Origin": OURS}).headers
        assert headers["access-control-allow-origin"] == OURS
        assert "RateLimit" in headers["access-control-expose-headers"]
        assert "access-control-allow-credentials" not in headers


def test_what_a_key_may_read_is_for_the_origins_of_that_key(client: TestClient) -> None:
    allowed = [
        client.get("/v1/bound", headers={"Origin": origin}).headers.get(
            "access-control-allow-origin"
        )
        for origin in (BOUND, OURS)
    ]
    assert allowed == [BOUND, None]


def test_pages_are_for_no_other_site(client: TestClient) -> None:
    headers = client.get("/", headers={"Origin": OURS}).headers
    assert "access-control-allow-origin" not in headers
    assert "access-control-allow-origin" not in preflight(client, OURS, "/").headers


def test_nobody_is_allowed_unless_somebody_is_listed(settings: Settings) -> None:
    with TestClient(create_app(settings)) as client:
        assert preflight(client, OURS).status_code == 403


class TestKnownOrigins:
    def test_a_key_that_is_bound_to_an_origin_makes_it_known(self) -> None:
        asked: list[int] = []

        def ask() -> frozenset[str]:
            asked.append(1)
            return frozenset({BOUND})

        async def run() -> list[bool]:
            known = KnownOrigins(OURS, ask)
            return [await known.allow(origin) for origin in (OURS, BOUND, FOREIGN, BOUND, FOREIGN)]

        assert asyncio.run(run()) == [True, True, False, True, False]
        assert asked == [1]  # what is listed isn't asked for, nor anything twice

    def test_however_many_are_tried_at_once_the_database_is_asked_once(self) -> None:
        asked: list[int] = []

        def ask() -> frozenset[str]:
            asked.append(1)
            return frozenset({BOUND})

        async def run() -> list[bool]:
            known = KnownOrigins("", ask)
            tried = (f"https://{number}.example" for number in range(500))
            return await asyncio.gather(*(known.allow(origin) for origin in (*tried, BOUND)))

        assert asyncio.run(run()) == [False] * 500 + [True]
        assert asked == [1]

    def test_a_revoked_key_is_noticed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(origins, "_LATEST_S", 0.0)
        answers = iter([frozenset({BOUND}), frozenset[str]()])

        async def run() -> list[bool]:
            known = KnownOrigins("", lambda: next(answers))
            return [await known.allow(BOUND) for _ in range(2)]

        assert asyncio.run(run()) == [True, False]

    def test_without_a_database_nobody_is_allowed(self) -> None:
        def ask() -> frozenset[str]:
            raise OperationalError("", {}, Exception())

        assert asyncio.run(KnownOrigins("", ask).allow(BOUND)) is False
