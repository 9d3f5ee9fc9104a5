"""A backup holds all of one moment though others write; a restore brings back all or nothing."""

import os
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, text
from sqlmodel import select

from app.db import create_engine, reading, writing
from app.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.models import Revision
from app.models.key import Key, Role
from app.services import backups, checksums, keys, migrations, revisions
from app.services.checksums import Checksum
from app.services.editing import Editor
from app.services.tenancy import SYSTEM
from app.settings import Settings
from tests import postgres
from tests.catalogue import load
from tests.conftest import owner_of, settings_for

MakeDatabase = Callable[[str], str]


@pytest.fixture(autouse=True)
def _client_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = postgres.client_programs()
    assert folder is not None
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def settings_of(engine: Engine) -> Settings:
    url = owner_of(engine).url.render_as_string(hide_password=False)
    return settings_for(
        engine.url.render_as_string(hide_password=False),
        migration_database_url=SecretStr("" if engine.dialect.name == "sqlite" else url),
    )


@pytest.fixture
def filled(engine: Engine) -> Engine:
    load(engine)
    make_key(engine)
    return engine


@pytest.fixture
def new_database(_make_database: MakeDatabase) -> MakeDatabase:
    return _make_database


@pytest.fixture
def other(engine: Engine, new_database: MakeDatabase) -> Iterator[Engine]:
    """An empty database on the same engine."""
    made = create_engine(settings_for(new_database(engine.dialect.name.removesuffix("ql"))))
    yield made
    made.dispose()


def make_key(engine: Engine) -> str:
    with writing(engine, SYSTEM.claims) as session:
        key, _ = keys.create(session, name="desk", role=Role.CURATOR, editor=Editor())
        return str(key.id)


def sums(engine: Engine) -> Sequence[Checksum]:
    with reading(owner_of(engine)) as session:
        return checksums.of_tables(session.connection())


def rules(engine: Engine) -> list[Any]:
    if engine.dialect.name == "sqlite":
        return []
    with owner_of(engine).connect() as connection:
        return [
            connection.execute(text(f"SELECT {what} ORDER BY 1, 2")).all()
            for what in (
                "tablename, policyname, cmd, qual, with_check FROM pg_policies",
                "relname, relkind, relrowsecurity, relforcerowsecurity FROM pg_class c "
                "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'",
            )
        ]


class TestRoundTrip:
    def test_brings_everything_back_elsewhere(
        self, filled: Engine, other: Engine, tmp_path: Path
    ) -> None:
        file, before = tmp_path / "backup", sums(filled)
        assert list(backups.make(settings_of(filled), file)) == before
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        restored = backups.restore(settings_of(other), file)
        assert list(restored.tables) == before == sums(other)
        assert restored.revived is None
        assert rules(other) == rules(filled)
        assert list(tmp_path.iterdir()) == [file]

    def test_brings_back_what_was_there_and_tells_which_keys_live_again(
        self, filled: Engine, tmp_path: Path
    ) -> None:
        file, settings = tmp_path / "backup", settings_of(filled)
        revoked = make_key(filled)
        before = backups.make(settings, file)
        with writing(filled, SYSTEM.claims) as session:
            keys.revoke(session, revoked, caller=SYSTEM, editor=Editor())
        gone = make_key(filled)
        assert sums(filled) != before
        restored = backups.restore(settings, file, force=True)
        assert sums(filled) == list(restored.tables) == list(before)
        assert [str(key) for key in restored.revived or ()] == [revoked]
        with reading(filled, SYSTEM.claims) as session:
            assert gone not in {str(key) for key in session.exec(select(Key.id)).all()}

    def test_holds_one_moment_while_others_write(
        self, filled: Engine, other: Engine, tmp_path: Path
    ) -> None:
        # Each transaction counts up and tells so in the journal: at any moment both are even.
        stop, count = threading.Event(), 0

        def write() -> None:
            nonlocal count
            while not stop.is_set():
                with writing(filled, SYSTEM.claims) as session:
                    number = revisions.next_revision(session, "load")
                    session.add(Revision(name=f"load-{number}", number=number))
                count += 1

        writer = threading.Thread(target=write)
        writer.start()
        try:
            while count < 10:
                pass
            told = backups.make(settings_of(filled), tmp_path / "backup")
            reached = count
            while count < reached + 10:
                pass
        finally:
            stop.set()
            writer.join()
        assert list(backups.restore(settings_of(other), tmp_path / "backup").tables) == list(told)
        with reading(other) as session:
            rows = session.exec(select(Revision).where(Revision.name.startswith("load"))).all()
        top = max(row.number for row in rows)
        assert 10 <= top < count
        assert sorted(row.number for row in rows) == [*range(1, top + 1), top]

    @pytest.mark.parametrize("engine", ["postgres"], indirect=True)
    def test_misses_nothing_by_an_owner_for_whom_the_rules_hold(
        self, engine: Engine, other: Engine, new_database: MakeDatabase, tmp_path: Path
    ) -> None:
        # An owner that is no superuser: FORCE ROW LEVEL SECURITY binds it, and pg_dump with it.
        owned, role = [], "cdmo_test_owner"
        for database in (other, create_engine(settings_for(new_database("postgres")))):
            with database.begin() as connection:
                postgres.make_role(connection, role)
                connection.execute(text(f"GRANT USAGE, CREATE ON SCHEMA public TO {role}"))
            url = database.url.set(username=role).render_as_string(hide_password=False)
            owned.append((database, settings_for(url)))
        (source, settings), (target, into) = owned
        migrations.upgrade(settings)
        load(source)
        make_key(source)
        before = sums(source)
        assert list(backups.make(settings, tmp_path / "backup")) == before
        backups.restore(into, tmp_path / "backup")
        assert sums(target) == before
        assert rules(target) == rules(source)
        target.dispose()


class TestRefusals:
    def test_a_database_that_holds_something(self, filled: Engine, tmp_path: Path) -> None:
        file, settings = tmp_path / "backup", settings_of(filled)
        backups.make(settings, file)
        before = sums(filled)
        with pytest.raises(ConflictError, match="isn't empty"):
            backups.restore(settings, file)
        assert sums(filled) == before

    @pytest.mark.parametrize("content", [b"", b"no backup", b"SQLite format 3\0", b"PGDMP"])
    def test_a_file_that_is_no_backup(self, filled: Engine, tmp_path: Path, content: bytes) -> None:
        file, before = tmp_path / "backup", sums(filled)
        file.write_bytes(content)
        with pytest.raises(InvalidError, match="no backup"):
            backups.restore(settings_of(filled), file, force=True)
        assert sums(filled) == before

    def test_a_newer_revision(
        self, filled: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file, settings, before = tmp_path / "backup", settings_of(filled), sums(filled)
        with owner_of(filled).begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = 'ffffffffffff'"))
        try:
            backups.make(settings, file)
        finally:
            (now,) = migrations.newest()
            with owner_of(filled).begin() as connection:
                connection.execute(text(f"UPDATE alembic_version SET version_num = '{now}'"))
        with pytest.raises(InvalidError, match="newer version"):
            backups.restore(settings, file, force=True)
        assert sums(filled) == before

    def test_a_damaged_backup_changes_nothing(self, filled: Engine, tmp_path: Path) -> None:
        file, settings, before = tmp_path / "backup", settings_of(filled), sums(filled)
        backups.make(settings, file)
        whole = file.read_bytes()
        for cut in (len(whole) // 2, len(whole) * 9 // 10):
            file.write_bytes(whole[:cut])
            with pytest.raises(InvalidError):
                backups.restore(settings, file, force=True)
            assert sums(filled) == before
        with reading(filled, SYSTEM.claims) as session:  # and still serves
            assert session.exec(select(Key)).all() != []

    def test_a_place_that_holds_nothing(self, other: Engine, tmp_path: Path) -> None:
        with pytest.raises(NotFoundError):
            backups.make(settings_of(other), tmp_path / "backup")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("engine", ["postgres"], indirect=True)
    def test_a_role_from_which_rows_are_hidden(self, filled: Engine, tmp_path: Path) -> None:
        lesser = settings_for(filled.url.render_as_string(hide_password=False))
        with pytest.raises(ForbiddenError, match="CDMO_MIGRATION_DATABASE_URL"):
            backups.make(lesser, tmp_path / "backup")
        backups.make(settings_of(filled), tmp_path / "backup")
        with pytest.raises(ForbiddenError, match="CDMO_MIGRATION_DATABASE_URL"):
            backups.restore(lesser, tmp_path / "backup", force=True)

    @pytest.mark.parametrize("engine", ["postgres"], indirect=True)
    def test_an_owner_from_whom_rules_hide_a_table(self, filled: Engine, tmp_path: Path) -> None:
        with owner_of(filled).begin() as connection:
            connection.execute(text("ALTER TABLE revision ENABLE ROW LEVEL SECURITY"))
        try:
            with pytest.raises(ForbiddenError, match="revision"):
                backups.make(settings_of(filled), tmp_path / "backup")
        finally:
            with owner_of(filled).begin() as connection:
                connection.execute(text("ALTER TABLE revision DISABLE ROW LEVEL SECURITY"))

    @pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
    def test_the_database_itself_as_its_backup(self, filled: Engine) -> None:
        with pytest.raises(InvalidError, match="itself"):
            backups.restore(settings_of(filled), Path(filled.url.database or ""), force=True)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_copy_of_the_file_alone_would_miss_what_is_in_the_log(
    filled: Engine, tmp_path: Path
) -> None:
    # Why there is a command: what `cp` takes is behind what was acknowledged.
    copied = tmp_path / "copied.db"
    with reading(filled) as held:
        held.exec(select(Revision)).all()  # a reader keeps the log from being written back
        make_key(filled)
        copied.write_bytes(Path(filled.url.database or "").read_bytes())
        backups.make(settings_of(filled), tmp_path / "made.db")
    count = "SELECT count(*) FROM key"
    with (
        closing(sqlite3.connect(copied)) as torn,
        closing(sqlite3.connect(tmp_path / "made.db")) as whole,
    ):
        assert torn.execute(count).fetchone() != (2,)
        assert whole.execute(count).fetchone() == (2,)
