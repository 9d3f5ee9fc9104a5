"""An organisation that offers services: the table and its API classes."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field as Limit
from sqlalchemy import JSON
from sqlmodel import Field, Relationship, SQLModel

from app.models.base import (
    Address,
    Body,
    CountryCode,
    LanguageCode,
    Line,
    NonEmptyLine,
    Prose,
    Row,
    Slug,
    Whole,
    text_enum,
)
from app.models.capability import Capability, CapabilityCreate, CapabilityPublic
from app.models.certificate import Certificate, CertificatePublic, Certificates
from app.models.facility import Facility, FacilityCreate, FacilityPublic


class ProviderKind(StrEnum):
    """What sort of organisation it is."""

    PUBLIC_CDMO = "public_cdmo"
    CDMO = "cdmo"
    CRO_DISCOVERY = "cro_discovery"
    CRO_NONCLINICAL = "cro_nonclinical"
    CRO_CLINICAL = "cro_clinical"
    CONSULTANT = "consultant"
    HOSPITAL = "hospital"
    RESEARCH_INSTITUTE = "research_institute"
    TESTING_LAB = "testing_lab"
    SUPPLIER = "supplier"
    LOGISTICS = "logistics"
    CLUSTER = "cluster"
    ASSOCIATION = "association"


class Ownership(StrEnum):
    """Who owns it."""

    PUBLIC = "public"
    PRIVATE = "private"
    PPP = "ppp"
    NONPROFIT = "nonprofit"
    UNKNOWN = "unknown"


class Operating(StrEnum):
    """Whether it still works for others under this name."""

    ACTIVE = "active"
    RENAMED = "renamed"
    ABSORBED = "absorbed"
    CLOSED = "closed"
    CAPTIVE = "captive"
    UNKNOWN = "unknown"


class State(StrEnum):
    """Where the record stands in the curators' work."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


Lines = Annotated[list[NonEmptyLine], Limit(max_length=64)]


class ProviderBase(SQLModel):
    """What is said of a provider; anything unknown is null or empty."""

    name: NonEmptyLine
    native_name: Line | None = None
    aliases: Lines = Field(default_factory=list, sa_type=JSON)
    kind: ProviderKind = Field(sa_type=text_enum(ProviderKind))
    ownership: Ownership = Field(default=Ownership.UNKNOWN, sa_type=text_enum(Ownership))
    country: CountryCode | None = None
    region: Line | None = None
    city: Line | None = None
    website: Address | None = None
    founded_year: Whole | None = Field(default=None, ge=1500, le=2200)
    description: Prose | None = None
    languages: Annotated[list[LanguageCode], Limit(max_length=64)] = Field(
        default_factory=list, sa_type=JSON
    )
    memberships: Lines = Field(default_factory=list, sa_type=JSON)
    therapeutic_areas: Lines = Field(default_factory=list, sa_type=JSON)
    track_record: Annotated[list[Prose], Limit(max_length=64)] = Field(
        default_factory=list, sa_type=JSON
    )
    operating: Operating = Field(default=Operating.UNKNOWN, sa_type=text_enum(Operating))
    successor: Line | None = None
    state: State = Field(default=State.DRAFT, sa_type=text_enum(State), index=True)
    assured_on: date | None = None
    sources: Annotated[list[Address], Limit(max_length=64)] = Field(
        default_factory=list, sa_type=JSON
    )


class Provider(ProviderBase, Row, table=True):
    """A provider's row. `version` counts edits of the record with all its parts; `revision` is
    the catalogue revision of its last change, by which workers find what to load again."""

    slug: str = Field(unique=True, max_length=80)
    founded: str | None = Field(default=None, max_length=160)  # the record's own words
    confidence: str | None = Field(default=None, max_length=40)  # the gatherer's, not used
    version: int = Field(default=1)
    revision: int = Field(default=0, index=True)

    facilities: list[Facility] = Relationship(
        back_populates="provider",
        cascade_delete=True,
        sa_relationship_kwargs={"lazy": "raise", "order_by": "Facility.position"},
    )
    certificates: list[Certificate] = Relationship(
        back_populates="provider",
        cascade_delete=True,
        sa_relationship_kwargs={"lazy": "raise", "order_by": "Certificate.position"},
    )
    capabilities: list[Capability] = Relationship(
        back_populates="provider",
        cascade_delete=True,
        sa_relationship_kwargs={"lazy": "raise", "order_by": "Capability.position"},
    )


class ProviderCreate(Body, ProviderBase):
    """A new provider, with its parts if they are known already. It starts as a draft."""

    slug: Slug | None = None  # made from the name when left out
    certificates: Certificates = Field(default_factory=list)
    facilities: Annotated[list[FacilityCreate], Limit(max_length=64)] = Field(default_factory=list)
    capabilities: Annotated[list[CapabilityCreate], Limit(max_length=200)] = Field(
        default_factory=list
    )


class ProviderUpdate(Body):
    """What to change; what is left out stays. A name, for example, may not be null."""

    name: NonEmptyLine = Field(None)
    native_name: Line | None = None
    aliases: Lines = Field(None)
    kind: ProviderKind = Field(None)
    ownership: Ownership = Field(None)
    country: CountryCode | None = None
    region: Line | None = None
    city: Line | None = None
    website: Address | None = None
    founded_year: Whole | None = Field(default=None, ge=1500, le=2200)
    description: Prose | None = None
    languages: Annotated[list[LanguageCode], Limit(max_length=64)] = Field(None)
    memberships: Lines = Field(None)
    therapeutic_areas: Lines = Field(None)
    track_record: Annotated[list[Prose], Limit(max_length=64)] = Field(None)
    operating: Operating = Field(None)
    successor: Line | None = None
    state: State = Field(None)
    assured_on: date | None = None
    sources: Annotated[list[Address], Limit(max_length=64)] = Field(None)
    certificates: Certificates = Field(None)


class ProviderSummary(SQLModel):
    """A provider as lists show it."""

    id: UUID
    slug: str
    name: str
    native_name: str | None
    kind: ProviderKind
    ownership: Ownership
    country: str | None
    region: str | None
    city: str | None
    operating: Operating
    state: State
    description: str | None


class ProviderPublic(ProviderBase):
    """A provider with all its parts and sources."""

    id: UUID
    slug: str
    version: int
    created_at: datetime
    updated_at: datetime
    certificates: list[CertificatePublic]
    facilities: list[FacilityPublic]
    capabilities: list[CapabilityPublic]
