"""Requirements as a list shows them: whose they are, how often they were run, when they end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.models.company import Company
from app.models.requirement import Requirement, RequirementPublic
from app.models.run import Run
from app.services import pages, requirements, tenancy
from app.services.tenancy import Caller


@dataclass(frozen=True, slots=True)
class Listed:
    """A requirement with what stands around it. `company` is None where the caller doesn't keep
    it, and `ends_on` where it isn't deleted for being idle."""

    requirement: RequirementPublic
    company: str | None
    runs: int
    ends_on: date | None


def page(
    session: Session, caller: Caller, *, idle_days: int, after: str | None
) -> tuple[list[Listed], str | None]:
    """A page of the requirements that the caller may read, newest first, and its cursor."""
    found = requirements.page(session, caller, after=after, limit=pages.LIMIT, newest_first=True)
    return _with_surroundings(session, found.items, caller, idle_days), found.next


def read(session: Session, requirement_id: str, caller: Caller, *, idle_days: int) -> Listed:
    """One requirement; NotFoundError if there is none that the caller may read."""
    one = requirements.read(session, requirement_id, caller)
    return _with_surroundings(session, [one], caller, idle_days)[0]


def _with_surroundings(
    session: Session, items: Sequence[RequirementPublic], caller: Caller, idle_days: int
) -> list[Listed]:
    ids = [each.id for each in items]
    counts = dict(
        session.exec(
            select(Run.requirement_id, func.count())
            .where(col(Run.requirement_id).in_(ids), tenancy.confidential(Run, caller))
            .group_by(col(Run.requirement_id))
        ).all()
    )
    names = dict(
        session.exec(
            select(Company.id, Company.name).where(
                col(Company.id).in_({each.company_id for each in items}),
                tenancy.confidential(Company, caller),
            )
        ).all()
    )
    used = _used(session, ids, caller)
    return [
        Listed(
            each,
            names.get(each.company_id),
            counts.get(each.id, 0),
            _end(used.get(each.id), idle_days),
        )
        for each in items
    ]


def _used(session: Session, ids: Sequence[UUID], caller: Caller) -> dict[UUID, datetime]:
    query = select(Requirement.id, Requirement.used_at).where(
        col(Requirement.id).in_(ids), tenancy.readable(caller)
    )
    return dict(session.exec(query).all())


def _end(used_at: datetime | None, idle_days: int) -> date | None:
    """The day on which the requirement is deleted if nobody does anything with it."""
    if used_at is None or not idle_days:
        return None
    return (used_at.astimezone(UTC) + timedelta(days=idle_days)).date()
