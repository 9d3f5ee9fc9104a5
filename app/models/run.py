"""A run: a kept match, with what was asked, what was answered, and what it was computed from."""

from typing import Any
from uuid import UUID

from sqlalchemy import JSON
from sqlmodel import Field

from app.models.base import Row


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
