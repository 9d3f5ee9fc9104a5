"""A key with which a machine or a curator's script speaks to the service."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.models.base import Body, NonEmptyLine, Row, text_enum


class Role(StrEnum):
    """What the bearer of a key may do."""

    ADMIN = "admin"
    CURATOR = "curator"
    COMPANY = "company"


class Key(Row, table=True):
    """A key's row: only the SHA-256 of the secret is stored."""

    name: str = Field(max_length=160)
    role: Role = Field(sa_type=text_enum(Role))
    digest: str = Field(unique=True, max_length=64)
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None


class KeyCreate(Body):
    """A new key: whose it is, in words, and what it may do."""

    name: NonEmptyLine
    role: Role


class KeyPublic(SQLModel):
    """A key as admins see it; the secret is not kept."""

    id: UUID
    name: str
    role: Role
    created_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


class KeyIssued(KeyPublic):
    """A key right after it was made: the only time that its secret is shown."""

    secret: str


class KeyList(SQLModel):
    """All keys, oldest first; there is never a further page."""

    items: list[KeyPublic]
    next: str | None = None
