"""People who sign in: what they are to a portal or company, their sign-ins and their tokens."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, StringConstraints
from sqlmodel import Field, SQLModel, UniqueConstraint

from app.models.base import Body, NonEmptyLine, Row, clean_text, text_enum
from app.models.key import Role

LONGEST_PASSWORD = 200


def email_address(value: str) -> str:
    """An e-mail address in the one form in which it is stored; ValueError for anything else.
    Nobody is asked whether its domain exists."""
    try:
        found = validate_email(
            value,
            check_deliverability=False,
            globally_deliverable=False,
            allow_smtputf8=False,
            strict=True,
        )
    except EmailNotValidError:
        raise ValueError("this is no e-mail address") from None
    return (found.ascii_email or found.normalized).lower()


Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254),
    AfterValidator(clean_text),
    AfterValidator(email_address),
]
Password = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_PASSWORD), AfterValidator(clean_text)
]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=100)]
StaffRole = Literal[Role.ADMIN, Role.CURATOR, Role.PARTNER, Role.COMPANY]


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


class PersonInvite(Body):
    """Whom to invite, and as what. `portal_id` is the caller's own unless an admin names another;
    somebody of a company needs its `company_id`, unless the caller is the company."""

    email: Email
    name: NonEmptyLine
    role: StaffRole
    portal_id: UUID | None = None
    company_id: UUID | None = None


class PersonPublic(SQLModel):
    """A person as those see them who keep them. Who is `invited` has neither set a
    password nor signed in yet."""

    id: UUID
    portal_id: UUID
    company_id: UUID | None
    email: str
    name: str
    role: Role
    state: Literal["invited", "active"]
    created_at: datetime
    last_signed_in_at: datetime | None


class PersonPage(SQLModel):
    """A page of people, oldest first; `next` is the cursor of the page after it."""

    items: list[PersonPublic]
    next: str | None


class Credentials(Body):
    """What somebody signs in with. An address may stand for people of several companies and
    portals: `home_id` is the one that is meant, where there are several."""

    email: Email
    password: Password
    home_id: UUID | None = None


class SignInPublic(SQLModel):
    """Who is signed in, and until when at the latest. `csrf_token` goes into the header field
    X-CSRF-Token of every request that changes something."""

    person: PersonPublic
    csrf_token: str
    expires_at: datetime


class PasswordResetAsk(Body):
    """Whose password is to be set anew."""

    email: Email


class NewPassword(Body):
    """The secret of a link, and the password to set: 12 to 200 characters."""

    token: Secret
    password: Password
