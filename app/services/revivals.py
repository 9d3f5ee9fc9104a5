"""What a restore brings to life again: whatever was ended after the backup was made."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.db import reading
from app.models.company import Company
from app.models.key import Key
from app.models.person import Person
from app.models.requirement import Requirement
from app.services import migrations
from app.services.tenancy import SYSTEM

# Whoever holds the secret of one is let in, so that none of them outlives a restore.
ENTRANCES = ("sign_in", "one_time_token")


@dataclass(frozen=True, slots=True)
class Alive:
    """The keys that open, the people, the companies, and the requirements that are shared."""

    keys: frozenset[UUID]
    people: frozenset[UUID]
    companies: frozenset[UUID]
    shared: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Revived:
    """What had ended and is back: keys that open again, people who were removed, companies that
    were deleted, and requirements that were no longer shared, or deleted."""

    keys: Sequence[UUID]
    people: Sequence[UUID]
    companies: Sequence[UUID]
    shared: Sequence[UUID]


def alive(engine: Engine) -> Alive | None:
    """What is alive now; None where it can't be read, as in tables of another version."""
    with reading(engine, SYSTEM.claims) as session:
        if not migrations.is_current(session):
            return None
        return Alive(
            _open_keys(session),
            frozenset(session.exec(select(Person.id)).all()),
            frozenset(session.exec(select(Company.id)).all()),
            frozenset(
                session.exec(
                    select(Requirement.id).where(col(Requirement.shared_at).is_not(None))
                ).all()
            ),
        )


def between(before: Alive | None, after: Alive | None) -> Revived | None:
    """What is alive after a restore and wasn't before; None where that isn't known."""
    if before is None or after is None:
        return None
    return Revived(
        _new(before.keys, after.keys),
        _new(before.people, after.people),
        _new(before.companies, after.companies),
        _new(before.shared, after.shared),
    )


def _new(before: Set[UUID], after: Set[UUID]) -> Sequence[UUID]:
    return sorted(after - before)


def _open_keys(session: Session) -> frozenset[UUID]:
    rows = session.exec(select(Key.id, Key.expires_at).where(col(Key.revoked_at).is_(None))).all()
    now = datetime.now(UTC)
    return frozenset(key for key, expires in rows if expires is None or expires > now)
