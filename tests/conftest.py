"""Both engines for every test that asks for a database.

One PostgreSQL server serves a whole run, however many workers it has; a worker has one database
of its own on each engine, built by the migrations once and emptied table by table after each test,
so that tests commit for real and stay fast.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any
from uuid import uuid4
from weakref import WeakKeyDictionary

import hypothesis
import pytest
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel

from app.db import claim, create_engine, for_writing, writing
from app.services import migrations
from app.services.tenancy import SYSTEM
from app.settings import Seed, Settings
from tests import postgres

pytest_plugins = ("tests.service", "tests.people", "tests.web.readers")

ENGINES = ("sqlite", "postgres")

# Machines of tests are shared: what takes long is measured in processor time, where it matters.
hypothesis.settings.register_profile("shared", deadline=None)
hypothesis.settings.load_profile("shared")


class _Server:
    """The run's PostgreSQL server, started when it is first asked for."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._url: str | None = None

    def url(self) -> str:
        if self._url is None:
            source = postgres.choose(
                os.environ,
                system=postgres.system_installation(),
                packaged=postgres.packaged_installation(),
            )
            self._url = self._open.enter_context(postgres.server(source))
        return self._url

    def stop(self) -> None:
        self._open.close()


_SERVER = pytest.StashKey[_Server]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_SERVER] = _Server()


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_SERVER].stop()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """With xdist the controller starts the server and tells each worker where it is."""
    try:
        node.workerinput["postgres"] = node.config.stash[_SERVER].url()
    except postgres.MissingPostgresError as error:
        node.workerinput["postgres_missing"] = str(error)


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest) -> str:
    """The PostgreSQL server of this run, by the URL of a database that tests leave alone."""
    given: dict[str, str] | None = getattr(request.config, "workerinput", None)
    if given is None:
        return request.config.stash[_SERVER].url()
    if "postgres_missing" in given:
        raise postgres.MissingPostgresError(given["postgres_missing"])
    return given["postgres"]


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of whoever runs the tests must not change what is tested."""
    for name in list(os.environ):
        if name.startswith("CDMO_") and not name.startswith("CDMO_TEST_"):
            monkeypatch.delenv(name)
    # Tests ask more than a caller may; those of the limits set some of their own.
    monkeypatch.setenv("CDMO_RATE_LIMITS", "off")


def settings_for(url: str, **others: Any) -> Settings:
    """Settings for the database at `url`, which starts with an empty catalogue."""
    chosen = {"database_url": SecretStr(url), "seed": Seed.NONE, "rate_limits": "off", **others}
    return Settings(**chosen)


MakeDatabase = Callable[[str], str]


@pytest.fixture(scope="session")
def _make_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeDatabase]:
    """Makes a new database without tables on an engine, dropped when the run ends."""
    with ExitStack() as databases:

        def make(kind: str) -> str:
            if kind == "sqlite":
                return f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'test.db'}"
            server = request.getfixturevalue("postgres_url")
            name = f"cdmo_test_{uuid4().hex}"
            return databases.enter_context(postgres.database(server, name))

        yield make


@pytest.fixture(scope="session")
def engine_of(_make_database: MakeDatabase) -> Iterator[Callable[[str], Engine]]:
    """The worker's migrated database on an engine, built when it is first asked for. On PostgreSQL
    it is reached as in production: by a role that owns nothing and is no superuser."""
    engines: dict[str, Engine] = {}

    def engine_of(kind: str) -> Engine:
        if kind not in engines:
            owner = create_engine(settings_for(_make_database(kind)))
            migrations.upgrade_engine(owner)
            engines[kind] = owner if kind == "sqlite" else _lesser(owner)
        return engines[kind]

    yield engine_of
    for made in engines.values():
        made.dispose()
        owner_of(made).dispose()


def _lesser(owner: Engine) -> Engine:
    """The same database by a role that may read and write rows; the owner remains at hand."""
    url = owner.url.set(username=postgres.SERVING)
    with owner.begin() as connection:
        postgres.make_role(connection, postgres.SERVING)
    migrations.grant(owner, postgres.SERVING)
    made = create_engine(settings_for(url.render_as_string(hide_password=False)))
    _OWNERS[made] = owner
    return made


_OWNERS: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


def owner_of(engine: Engine) -> Engine:
    """The engine of the role that owns the tables; the rules of rows don't hold for it here, since
    it is a superuser."""
    return _OWNERS.get(engine, engine)


@pytest.fixture(params=ENGINES)
def empty_database_url(request: pytest.FixtureRequest, _make_database: MakeDatabase) -> str:
    """A new database of its own for one test, without tables: for tests of migrations."""
    return _make_database(request.param)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, engine_of: Callable[[str], Engine]) -> Iterator[Engine]:
    """An engine on a migrated database without rows; whatever a test commits is deleted."""
    made = engine_of(request.param)
    yield made
    empty(made)


def empty(engine: Engine) -> None:
    """Delete every row of every table."""
    with writing(owner_of(engine)) as session:
        for table in reversed(SQLModel.metadata.sorted_tables):
            session.execute(table.delete())


@pytest.fixture
def database_url(engine: Engine) -> str:
    """The URL of the migrated database behind `engine`."""
    return engine.url.render_as_string(hide_password=False)


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Settings for that database, with an empty catalogue."""
    return settings_for(database_url)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session that may write, of the service itself; what it hasn't committed at the end of the
    test is undone."""
    with Session(for_writing(engine), expire_on_commit=False) as opened:
        claim(opened, SYSTEM.claims)
        yield opened


def vacuum(file: Path) -> None:
    """Give the room of deleted rows back, which a test of a full disk would otherwise use first."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
