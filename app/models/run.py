"""A run: a kept match, with what was asked, what was answered, and what it was computed from."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import StrictBool
from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from app.models.base import Body, NonEmptyLine, Row, Whole
from app.models.match import (
    MATCH_LIMIT,
    ComputedFrom,
    CriterionName,
    Day,
    Lang,
    MatchAnswer,
    MatchData,
    Weight,
)


class Run(Row, table=True):
    """A run's row; nothing ever changes it. `answer` is the JSON that was sent, to the byte."""

    portal_id: UUID = Field(foreign_key="portal.id", index=True)
    company_id: UUID = Field(foreign_key="company.id", ondelete="CASCADE", index=True)
    requirement_id: UUID = Field(foreign_key="requirement.id", ondelete="CASCADE", index=True)
    requirement_version: int
    request: dict[str, Any] = Field(sa_type=JSON)
    engine: str = Field(max_length=40)
    vocabulary: int
    catalogue: int
    request_digest: str = Field(max_length=64)
    answer_digest: str = Field(max_length=64)
    answer: str


class RunCreate(Body):
    """How a requirement is matched; all of it may be left out."""

    preset: NonEmptyLine = "balanced"
    weights: dict[CriterionName, Weight] = Field(default_factory=dict)
    lang: Lang = "en"
    as_of: Day | None = None
    limit: Whole = Field(default=20, ge=1, le=MATCH_LIMIT)
    include_ineligible: StrictBool = False


class RunComputedFrom(ComputedFrom):
    """What a run was computed from, with the SHA-256 of what was asked and answered."""

    request_digest: str
    answer_digest: str


class RunSummary(SQLModel):
    """A run without its answer."""

    id: UUID
    requirement_id: UUID
    requirement_version: int
    created_at: datetime
    request: MatchData
    computed_from: RunComputedFrom


class RunPublic(RunSummary):
    """A run: what was asked, what was answered, and what it was computed from."""

    answer: MatchAnswer


class RunPage(SQLModel):
    """A page of a requirement's runs, oldest first; `next` is the cursor of the page after it."""

    items: list[RunSummary]
    next: str | None
