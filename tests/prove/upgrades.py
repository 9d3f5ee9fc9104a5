"""Every migration killed after each of its statements: the next run is clean, and ends the same."""

import subprocess
import sys
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

_ROLES = ("admin", "curator", "company", "company")
_RULES = "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies"
_FORCED = (
    "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class "
    "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)


def upgrades(place: Place, size: Size) -> Outcome:
    """From an empty database, and from the first tables with keys in them."""
    kills, wrong = 0, list[str]()
    for kind in ENGINES:
        for has_rows in (False, True)[size.of(0, 1) :]:
            with place.empty(kind) as url:
                _begin(url, has_rows)
                status, told = _child(url)
                if status != 0:
                    return Outcome("no run is clean", "0", False, [told])
                count = int(told)
                wanted = _state(url)
            for last in range(size.of(1, count // 2), count + 1, size.of(1, count)):
                kills += 1
                with place.empty(kind) as url:
                    _begin(url, has_rows)
                    status, _ = _child(url, last)
                    failure = _rerun(url)
                    if status == 0:
                        wrong.append(f"{kind}: wasn't killed after statement {last}")
                    elif failure:
                        wrong.append(f"{kind}: after statement {last} the rerun fails: {failure}")
                    elif _state(url) != wanted:
                        wrong.append(f"{kind}: after statement {last} the rerun ends otherwise")
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


def _child(url: str, last: int = 0) -> tuple[int, str]:
    arguments = [sys.executable, "-m", "tests.prove.upgrading", url, *([str(last)] if last else [])]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=120)
    said = done.stdout if done.returncode == 0 else done.stderr.strip().rpartition("\n")[2]
    return done.returncode, said


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
