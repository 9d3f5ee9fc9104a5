"""Everything of a company, for itself and for its portal's staff."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from app.models.company import Company, CompanyPublic
from app.models.company_export import (
    CompanyExport,
    ExportedEvent,
    ExportedNeed,
    ExportedRequirement,
    ExportedRun,
)
from app.models.event import Event
from app.models.key import Key, KeyPublic
from app.models.person import Person
from app.models.requirement import Requirement, RequirementNeed
from app.models.run import Run
from app.services import batches, companies, people
from app.services.tenancy import Caller, accounts, confidential


def export(session: Session, company_id: str, caller: Caller) -> CompanyExport:
    """All that there is of a company; NotFoundError if there is none that the caller keeps."""
    company = companies.found(session, company_id, caller)
    persons = _of(session, Person, company, accounts(Person, caller))
    keys = _of(session, Key, company, accounts(Key, caller))
    requirements = _of(session, Requirement, company, confidential(Requirement, caller))
    runs = _of(session, Run, company, confidential(Run, caller))
    rows = [company, *persons, *keys, *requirements, *runs]
    return CompanyExport(
        company=CompanyPublic.model_validate(company),
        people=[people.shown(row) for row in persons],
        keys=[KeyPublic.model_validate(row) for row in keys],
        requirements=_with_needs(session, requirements),
        runs=[ExportedRun.model_validate(row) for row in runs],
        journal=_journal(session, (row.id for row in rows)),
    )


def _of(session: Session, table: Any, company: Company, kept: ColumnElement[bool]) -> Sequence[Any]:
    query = select(table).where(table.company_id == company.id, kept)
    return session.exec(query.order_by(table.created_at, table.id)).all()


def _with_needs(session: Session, rows: Sequence[Requirement]) -> list[ExportedRequirement]:
    needs: dict[UUID, list[ExportedNeed]] = defaultdict(list)
    for ids in batches.of(row.id for row in rows):
        query = select(RequirementNeed).where(col(RequirementNeed.requirement_id).in_(ids))
        for need in session.exec(query.order_by(col(RequirementNeed.position))).all():
            needs[need.requirement_id].append(ExportedNeed.model_validate(need))
    return [
        ExportedRequirement.model_validate(row, update={"needs": needs[row.id]}) for row in rows
    ]


def _journal(session: Session, ids: Iterable[UUID]) -> list[ExportedEvent]:
    found: list[Event] = []
    for some in batches.of(ids):
        found += session.exec(select(Event).where(col(Event.noun_id).in_(some))).all()
    found.sort(key=lambda event: event.id or 0)
    return [ExportedEvent.model_validate(event) for event in found]
