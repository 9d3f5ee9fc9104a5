"""Writes are durable, wait for each other, and are all there or not at all, on both engines."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Timer
from typing import ClassVar
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, select

from app.db import create_engine, for_writing, reading, speaking, writing
from app.models import Facility, Revision
from tests.conftest import settings_for


class TestWriting:
    def test_commits_at_the_end(self, engine: Engine) -> None:
        with writing(engine) as session:
            session.add(Revision(name="catalogue", number=7))
        with reading(engine) as session:
            assert session.exec(select(Revision.number)).all() == [7]

    def test_leaves_nothing_after_an_exception(self, engine: Engine) -> None:
        def write_and_fail() -> None:
            with writing(engine) as session:
                session.add(Revision(name="catalogue", number=7))
                session.flush()
                raise KeyError

        with pytest.raises(KeyError):
            write_and_fail()
        with reading(engine) as session:
            assert session.exec(select(Revision)).all() == []

    def test_that_counts_up_at_once_loses_no_count(self, engine: Engine) -> None:
        with writing(engine) as session:
            session.add(Revision(name="catalogue", number=0))

        def count_up(_: int) -> None:
            with writing(engine) as session:
                row = session.exec(select(Revision).with_for_update()).one()
                row.number += 1

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(count_up, range(40)))
        with reading(engine) as session:
            assert session.exec(select(Revision.number)).all() == [40]

    def test_refuses_a_row_that_refers_to_nothing(self, engine: Engine) -> None:
        with pytest.raises(IntegrityError), writing(engine) as session:
            session.add(Facility(name="Site", provider_id=uuid4()))


class TestSpeaking:
    CLAIMS: ClassVar = {"cdmo.role": "partner"}
    OTHERS: ClassVar = {"cdmo.role": "system", "cdmo.actor": "system"}

    @pytest.mark.parametrize("engine", ["postgres"], indirect=True)  # SQLite has no rules of rows
    def test_ends_with_its_block_and_with_what_fails_in_it(self, engine: Engine) -> None:
        with writing(engine, self.CLAIMS) as session:
            seen = [self.claims(session)]
            with speaking(session, self.OTHERS):
                seen.append(self.claims(session))
                with speaking(session, self.CLAIMS):
                    seen.append(self.claims(session))
                seen.append(self.claims(session))
            seen.append(self.claims(session))
            with pytest.raises(ZeroDivisionError), speaking(session, self.OTHERS):
                raise ZeroDivisionError
            seen.append(self.claims(session))
        own, others = ("partner", ""), ("system", "system")
        assert [(role, actor or "") for role, actor in seen] == [
            own,
            others,
            ("partner", "system"),
            others,
            own,
            own,
        ]

    def test_what_fails_in_it_undoes_the_transaction(self, engine: Engine) -> None:
        with writing(engine) as session:
            session.add(Revision(name="a", number=1))
            with pytest.raises(ZeroDivisionError), speaking(session, self.OTHERS):
                raise ZeroDivisionError
        with reading(engine) as session:
            assert session.exec(select(Revision)).all() == []

    def claims(self, session: Session) -> tuple[str, str | None]:
        names = ("cdmo.role", "cdmo.actor")
        found = (session.connection().execute(self.ASK, {"name": name}) for name in names)
        role, actor = (each.scalar_one() for each in found)
        return role, actor

    ASK: ClassVar = text("SELECT current_setting(:name, true)")


class TestReading:
    def test_commits_nothing(self, engine: Engine) -> None:
        with reading(engine) as session:
            session.add(Revision(name="catalogue", number=7))
            session.flush()
        with reading(engine) as session:
            assert session.exec(select(Revision)).all() == []

    def test_goes_on_while_another_writes(self, engine: Engine) -> None:
        with writing(engine) as writer:
            writer.add(Revision(name="catalogue", number=7))
            writer.flush()
            with reading(engine) as session:
                assert session.exec(select(Revision)).all() == []


class TestSqlite:
    @pytest.fixture
    def sqlite(self, tmp_path: Path) -> Iterator[Engine]:
        url = f"sqlite:///{tmp_path / 'test.db'}"
        engine = create_engine(settings_for(url, busy_timeout_s=0.05))
        yield engine
        engine.dispose()

    @pytest.mark.parametrize(
        ("pragma", "value"),
        [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)],
    )
    def test_every_connection_is_set_up(
        self, sqlite: Engine, pragma: str, value: str | int
    ) -> None:
        with sqlite.connect() as one, sqlite.connect() as other:
            for connection in (one, other):
                assert connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value

    def test_a_new_file_that_another_process_is_setting_up_is_waited_for(
        self, tmp_path: Path
    ) -> None:
        file = tmp_path / "new.db"
        other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        done = Timer(0.2, other.execute, ["COMMIT"])
        done.start()
        engine = create_engine(settings_for(f"sqlite:///{file}"))
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        engine.dispose()
        done.join()
        other.close()

    def test_a_file_that_is_never_let_go_is_not_waited_for_without_end(
        self, tmp_path: Path
    ) -> None:
        file = tmp_path / "new.db"
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            engine = create_engine(settings_for(f"sqlite:///{file}", busy_timeout_s=0.1))
            with pytest.raises(OperationalError, match="locked"):
                engine.connect()
            engine.dispose()

    def test_a_second_writer_waits_only_as_long_as_the_settings_say(self, sqlite: Engine) -> None:
        with Session(for_writing(sqlite)) as first, Session(for_writing(sqlite)) as second:
            first.connection()
            with pytest.raises(OperationalError, match="locked"):
                second.connection()


class TestPostgresql:
    def test_statements_and_locks_have_limits(self, postgres_url: str) -> None:
        engine = create_engine(settings_for(postgres_url, statement_timeout_s=0.5))
        with engine.connect() as connection:
            shown = {
                name: connection.execute(text(f"SHOW {name}")).scalar_one()
                for name in ("statement_timeout", "lock_timeout", "timezone")
            }
            assert shown == {"statement_timeout": "500ms", "lock_timeout": "2s", "timezone": "UTC"}
            with pytest.raises(OperationalError, match="statement timeout"):
                connection.execute(text("SELECT pg_sleep(3)"))
        engine.dispose()
