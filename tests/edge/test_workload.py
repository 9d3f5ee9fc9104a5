"""Costly work is refused first, and reading and health go on."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.edge import workload
from app.edge.body import WholeBody
from app.edge.kinds import Kind
from app.edge.turns import Room
from app.settings import Settings
from tests.test_problems import refused


@pytest.fixture
def app(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    from app.main import create_app

    monkeypatch.setitem(workload._ROOMS, Kind.MATCH, Room(running=1, waiting=1, patience_s=0.3))
    monkeypatch.setattr(workload, "_LARGE", Room(running=1, waiting=1, patience_s=0.3))
    return create_app(settings)


@pytest.fixture
def gate(app: FastAPI) -> Iterator[tuple[threading.Semaphore, threading.Event]]:
    """In the place of a match: something that is entered, and ends when it is told to."""
    entered, go_on = threading.Semaphore(0), threading.Event()

    @app.post("/v1/requirements/{_}/runs")
    def run(_: str) -> str:
        entered.release()
        assert go_on.wait(10)
        return "done"

    app.router.routes.insert(0, app.router.routes.pop())  # before the service's own
    yield entered, go_on
    go_on.set()


def test_matches_are_shed_and_the_rest_goes_on(
    client: TestClient, gate: tuple[threading.Semaphore, threading.Event]
) -> None:
    entered, go_on = gate

    def match(_: int) -> Any:
        return client.post("/v1/requirements/x/runs")

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(match, 0)
        assert entered.acquire(timeout=10)
        rest = [pool.submit(match, number) for number in (1, 2, 3)]
        answers = [each.result() for each in rest]  # one waited, and lost patience
        for answer in answers:
            refused(answer, 503, "overloaded")
            assert answer.headers["retry-after"] == "2"
        assert client.get("/livez").status_code == 200
        assert client.get("/v1/criteria").status_code == 200
        go_on.set()
        assert first.result().status_code == 200
    assert match(4).status_code == 200


def test_a_slow_reader_holds_no_place() -> None:
    """The place is given back when the answer starts, not when it has been taken."""
    import asyncio

    async def run() -> None:
        async def answer(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"x"})

        served = workload.Workload(answer, body=WholeBody(1.0))
        scope = {"type": "http", "method": "POST", "path": "/v1/match", "headers": []}
        is_taken = asyncio.Event()

        async def slow(message: Any) -> None:
            await is_taken.wait()

        async def quick(message: Any) -> None:
            pass

        readers = [asyncio.create_task(served(scope, None, slow)) for _ in range(5)]  # type: ignore[arg-type] # nothing is received
        await asyncio.sleep(0)
        await asyncio.wait_for(served(scope, None, quick), 1)  # type: ignore[arg-type] # likewise
        is_taken.set()
        await asyncio.gather(*readers)

    asyncio.run(run())


def test_small_matches_wait_for_no_large_ones() -> None:
    import asyncio

    async def run() -> list[str]:
        go_on, entered = asyncio.Event(), []

        async def answer(scope: Any, receive: Any, send: Any) -> None:
            body = (await receive())["body"]
            entered.append("large" if len(body) > 5000 else "small")
            if entered[-1] == "large":
                await go_on.wait()

        async def send(message: Any) -> None:
            pass

        served = workload.Workload(answer, body=WholeBody(1.0))

        def asked(body: bytes) -> Any:
            length = str(len(body)).encode()
            headers = [(b"content-length", length), (b"content-type", b"application/json")]

            async def receive() -> Any:
                return {"type": "http.request", "body": body, "more_body": False}

            scope = {"type": "http", "method": "POST", "path": "/v1/match", "headers": headers}
            return served(scope, receive, send)

        large = [asyncio.create_task(asked(b'"' + b"x" * 6000 + b'"')) for _ in range(5)]
        await asyncio.sleep(0)
        for _ in range(3):
            await asyncio.wait_for(asked(b'"x"'), 1)
        so_far = list(entered)
        go_on.set()
        await asyncio.gather(*large)
        return so_far

    assert asyncio.run(run()) == ["large", "small", "small", "small"]
