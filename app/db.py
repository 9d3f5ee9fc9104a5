"""The engine for SQLite or PostgreSQL, its pragmas and its sessions."""

import contextlib
import logging
import os
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event, make_url, text
from sqlalchemy import create_engine as _create_engine
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlmodel import Session

from app.settings import Settings

_WRITES = "cdmo_writes"
_LOG = logging.getLogger("cdmo.db")
_CLEARED_WITHIN_MS = 500  # writers wait meanwhile


def create_engine(settings: Settings, *, url: str | None = None) -> Engine:
    """An engine for `url`, or else for the settings' database, set up for durable writes.

    ArgumentError if it is neither SQLite nor PostgreSQL.
    """
    address = make_url(url or settings.database_url.get_secret_value())
    if address.get_backend_name() == "postgresql":
        return _postgresql(address.set(drivername="postgresql+psycopg"), settings)
    if address.get_backend_name() != "sqlite":
        raise ArgumentError("the database is neither SQLite nor PostgreSQL")
    return _sqlite(address, settings)


@contextmanager
def connected(settings: Settings, *, url: str | None = None) -> Iterator[Engine]:
    """An engine as `create_engine` makes it, whose connections end with the block."""
    engine = create_engine(settings, url=url)
    try:
        yield engine
    finally:
        engine.dispose()


def connected_as_owner(settings: Settings) -> AbstractContextManager[Engine]:
    """As `connected`, by the role that owns the tables, where the settings name one."""
    return connected(settings, url=settings.migration_database_url.get_secret_value())


def _postgresql(address: Any, settings: Settings) -> Engine:
    milliseconds = int(settings.statement_timeout_s * 1000)
    return _create_engine(
        address,
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=settings.pool_timeout_s,
        pool_pre_ping=True,
        pool_use_lifo=True,
        connect_args={
            "connect_timeout": 5,
            "options": f"-c statement_timeout={milliseconds} -c lock_timeout=2000 "
            "-c idle_in_transaction_session_timeout=30000 -c timezone=UTC",
        },
    )


def _sqlite(address: Any, settings: Settings) -> Engine:
    _make_private(address.database)
    engine = _create_engine(
        address,
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=settings.pool_timeout_s,
        connect_args={"timeout": settings.busy_timeout_s, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        # The driver must not open transactions by itself: _begin does, with the right lock.
        connection.isolation_level = None
        _switch_to_wal(connection, settings.busy_timeout_s)
        for pragma in (
            "synchronous=FULL",  # an acknowledged commit survives a power cut
            "foreign_keys=ON",
            "secure_delete=ON",  # what was deleted is gone from the file
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A deferred transaction that turns into a writer fails at once when another one writes,
        # whatever the busy timeout says; a writer therefore asks for the lock at the start.
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _make_private(database: str | None) -> None:
    """Make the file, if it is new, so that nobody else on the machine can open it. SQLite gives
    the files beside it the same rights."""
    if not database or database == ":memory:" or database.startswith("file:"):
        return
    # A file that is there is left alone: to close it would end the locks that other connections of
    # this process hold on it. Where it can't be made, connecting says so.
    with contextlib.suppress(OSError):
        os.close(os.open(database, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _switch_to_wal(connection: Any, seconds: float) -> None:
    # With a write-ahead log readers never wait for the writer. The first connection to a new file
    # makes the switch, and where another process is at the same, SQLite refuses at once instead
    # of waiting as it does for every other lock.
    end = time.monotonic() + seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


def for_writing(engine: Engine) -> Engine:
    """The same engine and pool, whose transactions take SQLite's write lock at their start."""
    return engine.execution_options(**{_WRITES: True})


Claims = Mapping[str, str]  # settings that the rules of rows read, such as cdmo.role
_CLAIMS = "cdmo_claims"
_CLEARS_LOG = "cdmo_clears_log"


@contextmanager
def reading(engine: Engine, claims: Claims | None = None) -> Iterator[Session]:
    """A session that only reads; nothing is committed. Without claims it sees no tenant's rows
    where the database itself keeps them apart."""
    with Session(engine, expire_on_commit=False, info={_CLAIMS: claims}) as session:
        yield session


@contextmanager
def writing(engine: Engine, claims: Claims | None = None) -> Iterator[Session]:
    """A session that writes: one transaction, committed at the end, rolled back on an exception.
    `claims` as in `reading`."""
    with Session(for_writing(engine), expire_on_commit=False, info={_CLAIMS: claims}) as session:
        yield session
        session.commit()
        if session.info.get(_CLEARS_LOG):
            clear_log(engine)


def clear_log_after(session: Session) -> None:
    """Have what this session deletes gone from SQLite's write-ahead log as well, once it is
    committed by `writing`."""
    session.info[_CLEARS_LOG] = True


def clear_log(engine: Engine) -> bool:
    """Empty SQLite's write-ahead log, which still holds pages as they were before a deletion;
    whether that could be done. While somebody reads or writes for long it can't; the next sweep
    tries again."""
    if engine.dialect.name != "sqlite":
        return True
    try:
        is_busy = _checkpoint(engine)
    except (SQLAlchemyError, sqlite3.Error):  # the change itself is committed and answered
        is_busy = True
    if is_busy:
        _LOG.warning("the write-ahead log could not be emptied")
    return not is_busy


def _checkpoint(engine: Engine) -> bool:
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        (usual,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={_CLEARED_WITHIN_MS}")
        try:
            return bool(cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
        finally:
            cursor.execute(f"PRAGMA busy_timeout={usual}")
    finally:
        connection.close()


@dataclass(frozen=True, slots=True)
class Access:
    """The database as somebody reaches it, for work that must hold no connection throughout."""

    engine: Engine
    claims: Claims

    def reading(self) -> AbstractContextManager[Session]:
        """As `reading`."""
        return reading(self.engine, self.claims)

    def writing(self) -> AbstractContextManager[Session]:
        """As `writing`."""
        return writing(self.engine, self.claims)


def claim(session: Session, claims: Claims) -> None:
    """Let a session that hasn't begun a transaction speak for somebody."""
    session.info[_CLAIMS] = claims


@contextmanager
def speaking(session: Session, claims: Claims) -> Iterator[None]:
    """Let a session speak for somebody else for a while, in the transaction that it is in. If
    something fails meanwhile, the transaction is undone."""
    own: Claims = session.info.get(_CLAIMS) or {}
    connection = session.connection()
    session.flush()
    session.info[_CLAIMS] = claims
    try:
        _set(connection, claims)
        yield
        session.flush()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info[_CLAIMS] = own
    _set(connection, dict.fromkeys(claims, "") | dict(own))


@event.listens_for(Session, "after_begin")
def _enter(session: Session, _: Any, connection: Connection) -> None:
    _set(connection, session.info.get(_CLAIMS) or {})


def _set(connection: Connection, claims: Claims) -> None:
    # The settings end with the transaction, so that no connection brings them to the next caller.
    if not claims or connection.dialect.name != "postgresql":
        return
    calls = ", ".join(f"set_config(:n{i}, :v{i}, true)" for i in range(len(claims)))
    values = {
        name: value
        for i, pair in enumerate(claims.items())
        for name, value in zip((f"n{i}", f"v{i}"), pair, strict=True)
    }
    connection.execute(text(f"SELECT {calls}"), values)
