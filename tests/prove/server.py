"""A real server, of one or several processes, that is killed and started again on the same port;
and the load on processors apart from its own."""

import os
import random
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx2

from tests.prove.planted import VARIABLE

_SECONDS_TO_START = 120.0


def free_port() -> int:
    """A port below those that outgoing connections take: a client that keeps trying while nobody
    listens would at some time be given that very port, and be connected to itself."""
    while True:
        port = random.randrange(20_000, 32_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


class Server:
    """The service on a port of its own, with all its workers."""

    def __init__(self, database_url: str, *, workers: int = 1, **settings: str) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.workers = workers
        self._settings = {
            "CDMO_DATABASE_URL": database_url,
            "CDMO_SEED": "none",
            "CDMO_LOG_LEVEL": "error",
            "CDMO_RATE_LIMITS": "off",
            "CDMO_AT_ONCE": "10000",
        } | {f"CDMO_{name.upper()}": value for name, value in settings.items()}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start, and give how many seconds it took until it answered."""
        started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.prove.served", str(self.port), str(self.workers)],
            env=os.environ | self._settings,
            # What a planted defect makes it say is of no interest.
            stderr=subprocess.DEVNULL if os.environ.get(VARIABLE) else None,
            start_new_session=True,
            preexec_fn=_on_own_processors if _APART else None,
        )
        ready = 0
        while ready < (1 if self.workers == 1 else 4 * self.workers):
            if time.monotonic() > started + _SECONDS_TO_START or self.process.poll() is not None:
                raise AssertionError("the server doesn't start")
            try:
                answer = httpx2.get(f"{self.address}/livez", timeout=5, verify=False)
                ready += answer.status_code == 200
            except httpx2.TransportError:
                time.sleep(0.02)
        return time.monotonic() - started

    def limit_files(self, size: int | None) -> None:
        """From now on the process can't write beyond this many bytes of any file."""
        assert self.process is not None
        most = resource.RLIM_INFINITY if size is None else size
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    def kill(self) -> None:
        """End it with all its workers, in the midst of whatever they do."""
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def terminate(self) -> float:
        """Ask it to end, and give how many seconds it took."""
        assert self.process is not None
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        return time.monotonic() - started


@contextmanager
def running(database_url: str, *, workers: int = 1, **settings: str) -> Iterator[Server]:
    """A server that is ready; it is gone afterwards."""
    server = Server(database_url, workers=workers, **settings)
    try:
        server.start()
        yield server
    finally:
        server.kill()


_APART = False


@contextmanager
def load_apart(is_whole: bool) -> Iterator[None]:
    """This process, which makes the load, on one processor and servers on the others. In short form
    they share: tests run beside each other, and would all be on the same one."""
    global _APART
    before = os.sched_getaffinity(0)
    if not is_whole or len(before) < 2:
        yield
        return
    os.sched_setaffinity(0, {min(before)})
    _APART, _OTHERS[:] = True, sorted(before - {min(before)})
    try:
        yield
    finally:
        _APART = False
        os.sched_setaffinity(0, before)


_OTHERS: list[int] = []


def _on_own_processors() -> None:
    os.sched_setaffinity(0, _OTHERS)


def bearer(secret: str) -> dict[str, Any]:
    """The header fields that carry a key."""
    return {"Authorization": f"Bearer {secret}"}
