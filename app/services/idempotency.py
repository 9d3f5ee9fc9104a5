"""Idempotency-Key: a creating request that is sent again gets its first answer back.

The answer is kept in the transaction of its effect, so that both are there or neither; a refused
request keeps nothing. Two parallel requests meet at the unique constraint: the second waits for the
first to commit and then gets its answer, or is told that the first is still running.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from app.errors import IdempotencyMismatchError, StillRunningError
from app.models.idempotency import IdempotentAnswer

_KEPT_FOR = timedelta(hours=24)
_SWEPT_AT_ONCE = 100
_LONGEST_ROUTE = 300  # characters that its column holds
_LOCK_NOT_AVAILABLE = "55P03"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A creating request: who sends it, where, and under which key (None: without one). `proof` is
    made of what the caller identified itself with, and is kept nowhere."""

    caller: str
    route: str
    key: str | None = None
    proof: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a creating request is answered with; `body` is JSON text."""

    status: int
    body: str
    etag: str | None = None
    location: str | None = None
    is_replayed: bool = False


def route_of(path: str) -> str:
    """A creating request's route as it is kept; of a path that is longer than any that exists, or
    that no database could hold (PostgreSQL knows no NUL), its digest."""
    route = f"POST {path}"
    if len(route) <= _LONGEST_ROUTE and path.isprintable():
        return route
    return f"POST sha256:{hashlib.sha256(path.encode()).hexdigest()}"


def once(session: Session, attempt: Attempt, payload: str, make: Callable[[], Answer]) -> Answer:
    """Make the answer, or give back the one that was made for this key before.

    IdempotencyMismatchError if the key came with another payload, StillRunningError if the first
    request takes longer than a lock may be waited for.
    """
    if attempt.key is None:
        return make()
    digest = hashlib.sha256(payload.encode()).hexdigest()
    kept = _claim(session, attempt, attempt.key, digest)
    if kept.status:
        return _replay(kept, digest)
    answer = make()
    kept.status, kept.body = answer.status, answer.body
    kept.etag, kept.location = answer.etag, answer.location
    session.flush()
    return answer


def known(session: Session, attempt: Attempt, payload: str) -> Answer | None:
    """The answer that was made for this key before, if any: for what is prepared at length before
    `once` is asked. IdempotencyMismatchError as there."""
    if attempt.key is None:
        return None
    kept = session.exec(
        select(IdempotentAnswer).where(
            *_of(attempt), col(IdempotentAnswer.expires_at) > datetime.now(UTC)
        )
    ).one_or_none()
    digest = hashlib.sha256(payload.encode()).hexdigest()
    return _replay(kept, digest) if kept is not None and kept.status else None


def _of(attempt: Attempt) -> tuple[ColumnElement[bool], ...]:
    return (
        col(IdempotentAnswer.caller) == attempt.caller,
        col(IdempotentAnswer.route) == attempt.route,
        col(IdempotentAnswer.idempotency_key) == attempt.key,
    )


def _claim(session: Session, attempt: Attempt, key: str, digest: str) -> IdempotentAnswer:
    """The row of this key: a new one with status 0, or the one of the request before."""
    now = datetime.now(UTC)
    _sweep(session, attempt, now)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(IdempotentAnswer).values(
        id=uuid4(),
        created_at=now,
        updated_at=now,
        caller=attempt.caller,
        route=attempt.route,
        idempotency_key=key,
        payload_digest=digest,
        status=0,
        body="",
        expires_at=now + _KEPT_FOR,
    )
    try:
        session.execute(statement.on_conflict_do_nothing())
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
            raise StillRunningError("Ask again in a moment; the answer will be the same.") from None
        raise
    return session.exec(select(IdempotentAnswer).where(*_of(attempt))).one()


def _sweep(session: Session, attempt: Attempt, now: datetime) -> None:
    """Forget this key if it has expired, and a few other expired ones that nobody holds."""
    expired = col(IdempotentAnswer.expires_at) <= now
    session.execute(delete(IdempotentAnswer).where(expired, *_of(attempt)))
    others = session.exec(
        select(IdempotentAnswer.id)
        .where(expired)
        .limit(_SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    if others:
        session.execute(delete(IdempotentAnswer).where(col(IdempotentAnswer.id).in_(others)))


def _replay(kept: IdempotentAnswer, digest: str) -> Answer:
    if kept.payload_digest != digest:
        raise IdempotencyMismatchError(
            "This Idempotency-Key came with other content before. A new record needs a new key."
        )
    return Answer(kept.status, kept.body, kept.etag, kept.location, is_replayed=True)
