"""The envelope that every answer leaves in."""

import re
import time
from uuid import uuid4

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import logs, problems
from app.edge import headers as header_fields

_SANE_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,80}")


class Envelope:
    """Outermost: the request id, the header fields of every answer, the log line, and a problem
    where the app crashed or the size limit answered in plain text."""

    def __init__(self, app: ASGIApp, *, https: bool = False) -> None:
        self.app = app
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope))
        # Every address that takes GET takes HEAD, and answers it without the body.
        is_head = scope["method"] == "HEAD"
        scope = {**scope, logs.REQUEST_ID: request_id}
        if is_head:
            scope["method"] = "GET"
        started, status = time.perf_counter(), 0
        is_replaced = False

        async def send_on(message: Message) -> None:
            nonlocal status, is_replaced
            if is_replaced:
                return
            if message["type"] == "http.response.start":
                status = message["status"]
                if _is_plain_413(message):
                    # The size limit answers from outside of the exception handlers.
                    is_replaced = True
                    refusal = problems.TooLargeError("Send less at once.")
                    await problems.problem(refusal, request_id)(scope, receive, finish)
                    return
            await finish(message)

        async def finish(message: Message) -> None:
            if message["type"] == "http.response.start":
                header_fields.add(message, scope, request_id, https=self._https)
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        try:
            await self.app(scope, receive, send_on)
        except Exception as error:
            # The answer, if one could be given, has left; what remains is to say why.
            logs.crash(error, request_id)
            if not status:
                raise
        finally:
            logs.access(scope, status, time.perf_counter() - started)


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _SANE_ID.fullmatch(given) else uuid4().hex


def _is_plain_413(message: Message) -> bool:
    headers = Headers(raw=message["headers"])
    kind = headers.get("content-type", "")
    return message["status"] == 413 and not kind.startswith((problems.MEDIA_TYPE, "text/html"))
