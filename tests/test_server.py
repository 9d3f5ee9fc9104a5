"""What the server does with connections that a well-meaning client doesn't make."""

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI, Response

from app import server
from app.main import create_app
from app.problems import Problem
from app.settings import Settings
from tests.conftest import settings_for

LATE_S = 0.4
GOOD = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"


@contextlib.contextmanager
def listening(app: FastAPI, settings: Settings) -> Iterator[int]:
    """The port on which the app is served as the command line serves it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        running = uvicorn.Server(uvicorn.Config(app, **server.options(settings)))
        thread = Thread(target=running.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            running.should_exit = True
            thread.join(10)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Where the service listens, with times that a test can wait for."""
    folder: Path = tmp_path_factory.mktemp("server")
    settings = settings_for(f"sqlite:///{folder / 'server.db'}", body_timeout_s=LATE_S)
    app = create_app(settings)
    _add_long_answer(app)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "HEAD_TIMEOUT_S", LATE_S)
        patch.setattr(server, "READ_CHECK_S", LATE_S)
        with listening(app, settings) as port:
            yield port


def _add_long_answer(app: FastAPI) -> None:
    @app.get("/long")
    def read_long() -> Response:
        return Response(b"x" * 50_000_000)


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def answer(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """All that comes until the server hangs up: status, header fields, body."""
    received = b""
    while part := connection.recv(65_536):
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return int(first.split(" ")[1]), fields, body


def served(connection: socket.socket) -> None:
    """Reads the answer to one good request, which may come in pieces."""
    received = b""
    while not received.endswith(b'{"status":"ok"}'):
        part = connection.recv(65_536)
        assert part, received
        received += part
    assert received.startswith(b"HTTP/1.1 200 OK\r\n")


def refused(connection: socket.socket, status: int, kind: str) -> Problem:
    found, fields, body = answer(connection)
    assert (found, fields["content-type"]) == (status, "application/problem+json")
    assert (fields["connection"], int(fields["content-length"])) == ("close", len(body))
    problem = Problem.model_validate_json(body)
    assert (problem.type, problem.status) == (f"/problems/{kind}", status)
    return problem


class TestHead:
    def test_half_a_head_is_waited_for_only_so_long(self, port: int) -> None:
        with connect(port) as connection:
            connection.sendall(GOOD[:20])
            begun = time.monotonic()
            refused(connection, 408, "timed-out")
            assert time.monotonic() - begun < 4 * LATE_S

    def test_dripping_does_not_help(self, port: int) -> None:
        with connect(port) as connection:
            connection.sendall(GOOD[:-2] + b"X-Drip: ")
            begun = time.monotonic()
            with contextlib.suppress(OSError):  # hung up on
                while time.monotonic() < begun + 10:
                    connection.sendall(b"a")
                    time.sleep(LATE_S / 10)
            assert time.monotonic() - begun < 4 * LATE_S

    def test_a_connection_that_says_nothing_is_closed(self, port: int) -> None:
        with connect(port) as connection:
            assert connection.recv(1) == b""

    def test_the_next_request_on_a_connection_has_the_same_time(self, port: int) -> None:
        with connect(port) as connection:
            connection.sendall(GOOD)
            served(connection)
            connection.sendall(GOOD[:20])
            refused(connection, 408, "timed-out")

    def test_what_keeps_to_the_times_stays_connected(self, port: int) -> None:
        with connect(port) as connection:
            for _ in range(6):
                time.sleep(LATE_S / 2)
                connection.sendall(GOOD)
                served(connection)

    def test_large_header_fields_are_refused(self, port: int) -> None:
        large = b"X-Large: " + b"x" * server.LARGEST_HEAD + b"\r\n"
        for end in (b"\r\n", b""):  # in whole, and while they still come
            with connect(port) as connection:
                connection.sendall(GOOD[:-2] + large + end)
                refused(connection, 431, "header-fields-too-large")
        many = b"".join(b"X-%d: y\r\n" % number for number in range(5_000))
        with connect(port) as connection:
            connection.sendall(GOOD[:-2] + many + b"\r\n")
            refused(connection, 431, "header-fields-too-large")

    def test_long_addresses_are_refused(self, port: int) -> None:
        with connect(port) as connection:
            connection.sendall(
                b"GET /" + b"a" * server.LONGEST_URL + b" HTTP/1.1\r\nHost: x\r\n\r\n"
            )
            refused(connection, 414, "uri-too-long")

    def test_what_is_just_within_the_limits_is_served(self, port: int) -> None:
        query = b"?q=" + b"a" * (server.LONGEST_URL - len("/livez?q="))
        field = b"X-Large: " + b"x" * (server.LARGEST_HEAD - 9_000) + b"\r\n"
        with connect(port) as connection:
            connection.sendall(
                b"GET /livez" + query + b" HTTP/1.1\r\nConnection: close\r\n" + field + b"\r\n"
            )
            assert answer(connection)[0] == 200

    @pytest.mark.parametrize(
        "sent",
        [
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
            b"NONSENSE\r\n\r\n",
            b"GET / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
            b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ],
    )
    def test_what_is_not_http_is_refused_in_our_form(self, port: int, sent: bytes) -> None:
        with connect(port) as connection:
            connection.sendall(sent)
            found = refused(connection, 400, "bad-request")
            assert found.detail == "This isn't a request in HTTP."


class TestBody:
    HEAD = b"POST /v1/match HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"

    @pytest.mark.parametrize("framing", [b"Content-Length: 500", b"Transfer-Encoding: chunked"])
    def test_half_a_body_is_waited_for_only_so_long(self, port: int, framing: bytes) -> None:
        with connect(port) as connection:
            connection.sendall(self.HEAD + framing + b"\r\n\r\n")
            refused(connection, 408, "timed-out")

    def test_a_body_that_is_too_large_is_refused_before_it_is_sent(self, port: int) -> None:
        with connect(port) as connection:
            connection.sendall(self.HEAD + b"Content-Length: 200000000\r\n\r\n{")
            begun = time.monotonic()
            status, fields, body = answer(connection)
            assert (status, json.loads(body)["type"]) == (413, "/problems/too-large")
            assert fields["content-type"] == "application/problem+json"
            assert time.monotonic() - begun < 4 * LATE_S  # and the rest isn't waited for


class TestReader:
    def test_an_answer_that_nobody_takes_is_given_up(self, port: int) -> None:
        with connect(port) as connection:
            connection.sendall(b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n")
            time.sleep(6 * LATE_S)
            received = _drained(connection)
        assert 0 < received < 50_000_000

    def test_whoever_hangs_up_is_no_crash_of_ours(
        self, port: int, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for _ in range(3):
            with connect(port) as connection:
                connection.sendall(b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
                assert connection.recv(100)
        time.sleep(LATE_S)
        assert '"level": "error"' not in capsys.readouterr().err

    def test_a_slow_reader_gets_all(self, port: int) -> None:
        with connect(port) as connection:
            connection.sendall(b"GET /long HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            received = 0
            for _ in range(20):
                received += len(connection.recv(1_000_000))
                time.sleep(LATE_S / 4)
            received += _drained(connection)
        assert received > 50_000_000


class TestProxies:
    @pytest.mark.parametrize(("trusted", "limited"), [("127.0.0.1", False), ("192.0.2.1", True)])
    def test_only_a_trusted_one_says_who_calls(
        self, tmp_path: Path, trusted: str, limited: bool
    ) -> None:
        settings = settings_for(
            f"sqlite:///{tmp_path / 'proxied.db'}",
            trusted_proxies=trusted,
            rate_limits="anonymous=1/day",
        )
        with listening(create_app(settings), settings) as port:
            statuses = [
                httpx2.get(
                    f"http://127.0.0.1:{port}/problems", headers={"X-Forwarded-For": f"192.0.2.{n}"}
                ).status_code
                for n in (7, 8)
            ]
        assert statuses == [200, 429 if limited else 200]


def _drained(connection: Any) -> int:
    received = 0
    try:
        while part := connection.recv(1_000_000):
            received += len(part)
    except ConnectionResetError:
        pass
    return received
