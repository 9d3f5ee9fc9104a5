"""People who sign in: what they are to a portal or company, their sign-ins and their tokens."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, UniqueConstraint

from app.models.base import Row, text_enum
from app.models.key import Role


class Purpose(StrEnum):
    """What a one-time token is good for."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password-reset"


class Person(Row, table=True):
    """A person's row. One e-mail address may stand for several people, each in another company or
    portal: `home_id` is the company, or the portal of staff, so that nobody learns from a refusal
    that somebody is known elsewhere."""

    __table_args__ = (UniqueConstraint("home_id", "email"),)

    portal_id: UUID = Field(foreign_key="portal.id", index=True)
    company_id: UUID | None = Field(
        default=None, foreign_key="company.id", ondelete="CASCADE", index=True
    )
    home_id: UUID
    email: str = Field(max_length=254, index=True)
    name: str = Field(max_length=160)
    role: Role = Field(sa_type=text_enum(Role))
    password_hash: str | None = Field(default=None, max_length=255)
    last_signed_in_at: datetime | None = None


class SignIn(Row, table=True):
    """A browser that a person signed in with: only the SHA-256 of its cookie is stored."""

    __tablename__ = "sign_in"

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    digest: str = Field(unique=True, max_length=64)
    csrf_token: str = Field(max_length=64)
    expires_at: datetime


class OneTimeToken(Row, table=True):
    """A link sent by mail: only the SHA-256 of its secret is stored; using it deletes it."""

    __tablename__ = "one_time_token"

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE", index=True)
    purpose: Purpose = Field(sa_type=text_enum(Purpose))
    digest: str = Field(unique=True, max_length=64)
    expires_at: datetime
