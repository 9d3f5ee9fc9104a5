"""Migrations go up, check, down and up again; a failed one leaves nothing; two at once are safe."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, delete, inspect, text
from sqlmodel import Session, SQLModel, col, select

from app.db import create_engine, reading, writing
from app.models import Facility, Provider
from app.models.event import Event
from app.models.key import Key, Role
from app.models.provider import ProviderKind
from app.services import keys, migrations
from app.services.editing import Editor
from app.services.tenancy import SYSTEM
from tests.conftest import settings_for

_REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{after}"


def upgrade():
{body}


def downgrade():
    pass
"""


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Engine]:
    engine = create_engine(settings_for(empty_database_url))
    yield engine
    engine.dispose()


@pytest.fixture
def scripts_with(tmp_path: Path) -> Callable[[str], Path]:
    """The shipped revisions with one more on top, whose upgrade is the given body."""

    def build(body: str) -> Path:
        folder = tmp_path / "migrations"
        shutil.copytree(migrations.SCRIPTS, folder)
        lines = "\n".join(f"    {line}" for line in body.splitlines())
        revision = _REVISION.format(revision="next", after=_newest(), body=lines)
        (folder / "versions" / "9999-01-01-0000_next.py").write_text(revision)
        return folder

    return build


def _newest() -> str:
    (revision,) = migrations.newest()
    return revision


def _tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def _add_provider_with_site(engine: Engine) -> None:
    with writing(engine) as session:
        provider = Provider(name="A", kind=ProviderKind.CDMO, slug="a")
        session.add(provider)
        session.flush()
        session.add(Facility(name="Site", provider_id=provider.id))


def _run(engine: Engine, what: Callable[..., None], *arguments: str) -> None:
    with migrations.exclusive(engine) as connection:
        what(migrations.configuration(connection), *arguments)


class TestUpgrade:
    def test_makes_every_table_and_no_other(self, empty: Engine) -> None:
        migrations.upgrade_engine(empty)
        assert _tables(empty) == {*SQLModel.metadata.tables, "alembic_version"}

    def test_leaves_no_difference_to_the_models(self, empty: Engine) -> None:
        migrations.upgrade_engine(empty)
        _run(empty, command.check)  # raises with the differences

    def test_goes_down_to_nothing_and_up_again(self, empty: Engine) -> None:
        migrations.upgrade_engine(empty)
        _run(empty, command.downgrade, "base")
        assert _tables(empty) == {"alembic_version"}
        migrations.upgrade_engine(empty)
        _run(empty, command.check)

    def test_takes_the_database_from_the_settings(self, empty_database_url: str) -> None:
        settings = settings_for(empty_database_url)
        migrations.upgrade(settings)
        engine = create_engine(settings)
        with reading(engine) as session:
            assert migrations.is_current(session)
        engine.dispose()

    def test_fills_in_who_made_a_key_from_the_journal(self, empty: Engine) -> None:
        migrations.upgrade_engine(empty)
        with writing(empty, SYSTEM.claims) as session:
            made = [
                keys.create(session, name=name, role=Role.ADMIN, editor=Editor(actor))[0].id
                for name, actor in (("told", "key:1"), ("untold", "key:2"))
            ]
            session.execute(delete(Event).where(col(Event.noun_id) == made[1]))
        _run(empty, command.downgrade, "c93e5a417f60")
        migrations.upgrade_engine(empty)
        with reading(empty, SYSTEM.claims) as session:
            found = session.exec(select(Key.name, Key.created_by)).all()
        assert sorted(found, key=str) == [("told", "key:1"), ("untold", None)]

    def test_may_run_twice(self, empty: Engine) -> None:
        migrations.upgrade_engine(empty)
        migrations.upgrade_engine(empty)
        with reading(empty) as session:
            assert migrations.is_current(session)


class TestNames:
    def test_of_constraints_and_indexes_are_lower_case(self, engine: Engine) -> None:
        inspector = inspect(engine)
        names = [
            str(thing["name"])
            for table in SQLModel.metadata.tables
            for thing in (
                *inspector.get_indexes(table),
                *inspector.get_foreign_keys(table),
                *inspector.get_unique_constraints(table),
                inspector.get_pk_constraint(table),
            )
        ]
        assert len(names) > 20
        assert [name for name in names if name in ("None", "") or name != name.lower()] == []


class TestIsCurrent:
    def test_not_without_tables(self, empty: Engine) -> None:
        with reading(empty) as session:
            assert not migrations.is_current(session)

    def test_not_at_another_revision(self, empty: Engine) -> None:
        migrations.upgrade_engine(empty)
        with writing(empty) as session:
            session.execute(text("UPDATE alembic_version SET version_num = 'another'"))
        with reading(empty) as session:
            assert not migrations.is_current(session)

    def test_at_the_newest(self, session: Session) -> None:
        assert migrations.is_current(session)


class TestFailure:
    def test_half_way_leaves_nothing(
        self, empty: Engine, scripts_with: Callable[[str], Path]
    ) -> None:
        migrations.upgrade_engine(empty)
        before = _tables(empty)
        scripts = scripts_with(
            'op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))\n'
            "op.execute(\"INSERT INTO revision (name, number) VALUES ('half', 1)\")\n"
            'op.execute("SELECT * FROM no_such_table")'
        )
        with pytest.raises(Exception, match="no_such_table"):
            migrations.upgrade_engine(empty, scripts=scripts)
        assert _tables(empty) == before
        with reading(empty) as session:
            assert session.execute(text("SELECT count(*) FROM revision")).scalar_one() == 0
            assert migrations.is_current(session)

    def test_of_the_second_revision_undoes_the_first(
        self, empty: Engine, scripts_with: Callable[[str], Path]
    ) -> None:
        scripts = scripts_with('op.execute("SELECT * FROM no_such_table")')
        with pytest.raises(Exception, match="no_such_table"):
            migrations.upgrade_engine(empty, scripts=scripts)
        assert _tables(empty) == set()

    def test_leaves_no_lock_behind(
        self, empty: Engine, scripts_with: Callable[[str], Path]
    ) -> None:
        scripts = scripts_with('op.execute("SELECT * FROM no_such_table")')
        with pytest.raises(Exception, match="no_such_table"):
            migrations.upgrade_engine(empty, scripts=scripts)
        migrations.upgrade_engine(empty)
        with reading(empty) as session:
            assert migrations.is_current(session)


class TestRebuildingATable:
    def test_keeps_the_rows_that_refer_to_it(
        self, empty: Engine, scripts_with: Callable[[str], Path]
    ) -> None:
        migrations.upgrade_engine(empty)
        _add_provider_with_site(empty)
        scripts = scripts_with(
            'with op.batch_alter_table("provider", recreate="auto") as batch:\n'
            '    batch.alter_column("slug", existing_type=sa.String(80), type_=sa.String(90))'
        )
        migrations.upgrade_engine(empty, scripts=scripts)
        with reading(empty) as session:
            assert session.exec(select(Facility.name)).all() == ["Site"]


class TestForeignKeysOfSqlite:
    """They are off while SQLite migrates, so what they would have refused is looked for after."""

    @pytest.fixture
    def sqlite(self, tmp_path: Path) -> Iterator[Engine]:
        engine = create_engine(settings_for(f"sqlite:///{tmp_path / 'test.db'}"))
        migrations.upgrade_engine(engine)
        yield engine
        engine.dispose()

    def test_a_migration_may_not_leave_rows_that_refer_to_nothing(
        self, sqlite: Engine, scripts_with: Callable[[str], Path]
    ) -> None:
        _add_provider_with_site(sqlite)
        scripts = scripts_with('op.execute("DELETE FROM provider")')
        with pytest.raises(RuntimeError, match="refer to nothing in: facility"):
            migrations.upgrade_engine(sqlite, scripts=scripts)
        with reading(sqlite) as session:
            assert session.exec(select(Provider.slug)).all() == ["a"]

    def test_hold_again_afterwards(self, sqlite: Engine) -> None:
        with sqlite.connect() as connection:
            assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


class TestAtOnce:
    def test_several_make_the_tables_once(self, empty_database_url: str) -> None:
        settings = settings_for(empty_database_url)
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(migrations.upgrade, [settings] * 6))
        engine = create_engine(settings)
        with reading(engine) as session:
            assert migrations.is_current(session)
        engine.dispose()
