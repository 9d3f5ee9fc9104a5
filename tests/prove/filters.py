"""The service's own filters beside the table of rights, without HTTP; and what the command line and
the service itself may do."""

from typing import Any
from uuid import UUID

from sqlmodel import col, select

from app.db import reading
from app.errors import DomainError
from app.models.company import Company, CompanyCreate
from app.models.key import Key, Role, Scope
from app.models.person import Person
from app.models.requirement import Requirement
from app.models.run import Run
from app.services import companies, keys, portals, tenancy
from app.services.editing import Editor
from app.services.tenancy import SYSTEM, Caller
from tests.prove.rights import Reach, edits_provider, keeps_account, keeps_secret, reads_requirement
from tests.prove.world import Actor, Thing, World


def differences(world: World) -> list[str]:
    """Which rows each caller's filters give that they shouldn't, or don't give that they should."""
    found: list[str] = []
    with reading(world.database.owner, SYSTEM.claims) as session:
        for actor in world.actors:
            caller = _caller(world, actor)
            filters: list[tuple[str, Any, Any]] = [
                ("company", Company, tenancy.accounts(Company, caller)),
                ("key", Key, tenancy.accounts(Key, caller)),
                ("person", Person, tenancy.accounts(Person, caller)),
                ("requirement", Requirement, tenancy.confidential(Requirement, caller)),
                ("run", Run, tenancy.confidential(Run, caller)),
                ("requirement", Requirement, tenancy.readable(caller)),
            ]
            reaches: list[Reach] = [*[keeps_account] * 3, *[keeps_secret] * 2, reads_requirement]
            for (kind, table, which), reach in zip(filters, reaches, strict=True):
                rows = session.exec(select(col(table.id)).where(which)).all()
                wanted = {UUID(t.id) for t in world.of(kind) if t.is_there and reach(actor, t)}
                if set(rows) != wanted:
                    found.append(f"{actor.name} is given {len(rows)} rows of {kind}")
            nothing = Thing("", "", "")
            if caller.is_curator is not edits_provider(actor, nothing):
                found.append(f"{actor.name} is a curator: {caller.is_curator}")
    return found + _of_system(world)


def _caller(world: World, actor: Actor) -> Caller:
    return Caller(
        actor=actor.name,
        role=Role(actor.role) if actor.role else None,
        portal_id=UUID(world.id_of(actor.portal)) if actor.portal else None,
        company_id=UUID(world.id_of(actor.company)) if actor.company else None,
        scopes=frozenset(Scope(scope) for scope in actor.scopes),
    )


def _of_system(world: World) -> list[str]:
    """The service itself reaches everything."""
    key = next(each for each in world.of("key") if each.company == "c")
    paris = UUID(world.id_of("paris"))
    try:
        with reading(world.database.owner, SYSTEM.claims) as session:  # nothing of it is kept
            portals.read(session, str(paris), SYSTEM)
            keys.revoke(session, key.id, caller=SYSTEM, editor=Editor())
            data = CompanyCreate(name="New", portal_id=paris)
            companies.create(session, data, SYSTEM, Editor())
    except DomainError as error:
        return [f"the service itself is refused: {error.detail}"]
    return []
