"""Something a provider offers: the table and its API classes."""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Optional
from uuid import UUID

from pydantic import Field as Limit
from sqlalchemy import JSON
from sqlmodel import Field, Relationship, SQLModel

from app.models.base import (
    Address,
    Body,
    Line,
    NonEmptyLine,
    PeriodText,
    Prose,
    Real,
    Row,
    Whole,
    text_enum,
)

if TYPE_CHECKING:
    from app.models.provider import Provider


class Stage(StrEnum):
    """How far a medicine has come."""

    DISCOVERY = "discovery"
    PRECLINICAL = "preclinical"
    PHASE1 = "phase1"
    PHASE2 = "phase2"
    PHASE3 = "phase3"
    COMMERCIAL = "commercial"


class CapabilityStatus(StrEnum):
    """Whether it is offered now."""

    OFFERED = "offered"
    PLANNED = "planned"
    PAUSED = "paused"


class CapabilityFlag(StrEnum):
    """Why a record is no offer (the first two) or only weak evidence of one (the last)."""

    NOT_A_SERVICE = "not_a_service"
    OTHER_ENTITY = "other_entity"
    GENERAL_KNOWLEDGE = "general_knowledge"


class Scale(SQLModel):
    """A quantity read from the provider's words: a range, its unit and what it measures."""

    minimum: float | None = None
    maximum: float | None = None
    unit: str | None = None
    kind: str | None = None


class ScaleData(Body):
    """A quantity as a person states it: at least one bound, and its unit."""

    minimum: Real | None = Field(default=None, ge=0, le=1e18)
    maximum: Real | None = Field(default=None, ge=0, le=1e18)
    unit: NonEmptyLine


class ScalePublic(Scale):
    """The first quantity of a capability, the words it was read from, and any further ones."""

    text: str | None = None
    further: list[Scale] = Field(default_factory=list)


class Evidence(Body):
    """The address of this very claim, and the day it was seen there."""

    address: Address
    seen_on: date | None = None


Stages = Annotated[list[Stage], Limit(max_length=6)]
ConceptIds = Annotated[list[NonEmptyLine], Limit(max_length=20)]


class CapabilityBase(SQLModel):
    """What is offered, in the provider's own wording; anything unknown is null or empty."""

    service: NonEmptyLine
    modality: Line | None = None
    platform: Line | None = None
    stages: Stages = Field(default_factory=list, sa_type=JSON)
    quality: Line | None = None
    lead_time_weeks: Whole | None = Field(default=None, ge=0, le=1000)
    available_from: PeriodText | None = None
    status: CapabilityStatus = Field(
        default=CapabilityStatus.OFFERED, sa_type=text_enum(CapabilityStatus)
    )
    flag: CapabilityFlag | None = Field(default=None, sa_type=text_enum(CapabilityFlag))
    note: Prose | None = None
    pinned: ConceptIds = Field(default_factory=list, sa_type=JSON)


class Capability(CapabilityBase, Row, table=True):
    """A capability's row: the words of its scale are kept beside the quantities read from them."""

    provider_id: UUID = Field(foreign_key="provider.id", ondelete="CASCADE", index=True)
    facility_id: UUID | None = Field(
        default=None, foreign_key="facility.id", ondelete="SET NULL", index=True
    )
    position: int = Field(default=0)
    scale: str | None = Field(default=None, max_length=160)
    quantities: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    evidence_address: str | None = Field(default=None, max_length=500)
    evidence_seen_on: date | None = None
    provider: Optional["Provider"] = Relationship(
        back_populates="capabilities", sa_relationship_kwargs={"lazy": "raise"}
    )


class CapabilityCreate(Body, CapabilityBase):
    """A new capability. `scale` is words ("2 x 1000 L") or a range with its unit; `facility`
    names one of the provider's facilities and works where they are created together."""

    scale: Line | ScaleData | None = None
    evidence: Evidence | None = None
    facility_id: UUID | None = None
    facility: Line | None = None


class CapabilityUpdate(Body):
    """What to change of a capability; what is left out stays."""

    service: NonEmptyLine = Field(None)
    modality: Line | None = None
    platform: Line | None = None
    stages: Stages = Field(None)
    quality: Line | None = None
    lead_time_weeks: Whole | None = Field(default=None, ge=0, le=1000)
    available_from: PeriodText | None = None
    status: CapabilityStatus = Field(None)
    flag: CapabilityFlag | None = None
    note: Prose | None = None
    pinned: ConceptIds = Field(None)
    scale: Line | ScaleData | None = None
    evidence: Evidence | None = None
    facility_id: UUID | None = None


class CapabilityPublic(CapabilityBase):
    """A capability as the API shows it."""

    id: UUID
    facility_id: UUID | None
    scale: ScalePublic | None
    evidence: Evidence | None


class CapabilityAnswer(CapabilityPublic):
    """A capability by itself, with the version that the whole record has."""

    version: int


class CapabilityList(SQLModel):
    """A provider's capabilities in the order of the record; there is never a further page."""

    items: list[CapabilityAnswer]
    next: str | None = None
