"""Bodies: whole, in time and sound before any work is done for them."""

import asyncio

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import logs, problems
from app.edge.kinds import Kind, kind_of
from app.edge.strict_json import check
from app.errors import DomainError

_WORK_FOR_A_THREAD = 65_536  # bytes; a full body takes 0.2 s, too long for the event loop
_FILES = 8  # times as long as other bodies may files take


class WholeBody:
    """Reads a body to its end before the request takes a place among those that run, and refuses
    one that doesn't come in time, or that is JSON which two programs could read differently.

    Files are left to their route, which reads them as they come, in a time that is longer.
    """

    def __init__(self, app: ASGIApp, *, timeout_s: float) -> None:
        self.app = app
        self._timeout_s = timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body first, and serve the request if it is sound."""
        if scope["type"] != "http" or not _has_body(scope):
            await self.app(scope, receive, send)
            return
        if kind_of(scope["method"], scope["path"]) is Kind.TRANSFER:
            await self.app(scope, _in_time(receive, self._timeout_s * _FILES), send)
            return
        try:
            async with asyncio.timeout(self._timeout_s):
                messages = await _read(receive)
        except TimeoutError:
            late = problems.TimedOutError(f"Send the whole request within {self._timeout_s:g} s.")
            await problems.problem(late, scope[logs.REQUEST_ID])(scope, receive, send)
            return
        if messages[-1]["type"] == "http.disconnect":
            return  # nobody is there to be answered
        try:
            await _check(Headers(scope=scope), b"".join(m.get("body", b"") for m in messages))
        except DomainError as refusal:
            await problems.problem(refusal, scope[logs.REQUEST_ID])(scope, receive, send)
            return
        replay = iter(messages)

        async def receive_again() -> Message:
            return next(replay, None) or await receive()

        await self.app(scope, receive_again, send)


def _has_body(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"


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


async def _read(receive: Receive) -> list[Message]:
    messages: list[Message] = []
    while True:
        message = await receive()
        messages.append(message)
        if message["type"] != "http.request" or not message.get("more_body", False):
            return messages


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
