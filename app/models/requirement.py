"""What a company looks for: a requirement, its needs, and the wishes that hold for all of them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field as Limit
from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from app.models.base import Body, NonEmptyLine, Prose, Row, text_enum
from app.models.need import MATCH_NEEDS, Importance, NeedData, WishesData


class Requirement(Row, table=True):
    """A requirement's row: a trade secret of its company. `shared_at` is set while the centre's
    curators may read it; `used_at` is when it was last edited, shared or run."""

    portal_id: UUID = Field(foreign_key="portal.id", index=True)
    company_id: UUID = Field(foreign_key="company.id", ondelete="CASCADE", index=True)
    title: str = Field(max_length=160)
    text: str | None = Field(default=None, max_length=4000)
    wishes: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    shared_at: datetime | None = None
    used_at: datetime = Field(index=True)
    version: int = Field(default=1)


class RequirementNeed(Row, table=True):
    """One need of a requirement, each field as the person wrote it."""

    __tablename__ = "requirement_need"

    requirement_id: UUID = Field(foreign_key="requirement.id", ondelete="CASCADE", index=True)
    position: int
    name: str | None = Field(default=None, max_length=40)  # what HTTP calls the need's id
    service: str | None = Field(default=None, max_length=160)
    modality: str | None = Field(default=None, max_length=160)
    platform: str | None = Field(default=None, max_length=160)
    stage: str | None = Field(default=None, max_length=160)
    therapeutic_area: str | None = Field(default=None, max_length=160)
    quality: Any = Field(
        nullable=True, default=None, sa_type=JSON(none_as_null=True)
    )  # a line, a list of lines, or null
    scale: Any = Field(
        default=None, nullable=True, sa_type=JSON(none_as_null=True)
    )  # a line, a quantity, or null
    importance: Importance = Field(default=Importance.SHOULD, sa_type=text_enum(Importance))
    weight: float = 1.0


class RequirementCreate(Body):
    """What a company looks for: a text, needs, or both, with wishes that hold for all needs."""

    title: NonEmptyLine
    text: Prose | None = None
    needs: Annotated[list[NeedData], Limit(max_length=MATCH_NEEDS)] = Field(default_factory=list)
    wishes: WishesData = WishesData()
    company_id: UUID | None = Field(
        default=None, description="Whose it is; a portal's staff says so, a company needn't."
    )


class RequirementUpdate(Body):
    """What to change of a requirement; what is left out stays, needs and wishes as a whole."""

    title: NonEmptyLine | None = None
    text: Prose | None = None
    needs: Annotated[list[NeedData], Limit(max_length=MATCH_NEEDS)] | None = None
    wishes: WishesData | None = None


class RequirementPublic(SQLModel):
    """A requirement as its owner sees it, and the centre's staff while it is shared with them."""

    id: UUID
    company_id: UUID
    title: str
    text: str | None
    needs: list[NeedData]
    wishes: WishesData
    shared_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int


class RequirementPage(SQLModel):
    """A page of requirements, oldest first; `next` is the cursor of the page after it."""

    items: list[RequirementPublic]
    next: str | None
