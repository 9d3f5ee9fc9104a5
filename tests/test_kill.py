"""SIGKILL in the midst of writing: whatever was acknowledged is there afterwards, exactly once.

A real server process is killed several times while clients create capabilities, each under an
Idempotency-Key of its own, and repeat every request until it is acknowledged.
"""

import contextlib
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx2
from sqlalchemy import Engine, func
from sqlmodel import select

from app.db import reading
from app.models.event import Event
from app.models.idempotency import IdempotentAnswer
from app.models.key import Role
from app.models.provider import Provider
from app.services.tenancy import SYSTEM
from tests.service import Headers, issue

CLIENTS, KILLS, LIVES_FOR = 4, 3, 0.4


def free_port() -> int:
    # Below the ports that outgoing connections take: a client that keeps trying while nobody
    # listens would at some time be given that very port, and be connected to itself.
    while True:
        port = random.randrange(20_000, 32_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


class Server:
    """A server process that is killed and started again on the same port and database."""

    def __init__(self, database_url: str) -> None:
        self.port = free_port()
        self._environment = os.environ | {
            "CDMO_DATABASE_URL": database_url,
            "CDMO_SEED": "none",
            "CDMO_LOG_LEVEL": "error",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = ["-m", "uvicorn", "--factory", "app.main:create_app", "--port", str(self.port)]
        quiet = ["--log-level", "error", "--no-access-log"]
        self._process = subprocess.Popen([sys.executable, *command, *quiet], env=self._environment)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                httpx2.get(f"http://127.0.0.1:{self.port}/livez", timeout=1)
                return
            except httpx2.TransportError:
                time.sleep(0.05)
        raise AssertionError("the server doesn't start")

    def limit_files(self, size: int | None) -> None:
        """From now on the process can't write beyond this many bytes of any file."""
        assert self._process is not None
        most = resource.RLIM_INFINITY if size is None else size
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()


@contextlib.contextmanager
def running(database_url: str) -> Iterator[Server]:
    server = Server(database_url)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def write_until(
    stop: threading.Event, name: str, address: str, headers: Headers, kept: dict[str, Any]
) -> None:
    """Create one capability after the other, each until it is acknowledged."""
    number = 0
    with httpx2.Client(timeout=5) as client:
        while not stop.is_set():
            service = f"{name}-{number}"
            try:
                answer = client.post(
                    address,
                    json={"service": service},
                    headers=headers | {"Idempotency-Key": service},
                )
            except httpx2.TransportError:
                time.sleep(0.02)
                continue
            if answer.status_code == 201:
                kept[service] = answer.json()
                number += 1
            else:
                assert answer.status_code in (409, 503), answer.text


def test_loses_and_doubles_nothing(engine: Engine, database_url: str) -> None:
    headers = issue(engine, Role.CURATOR)
    kept: dict[str, Any] = {}
    stop = threading.Event()
    with running(database_url) as server:
        root = f"http://127.0.0.1:{server.port}/v1/providers"
        body = {"name": "Hanbit Bio", "kind": "cdmo", "state": "published"}
        assert httpx2.post(root, json=body, headers=headers).status_code == 201
        address = f"{root}/hanbit-bio/capabilities"
        clients = [
            threading.Thread(target=write_until, args=(stop, f"c{n}", address, headers, kept))
            for n in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        for _ in range(KILLS):
            time.sleep(LIVES_FOR)
            server.kill()
            server.start()
        time.sleep(LIVES_FOR)
        stop.set()
        for client in clients:
            client.join()
        whole = httpx2.get(f"{root}/hanbit-bio").json()
        # A last repeat of every request gets the answer that was acknowledged.
        for service, answer in list(kept.items())[:20]:
            again = httpx2.post(
                address, json={"service": service}, headers=headers | {"Idempotency-Key": service}
            )
            assert again.json() == answer
    assert len(kept) > KILLS * CLIENTS
    stored = Counter(capability["service"] for capability in whole["capabilities"])
    # At the end every client has repeated what was under way, so that nothing else was kept.
    assert stored == Counter(kept.keys())
    assert whole["version"] == 1 + len(kept)
    with reading(engine, SYSTEM.claims) as session:
        assert session.exec(select(func.count()).select_from(IdempotentAnswer)).one() == len(kept)
        assert session.exec(select(func.count()).select_from(Event)).one() == len(kept) + 2
        assert session.exec(select(Provider.revision)).one() == 1 + len(kept)
        if engine.dialect.name == "sqlite":
            assert session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
