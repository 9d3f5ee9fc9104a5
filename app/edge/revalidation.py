"""304 on every read: an answer that carries no tag of its own gets one from its content."""

from hashlib import blake2b

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.edge.kinds import Kind, kind_of
from app.services.precondition import knows

_JSON = "application/json"


class Revalidation:
    """Tags whole JSON answers to reads, and answers 304 to whoever has them already."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        is_read = scope["type"] == "http" and scope["method"] == "GET"
        if not is_read or kind_of("GET", scope["path"]) is Kind.OPERATION:
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("if-none-match")
        held: list[Message] = []  # the start of the answer, until its body is there

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start" and _wants_tag(message):
                held.append(message)
                return
            if held:
                start = held.pop()
                if not message.get("more_body", False):
                    message = _tagged(start, message, asked)
                await send(start)
            await send(message)

        await self.app(scope, receive, send_on)


def _wants_tag(message: Message) -> bool:
    headers = Headers(raw=message["headers"])
    is_json = headers.get("content-type", "").startswith(_JSON)
    return message["status"] == 200 and is_json and "etag" not in headers


def _tagged(start: Message, body: Message, asked: str | None) -> Message:
    """The body that follows `start`; `start` gets the tag, and 304 if the caller knows it."""
    content = body.get("body", b"")
    tag = f'"{blake2b(content, digest_size=12).hexdigest()}"'
    headers = MutableHeaders(scope=start)
    headers["ETag"] = tag
    if asked is None or not knows(asked, tag):
        return body
    start["status"] = 304
    del headers["content-length"]
    del headers["content-type"]
    return {**body, "body": b""}
