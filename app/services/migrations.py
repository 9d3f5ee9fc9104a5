"""Brings the database to the present tables: all or nothing, and one process at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, make_url, text
from sqlmodel import Session

from app.db import connected_as_owner, for_writing, reading
from app.errors import NotFoundError, UnavailableError
from app.settings import Settings

SCRIPTS = Path(__file__).parents[2] / "migrations"

# Any number does, so long as every process of this service uses the same one.
LOCK = 0x43444D4F


def upgrade(settings: Settings) -> None:
    """Bring the settings' database to the newest revision; safe when several processes do so.

    Where CDMO_MIGRATION_DATABASE_URL names the owner of the tables, it does the work, and the role
    of CDMO_DATABASE_URL is given what it needs to serve.
    """
    with connected_as_owner(settings) as engine:
        upgrade_engine(engine)
        role = serving_role(settings, engine)
        if role is not None:
            grant(engine, role)


def serving_role(settings: Settings, owner: Engine) -> str | None:
    """The lesser role that is to serve, if the settings name one. NotFoundError where PostgreSQL
    doesn't know it."""
    role = make_url(settings.database_url.get_secret_value()).username
    if not role or owner.dialect.name != "postgresql" or role == owner.url.username:
        return None
    with owner.connect() as connection:
        known = text("SELECT 1 FROM pg_roles WHERE rolname = :role")
        if connection.execute(known, {"role": role}).first() is None:
            raise NotFoundError(f"PostgreSQL has no role {role}, which is to serve. Make it first.")
    return role


def grant(engine: Engine, role: str) -> None:
    """Let a role read and write rows, add to the journal, and nothing else. PostgreSQL only; run by
    the owner."""
    quoted = engine.dialect.identifier_preparer.quote(role)
    with engine.begin() as connection:
        for what in (
            "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES",
            "USAGE, SELECT ON ALL SEQUENCES",
        ):
            connection.execute(text(f"GRANT {what} IN SCHEMA public TO {quoted}"))
        connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {quoted}"))
        connection.execute(text(f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {quoted}"))
        # Nothing of the journal is ever changed or deleted.
        connection.execute(text(f"REVOKE UPDATE, DELETE ON event FROM {quoted}"))


def upgrade_engine(engine: Engine, *, scripts: Path = SCRIPTS) -> None:
    """Bring this engine's database to the newest revision, in one transaction."""
    with exclusive(engine) as connection:
        command.upgrade(configuration(connection, scripts=scripts), "head")


def is_current(session: Session) -> bool:
    """Whether the database stands at the revision that this code was written for."""
    context = MigrationContext.configure(session.connection())
    return set(context.get_current_heads()) == newest()


def check_current(engine: Engine) -> None:
    """UnavailableError unless the tables are those that this code was written for."""
    with reading(engine) as session:
        if not is_current(session):
            raise UnavailableError("The tables aren't up to date. Run `cdmo-match migrate`.")


def configuration(connection: Connection, *, scripts: Path = SCRIPTS) -> Config:
    """What alembic's commands ask for: the folder of revisions and a connection ready to use."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def exclusive(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that no other migrating process shares; committed at the
    end, undone on an exception."""
    with for_writing(engine).connect() as connection:
        if engine.dialect.name == "sqlite":
            with _without_foreign_keys(connection), connection.begin():
                yield connection
                _check_foreign_keys(connection)
        else:
            with connection.begin():
                _lock(connection)
                yield connection


def _lock(connection: Connection) -> None:
    # Waiting for another process to finish may take long; waiting for a table must not, since
    # every later reader of that table queues up behind this transaction.
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SET LOCAL lock_timeout = 0"))
    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK})
    connection.execute(text("SET LOCAL lock_timeout = '2s'"))
    # The rules of rows hold for the owner too; a revision has to reach every tenant's.
    connection.execute(text("SET LOCAL cdmo.role = 'system'"))


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    # SQLite changes a table by building it anew and dropping the old one, and a drop deletes the
    # rows that refer to it. The pragma is heard outside a transaction only, so it goes to the
    # driver directly: executing through SQLAlchemy would begin one.
    driver = connection.connection
    driver.cursor().execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.cursor().execute("PRAGMA foreign_keys=ON")


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        raise RuntimeError(f"the migration leaves rows that refer to nothing in: {tables}")


@cache
def newest() -> frozenset[str]:
    """The revisions that nothing follows; one, unless two branches were not brought together."""
    return frozenset(ScriptDirectory(str(SCRIPTS)).get_heads())
