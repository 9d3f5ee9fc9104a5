"""Every migration killed after each of its statements: the next run is clean, and ends the same."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from alembic import command
from sqlalchemy import Engine, MetaData, Table, create_engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from app.db import create_engine as create_own_engine
from app.services import migrations
from tests.prove.experiment import Experiment, Outcome, Size
from tests.prove.place import ENGINES, Place, settings_for
from tests.prove.planted import planted
from tests.prove.upgrading import COMMITS_EACH

_LOOKING = 8
_ROLES = ("admin", "curator", "company", "company")
_RULES = "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies"
_FORCED = (
    "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class "
    "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)


def upgrades(place: Place, size: Size) -> Outcome:
    """From an empty database, and from the first tables with keys in them: later statements are
    tried with rows alone."""
    kills, wrong = 0, list[str]()
    with _children() as child:
        for kind in ENGINES:
            ends: dict[bool, tuple[int, Any]] = {}
            for has_rows in (True, False):
                with place.empty(kind) as url:
                    _begin(url, has_rows)
                    status, told = child(url, 0)
                    if status != 0:
                        return Outcome("no run is clean", "0", False, [told])
                    ends[has_rows] = int(told), _state(url)
            with_rows, all_of_them = ends[True][0], ends[False][0]
            # Some statements look where the database stands, and are counted in both.
            first = min(all_of_them - with_rows + _LOOKING, all_of_them)
            whole = [(False, n) for n in range(1, first + 1)]
            whole += [(True, n) for n in range(1, with_rows + 1)]
            for has_rows, last in [(True, with_rows // 2)] if size.is_short else whole:
                kills += 1
                with place.empty(kind) as url:
                    _begin(url, has_rows)
                    status, _ = child(url, last)
                    failure = _rerun(url)
                    where = f"{kind}{', with rows' if has_rows else ''}: statement {last}"
                    if status == 0:
                        wrong.append(f"{where}: it wasn't killed")
                    elif failure:
                        wrong.append(f"{where}: the rerun fails: {failure}")
                    elif _state(url) != ends[has_rows][1]:
                        wrong.append(f"{where}: the rerun ends otherwise")
    return Outcome(
        f"{kills} kills, one after each statement: {len(wrong)} reruns fail or differ",
        "0",
        not wrong and kills >= size.of(100, 2),
        wrong,
    )


def _begin(url: str, has_rows: bool) -> None:
    """Nothing, or the first revision's tables with keys that later ones have to fill up."""
    if not has_rows:
        return
    engine = create_own_engine(settings_for(url))
    scripts = migrations.configuration
    with migrations.exclusive(engine) as connection:
        first = _first_revision()
        command.upgrade(scripts(connection), first)
    now = datetime.now(UTC)
    keys = Table("key", MetaData(), autoload_with=engine)
    with engine.begin() as connection:
        for number, role in enumerate(_ROLES):
            key_id = uuid4().hex if engine.dialect.name == "sqlite" else uuid4()
            row = {"id": key_id, "name": f"key {number}", "role": role, "digest": str(number)}
            connection.execute(keys.insert().values(**row, created_at=now, updated_at=now))
    engine.dispose()


def _first_revision() -> str:
    from alembic.script import ScriptDirectory

    (base,) = ScriptDirectory(str(migrations.SCRIPTS)).get_bases()
    return base


def _rerun(url: str) -> str:
    """Why the next run fails, if it does."""
    engine = create_own_engine(settings_for(url))
    try:
        migrations.upgrade_engine(engine)
    except SQLAlchemyError as error:
        return type(error).__name__
    finally:
        engine.dispose()
    return ""


@contextmanager
def _children() -> Iterator[Callable[[str, int], tuple[int, str]]]:
    """Asks for an upgrade in a child, killed after a statement; gives its end and what it said."""
    command = [sys.executable, "-m", "tests.prove.upgrading"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one:
        asked, told = one.stdin, one.stdout
        assert asked is not None
        assert told is not None

        def child(url: str, last: int) -> tuple[int, str]:
            asked.write(json.dumps([url, last]) + "\n")
            asked.flush()
            status, said = json.loads(told.readline())
            return status, said

        yield child
        asked.close()


def _state(url: str) -> Any:
    """The tables, their rules, and what became of the keys."""
    address = url.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(address)
    try:
        return _schema(engine), _rows(engine)
    finally:
        engine.dispose()


def _schema(engine: Engine) -> Any:
    look = inspect(engine)
    tables = {
        name: (
            [
                (c["name"], str(c["type"]), c["nullable"], c["default"])
                for c in look.get_columns(name)
            ],
            sorted(str(each) for each in look.get_indexes(name)),
            sorted(str(each) for each in look.get_foreign_keys(name)),
            sorted(str(each) for each in look.get_unique_constraints(name)),
        )
        for name in look.get_table_names()
    }
    if engine.dialect.name == "sqlite":
        return tables
    with engine.connect() as connection:
        return tables, [
            sorted(map(str, connection.execute(text(query)).all())) for query in (_RULES, _FORCED)
        ]


def _rows(engine: Engine) -> Any:
    query = (
        "SELECT name, role, digest, portal_id IS NULL, company_id IS NULL FROM key ORDER BY name"
    )
    with engine.connect() as connection:
        return [
            connection.execute(text(each)).all()
            for each in (query, "SELECT count(*) FROM company", "SELECT slug FROM portal")
        ]


UPGRADES = Experiment(
    "upgrades", upgrades, {"each statement committed by itself": planted(COMMITS_EACH)}
)
