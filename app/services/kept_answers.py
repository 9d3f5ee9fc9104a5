"""Kept answers of creating requests, forgotten together with what they tell of."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_
from sqlmodel import Session, col

from app.db import speaking
from app.models.idempotency import IdempotentAnswer
from app.services import batches
from app.services.tenancy import SYSTEM

_NOUNS = ("companies", "keys", "people", "requirements", "runs")
_ID = 36  # characters


def forget(session: Session, things: Iterable[UUID], callers: Iterable[str] = ()) -> None:
    """Forget the answers about these things, whoever was given them, and all of these callers.

    As the service itself: a caller sees no other caller's answers.
    """
    with speaking(session, SYSTEM.claims):
        for ids in batches.of(map(str, things)):
            _delete(session, or_(*(found.in_(ids) for found in _named())))
        for some in batches.of(callers):
            _delete(session, col(IdempotentAnswer.caller).in_(some))


def _named() -> list[ColumnElement[str]]:
    """The ids in an answer's location and its request's address, wherever one may stand."""
    return [
        func.substr(column, len(f"{before}/v1/{noun}/") + 1, _ID)
        for noun in _NOUNS
        for column, before in (
            (col(IdempotentAnswer.location), ""),
            (col(IdempotentAnswer.route), "POST "),
        )
    ]


def _delete(session: Session, which: ColumnElement[bool]) -> None:
    session.execute(
        delete(IdempotentAnswer).where(which).execution_options(synchronize_session=False)
    )
