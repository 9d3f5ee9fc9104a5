from uuid import uuid4

from sqlalchemy import Engine
from sqlmodel import Session, select

from app.db import writing
from app.models.event import Event
from app.services import journal


def _entry(session: Session) -> None:
    journal.record(
        session,
        actor="system",
        action="imported",
        noun="provider",
        noun_id=uuid4(),
        before=None,
        after={"name": "A"},
        request_id="r1",
        revision=3,
    )


def test_an_entry_is_committed_with_its_change(engine: Engine) -> None:
    with writing(engine) as session:
        _entry(session)
    with Session(engine) as session:
        (event,) = session.exec(select(Event)).all()
        assert (event.actor, event.action, event.noun) == ("system", "imported", "provider")
        assert (event.before, event.after) == (None, {"name": "A"})
        assert (event.request_id, event.revision) == ("r1", 3)


def test_an_entry_is_undone_with_its_change(engine: Engine) -> None:
    with Session(engine) as session:
        _entry(session)
        session.rollback()
        assert session.exec(select(Event)).all() == []
