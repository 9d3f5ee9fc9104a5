"""A site of a provider: the table and its API classes."""

from enum import StrEnum
from typing import TYPE_CHECKING, Optional
from uuid import UUID

from sqlmodel import Field, Relationship, SQLModel

from app.models.base import Body, CountryCode, Line, NonEmptyLine, PeriodText, Prose, Row, text_enum
from app.models.certificate import CertificatePublic, Certificates

if TYPE_CHECKING:
    from app.models.provider import Provider


class Lifecycle(StrEnum):
    """How far a facility has come. Only a licence or a GMP batch makes it run."""

    PLANNED = "planned"
    CONSTRUCTION = "construction"
    QUALIFICATION = "qualification"
    LICENSED = "licensed"
    OPERATING = "operating"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class FacilityBase(SQLModel):
    """What is said of a facility; anything unknown is null."""

    name: NonEmptyLine
    city: Line | None = None
    country: CountryCode | None = None
    lifecycle: Lifecycle = Field(default=Lifecycle.UNKNOWN, sa_type=text_enum(Lifecycle))
    operational_from: PeriodText | None = None
    notes: Prose | None = None


class Facility(FacilityBase, Row, table=True):
    """A facility's row; `position` keeps the order of the record."""

    provider_id: UUID = Field(foreign_key="provider.id", ondelete="CASCADE", index=True)
    position: int = Field(default=0)
    provider: Optional["Provider"] = Relationship(
        back_populates="facilities", sa_relationship_kwargs={"lazy": "raise"}
    )


class FacilityCreate(Body, FacilityBase):
    """A new facility, with the certificates that name it."""

    certificates: Certificates = Field(default_factory=list)


class FacilityUpdate(Body):
    """What to change of a facility; `certificates` replaces those that name it."""

    name: NonEmptyLine = Field(None)
    city: Line | None = None
    country: CountryCode | None = None
    lifecycle: Lifecycle = Field(None)
    operational_from: PeriodText | None = None
    notes: Prose | None = None
    certificates: Certificates = Field(None)


class FacilityPublic(FacilityBase):
    """A facility with the certificates that name it."""

    id: UUID
    certificates: list[CertificatePublic]


class FacilityAnswer(FacilityPublic):
    """A facility by itself, with the version that the whole record has."""

    version: int


class FacilityList(SQLModel):
    """A provider's facilities in the order of the record; there is never a further page."""

    items: list[FacilityAnswer]
    next: str | None = None
