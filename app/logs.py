"""Log lines as JSON: one object a line, without anything that a caller wrote.

No query string, body, header or wording of a need is ever logged, and of an exception only its
kind and where it arose: its message may quote what was sent.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO

from starlette.types import Scope

from app.settings import LogLevel

# Where the edge and the dependencies leave what a log line tells of a request.
REQUEST_ID = "cdmo.request_id"
CALLER = "cdmo.caller"
NOBODY = "cdmo.nobody"  # a sign-in was shown that isn't good any more, or never was
BOUND_TO = "cdmo.origins"  # the origins that the caller\'s key is bound to, where it is
_log = logging.getLogger("cdmo")


class JsonFormatter(logging.Formatter):
    """One JSON object for each record, with the record's `fields` beside time and level."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1] is not None:
            line |= describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


class _Handler(logging.StreamHandler[TextIO]):
    """Writes to whatever standard error is at the time, so that it can be redirected."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)
        self.setFormatter(JsonFormatter())

    @property
    def stream(self) -> TextIO:  # type: ignore[override] # a constant in the base class
        """Standard error."""
        return sys.stderr


def configure(level: LogLevel) -> None:
    """Write our log lines and uvicorn's as JSON; its access lines give way to ours."""
    handler = _Handler()
    _log.handlers[:] = [handler]
    _log.setLevel(level.value.upper())
    server = logging.getLogger("uvicorn")
    server.handlers[:] = [handler]
    server.setLevel(level.value.upper())
    server.propagate = False
    for name in ("uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
    # It warns in plain text, and quotes characters of a form that it can't read.
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
    logging.getLogger("uvicorn.error").propagate = True
    logging.getLogger("uvicorn.access").propagate = False


def access(scope: Scope, status: int, seconds: float) -> None:
    """Note a request that was answered."""
    _log.info(
        "request",
        extra={
            "fields": {
                "request_id": scope[REQUEST_ID],
                "method": scope["method"],
                "route": route_of(scope),
                "status": status,
                "ms": round(seconds * 1000, 1),
                "caller": scope.get(CALLER, "anonymous"),
            }
        },
    )


def crash(error: Exception, request_id: str) -> None:
    """Note an exception that nobody expected."""
    fields = {"request_id": request_id} | describe(error)
    _log.error("a request failed unexpectedly", extra={"fields": fields})


def describe(error: BaseException) -> dict[str, Any]:
    """What may be said of an exception: its kind, its cause's kind, and where it arose."""
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    cause = error.__cause__ or error.__context__
    return {
        "error": _kind(error),
        "cause": _kind(cause) if cause else None,
        "frames": [f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in frames],
    }


def route_of(scope: Scope) -> str | None:
    """The template of the route that was taken, such as /v1/providers/{reference}."""
    route = scope.get("route")
    return getattr(route, "path_format", None) or getattr(route, "path", None)


def _kind(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"
