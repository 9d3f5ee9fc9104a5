"""The form in which somebody is invited: whom the reader may invite, and as what."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from pydantic import BaseModel, ValidationError
from sqlmodel import Session

from app.models.key import Role
from app.models.person import PersonInvite
from app.services import companies, holders, pages, portals
from app.services.tenancy import Caller
from app.web.need_form import Faults


class InviteForm(BaseModel):
    """The form's fields as they were sent; `place` is a role, and where it isn't the reader's own
    home, the portal or company after a colon."""

    email: str = ""
    name: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody may be invited as: a role at a portal or company."""

    value: str
    role: Role
    home: str


@dataclass(frozen=True, slots=True)
class Homes:
    """The portals and companies that the reader sees, by name."""

    portals: dict[UUID, str]
    companies: dict[UUID, str]
    others: frozenset[UUID]  # the portals that don't operate the service

    def of(self, portal_id: UUID, company_id: UUID | None) -> str:
        """Where somebody belongs: the company, or else the portal; a dash where it isn't known."""
        known = self.companies.get(company_id) if company_id else self.portals.get(portal_id)
        return known or "–"

    def places(self, caller: Caller) -> list[Place]:
        """What the reader may invite somebody as."""
        return [place for place in self._all(caller) if holders.may_make(caller, place.role)]

    def _all(self, caller: Caller) -> Iterator[Place]:
        if caller.role is Role.ADMIN:
            centre = self.portals.get(caller.portal_id or UUID(int=0), "")
            yield from (Place(role.value, role, centre) for role in (Role.CURATOR, Role.ADMIN))
        for portal_id, name in self.portals.items():
            if portal_id in self.others:
                yield Place(f"partner:{portal_id}", Role.PARTNER, name)
        for company_id, name in self.companies.items():
            yield Place(f"company:{company_id}", Role.COMPANY, name)


def homes(session: Session, caller: Caller) -> Homes:
    """The portals and companies that the reader sees."""
    seen = portals.page(session, caller, after=None, limit=pages.MOST).items
    kept = companies.page(session, caller, after=None, limit=pages.MOST).items
    return Homes(
        {portal.id: portal.name for portal in seen},
        {company.id: company.name for company in kept},
        frozenset(portal.id for portal in seen if not portal.operates),
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """A form read: whom it invites, or its faults."""

    data: PersonInvite | None = None
    faults: Faults = field(default_factory=dict)


def read(form: InviteForm) -> Reading:
    """Whom the form invites."""
    role, _, home = form.place.partition(":")
    at = {} if not home else {f"{'company' if role == Role.COMPANY else 'portal'}_id": home}
    given = {"email": form.email, "name": form.name, "role": role, **at}
    try:
        return Reading(PersonInvite.model_validate(given))
    except ValidationError as error:
        wrong = {str(each["loc"][0]) for each in error.errors() if each["loc"]}
    names = {"email": "fault.email", "name": "fault.name"}
    faults = {name: key for name, key in names.items() if name in wrong}
    return Reading(faults=faults | ({} if wrong <= names.keys() else {"place": "fault.place"}))
