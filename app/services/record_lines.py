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

    authority: Line | None
    standard: NonEmptyLine
    year: PeriodText | None
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
    city: Line | None
    country: CountryCode | None
    operational_from: PeriodText | None
    notes: Prose | None
    lifecycle: Lifecycle | None = None
    id: UUID | None = None
    position: Place = None


class CapabilityLine(Body):
    """A capability; `quantities` where they aren't what the scale's words give."""

    service: NonEmptyLine
    modality: Line | None
    platform: Line | None
    stages: Stages
    scale: Line | None
    quality: Line | None
    note: Prose | None
    flag: RecordFlag | None
    facility: Line | None
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
    """A line of the file: a provider with all its parts."""

    slug: Slug
    name: NonEmptyLine
    native_name: Line | None
    aliases: Lines
    kind: ProviderKind
    ownership: Ownership
    operating: Operating
    successor: Line | None
    country: CountryCode | None
    region: Line | None
    city: Line | None
    website: Address | None
    founded: Line | None
    description: Prose | None
    facilities: Annotated[list[FacilityLine], Limit(max_length=64)]
    capabilities: Annotated[list[CapabilityLine], Limit(max_length=200)]
    certifications: Annotated[list[CertificateLine], Limit(max_length=64)]
    languages: Annotated[list[LanguageCode], Limit(max_length=64)]
    memberships: Lines
    therapeutic_areas: Lines
    track_record: Annotated[list[Prose], Limit(max_length=64)]
    confidence: Annotated[str | None, Limit(max_length=40)]
    sources: Annotated[list[Address], Limit(max_length=64)]
    state: State = State.PUBLISHED
    assured_on: date | None = None
    founded_year: int | None = Field(default=None, ge=1500, le=2200)
    id: UUID | None = None


PROVIDER_LINE = TypeAdapter(ProviderLine)
