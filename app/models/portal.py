"""Portals: a centre, cluster or association that uses the service; one of them operates it."""

from uuid import UUID

from sqlmodel import Field, SQLModel

from app.models.base import Body, NonEmptyLine, Row, Slug


class Portal(Row, table=True):
    """A portal's row. The one that operates the service keeps the catalogue and the portals."""

    slug: str = Field(unique=True, max_length=80)
    name: str = Field(max_length=160)
    operates: bool = False
    version: int = 1


class PortalCreate(Body):
    """A new portal: the name its members know, and the slug it is addressed by."""

    slug: Slug
    name: NonEmptyLine


class PortalUpdate(Body):
    """What of a portal may change."""

    name: NonEmptyLine


class PortalPublic(SQLModel):
    """A portal as admins and its own partners see it."""

    id: UUID
    slug: str
    name: str
    operates: bool
    version: int


class PortalPage(SQLModel):
    """A page of portals, in the order of slugs; `next` is the cursor of the page after it."""

    items: list[PortalPublic]
    next: str | None
