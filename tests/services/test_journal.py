import re
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.db import writing
from app.models.event import Event
from app.services import journal

REQUEST = "0d3f6f1c4a365b0a9a396a8f2f6f9d11"


def _entry(session: Session, request_id: str = REQUEST) -> None:
    journal.record(
        session,
        actor="system",
        action="imported",
        noun="provider",
        noun_id=uuid4(),
        before=None,
        after={"name": "A"},
        request_id=request_id,
        revision=3,
    )


def test_an_entry_is_committed_with_its_change(engine: Engine) -> None:
    with writing(engine) as session:
        _entry(session)
    with Session(engine) as session:
        (event,) = session.exec(select(Event)).all()
        assert (event.actor, event.action, event.noun) == ("system", "imported", "provider")
        assert (event.before, event.after) == (None, {"name": "A"})
        assert (event.request_id, event.revision) == (REQUEST, 3)


def test_an_entry_is_undone_with_its_change(engine: Engine) -> None:
    with Session(engine) as session:
        _entry(session)
        session.rollback()
        assert session.exec(select(Event)).all() == []


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [
        (REQUEST, True),
        (REQUEST.upper(), True),
        ("0d3f6f1c-4a36-5b0a-9a39-6a8f2f6f9d11", True),
        ("Project-NEPTUNE-for-Acme", False),
        ("0d3f6f1c-4a365b0a9a39-6a8f2f6f9d11", False),
        (f"{REQUEST}0", False),
        (f"{REQUEST}\n", False),
        ("", False),
    ],
)
def test_keeps_a_request_id_only_if_it_says_nothing(
    engine: Engine, given: str, is_kept: bool
) -> None:
    for _ in range(2):
        with writing(engine) as session:
            _entry(session, given)
            _entry(session, given)
    with Session(engine) as session:
        told = session.exec(select(Event.request_id).order_by(col(Event.id))).all()
    if is_kept:
        assert told == [given] * 4
        return
    assert told[0] == told[1] != told[2] == told[3]  # the entries of a transaction belong together
    assert all(re.fullmatch("[0-9a-f]{32}", each or "") for each in told)
