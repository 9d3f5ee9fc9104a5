"""A term of the vocabulary: the table and its API classes."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from app.models.base import text_enum


class Facet(StrEnum):
    """What a concept is about."""

    SERVICE = "service"
    MODALITY = "modality"
    PLATFORM = "platform"
    STAGE = "stage"
    QUALITY = "quality"
    SCALE_UNIT = "scale_unit"
    THERAPEUTIC_AREA = "therapeutic_area"
    EQUIPMENT = "equipment"


class ConceptBase(SQLModel):
    """A concept with its names and its links to others, by id."""

    facet: Facet = Field(sa_type=text_enum(Facet), index=True)
    labels: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    synonyms: list[str] = Field(default_factory=list, sa_type=JSON)
    broader: str | None = Field(default=None, max_length=80)
    related: list[str] = Field(default_factory=list, sa_type=JSON)
    not_same_as: list[str] = Field(default_factory=list, sa_type=JSON)
    codes: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    is_decoy: bool = False


class Concept(ConceptBase, table=True):
    """A concept's row; `id` is a slug such as `lnp-formulation`."""

    id: str = Field(primary_key=True, max_length=80)
    basis: str | None = Field(default=None, max_length=160)
    sources: list[str] = Field(default_factory=list, sa_type=JSON)
    position: int = Field(default=0)
    version: int = Field(default=1)


class ConceptPublic(ConceptBase):
    """A concept as the API shows it, with the concepts right below it."""

    id: str
    narrower: list[str]
    sources: list[str]
