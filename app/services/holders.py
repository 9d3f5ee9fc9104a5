"""Whom keys and people belong to, and who may make which: the one rule for both."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, select

from app.errors import Fault, ForbiddenError, InvalidError
from app.models.company import Company
from app.models.key import Role, Scope
from app.models.portal import Portal
from app.services import portals
from app.services.tenancy import Caller, accounts

_WRONG_PORTAL = Fault(
    "body.portal_id", "The centre has admins and curators; other portals have partners."
)
_MAY_MAKE = {
    Role.ADMIN: frozenset(Role),
    Role.PARTNER: frozenset({Role.PARTNER, Role.COMPANY, Role.EMBED}),
    Role.COMPANY: frozenset({Role.COMPANY}),
}


@dataclass(frozen=True, slots=True)
class Holder:
    """The portal, and within it the company if any, that a key or a person belongs to."""

    portal_id: UUID
    company_id: UUID | None = None

    @property
    def home_id(self) -> UUID:
        """The company, or else the portal."""
        return self.company_id or self.portal_id


def may_make(caller: Caller, role: Role) -> bool:
    """Whether the caller may give this role to somebody at all."""
    return caller.is_system or role in _MAY_MAKE.get(caller.role or Role.EMBED, ())


def check_may_give(caller: Caller, scopes: Iterable[Scope]) -> None:
    """ForbiddenError for scopes that the caller doesn't have: nobody gives away more than that,
    or a narrow key would open whatever its role may do."""
    missing = sorted(set(scopes) - caller.scopes)
    if missing:
        raise ForbiddenError(
            f"Your key was made without these scopes, and so can't give them: {', '.join(missing)}."
        )


def portal_for(session: Session, role: Role, portal_id: UUID | None, caller: Caller) -> Portal:
    """The portal for somebody of this role: the one named, or the caller's own. InvalidError where
    the role doesn't go with it."""
    portal = portals.chosen(session, portal_id, caller)
    of_centre = role in (Role.ADMIN, Role.CURATOR)
    if (portal.operates and role is Role.PARTNER) or (of_centre and not portal.operates):
        raise InvalidError("This role doesn't go with this portal.", faults=[_WRONG_PORTAL])
    return portal


def of_company(session: Session, company_id: UUID, caller: Caller) -> Holder:
    """A company that the caller keeps; InvalidError for any other."""
    found = session.exec(
        select(Company).where(Company.id == company_id, accounts(Company, caller))
    ).one_or_none()
    if found is None:
        raise InvalidError(
            "This can't be done as it is.",
            faults=[Fault("body.company_id", "There is no such company.")],
        )
    return Holder(found.portal_id, found.id)
