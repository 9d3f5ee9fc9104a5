"""A PostgreSQL server of its own for one experiment, which is ended and started again."""

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests import postgres
from tests.postgres import Binaries, MissingPostgresError


class Cluster:
    """The server's process; what it acknowledged survives its end."""

    def __init__(self, source: Binaries, folder: Path) -> None:
        self._folder = folder
        self._prefix = (
            postgres._copy(source.prefix, source.site, folder) if source.site else source.prefix
        )
        self._account = postgres._unprivileged(folder)
        postgres._make_cluster(self._prefix, folder, self._account)
        self._port = postgres._free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self._port}/postgres"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start, and give when it was ready."""
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(str(self._prefix / "bin/postgres"), "-D", str(self._folder / "data")),
                    *("-k", str(self._folder), "-p", str(self._port)),
                    *("-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self._account,
            )
        postgres._wait_for(self.url, self._folder / "log")
        return time.monotonic()

    def stop(self, how: signal.Signals) -> None:
        """SIGINT: fast, SIGQUIT: at once, without writing anything down."""
        assert self._process is not None
        self._process.send_signal(how)
        self._process.wait(timeout=60)

    def end_connections(self) -> None:
        """End every connection but the one that asks for it."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A running server; MissingPostgresError where there are no binaries to start one."""
    source = postgres.system_installation() or postgres.packaged_installation()
    if source is None:
        raise MissingPostgresError("this experiment starts and ends a PostgreSQL of its own")
    folder = Path(tempfile.mkdtemp(prefix="cdmo-prove-postgres-"))
    try:
        made = Cluster(source, folder)
        made.start()
        try:
            yield made
        finally:
            made.stop(signal.SIGQUIT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
