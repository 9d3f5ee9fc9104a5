"""Backup and restore: the whole database as one file, all of it or nothing.

A backup is made while the service writes, and stands at one moment. A restore ends every sign-in
and voids every mailed link, and brings the tables to what this code was written for. One that fails
leaves what was there: on SQLite all of it is done in a file beside, which then takes the database's
place in one transaction. PostgreSQL replaces everything in one transaction, and an older backup's
tables are brought up to date in a second one; if that fails, what was there is put back from a copy
that was taken before. Only a restore that is killed between the two leaves that copy alone.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError, OperationalError

from app.db import connected, connected_as_owner
from app.errors import ConflictError, InvalidError
from app.services import backups_postgresql, backups_sqlite, migrations, revivals
from app.services.checksums import Checksum
from app.services.revivals import Revived
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought back, as the backup holds it but for sign-ins and links, and what of
    it had ended before; None where the database couldn't be asked before."""

    tables: Sequence[Checksum]
    revived: Revived | None


def make(settings: Settings, file: Path) -> Sequence[Checksum]:
    """Write the database as it stands into `file`, which is replaced at the end; gives what was
    written, table by table."""
    with connected_as_owner(settings) as engine, _aside(file) as part:
        if engine.dialect.name == "sqlite":
            return backups_sqlite.dump(engine, part)
        return backups_postgresql.dump(engine, part)


def restore(settings: Settings, file: Path, *, force: bool = False) -> Restored:
    """Bring back the database of a backup, and its tables to what this code was written for.

    Everybody has to sign in anew, and links that were mailed are void. InvalidError for a file that
    is no backup or a newer version's, ConflictError where the database holds something and `force`
    isn't set, NotFoundError where PostgreSQL has no role that could serve afterwards.
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
        before = revivals.alive(engine) if holds else None
        if is_sqlite:
            tables = backups_sqlite.load(engine, file, lambda beside: _upgrade(settings, beside))
        else:
            tables = backups_postgresql.replace(
                engine,
                file,
                lambda: migrations.upgrade(settings),
                role=migrations.serving_role(settings, engine),
                may_fail_late=holds and {revision} != migrations.newest(),
            )
        return Restored(tables, revivals.between(before, revivals.alive(engine)))


def _upgrade(settings: Settings, beside: Path) -> None:
    with connected(settings, url=f"sqlite:///{beside}") as engine:
        migrations.upgrade_engine(engine)


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
