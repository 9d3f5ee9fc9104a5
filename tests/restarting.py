"""A PostgreSQL server that a test may stop, kill and start again, with durable writes."""

import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests import postgres
from tests.postgres import Binaries, MissingPostgresError

FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT


class Server:
    """One cluster on one port, running or not."""

    def __init__(self, prefix: Path, folder: Path, account: dict[str, Any], port: int) -> None:
        self.url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        self._folder = folder
        self._account = account
        self._command = [str(prefix / "bin/postgres"), "-D", str(folder / "data")]
        self._command += ["-k", str(folder), "-p", str(port), "-c", "listen_addresses=127.0.0.1"]
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and come back when it takes connections."""
        with (self._folder / "log").open("ab") as log:
            self._running = subprocess.Popen(
                self._command, stdout=log, stderr=log, start_new_session=True, **self._account
            )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.02)
        raise MissingPostgresError("PostgreSQL did not start")

    def stop(self, how: signal.Signals = FAST) -> None:
        """Stop it: FAST ends connections and writes all down, IMMEDIATE is a crash."""
        if self._running is not None:
            self._running.send_signal(how)
            self._running.wait(60)
            self._running = None

    def end_connections(self) -> None:
        """End every connection but the one that asks for it."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )


@contextmanager
def restartable() -> Iterator[Server]:
    """A running server of one's own, and nothing of it afterwards."""
    source = postgres.system_installation() or postgres.packaged_installation()
    if not isinstance(source, Binaries):
        raise MissingPostgresError("no PostgreSQL was found")
    with tempfile.TemporaryDirectory(prefix="cdmo-postgres-") as made:
        folder = Path(made)
        prefix = source.prefix
        if source.site is not None:
            prefix = postgres._copy(source.prefix, source.site, folder)
        account = postgres._unprivileged(folder)
        postgres._make_cluster(prefix, folder, account)
        server = Server(prefix, folder, account, postgres._free_port())
        server.start()
        try:
            yield server
        finally:
            server.stop(IMMEDIATE)
