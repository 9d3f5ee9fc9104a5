"""Companies: start-ups, each under the portal that looks after it."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.models.base import Body, NonEmptyLine, Row


class Company(Row, table=True):
    """A company's row; everything that it keeps goes with it."""

    portal_id: UUID = Field(foreign_key="portal.id", index=True)
    name: str = Field(max_length=160)
    version: int = 1


class CompanyCreate(Body):
    """A new company; admins may name the portal, a partner's companies are always its own."""

    name: NonEmptyLine
    portal_id: UUID | None = None


class CompanyUpdate(Body):
    """What of a company may change."""

    name: NonEmptyLine


class CompanyPublic(SQLModel):
    """A company as its portal and its own people see it."""

    id: UUID
    portal_id: UUID
    name: str
    version: int
    created_at: datetime


class CompanyPage(SQLModel):
    """A page of companies, oldest first; `next` is the cursor of the page after it."""

    items: list[CompanyPublic]
    next: str | None
