"""Where experiments take place: new databases on both engines, copied from migrated ones."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from pydantic import SecretStr
from sqlalchemy import Engine, make_url

from app.db import create_engine
from app.services import migrations
from app.settings import LogLevel, Seed, Settings
from tests import postgres

ENGINES = ("sqlite", "postgres")


@dataclass(frozen=True, slots=True)
class Database:
    """A migrated database: reached as the service reaches it, and by the owner of its tables."""

    kind: str
    engine: Engine
    owner: Engine

    @property
    def url(self) -> str:
        """The address by which the service reaches it."""
        return self.engine.url.render_as_string(hide_password=False)

    def settings(self, **others: Any) -> Settings:
        """Settings of a service on it, without limits that would count experiments."""
        return settings_for(self.url, **others)


def settings_for(url: str, **others: Any) -> Settings:
    """Settings for the database at `url`, without seed and without rate limits."""
    fixed: dict[str, Any] = {
        "database_url": SecretStr(url),
        "seed": Seed.NONE,
        "rate_limits": "off",
    }
    return Settings(**(fixed | {"at_once": 10_000, "log_level": LogLevel.ERROR} | others))


class Place:
    """Makes databases in a folder and on a PostgreSQL server; all go at the end."""

    def __init__(self, server_url: str, folder: Path) -> None:
        self.server_url = server_url
        self.folder = folder
        self._open = ExitStack()
        self._number = count()
        self._templates: dict[str, str] = {}

    def __enter__(self) -> "Place":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @contextmanager
    def database(self, kind: str) -> Iterator[Database]:
        """A new migrated database without rows but those that the migrations make."""
        if kind == "sqlite":
            file = self.folder / f"experiment-{next(self._number)}.db"
            shutil.copyfile(self._template("sqlite"), file)
            engine = create_engine(settings_for(f"sqlite:///{file}"))
            with _ended(engine):
                yield Database(kind, engine, engine)
            for left in self.folder.glob(f"{file.name}*"):
                left.unlink()
            return
        with self._copied(self._template("postgres")) as url:
            owner = create_engine(settings_for(url))
            serving = make_url(url).set(username=postgres.SERVING)
            engine = create_engine(settings_for(serving.render_as_string(hide_password=False)))
            with _ended(owner), _ended(engine):
                yield Database(kind, engine, owner)

    @contextmanager
    def empty(self, kind: str) -> Iterator[str]:
        """The address of a new database without tables."""
        if kind == "sqlite":
            file = self.folder / f"experiment-{next(self._number)}.db"
            yield f"sqlite:///{file}"
            for left in self.folder.glob(f"{file.name}*"):
                left.unlink()
        else:
            with postgres.database(self.server_url, f"cdmo_prove_{uuid4().hex}") as url:
                yield url

    def _template(self, kind: str) -> str:
        """The file, or the name of the database, that new ones are copied from."""
        if kind not in self._templates:
            if kind == "sqlite":
                file = self.folder / "template.db"
                self._migrate(f"sqlite:///{file}")
                self._templates[kind] = str(file)
            else:
                name = f"cdmo_prove_{uuid4().hex}"
                url = self._open.enter_context(postgres.database(self.server_url, name))
                self._migrate(url)
                self._templates[kind] = name
        return self._templates[kind]

    @staticmethod
    def _migrate(url: str) -> None:
        engine = create_engine(settings_for(url))
        with _ended(engine):
            migrations.upgrade_engine(engine)
            if engine.dialect.name == "postgresql":
                with engine.begin() as connection:
                    postgres.make_role(connection, postgres.SERVING)
                migrations.grant(engine, postgres.SERVING)
            else:
                with engine.connect() as connection:
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def _copied(self, template: str) -> Iterator[str]:
        address = make_url(self.server_url).set(drivername="postgresql")
        administrative = address.render_as_string(hide_password=False)
        name = f"cdmo_prove_{uuid4().hex}"
        with closing(psycopg.connect(administrative, autocommit=True)) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        try:
            yield address.set(database=name).render_as_string(hide_password=False)
        finally:
            with closing(psycopg.connect(administrative, autocommit=True)) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


@contextmanager
def _ended(engine: Engine) -> Iterator[None]:
    try:
        yield
    finally:
        engine.dispose()
