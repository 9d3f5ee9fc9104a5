"""Bodies: whole, in time and sound before any work is done for them."""

import asyncio
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from app import problems
from app.edge.kinds import Kind, kind_of
from app.edge.strict_json import check
from app.errors import OverloadedError

_WORK_FOR_A_THREAD = 65_536  # bytes; a full body takes 0.2 s, too long for the event loop
_MOST_HELD = 64 * 1024 * 1024  # bytes of a worker's memory for bodies that aren't whole yet
_FILES = 8  # times as long as other bodies may files take


@dataclass(frozen=True, slots=True)
class Received:
    """What the app receives from; `content` is empty where the route reads a file by itself."""

    receive: Receive
    content: bytes = b""


class WholeBody:
    """Reads a body to its end before the request takes a place among those that run, and refuses
    one that doesn't come in time, or that is JSON which two programs could read differently.

    Files are left to their route, which reads them as they come, in a time that is longer.
    """

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._held = 0  # bytes of the bodies that are being read

    async def read(self, scope: Scope, receive: Receive) -> Received | None:
        """What the app receives from; None if the client went away, a DomainError if the body
        isn't to be worked on."""
        headers = Headers(scope=scope)
        if "transfer-encoding" not in headers and headers.get("content-length", "0") == "0":
            return Received(receive)
        if kind_of(scope["method"], scope["path"]) is Kind.TRANSFER:
            return Received(_in_time(receive, self._timeout_s * _FILES))
        try:
            async with asyncio.timeout(self._timeout_s):
                messages = await self._whole(receive)
        except TimeoutError:
            within = f"{self._timeout_s:g} s"
            raise problems.TimedOutError(f"Send the whole request within {within}.") from None
        if messages[-1]["type"] == "http.disconnect":
            return None
        content = b"".join(m.get("body", b"") for m in messages)
        await _check(headers, content)
        replay = iter(messages)

        async def receive_again() -> Message:
            return next(replay, None) or await receive()

        return Received(receive_again, content)

    async def _whole(self, receive: Receive) -> list[Message]:
        messages: list[Message] = []
        held = 0
        try:
            while True:
                message = await receive()
                messages.append(message)
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return messages
                held += len(message["body"])
                self._held += len(message["body"])
                if self._held > _MOST_HELD:
                    raise OverloadedError("Too much is being sent at once. Send it in a moment.")
        finally:
            self._held -= held


def _in_time(receive: Receive, seconds: float) -> Receive:
    """`receive`, which fails when the body isn't there after so many seconds."""
    deadline = asyncio.get_running_loop().time() + seconds
    is_whole = False

    async def receive_on() -> Message:
        nonlocal is_whole
        if is_whole:
            return await receive()
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError:
            raise problems.TimedOutError(f"Send the whole file within {seconds:g} s.") from None
        is_whole = not message.get("more_body", False)
        return message

    return receive_on


async def _check(headers: Headers, body: bytes) -> None:
    if not body or not _is_json(headers.get("content-type", "")):
        return
    if len(body) > _WORK_FOR_A_THREAD:
        await run_in_threadpool(check, body)
    else:
        check(body)


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )
