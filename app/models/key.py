"""A key with which a machine or a curator's script speaks to the service."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field

from app.models.base import Row, text_enum


class Role(StrEnum):
    """What the bearer of a key may do."""

    ADMIN = "admin"
    CURATOR = "curator"


class Key(Row, table=True):
    """A key's row: only the SHA-256 of the secret is stored."""

    name: str = Field(max_length=160)
    role: Role = Field(sa_type=text_enum(Role))
    digest: str = Field(unique=True, max_length=64)
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None
