"""JSON bodies that two programs could read differently are refused before they are worked on."""

import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import logs, problems
from app.errors import BadRequestError, DomainError, Fault

DEEPEST = 32  # levels of nesting in a JSON body
MOST_NAMES = 100  # in one object; no body has a third of them, and each unknown one is a fault
_WORK_FOR_A_THREAD = 65_536  # bytes; a full body takes 0.2 s, too long for the event loop
_LARGEST = 2**53  # beyond it, programs disagree about a number


class StrictJson:
    """Refuses JSON that two programs could read differently, or that can't be stored: malformed,
    nested deeply, with repeated or very many names, NaN, numbers beyond bounds, half characters."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read a JSON body first, and serve the request if it is sound."""
        if scope["type"] != "http" or not _is_json(Headers(scope=scope).get("content-type", "")):
            await self.app(scope, receive, send)
            return
        messages: list[Message] = []
        while True:
            message = await receive()
            messages.append(message)
            if message["type"] != "http.request" or not message.get("more_body", False):
                break
        body = b"".join(m.get("body", b"") for m in messages)
        try:
            if len(body) > _WORK_FOR_A_THREAD:
                await run_in_threadpool(check, body)
            elif body:
                check(body)
        except DomainError as refusal:
            await problems.problem(refusal, scope[logs.REQUEST_ID])(scope, receive, send)
            return
        replay = iter(messages)

        async def receive_again() -> Message:
            return next(replay, None) or await receive()

        await self.app(scope, receive_again, send)


def check(body: bytes) -> None:
    """BadRequestError unless the body is JSON that every program reads alike."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise _unreadable("The body isn't UTF-8 text.") from None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_distinct,
            parse_constant=_no_constant,
            parse_int=_bounded,
            parse_float=_finite,
        )
    except RecursionError:
        raise _too_deep() from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _unreadable(f"The body isn't JSON: look at {place}.") from None
    _check_tree(value, has_escapes="\\u" in text)


def _check_tree(value: Any, *, has_escapes: bool) -> None:
    level = [value]
    for _ in range(DEEPEST + 1):
        if has_escapes:
            _check_characters(level)
        if all(not isinstance(each, dict | list) for each in level):
            return
        level = [inner for outer in level for inner in _inside(outer)]
    raise _too_deep()


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.values()]
    return value if isinstance(value, list) else []


def _check_characters(values: list[Any]) -> None:
    for value in values:
        texts = value if isinstance(value, dict) else [value] if isinstance(value, str) else []
        for text in texts:
            if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
                raise _unreadable("The body holds half of a character (a lone surrogate).")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MOST_NAMES:
        raise _unreadable(f"An object in the body has more than {MOST_NAMES} names.")
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _unreadable("An object in the body has the same name twice.")
    return made


def _no_constant(_: str) -> None:
    raise _unreadable("NaN and Infinity aren't numbers that can be kept.")


def _bounded(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > _LARGEST:
        raise _unreadable("A number in the body is too large.")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise _unreadable("A number in the body is too large.")
    return number


def _unreadable(detail: str) -> BadRequestError:
    return BadRequestError(detail, faults=[Fault("body", detail)])


def _too_deep() -> BadRequestError:
    return _unreadable(f"The body is nested more than {DEEPEST} levels deep.")


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )
