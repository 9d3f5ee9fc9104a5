"""How uvicorn serves the app, and what it doesn't do by itself.

Out of the box uvicorn keeps a connection open for ever whose request never ends or whose answer is
never read, takes header fields of any size, and refuses what it can't read in plain text. A proxy
may do better than that and is welcome in front; the service is safe without one.
"""

from asyncio import BaseTransport, TimerHandle
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from app import problems
from app.errors import BadRequestError, DomainError
from app.problems import HeadTooLargeError, TimedOutError, UriTooLongError
from app.settings import Settings

HEAD_TIMEOUT_S = 10.0  # until the header fields are there, and for what comes after a refusal
LARGEST_HEAD = 32_768  # bytes of request line and header fields
LONGEST_URL = 8_192  # bytes
READ_CHECK_S = 10.0
SLOWEST_READER = 1_024  # bytes a second that a client has to take of a long answer
_SHUTDOWN_S = 15  # longer than anything inside of a request waits
_BUSY_S = 60  # a worker that builds a large catalogue may be silent; it isn't killed for that


def options(settings: Settings) -> dict[str, Any]:
    """What uvicorn is started with."""
    return {
        "http": Protocol,
        "ws": "none",
        "access_log": False,  # our own lines are the access log
        "log_config": None,
        "server_header": False,  # answers needn't tell which server made them
        "proxy_headers": True,
        "forwarded_allow_ips": settings.trusted_proxies,
        "timeout_keep_alive": 5,
        "timeout_graceful_shutdown": _SHUTDOWN_S,
        "timeout_worker_healthcheck": _BUSY_S,
    }


class Protocol(HttpToolsProtocol):
    """A connection that ends when the other side lets it wait, and refuses in our form."""

    _timer: TimerHandle | None = None  # for what has to come in
    _reader_timer: TimerHandle | None = None  # for what has to be taken
    _refusal: DomainError | None = None
    _answering: RequestResponseCycle | None = None
    _is_in_head = True
    _is_in_body = False
    _head = 0

    def connection_made(self, transport: BaseTransport) -> None:
        """A client has connected, and has so long to say what it wants."""
        super().connection_made(transport)  # type: ignore[arg-type] # TCP is a full transport
        self._arm(self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more will come."""
        self._disarm()
        self._cancel_reader_timer()
        if self._answering is not None:
            # The base class tells the request that came last, which may be waiting behind this one.
            self._answering.disconnected = True
            self._answering.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, as long as the header fields stay within their size."""
        super().data_received(data)
        if self._is_in_head and not self.transport.is_closing():
            self._head += len(data)
            if self._head > LARGEST_HEAD:
                self._refuse(_head_too_large())

    def on_message_begin(self) -> None:
        """A request begins."""
        self._is_in_head, self._head = True, 0
        if self._timer is None:
            self._arm(self._head_is_late)
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Some of the address has come."""
        super().on_url(url)
        if len(self.url) > LONGEST_URL:
            self._stop(UriTooLongError(f"An address has at most {LONGEST_URL} bytes."))

    def on_headers_complete(self) -> None:
        """All header fields are there; the app sees to it that the body comes in time."""
        self._is_in_head, self._is_in_body = False, True
        self._disarm()
        if sum(len(name) + len(value) + 4 for name, value in self.headers) > LARGEST_HEAD:
            self._stop(_head_too_large())
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is there as a whole."""
        self._is_in_body = False
        self._disarm()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer is made. If it was a refusal, the rest of the body isn't waited for long."""
        super().on_response_complete()
        if self._is_in_body and not self.transport.is_closing():
            self._arm(self.transport.close)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def pause_writing(self) -> None:
        """The client takes its answer more slowly than it is sent."""
        super().pause_writing()
        self._watch_reader(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """The client has caught up."""
        self._cancel_reader_timer()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Refuse what can't be read, or what was found to be too long while it was read."""
        self._refuse(self._refusal or BadRequestError("This isn't a request in HTTP."))

    def _stop(self, refusal: DomainError) -> None:
        # The parser hands any exception on as one of its own, which ends in send_400_response.
        self._refusal = refusal
        raise ValueError(refusal.type)

    def _refuse(self, refusal: DomainError) -> None:
        answer = problems.problem(refusal, uuid4().hex)
        fields = [(name, value) for name, value in answer.raw_headers if name != b"connection"]
        lines = [STATUS_LINE[answer.status_code]]
        for name, value in (*self.server_state.default_headers, *fields, (b"connection", b"close")):
            lines += [name, b": ", value, b"\r\n"]
        self.transport.write(b"".join([*lines, b"\r\n", bytes(answer.body)]))
        self.transport.close()

    def _head_is_late(self) -> None:
        self._timer = None
        if self._head:
            self._refuse(TimedOutError(f"Send the header fields within {HEAD_TIMEOUT_S:g} s."))
        else:
            self.transport.close()

    def _arm(self, late: Callable[[], None]) -> None:
        self._disarm()
        self._timer = self.loop.call_later(HEAD_TIMEOUT_S, late)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _watch_reader(self, waiting: int) -> None:
        self._cancel_reader_timer()
        self._reader_timer = self.loop.call_later(READ_CHECK_S, self._check_reader, waiting)

    def _check_reader(self, before: int) -> None:
        waiting = self.transport.get_write_buffer_size()
        if before - waiting < SLOWEST_READER * READ_CHECK_S:
            self.transport.abort()
        else:
            self._watch_reader(waiting)

    def _cancel_reader_timer(self) -> None:
        if self._reader_timer is not None:
            self._reader_timer.cancel()
            self._reader_timer = None


def _head_too_large() -> DomainError:
    return HeadTooLargeError(f"Header fields have at most {LARGEST_HEAD} bytes together.")
