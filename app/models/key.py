"""A key with which a machine, a curator's script or a partner's page speaks to the service."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, StringConstraints
from pydantic import Field as Limit
from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from app.models.base import Body, NonEmptyLine, Row, Whole, text_enum


class Role(StrEnum):
    """What a key or a person is: staff of the centre (admin, curator), staff of another portal
    (partner), a company's, or a page that embeds the matching."""

    ADMIN = "admin"
    CURATOR = "curator"
    PARTNER = "partner"
    COMPANY = "company"
    EMBED = "embed"


class Scope(StrEnum):
    """What a key may be used for, within what its role may do at all."""

    MATCH = "match"
    CATALOGUE = "catalogue"
    REQUIREMENTS = "requirements"
    TENANCY = "tenancy"


SCOPES_OF: dict[Role, frozenset[Scope]] = {
    Role.ADMIN: frozenset(Scope),
    Role.CURATOR: frozenset({Scope.MATCH, Scope.CATALOGUE, Scope.REQUIREMENTS}),
    Role.PARTNER: frozenset({Scope.MATCH, Scope.REQUIREMENTS, Scope.TENANCY}),
    Role.COMPANY: frozenset({Scope.MATCH, Scope.REQUIREMENTS, Scope.TENANCY}),
    Role.EMBED: frozenset({Scope.MATCH}),
}


def _in_order(origins: list[str]) -> list[str]:
    return sorted(set(origins))


Origin = Annotated[
    str,
    StringConstraints(
        max_length=255, pattern=r"^https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?$"
    ),
]


class Key(Row, table=True):
    """A key's row: only the SHA-256 of the secret is stored."""

    portal_id: UUID = Field(foreign_key="portal.id", index=True)
    company_id: UUID | None = Field(
        default=None, foreign_key="company.id", ondelete="CASCADE", index=True
    )
    name: str = Field(max_length=160)
    role: Role = Field(sa_type=text_enum(Role))
    scopes: list[str] = Field(default_factory=list, sa_type=JSON)
    origins: list[str] = Field(default_factory=list, sa_type=JSON)
    digest: str = Field(unique=True, max_length=64)
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None
    # "person:<id>", "key:<id>" or "system"; None for a key of which the journal doesn't tell.
    created_by: str | None = Field(default=None, max_length=80)


class KeyCreate(Body):
    """A new key: whose it is, in words, and what it may do. `company_id` is needed for a company's
    key, `origins` for one that is embedded in pages. `portal_id` is the caller's own unless an
    admin names another; `scopes` are all of the role's unless fewer are named."""

    name: NonEmptyLine
    role: Role
    portal_id: UUID | None = None
    company_id: UUID | None = None
    scopes: Annotated[list[Scope], Limit(max_length=8)] | None = None
    origins: Annotated[list[Origin], Limit(max_length=20), AfterValidator(_in_order)] = Field(
        default_factory=list
    )
    expires_in_days: Annotated[Whole, Limit(ge=1, le=3650)] | None = None


class KeyRotate(Body):
    """For how long the old key goes on beside the new one."""

    overlap_hours: Annotated[Whole, Limit(ge=0, le=720)] = 24


class KeyPublic(SQLModel):
    """A key as admins and partners see it; the secret is not kept. `created_by` is who made it, or
    made it anew by rotation: `person:<id>`, `key:<id>`, or `system` for the command line. With a
    person who is removed the keys end that they made, and those that were made with these."""

    id: UUID
    portal_id: UUID
    company_id: UUID | None
    name: str
    role: Role
    scopes: list[Scope]
    origins: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    created_by: str | None


class KeyIssued(KeyPublic):
    """A key right after it was made: the only time that its secret is shown."""

    secret: str


class KeyList(SQLModel):
    """A page of keys, oldest first; `next` is the cursor of the page after it."""

    items: list[KeyPublic]
    next: str | None = None
