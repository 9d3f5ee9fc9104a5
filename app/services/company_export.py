"""Everything of a company, for itself and for its portal's staff."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from app.db import speaking
from app.models.company import Company, CompanyPublic
from app.models.company_export import (
    CompanyExport,
    ExportedEvent,
    ExportedNeed,
    ExportedRequirement,
    ExportedRun,
    ExportedSignIn,
)
from app.models.event import Event
from app.models.key import Key, KeyPublic
from app.models.person import Person, SignIn
from app.models.requirement import Requirement, RequirementNeed
from app.models.run import Run
from app.services import batches, companies, people
from app.services.tenancy import IDENTIFY, Caller, accounts, confidential

_OWN_NOUNS = ("company", "key", "person", "requirement", "run")


def export(session: Session, company_id: str, caller: Caller) -> CompanyExport:
    """All that there is of a company; NotFoundError if there is none that the caller keeps."""
    company = companies.found(session, company_id, caller)
    persons = _of(session, Person, company, accounts(Person, caller))
    keys = _of(session, Key, company, accounts(Key, caller))
    requirements = _of(session, Requirement, company, confidential(Requirement, caller))
    runs = _of(session, Run, company, confidential(Run, caller))
    ids = (row.id for row in (company, *requirements, *runs))
    actors = _actors({"person": [row.id for row in persons], "key": [row.id for row in keys]})
    return CompanyExport(
        company=CompanyPublic.model_validate(company),
        people=[people.shown(row) for row in persons],
        sign_ins=_sign_ins(session, [row.id for row in persons]),
        keys=[KeyPublic.model_validate(row) for row in keys],
        requirements=_with_needs(session, requirements),
        runs=[ExportedRun.model_validate(row) for row in runs],
        journal=_journal(session, ids, actors),
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


def _sign_ins(session: Session, persons: Sequence[UUID]) -> list[ExportedSignIn]:
    found: list[SignIn] = []
    # No tenant sees these rows, which hold digests of secrets.
    with speaking(session, IDENTIFY):
        for some in batches.of(persons):
            found += session.exec(select(SignIn).where(col(SignIn.person_id).in_(some))).all()
    found.sort(key=lambda row: (row.created_at, row.id))
    return [ExportedSignIn.model_validate(row) for row in found]


def _actors(ids: Mapping[str, Iterable[UUID]]) -> dict[str, UUID]:
    """How the journal names people and keys, each with its id."""
    return {f"{noun}:{each}": each for noun in ids for each in ids[noun]}


def _journal(session: Session, ids: Iterable[UUID], actors: dict[str, UUID]) -> list[ExportedEvent]:
    """What was done to these things and by these actors, and so on with whatever they did it to:
    who speaks for a company changes nothing but the company's own, so that what is gone by now is
    found by who made or ended it."""
    found: dict[int, Event] = {}
    known: set[UUID] = set()
    things, new = {*ids, *actors.values()}, actors
    while things or new:
        known |= things
        told = _told(session, col(Event.noun_id), things)
        done = _told(session, col(Event.actor), new)
        found |= {event.id or 0: event for event in (*told, *done)}
        things = {event.noun_id for event in done} - known
        new = _actors(
            {
                noun: {event.noun_id for event in done if event.noun == noun} & things
                for noun in ("person", "key")
            }
        )
    return [ExportedEvent.model_validate(found[each]) for each in sorted(found)]


def _told(session: Session, column: Any, values: Iterable[Any]) -> list[Event]:
    found: list[Event] = []
    for some in batches.of(values):
        query = select(Event).where(column.in_(some), col(Event.noun).in_(_OWN_NOUNS))
        found += session.exec(query).all()
    return found
