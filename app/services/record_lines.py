"""The shape of a line of the catalogue file, and how its faults are told.

A line holds the record as it was gathered, and after `sources` the optional keys for what that
shape can't say; an optional key is written only where it differs from what the words give.
"""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field as Limit
from pydantic import TypeAdapter, model_validator
from sqlmodel import Field

from app.models.base import (
    Address,
    Body,
    CountryCode,
    LanguageCode,
    Line,
    NonEmptyLine,
    PeriodText,
    Prose,
    Slug,
)
from app.models.capability import CapabilityStatus, ConceptIds, Evidence, Stages
from app.models.facility import Lifecycle
from app.models.provider import Lines, Operating, Ownership, ProviderKind, State

RecordFlag = Literal["planned", "not_a_service", "other_entity", "general_knowledge"]
Place = Annotated[int | None, Limit(ge=0, le=100_000)]


class QuantityLine(Body):
    """A quantity that the words of a scale don't give."""

    minimum: float | None = Field(default=None, ge=0, le=1e24)
    maximum: float | None = Field(default=None, ge=0, le=1e24)
    unit: NonEmptyLine
    kind: NonEmptyLine

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.minimum is None and self.maximum is None:
            raise ValueError("a quantity needs a minimum or a maximum")
        if None not in (self.minimum, self.maximum) and self.minimum > self.maximum:  # type: ignore[operator] # None was ruled out
            raise ValueError("the minimum is above the maximum")
        return self


class CertificateLine(Body):
    """A certificate: three keys as gathered; with `scope`, nothing is read from the words."""

    authority: Line | None = None
    standard: NonEmptyLine
    year: PeriodText | None = None
    scope: Line | None = None
    wording: Line | None = None
    facility: Line | None = None
    facility_id: UUID | None = None
    expires_on: PeriodText | None = None
    source: Address | None = None
    id: UUID | None = None
    position: Place = None

    @property
    def is_explicit(self) -> bool:
        """Whether the line says by itself what the words would otherwise be read for."""
        return "scope" in self.model_fields_set


class FacilityLine(Body):
    """A facility; `lifecycle` where it isn't what the date and the notes say."""

    name: NonEmptyLine
    city: Line | None = None
    country: CountryCode | None = None
    operational_from: PeriodText | None = None
    notes: Prose | None = None
    lifecycle: Lifecycle | None = None
    id: UUID | None = None
    position: Place = None


class CapabilityLine(Body):
    """A capability; `quantities` where they aren't what the scale's words give."""

    service: NonEmptyLine
    modality: Line | None = None
    platform: Line | None = None
    stages: Stages = Field(default_factory=list)
    scale: Line | None = None
    quality: Line | None = None
    note: Prose | None = None
    flag: RecordFlag | None = None
    facility: Line | None = None
    status: CapabilityStatus | None = None
    lead_time_weeks: int | None = Field(default=None, ge=0, le=1000)
    available_from: PeriodText | None = None
    evidence: Evidence | None = None
    pinned: ConceptIds = Field(default_factory=list)
    quantities: Annotated[list[QuantityLine], Limit(max_length=64)] | None = None
    facility_id: UUID | None = None
    id: UUID | None = None
    position: Place = None


class ProviderLine(Body):
    """A line of the file: a provider with all its parts. Slug, name and kind are needed; what
    else is left out is unknown."""

    slug: Slug
    name: NonEmptyLine
    native_name: Line | None = None
    aliases: Lines = Field(default_factory=list)
    kind: ProviderKind
    ownership: Ownership = Ownership.UNKNOWN
    operating: Operating = Operating.UNKNOWN
    successor: Line | None = None
    country: CountryCode | None = None
    region: Line | None = None
    city: Line | None = None
    website: Address | None = None
    founded: Line | None = None
    description: Prose | None = None
    facilities: Annotated[list[FacilityLine], Limit(max_length=64)] = Field(default_factory=list)
    capabilities: Annotated[list[CapabilityLine], Limit(max_length=200)] = Field(
        default_factory=list
    )
    certifications: Annotated[list[CertificateLine], Limit(max_length=64)] = Field(
        default_factory=list
    )
    languages: Annotated[list[LanguageCode], Limit(max_length=64)] = Field(default_factory=list)
    memberships: Lines = Field(default_factory=list)
    therapeutic_areas: Lines = Field(default_factory=list)
    track_record: Annotated[list[Prose], Limit(max_length=64)] = Field(default_factory=list)
    confidence: Annotated[str | None, Limit(max_length=40)] = None
    sources: Annotated[list[Address], Limit(max_length=64)] = Field(default_factory=list)
    state: State = State.PUBLISHED
    assured_on: date | None = None
    founded_year: int | None = Field(default=None, ge=1500, le=2200)
    id: UUID | None = None


PROVIDER_LINE = TypeAdapter(ProviderLine)
