"""CORS: pages of other sites may read answers where an embeddable key is bound to their origin.

Nothing is shared without that, public reads neither: a page that reads them in its visitors'
browsers would spend the quota of their addresses, and a portal that embeds the catalogue has a key.
Credentials of the browser are never asked for, and `*` is never answered.
"""

from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import logs, problems
from app.errors import ForbiddenError

IsBound = Callable[[str], Awaitable[bool]]

_METHODS = "GET, HEAD, POST"
_ASKED = "Authorization, Content-Type, Idempotency-Key, If-None-Match, X-Request-Id"
_SHOWN = (
    "ETag, Idempotent-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After, "
    "X-Request-Id"
)
_KEPT_FOR_S = "600"


class Origins:
    """Answers preflights, and tells browsers which origins may read an answer.

    `listed` are the operator's own sites. `is_bound` says whether any key is bound to an origin: a
    preflight carries no key. Where the route has left the origins of the caller's own key, those
    alone count.
    """

    def __init__(self, app: ASGIApp, *, listed: frozenset[str], is_bound: IsBound) -> None:
        self.app = app
        self._listed = listed
        self._is_bound = is_bound

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await (await self._preflight(scope, origin))(scope, receive, send)
            return

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                answered.add_vary_header("Origin")
                if origin and self._may_read(origin, scope):
                    answered["Access-Control-Allow-Origin"] = origin
                    answered["Access-Control-Expose-Headers"] = _SHOWN
            await send(message)

        await self.app(scope, receive, send_on)

    def _may_read(self, origin: str, scope: Scope) -> bool:
        return origin in scope.get(logs.BOUND_TO, self._listed)

    async def _preflight(self, scope: Scope, origin: str) -> Response:
        vary = {"Vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"}
        if origin not in self._listed and not await self._is_bound(origin):
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
