"""Everything of a company in one answer, as it is handed to it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel

from app.models.company import CompanyPublic
from app.models.event import EventPublic
from app.models.key import KeyPublic
from app.models.need import Importance
from app.models.person import PersonPublic


class ExportedNeed(SQLModel):
    """One need of a requirement, each field as the person wrote it."""

    id: UUID
    created_at: datetime
    updated_at: datetime
    position: int
    name: str | None
    service: str | None
    modality: str | None
    platform: str | None
    stage: str | None
    therapeutic_area: str | None
    quality: Any
    scale: Any
    importance: Importance
    weight: float


class ExportedRequirement(SQLModel):
    """A requirement with its needs in their order."""

    id: UUID
    created_at: datetime
    updated_at: datetime
    title: str
    text: str | None
    wishes: dict[str, Any]
    shared_at: datetime | None
    used_at: datetime
    version: int
    needs: list[ExportedNeed]


class ExportedRun(SQLModel):
    """A run. `answer` is the text of the JSON that was sent, to the byte, so that it can be
    compared with `answer_digest`."""

    id: UUID
    created_at: datetime
    requirement_id: UUID
    requirement_version: int
    request: dict[str, Any]
    engine: str
    vocabulary: int
    catalogue: int
    request_digest: str
    answer_digest: str
    answer: str


class ExportedEvent(EventPublic):
    """An entry of the journal with what it is about."""

    noun: str
    noun_id: UUID


class ExportedSignIn(SQLModel):
    """A browser that somebody signed in with. `updated_at` is when it was last seen, true to a
    quarter of an hour."""

    person_id: UUID
    created_at: datetime
    updated_at: datetime
    expires_at: datetime


class CompanyExport(SQLModel):
    """Everything of a company, oldest first, but for passwords and the secrets of keys and
    sign-ins, which are stored as digests alone. The journal tells also of people, keys,
    requirements and runs that are gone, where the company itself made or ended them."""

    company: CompanyPublic
    people: list[PersonPublic]
    sign_ins: list[ExportedSignIn]
    keys: list[KeyPublic]
    requirements: list[ExportedRequirement]
    runs: list[ExportedRun]
    journal: list[ExportedEvent]
