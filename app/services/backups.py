"""Backup and restore: the whole database as one file, all of it or nothing.

A backup is made while the service writes, and stands at one moment. A restore replaces everything
in one transaction of the database itself, so that a failed one leaves what was there.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlmodel import col, select

from app.db import connected_as_owner, reading
from app.errors import ConflictError, InvalidError
from app.models.key import Key
from app.services import backups_postgresql, backups_sqlite, migrations
from app.services.checksums import Checksum
from app.services.tenancy import SYSTEM
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought back; `revived` are keys that were dead before and live again, None
    where the database couldn't be asked before."""

    tables: Sequence[Checksum]
    revived: Sequence[UUID] | None


def make(settings: Settings, file: Path) -> Sequence[Checksum]:
    """Write the database as it stands into `file`, which is replaced at the end; gives what was
    written, table by table."""
    with connected_as_owner(settings) as engine, _aside(file) as part:
        if engine.dialect.name == "sqlite":
            return backups_sqlite.dump(engine, part)
        return backups_postgresql.dump(engine, part)


def restore(settings: Settings, file: Path, *, force: bool = False) -> Restored:
    """Bring back the database of a backup, and its tables to what this code was written for.

    InvalidError for a file that is no backup or a newer version's, ConflictError where the database
    holds something and `force` isn't set.
    """
    with connected_as_owner(settings) as engine:
        is_sqlite = engine.dialect.name == "sqlite"
        revision = (backups_sqlite if is_sqlite else backups_postgresql).revision(file)
        _check_known(revision)
        holds = _holds_something(engine)
        if holds and not force:
            raise ConflictError(
                "The database isn't empty. Restore into an empty one, or replace what is there "
                "with --force."
            )
        before = _live_keys(engine) if holds else None
        if is_sqlite:
            tables = backups_sqlite.load(engine, file)
        else:
            tables = backups_postgresql.load(engine, file)
        migrations.upgrade(settings)
        after = _live_keys(engine) or frozenset()
    return Restored(tables, None if before is None else sorted(after - before))


@contextmanager
def _aside(target: Path) -> Iterator[Path]:
    """A new file beside `target`, for its owner's eyes alone, which takes its place at the end."""
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _check_known(revision: str | None) -> None:
    if revision is None:
        raise InvalidError("This file is no backup that was made by `cdmo-match backup`.")
    scripts = ScriptDirectory(str(migrations.SCRIPTS))
    if revision not in {script.revision for script in scripts.walk_revisions()}:
        raise InvalidError(
            "This backup was made by a newer version of CDMO Match. Restore it with that version."
        )


def _holds_something(engine: Engine) -> bool:
    names = (
        "SELECT count(*) FROM sqlite_master WHERE type = 'table'"
        if engine.dialect.name == "sqlite"
        else "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    )
    try:
        with engine.connect() as connection:
            return bool(connection.exec_driver_sql(names).scalar_one())
    except DatabaseError as error:
        if engine.dialect.name == "sqlite" and not isinstance(error, OperationalError):
            raise ConflictError(
                "The database there can't be read. Move its file aside, and those beside it whose "
                "names end in -wal and -shm."
            ) from None
        raise


def _live_keys(engine: Engine) -> frozenset[UUID] | None:
    """The keys that open now; None where they can't be read, as in tables of another version."""
    with reading(engine, SYSTEM.claims) as session:
        if not _has_present_tables(session.connection()):
            return None
        rows = session.exec(
            select(Key.id, Key.expires_at).where(col(Key.revoked_at).is_(None))
        ).all()
    now = datetime.now(UTC)
    return frozenset(key for key, expires in rows if expires is None or expires > now)


def _has_present_tables(connection: Connection) -> bool:
    return set(MigrationContext.configure(connection).get_current_heads()) == migrations.newest()
