"""PostgreSQL's side of backup and restore, by its own pg_dump, pg_restore and psql.

Both are the owner's business: to the role that serves, the rules of rows show no tenant at all, and
a dump by it would look whole and be empty.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from app.errors import ForbiddenError, InvalidError, NotFoundError, UnavailableError
from app.services import checksums, migrations
from app.services.checksums import Checksum
from app.services.revivals import ENTRANCES

_MAGIC = b"PGDMP"
_OWNS_ALL = text(
    "SELECT coalesce(bool_and(pg_has_role(current_user, c.relowner, 'MEMBER')), true) "
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
)
_HIDDEN = text(
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = 'public' AND c.relrowsecurity AND NOT EXISTS (SELECT 1 FROM pg_policies p "
    "WHERE p.tablename = c.relname AND p.cmd = 'ALL' AND p.qual LIKE '%cdmo.role%''system''%')"
)
_DROP_ALL = (
    "DO $$ DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_tables "
    "WHERE schemaname = 'public' LOOP EXECUTE format('DROP TABLE public.%I CASCADE', t); "
    "END LOOP; END $$;\n"
)
# Not in every backup; and what is deleted row by row would be subject to the rules of rows.
_EMPTY = (
    "DO $$ BEGIN IF to_regclass('public.{0}') IS NOT NULL THEN TRUNCATE public.{0}; "
    "END IF; END $$;\n"
)


def dump(engine: Engine, part: Path) -> Sequence[Checksum]:
    """Dump the engine's database into the file `part` as it stands at one moment."""
    with _moment(engine) as connection:
        _check_owner(connection)
        if not checksums.of_tables(connection):
            raise NotFoundError("There are no tables in this database.")
        hidden = connection.execute(_HIDDEN).scalars().all()
        if hidden:
            raise ForbiddenError(f"The rules of rows hide what is in: {', '.join(hidden)}.")
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        _run(
            engine,
            *("pg_dump", "--format=custom", "--schema=public", "--enable-row-security"),
            *(f"--snapshot={snapshot}", f"--file={part}"),
        )
        return checksums.of_tables(connection)


def revision(file: Path) -> str | None:
    """The revision of a backup's tables; None if the file isn't one, OSError if there is none."""
    with file.open("rb") as opened:
        if opened.read(len(_MAGIC)) != _MAGIC:
            return None
    told = subprocess.run(
        [_tool("pg_restore"), "--data-only", "--table=alembic_version", "--file=-", str(file)],
        capture_output=True,
        text=True,
    )
    lines = told.stdout.splitlines() if told.returncode == 0 else []
    starts = [i for i, line in enumerate(lines) if line.startswith("COPY public.alembic_version")]
    return lines[starts[0] + 1] if starts else None


def load(engine: Engine, file: Path, closing: Sequence[str] = ENTRANCES) -> Sequence[Checksum]:
    """Replace the engine's database by the backup, in one transaction, in which the tables of
    `closing` are emptied: those of sign-ins and links."""
    with engine.connect() as connection:
        _check_owner(connection)
    settings = "SET lock_timeout = '30s'; SET statement_timeout = 0; "
    opening = f"{settings}BEGIN; SELECT pg_advisory_xact_lock({migrations.LOCK}); {_DROP_ALL}"
    reader = subprocess.Popen(
        # The tables are made by whoever restores, and `migrate` says who may serve from them.
        [
            *(_tool("pg_restore"), "--no-owner", "--no-acl", "--schema=public", "--file=-"),
            str(file),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        _play(engine, opening.encode(), reader, "".join(map(_EMPTY.format, closing)))
    finally:
        reader.kill()
        reader.communicate()
    with _moment(engine) as connection:
        return checksums.of_tables(connection)


def replace(
    engine: Engine,
    file: Path,
    upgrade: Callable[[], None],
    *,
    role: str | None,
    may_fail_late: bool,
) -> Sequence[Checksum]:
    """`load`, then `upgrade`. Where that may fail though the backup is loaded, what was there is
    copied before, and put back then; `role` may serve from it again. The copy stays where even that
    fails."""
    if not may_fail_late:
        tables = load(engine, file)
        upgrade()
        return tables
    folder = Path(tempfile.mkdtemp(prefix="cdmo-match-before-restore-"))
    copy = folder / "before.backup"
    try:
        dump(engine, copy)
        tables = load(engine, file)
    except BaseException:
        shutil.rmtree(folder)
        raise
    try:
        upgrade()
    except BaseException:
        _put_back(engine, role, copy)
        shutil.rmtree(folder)
        raise
    shutil.rmtree(folder)
    return tables


def _put_back(engine: Engine, role: str | None, copy: Path) -> None:
    try:
        load(engine, copy, closing=())
        if role is not None:
            migrations.grant(engine, role)
    except Exception as error:
        raise UnavailableError(
            "The restore failed, and what was there could not be put back. "
            f"Restore it with --force from {copy}"
        ) from error


def _play(
    engine: Engine, opening: bytes, reader: subprocess.Popen[bytes], ending: str = ""
) -> None:
    """Let psql do what a dump says. It is told to commit once the dump has come to its end; until
    then an end of its input is the end of a transaction that never was."""
    with subprocess.Popen(
        [_tool("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", _address(engine)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=_environment(engine),
    ) as psql:
        assert psql.stdin is not None
        assert reader.stdout is not None
        try:
            psql.stdin.write(opening)
            shutil.copyfileobj(reader.stdout, psql.stdin)
            if reader.wait() == 0:
                psql.stdin.write(f"\n{ending}COMMIT;\n".encode())
        except BrokenPipeError:
            pass  # psql says why
        told = psql.communicate()[1].decode(errors="replace")
    if psql.returncode != 0:
        raise InvalidError(f"The restore failed, and nothing was changed. psql: {_last(told)}")
    if reader.returncode != 0:
        raise InvalidError("This backup is damaged; nothing was changed.")


@contextmanager
def _moment(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees all rows of one moment, for as long as it takes."""
    with engine.connect() as connection:
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
        for setting in (
            "statement_timeout = 0",
            "idle_in_transaction_session_timeout = 0",
            "cdmo.role = 'system'",
        ):
            connection.execute(text(f"SET LOCAL {setting}"))
        yield connection


def _check_owner(connection: Connection) -> None:
    if not connection.execute(_OWNS_ALL).scalar_one():
        raise ForbiddenError(
            "This role doesn't own the tables: the rules of rows would hide every tenant's from "
            "it, and the backup would be empty without anybody noticing. Set "
            "CDMO_MIGRATION_DATABASE_URL to the owner's address."
        )


def _run(engine: Engine, tool: str, *options: str) -> None:
    told = subprocess.run(
        [_tool(tool), *options, _address(engine)],
        capture_output=True,
        text=True,
        env=_environment(engine),
    )
    if told.returncode != 0:
        raise UnavailableError(f"{tool} failed: {_last(told.stderr)}")


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise NotFoundError(f"{name} isn't there. Install PostgreSQL's client programs.")
    return found


def _address(engine: Engine) -> str:
    """What the programs connect to; the password travels where no list of processes shows it."""
    url = engine.url.set(drivername="postgresql", password=None)
    return f"--dbname={url.render_as_string()}"


def _environment(engine: Engine) -> dict[str, str]:
    password = engine.url.password
    rights = {"PGOPTIONS": "-c cdmo.role=system", "PGCONNECT_TIMEOUT": "5"}
    return os.environ | rights | ({"PGPASSWORD": str(password)} if password else {})


def _last(told: str) -> str:
    lines = told.strip().splitlines()
    return lines[-1] if lines else "it didn't say why"
