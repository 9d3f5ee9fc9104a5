"""A backup holds all of one moment though others write; a restore brings back all or nothing."""

import os
import sqlite3
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from pydantic import SecretStr
from sqlalchemy import Engine, delete, text, update
from sqlmodel import col, select

from app.db import create_engine, reading, writing
from app.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.models import Revision
from app.models.company import Company
from app.models.key import Key, Role
from app.models.person import Person
from app.models.requirement import Requirement
from app.services import (
    backups,
    checksums,
    companies,
    keys,
    migrations,
    people,
    portals,
    revisions,
)
from app.services.checksums import Checksum
from app.services.editing import Editor
from app.services.revivals import Revived
from app.services.tenancy import SYSTEM
from app.settings import Settings
from tests import kept, postgres
from tests.catalogue import load
from tests.conftest import owner_of, settings_for

MakeDatabase = Callable[[str], str]
OLDER = "c93e5a417f60"  # a revision that isn't the newest


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


def company(engine: Engine) -> dict[str, str]:
    """The ids of a company, of somebody of it who is signed in and was mailed a link, and of its
    requirement, which is shared."""
    with writing(engine, SYSTEM.claims) as session:
        made = companies.make(session, "Alpha", portals.centre(session).id, Editor())
        who = kept.person(session, str(made.id))
        wanted, _ = kept.requirement(session, str(made.id))
        session.get_one(Requirement, wanted).shared_at = kept.NOW
        return {"company": str(made.id), "person": str(who), "requirement": str(wanted)}


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
        assert restored.revived == Revived([UUID(revoked)], [], [], [])
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


class TestWhatHadEnded:
    def test_nobody_is_signed_in_and_no_link_is_good(self, filled: Engine, tmp_path: Path) -> None:
        file, settings = tmp_path / "backup", settings_of(filled)
        ids = company(filled)
        rows = {each.table: each.rows for each in backups.make(settings, file)}
        assert (rows["sign_in"], rows["one_time_token"], rows["person"]) == (1, 1, 1)
        restored = backups.restore(settings, file, force=True)
        there = {each.table: each.rows for each in restored.tables}
        assert there == rows | {"sign_in": 0, "one_time_token": 0}
        assert sums(filled) == list(restored.tables)
        assert restored.revived == Revived([], [], [], [])
        with reading(filled, SYSTEM.claims) as session:
            assert [str(each) for each in session.exec(select(Person.id)).all()] == [ids["person"]]

    def test_is_told_of(self, filled: Engine, tmp_path: Path) -> None:
        file, settings = tmp_path / "backup", settings_of(filled)
        stays, goes = company(filled), company(filled)
        with writing(filled, SYSTEM.claims) as session:
            unshared, deleted = (kept.requirement(session, stays["company"])[0] for _ in range(2))
            session.execute(update(Requirement).values(shared_at=kept.NOW))
            kept.requirement(session, stays["company"])
        backups.make(settings, file)
        with writing(filled, SYSTEM.claims) as session:
            people.remove(session, stays["person"], SYSTEM, Editor())
            session.execute(delete(Company).where(col(Company.id) == UUID(goes["company"])))
            this = col(Requirement.id)
            session.execute(delete(Requirement).where(this == deleted))
            session.execute(update(Requirement).where(this == unshared).values(shared_at=None))
        shared = {unshared, deleted, UUID(goes["requirement"])}
        assert backups.restore(settings, file, force=True).revived == Revived(
            keys=[],
            people=sorted(UUID(each["person"]) for each in (stays, goes)),
            companies=[UUID(goes["company"])],
            shared=sorted(shared),
        )

    def test_isn_t_known_where_the_tables_were_of_another_version(
        self, filled: Engine, tmp_path: Path
    ) -> None:
        file, settings = tmp_path / "backup", settings_of(filled)
        before = backups.make(settings, file)
        owner = owner_of(filled)
        with migrations.exclusive(owner) as connection:
            command.downgrade(migrations.configuration(connection), OLDER)
        restored = backups.restore(settings, file, force=True)
        assert (restored.revived, list(restored.tables)) == (None, list(before))


class TestAnOlderBackup:
    @pytest.fixture
    def older(self, other: Engine, tmp_path: Path) -> Path:
        """A backup from before the newest revision, with a key in it."""
        with migrations.exclusive(other) as connection:
            command.upgrade(migrations.configuration(connection), OLDER)
        columns = "id, created_at, updated_at, portal_id, name, role, scopes, origins, digest"
        with other.begin() as connection:
            if other.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL cdmo.role = 'system'"))
            connection.execute(
                text(
                    f"INSERT INTO key ({columns}) SELECT id, created_at, updated_at, id, 'old', "
                    "'admin', '[]', '[]', 'd' FROM portal"
                )
            )
        backups.make(settings_of(other), tmp_path / "older")
        return tmp_path / "older"

    def test_is_brought_to_the_present_tables(self, filled: Engine, older: Path) -> None:
        revived = backups.restore(settings_of(filled), older, force=True).revived
        with reading(filled, SYSTEM.claims) as session:  # by the role that serves
            assert migrations.is_current(session)
            (key,) = session.exec(select(Key)).all()
        assert (key.name, key.created_by) == ("old", None)
        assert revived == Revived([key.id], [], [], [])

    def test_whose_tables_can_t_be_brought_up_to_date_leaves_what_was_there(
        self, filled: Engine, older: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise RuntimeError("a migration failed")

        temporary = tmp_path / "temporary"
        temporary.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(temporary))
        company(filled)  # somebody is signed in, and stays so
        before, rules_before = sums(filled), rules(filled)
        monkeypatch.setattr(migrations, "upgrade_engine", fail)
        with pytest.raises(RuntimeError, match="a migration failed"):
            backups.restore(settings_of(filled), older, force=True)
        assert (sums(filled), rules(filled)) == (before, rules_before)
        assert {each.table: each.rows for each in before}["sign_in"] == 1
        with reading(filled, SYSTEM.claims) as session:  # and is still served
            assert [key.name for key in session.exec(select(Key)).all()] == ["desk"]
        assert list(temporary.iterdir()) == []
        if filled.dialect.name == "sqlite":
            folder = Path(filled.url.database or "").parent
            assert [each.name for each in folder.iterdir() if "restored" in each.name] == []

    @pytest.mark.parametrize("engine", ["postgres"], indirect=True)
    def test_where_no_role_could_serve_is_refused_beforehand(
        self, filled: Engine, older: Path
    ) -> None:
        before, settings = sums(filled), settings_of(filled)
        url = filled.url.set(username="cdmo_nobody").render_as_string(hide_password=False)
        settings = settings.model_copy(update={"database_url": SecretStr(url)})
        with pytest.raises(NotFoundError, match="no role cdmo_nobody"):
            backups.restore(settings, older, force=True)
        assert sums(filled) == before


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
