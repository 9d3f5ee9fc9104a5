"""The journal: who changed what, when, before and after, in the same transaction as the change."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel


class EventBase(SQLModel):
    """One entry of the journal; nothing ever edits or deletes it."""

    at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    actor: str = Field(max_length=80)  # "key:<id>", or "system" for the loader and command line
    action: str = Field(max_length=40)  # created, updated, archived, facility-created, imported …
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    after: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    request_id: str | None = Field(default=None, max_length=80)
    revision: int = Field(default=0)


class Event(EventBase, table=True):
    """An entry's row; `id` grows with time. `noun` and `noun_id` say what was changed."""

    id: int | None = Field(default=None, primary_key=True)
    noun: str = Field(max_length=40)
    noun_id: UUID = Field(index=True)


class EventPublic(EventBase):
    """An entry as /history shows it."""

    id: int


class EventPage(SQLModel):
    """A page of the journal, newest first; `next` is the cursor of the page after it."""

    items: list[EventPublic]
    next: str | None
