"""A certificate or licence of a facility, or of a provider whose record names no site."""

from typing import TYPE_CHECKING, Annotated, Optional
from uuid import UUID

from pydantic import Field as Limit
from sqlmodel import Field, Relationship, SQLModel

from app.models.base import Address, Body, Line, NonEmptyLine, PeriodText, Row

if TYPE_CHECKING:
    from app.models.provider import Provider


class CertificateBase(SQLModel):
    """Who certified what: GMP is a fact of a site and a scope, never of a company."""

    authority: Line | None = None
    standard: NonEmptyLine
    scope: Line | None = None
    issued_on: PeriodText | None = None
    expires_on: PeriodText | None = None
    source: Address | None = None


class Certificate(CertificateBase, Row, table=True):
    """A certificate's row; without `facility_id` the site is not stated."""

    provider_id: UUID = Field(foreign_key="provider.id", ondelete="CASCADE", index=True)
    facility_id: UUID | None = Field(
        default=None, foreign_key="facility.id", ondelete="CASCADE", index=True
    )
    position: int = Field(default=0)
    wording: str | None = Field(default=None, max_length=160)  # as the record wrote the standard
    provider: Optional["Provider"] = Relationship(
        back_populates="certificates", sa_relationship_kwargs={"lazy": "raise"}
    )


class CertificateData(Body, CertificateBase):
    """A certificate as a curator writes it."""


Certificates = Annotated[list[CertificateData], Limit(max_length=64)]


class CertificatePublic(CertificateBase):
    """A certificate; `site` says whether the record names the site."""

    id: UUID
    facility_id: UUID | None
    site: str
