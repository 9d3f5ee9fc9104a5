"""SQLite's side of backup and restore: pages copied by its own online backup, in both directions.

A copy of the file would miss what is still in the write-ahead log beside it, or tear a page.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine

from app.errors import ConflictError, InvalidError, NotFoundError
from app.services import checksums
from app.services.checksums import Checksum
from app.services.revivals import ENTRANCES

_LOCKED_S = 30.0
_HEADER = b"SQLite format 3\0"


def dump(engine: Engine, part: Path) -> Sequence[Checksum]:
    """Copy the engine's database into the file `part` as it stands at one moment."""
    source = _file_of(engine)
    if not source.exists() or not source.stat().st_size:
        raise NotFoundError(f"There is no database at {source}.")
    with closing(_opened(source, "ro")) as database, closing(_opened(part, "rw")) as copy:
        database.backup(copy)  # in one step: it reads one moment, and writers go on
        # The copy is one file, without a log beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
        _check(copy)
    return _checksums(part)


def revision(file: Path) -> str | None:
    """The revision of a backup's tables; None if the file isn't one, OSError if there is none."""
    with file.open("rb") as opened:
        if opened.read(len(_HEADER)) != _HEADER:
            return None
    with closing(_opened(file, "ro", is_still=True)) as backup:
        try:
            found = backup.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError:
            return None
    return str(found[0]) if found else None


def load(engine: Engine, file: Path, upgrade: Callable[[Path], None]) -> Sequence[Checksum]:
    """Replace the engine's database by the backup, in one transaction of that database. Sign-ins
    and links are left out, and `upgrade` brings the tables up to date, in a file beside: whatever
    fails before the very end changes nothing. Gives what was loaded, as it was before `upgrade`."""
    target = _file_of(engine)
    if target.exists() and target.samefile(file):
        raise InvalidError("This file is the database itself.")
    with _beside(target) as prepared:
        with (
            closing(_opened(file, "ro", is_still=True)) as backup,
            closing(_opened(prepared, "rw")) as copy,
        ):
            _check(backup)
            backup.backup(copy)
            _close_entrances(copy)
        tables = _checksums(prepared)
        upgrade(prepared)
        _replace(target, prepared)
    return tables


def _close_entrances(database: sqlite3.Connection) -> None:
    database.execute("PRAGMA secure_delete=ON")
    there = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    for table in ENTRANCES:
        if table in there:
            database.execute(f"DELETE FROM {table}")
    database.commit()


def _replace(target: Path, prepared: Path) -> None:
    with closing(_opened(prepared, "rw")) as made, closing(_opened(target, "rwc")) as database:
        made.execute("PRAGMA journal_mode=DELETE")
        database.execute("PRAGMA secure_delete=ON")
        try:
            made.backup(database)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            raise ConflictError("The database is being written to. Stop the service.") from None


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A new file beside the database, for its owner's eyes alone, which is gone at the end."""
    made = target.with_name(f".{target.name}.restored")
    files = [made, *(made.with_name(f"{made.name}{end}") for end in ("-wal", "-shm", "-journal"))]

    def remove() -> None:
        for each in files:
            each.unlink(missing_ok=True)

    remove()
    try:
        os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield made
    finally:
        remove()


def _file_of(engine: Engine) -> Path:
    name = engine.url.database
    if not name or name == ":memory:":
        raise InvalidError("A database in memory can't be backed up.")
    return Path(name)


def _opened(file: Path, mode: str, *, is_still: bool = False) -> sqlite3.Connection:
    # A backup is nobody's to write to: without this SQLite would look for a log beside it.
    still = "&immutable=1" if is_still else ""
    address = f"{file.resolve().as_uri()}?mode={mode}{still}"
    return sqlite3.connect(address, uri=True, timeout=_LOCKED_S)


def _check(database: sqlite3.Connection) -> None:
    try:
        told = database.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError:
        told = "damaged"
    if told != "ok":
        raise InvalidError("This database is damaged; nothing was changed.")


def _checksums(file: Path) -> Sequence[Checksum]:
    with _engine_on(file) as engine, engine.connect() as connection:
        return checksums.of_tables(connection)


@contextmanager
def _engine_on(file: Path) -> Iterator[Engine]:
    engine = create_engine("sqlite://", creator=lambda: _opened(file, "ro"))
    try:
        yield engine
    finally:
        engine.dispose()
