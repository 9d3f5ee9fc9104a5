"""Who sees which rows: the one rule by which services keep tenants apart.

Every query of a tenant's table goes through `accounts`, `confidential` or `readable`. On PostgreSQL
the rules of the rows themselves (row-level security) say the same again, by the caller's claims.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import SQLModel, col

from app.db import Claims
from app.errors import ForbiddenError, UnauthorizedError
from app.models.company import Company
from app.models.key import Role, Scope
from app.models.requirement import Requirement


@dataclass(frozen=True, slots=True)
class Caller:
    """Who speaks: the bearer of a key, a person who signed in, or, without either, anybody."""

    actor: str = "anonymous"  # as the journal names it: key:<id>, person:<id>
    role: Role | None = None
    portal_id: UUID | None = None
    company_id: UUID | None = None
    scopes: frozenset[Scope] = frozenset()
    origins: frozenset[str] | None = None  # of the pages that an embedded key is bound to
    is_system: bool = False  # the command line and the service's own work
    # Whose use is to be noted, once in a while.
    unnoted_key: UUID | None = field(default=None, compare=False)

    @property
    def is_curator(self) -> bool:
        """Whether the caller keeps the catalogue; admins may all that curators may."""
        return self.role in (Role.CURATOR, Role.ADMIN) and Scope.CATALOGUE in self.scopes

    @property
    def claims(self) -> Claims:
        """What the rules of rows go by."""
        return {
            "cdmo.role": "system" if self.is_system else self.role.value if self.role else "",
            "cdmo.portal": str(self.portal_id or ""),
            "cdmo.company": str(self.company_id or ""),
            "cdmo.actor": self.actor,
        }


SYSTEM = Caller(actor="system", is_system=True)
IDENTIFY: Claims = {"cdmo.role": "identify"}


def check(caller: Caller, scope: Scope, *roles: Role) -> None:
    """UnauthorizedError for anybody, ForbiddenError for another role or a key without the scope."""
    if caller.role is None:
        raise UnauthorizedError(
            "This needs a key, as `Authorization: Bearer cdmo_…`, or a sign-in."
        )
    if caller.role not in roles:
        who = " or ".join(_NAMES[role] for role in roles)
        raise ForbiddenError(f"Only {who} may do this.")
    if scope not in caller.scopes:
        raise ForbiddenError(f"This key was made without the scope `{scope.value}`.")


def may(caller: Caller, scope: Scope, *roles: Role) -> bool:
    """Whether `check` would let the caller pass."""
    return caller.role in roles and scope in caller.scopes


_NAMES = {
    Role.ADMIN: "admins of the centre",
    Role.CURATOR: "curators",
    Role.PARTNER: "a portal's staff",
    Role.COMPANY: "companies",
    Role.EMBED: "embedded pages",
}


def accounts(table: type[SQLModel], caller: Caller) -> ColumnElement[bool]:
    """Which companies, people or keys the caller keeps: a company its own, a partner those of its
    portal, an admin those of the centre and the staff of every portal."""
    company, portal = _tenant(table)
    if caller.role is Role.ADMIN:
        return or_(portal == caller.portal_id, company.is_(None))
    return confidential(table, caller)


def confidential(table: type[SQLModel], caller: Caller) -> ColumnElement[bool]:
    """Which requirements or runs the caller keeps: a company its own, a partner those of its
    portal's companies. Nobody else keeps any."""
    company, portal = _tenant(table)
    if caller.is_system:
        return true()
    if caller.role is Role.COMPANY:
        return and_(company == caller.company_id)
    if caller.role is Role.PARTNER:
        return and_(portal == caller.portal_id)
    return false()


def readable(caller: Caller) -> ColumnElement[bool]:
    """Which requirements the caller may read: its own, or as the centre's staff the shared ones."""
    if caller.role in (Role.CURATOR, Role.ADMIN):
        return col(Requirement.shared_at).is_not(None)
    return confidential(Requirement, caller)


def _tenant(table: type[SQLModel]) -> tuple[Any, Any]:
    columns: Any = table
    return (columns.id if table is Company else columns.company_id), columns.portal_id
