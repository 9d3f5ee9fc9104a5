"""CORS: pages of other sites may read answers where an embeddable key is bound to their origin.

Nothing is shared without that, public reads neither: a page that reads them in its visitors'
browsers would spend the quota of their addresses, and a portal that embeds the catalogue has a key.
Credentials of the browser are never asked for, and `*` is never answered.
"""

import asyncio
import time
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import logs, problems
from app.errors import ForbiddenError

Ask = Callable[[], frozenset[str]]

_METHODS = "GET, HEAD, POST"
_ASKED = "Authorization, Content-Type, Idempotency-Key, If-None-Match, X-Request-Id"
_SHOWN = (
    "ETag, Idempotent-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After, "
    "X-Request-Id"
)
_KEPT_FOR_S = "600"
_LATEST_S = 1.0  # so long after a key is revoked its pages may still be told that they may ask


class KnownOrigins:
    """The origins that the operator lists, and those that keys are bound to, which `ask` gives.

    However many origins are tried, the database is asked once a second at the most.
    """

    def __init__(self, listed: str, ask: Ask | None = None) -> None:
        self._listed = frozenset(listed.replace(",", " ").split())
        self._ask = ask
        self._bound: frozenset[str] = frozenset()
        self._good_until = 0.0
        self._one_by_one = asyncio.Lock()

    async def allow(self, origin: str) -> bool:
        """Whether pages of this origin may read answers."""
        if origin in self._listed or self._ask is None:
            return origin in self._listed
        if time.monotonic() >= self._good_until:
            async with self._one_by_one:
                if time.monotonic() >= self._good_until:
                    await self._look(self._ask)
        return origin in self._bound

    async def _look(self, ask: Ask) -> None:
        try:
            self._bound = await run_in_threadpool(ask)
        except SQLAlchemyError:
            self._bound = frozenset()  # the route itself says what is wrong
        self._good_until = time.monotonic() + _LATEST_S


class Origins:
    """Answers preflights, and tells browsers which origins may read an answer.

    A preflight carries no key, so it is enough that any key is bound to its origin. Where the route
    has left the origins of the caller's own key, those alone count.
    """

    def __init__(self, app: ASGIApp, *, known: KnownOrigins) -> None:
        self.app = app
        self._known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            answer = await self._preflight(scope, origin)
            await answer(scope, receive, send)
            return

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                answered.add_vary_header("Authorization, Origin")
                if origin and await self._may_read(origin, scope):
                    answered["Access-Control-Allow-Origin"] = origin
                    answered["Access-Control-Expose-Headers"] = _SHOWN
            await send(message)

        await self.app(scope, receive, send_on)

    async def _may_read(self, origin: str, scope: Scope) -> bool:
        bound = scope.get(logs.BOUND_TO)
        return origin in bound if bound is not None else await self._known.allow(origin)

    async def _preflight(self, scope: Scope, origin: str) -> Response:
        asked = "Access-Control-Request-Method, Access-Control-Request-Headers"
        vary = {"Vary": f"Authorization, Origin, {asked}"}
        if not await self._known.allow(origin):
            refusal = ForbiddenError("No key is bound to this origin.")
            answer = problems.problem(refusal, scope[logs.REQUEST_ID])
            answer.headers.update(vary)
            return answer
        shared = {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": _METHODS,
            "Access-Control-Allow-Headers": _ASKED,
            "Access-Control-Max-Age": _KEPT_FOR_S,
        }
        return Response(status_code=204, headers=vary | shared)
