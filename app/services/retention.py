"""How things end: a company and all that it keeps, one requirement, and what nobody needs any more.

What is deleted is deleted everywhere: in the rows that hang on it, in the answers kept for repeated
requests, among the phrases, and in SQLite's log. The journal keeps bare ids.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, delete, or_
from sqlmodel import Session, SQLModel, col, select

from app.db import clear_log, clear_log_after, speaking, writing
from app.models.company import Company
from app.models.idempotency import IdempotentAnswer
from app.models.key import Key
from app.models.person import OneTimeToken, Person, SignIn
from app.models.requirement import Requirement
from app.models.run import Run
from app.services import companies, journal, kept_answers, phrases, sign_ins
from app.services.editing import Editor
from app.services.precondition import Precondition
from app.services.tenancy import SYSTEM, Caller
from app.settings import Settings

_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Swept:
    """How much a sweep deleted."""

    requirements: int
    sign_ins: int
    tokens: int
    answers: int


def delete_company(
    session: Session,
    company_id: str,
    wanted: Precondition,
    caller: Caller,
    editor: Editor,
    phrase_secret: str,
) -> None:
    """Delete a company with everything that it keeps; NotFoundError, or StaleError if it changed
    since it was read."""
    company = companies.found(session, company_id, caller, lock=True)
    wanted.check(company.version)
    # As the service itself: admins don't see what companies keep.
    with speaking(session, SYSTEM.claims):
        _forget_all_of(session, company.id, phrase_secret)
    _delete(session, Company, [company.id])
    _tell(session, "company", company.id, "deleted", editor)
    clear_log_after(session)


def forget_requirement(session: Session, requirement_id: UUID) -> None:
    """Delete a requirement with its needs, its runs, and the answers that were kept of them. The
    caller has made sure that it may go, and enters it into the journal."""
    _lock(session, Requirement, col(Requirement.id) == requirement_id)
    runs = _lock(session, Run, col(Run.requirement_id) == requirement_id)
    kept_answers.forget(session, [requirement_id, *runs])
    _delete(session, Requirement, [requirement_id])
    clear_log_after(session)


def sweep(engine: Engine, settings: Settings, goes_on: Callable[[], bool] = lambda: True) -> Swept:
    """Delete idle requirements and what has expired, a few in each transaction, while `goes_on`.
    Any number of sweeps may run at the same time: each row is one's alone."""
    now = datetime.now(UTC)
    idle_since = now - timedelta(days=settings.requirement_idle_days)

    def swept(batch: Callable[[Session], int]) -> int:
        total = 0
        while goes_on():
            with writing(engine, SYSTEM.claims) as session:
                deleted = batch(session)
            if not deleted:
                break
            total += deleted
        return total

    is_kept_for_ever = settings.requirement_idle_days == 0
    done = Swept(
        0 if is_kept_for_ever else swept(lambda session: _end_idle(session, idle_since)),
        swept(lambda session: _end(session, SignIn, _is_over(now))),
        swept(lambda session: _end(session, OneTimeToken, col(OneTimeToken.expires_at) <= now)),
        swept(
            lambda session: _end(session, IdempotentAnswer, col(IdempotentAnswer.expires_at) <= now)
        ),
    )
    clear_log(engine)
    return done


def _forget_all_of(session: Session, company_id: UUID, phrase_secret: str) -> None:
    """Delete what no foreign key leads to from the company."""
    # Requirements come first, as in a sweep, so that the two never wait in a circle.
    requirements = _lock(session, Requirement, col(Requirement.company_id) == company_id)
    runs = _lock(session, Run, col(Run.company_id) == company_id)
    keys = _lock(session, Key, col(Key.company_id) == company_id)
    people = _lock(session, Person, col(Person.company_id) == company_id)
    kept_answers.forget(
        session,
        [company_id, *requirements, *runs, *keys, *people],
        [*(f"key:{each}" for each in keys), *(f"person:{each}" for each in people)],
    )
    phrases.forget(session, company_id, phrase_secret)


def _end_idle(session: Session, since: datetime) -> int:
    idle = _free(session, Requirement, col(Requirement.used_at) < since)
    for requirement_id in idle:
        forget_requirement(session, requirement_id)
        _tell(session, "requirement", requirement_id, "expired", Editor())
    return len(idle)


def _end(session: Session, table: type[SQLModel], which: ColumnElement[bool]) -> int:
    expired = _free(session, table, which)
    _delete(session, table, expired)
    return len(expired)


def _is_over(now: datetime) -> ColumnElement[bool]:
    return or_(col(SignIn.expires_at) <= now, col(SignIn.updated_at) <= now - sign_ins.IDLE)


def _lock(session: Session, table: Any, which: ColumnElement[bool]) -> Sequence[UUID]:
    """The ids of all these rows, held until the transaction ends."""
    query = select(table.id).where(which).order_by(table.id)
    return session.exec(query.with_for_update()).all()


def _free(session: Session, table: Any, which: ColumnElement[bool]) -> Sequence[UUID]:
    """The ids of a few such rows that nobody else is at, held until the transaction ends."""
    query = select(table.id).where(which).limit(_AT_ONCE)
    return session.exec(query.with_for_update(skip_locked=True)).all()


def _delete(session: Session, table: Any, ids: Sequence[UUID]) -> None:
    session.execute(
        delete(table).where(table.id.in_(ids)).execution_options(synchronize_session=False)
    )


def _tell(session: Session, noun: str, noun_id: UUID, action: str, editor: Editor) -> None:
    journal.record(
        session,
        actor=editor.actor,
        action=action,
        noun=noun,
        noun_id=noun_id,
        request_id=editor.request_id,
    )
