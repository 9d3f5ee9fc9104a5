"""Counters that tell every worker when the catalogue or the vocabulary has changed."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select, update

from app.models.revision import Revision

CATALOGUE = "catalogue"
VOCABULARY = "vocabulary"


def next_revision(session: Session, name: str) -> int:
    """Take the next number of a counter; it counts once the session's transaction commits.

    Two writers get two numbers: the counter's row stays locked until the first has ended.
    """
    number = _add_one(session, name)
    if number is None:
        _make(session, name)
        number = _add_one(session, name)
    if number is None:  # nothing deletes a counter
        raise RuntimeError("the counter of revisions has gone")
    return number


def current(session: Session, name: str) -> int:
    """The number of the last change that the session can see; 0 when there was none."""
    found = session.exec(select(Revision.number).where(Revision.name == name)).one_or_none()
    return found or 0


def _add_one(session: Session, name: str) -> int | None:
    found: int | None = session.execute(
        update(Revision)
        .where(col(Revision.name) == name)
        .values(number=col(Revision.number) + 1)
        .returning(col(Revision.number))
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    return found


def _make(session: Session, name: str) -> None:
    # Another writer may make the row at the same moment; either one will do.
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Revision).values(name=name, number=0).on_conflict_do_nothing()
    session.execute(statement)
