import asyncio
from typing import Any

import pytest
from starlette.types import Message

from app.edge.body import WholeBody
from app.errors import DomainError

JSON = (b"content-type", b"application/json")


def read(
    path: str, pieces: list[bytes | None], *, pause_s: float = 0.0, headers: Any = (JSON,)
) -> bytes | None:
    """What the app gets of a body in pieces (None: the client goes away)."""

    async def run() -> bytes | None:
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

        sent = [(b"transfer-encoding", b"chunked"), *headers]
        scope = {"type": "http", "method": "POST", "path": path, "headers": sent}
        received = await WholeBody(0.1).read(scope, receive)
        if received is None:
            return None
        body = b""
        while True:
            message = await received.receive()
            body += bytes(message.get("body", b""))
            if not message.get("more_body", False):
                return body

    return asyncio.run(run())


def test_the_app_gets_the_whole_body() -> None:
    assert read("/v1/match", [b'{"a"', b": 1", b"}"]) == b'{"a": 1}'


def test_a_body_that_drips_is_refused() -> None:
    with pytest.raises(DomainError) as caught:
        read("/v1/match", [b"{", *[b" "] * 20, b"}"], pause_s=0.02)
    assert (caught.value.status, caught.value.headers) == (408, {"Connection": "close"})
    assert caught.value.detail == "Send the whole request within 0.1 s."


def test_nobody_is_answered_who_went_away() -> None:
    assert read("/v1/match", [b"{", None]) is None


def test_unsound_json_reaches_nobody() -> None:
    with pytest.raises(DomainError) as caught:
        read("/v1/match", [b"{", b'"a": 1, "a": 2}'])
    assert caught.value.status == 400


def test_what_is_not_json_is_judged_by_its_route() -> None:
    assert read("/", [b"text=", b"%"], headers=()) == b"text=%"


def test_a_file_is_handed_on_as_it_comes_and_may_take_longer() -> None:
    path = "/v1/providers/import"
    assert read(path, [b"a"] * 10, pause_s=0.02) == b"a" * 10
    with pytest.raises(DomainError) as caught:
        read(path, [b"a"] * 100, pause_s=0.02)
    assert (caught.value.status, caught.value.detail) == (408, "Send the whole file within 0.8 s.")


def test_bodies_that_are_not_whole_take_only_so_much_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.edge.body._MOST_HELD", 100)
    with pytest.raises(DomainError) as caught:
        read("/v1/match", [b" " * 60, b" " * 60, b" "])
    assert (caught.value.status, caught.value.type) == (503, "overloaded")
    assert read("/v1/match", [b" " * 60, b"1"]) == b" " * 60 + b"1"
