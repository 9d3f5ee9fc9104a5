"""Checksums tell tables apart by their rows, and by nothing else."""

from sqlalchemy import Engine

from app.db import reading, writing
from app.models import Revision
from app.services import checksums


def of(engine: Engine, table: str) -> tuple[int, str]:
    with reading(engine) as session:
        (found,) = (c for c in checksums.of_tables(session.connection()) if c.table == table)
    return found.rows, found.digest


def test_depend_on_every_value_and_on_no_order(engine: Engine) -> None:
    def write(*pairs: tuple[str, int]) -> tuple[int, str]:
        with writing(engine) as session:
            session.execute(Revision.__table__.delete())  # type: ignore[attr-defined]
            for name, number in pairs:
                session.add(Revision(name=name, number=number))
                session.flush()
        return of(engine, "revision")

    assert write() == (0, f"{0:064x}")
    first = write(("a", 1), ("b", 2))
    assert first[0] == 2
    assert write(("b", 2), ("a", 1)) == first
    assert write(("a", 2), ("b", 1)) != first
    assert write(("a", 1)) != first


def test_cover_all_tables(engine: Engine) -> None:
    with reading(engine) as session:
        names = [c.table for c in checksums.of_tables(session.connection())]
    assert names == sorted(names)
    assert {"alembic_version", "provider", "key", "requirement", "run"} <= set(names)
