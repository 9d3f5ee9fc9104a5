import asyncio
import json
from typing import Any

import pytest
from starlette.types import Message

from app import logs
from app.edge.body import WholeBody
from app.errors import DomainError

JSON = (b"content-type", b"application/json")


def served(
    path: str, pieces: list[bytes | None], *, pause_s: float = 0.0, headers: Any = (JSON,)
) -> tuple[list[bytes], list[Message]]:
    """What the app received of a body in pieces (None: the client went away), and what was sent."""
    received: list[bytes] = []
    sent: list[Message] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body", False):
                break
        received.append(body)

    async def run() -> None:
        waiting = iter(pieces)
        left = len(pieces)

        async def receive() -> Message:
            nonlocal left
            await asyncio.sleep(pause_s)
            piece = next(waiting)
            left -= 1
            if piece is None:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": piece, "more_body": left > 0}

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "headers": [(b"transfer-encoding", b"chunked"), *headers],
            logs.REQUEST_ID: "id",
        }
        await WholeBody(app, timeout_s=0.1)(scope, receive, send)

    asyncio.run(run())
    return received, sent


def test_the_app_gets_the_whole_body() -> None:
    assert served("/v1/match", [b'{"a"', b": 1", b"}"]) == ([b'{"a": 1}'], [])


def test_a_body_that_drips_is_refused_and_reaches_nobody() -> None:
    received, sent = served("/v1/match", [b"{", *[b" "] * 20, b"}"], pause_s=0.02)
    assert received == []
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]
    found = json.loads(sent[1]["body"])
    assert (found["type"], found["detail"]) == (
        "/problems/timed-out",
        "Send the whole request within 0.1 s.",
    )


def test_nobody_is_answered_who_went_away() -> None:
    assert served("/v1/match", [b"{", None]) == ([], [])


def test_unsound_json_reaches_nobody() -> None:
    received, sent = served("/v1/match", [b"{", b'"a": 1, "a": 2}'])
    assert (received, sent[0]["status"]) == ([], 400)


def test_what_is_not_json_is_judged_by_its_route() -> None:
    assert served("/", [b"text=", b"%"], headers=()) == ([b"text=%"], [])


def test_a_file_is_handed_on_as_it_comes_and_may_take_longer() -> None:
    path = "/v1/providers/import"
    assert served(path, [b"a"] * 10, pause_s=0.02) == ([b"a" * 10], [])
    with pytest.raises(DomainError) as caught:
        served(path, [b"a"] * 100, pause_s=0.02)
    assert (caught.value.status, caught.value.detail) == (408, "Send the whole file within 0.8 s.")
