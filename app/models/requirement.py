"""What a company looks for: a requirement, its needs, and the wishes that hold for all of them."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON
from sqlmodel import Field

from app.models.base import Row, text_enum


class Importance(StrEnum):
    """Whether a need decides by itself (must) or counts by its points (should)."""

    MUST = "must"
    SHOULD = "should"


class Requirement(Row, table=True):
    """A requirement's row: a trade secret of whoever wrote it."""

    title: str = Field(max_length=160)
    text: str | None = Field(default=None, max_length=4000)
    needed_from: str | None = Field(default=None, max_length=10)
    countries_required: list[str] = Field(default_factory=list, sa_type=JSON)
    countries_preferred: list[str] = Field(default_factory=list, sa_type=JSON)
    markets: list[str] = Field(default_factory=list, sa_type=JSON)
    ownership: list[str] = Field(default_factory=list, sa_type=JSON)
    languages: list[str] = Field(default_factory=list, sa_type=JSON)
    budget: str | None = Field(default=None, max_length=160)
    version: int = Field(default=1)


class RequirementNeed(Row, table=True):
    """One need of a requirement, each field as the person wrote it."""

    __tablename__ = "requirement_need"

    requirement_id: UUID = Field(foreign_key="requirement.id", ondelete="CASCADE", index=True)
    position: int = Field(default=0)
    service: str | None = Field(default=None, max_length=160)
    modality: str | None = Field(default=None, max_length=160)
    platform: str | None = Field(default=None, max_length=160)
    stage: str | None = Field(default=None, max_length=160)
    therapeutic_area: str | None = Field(default=None, max_length=160)
    quality: list[str] = Field(default_factory=list, sa_type=JSON)
    scale: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    importance: Importance = Field(default=Importance.SHOULD, sa_type=text_enum(Importance))
    weight: float = 1.0
