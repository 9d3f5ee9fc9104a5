"""What moved between two runs of a requirement, and why."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.models.match import Verdict

Eligibility = Literal["eligible", "conditional", "ineligible"]


class RunOrigin(SQLModel):
    """A run, and what it was computed from."""

    id: UUID
    created_at: datetime
    engine: str
    vocabulary: int
    catalogue: int
    as_of: date
    requirement_version: int


class RequestChange(SQLModel):
    """A field of the request that differs, such as `needs[0].stage`; null where it wasn't set."""

    path: str
    before: Any
    after: Any


class ProviderMoved(SQLModel):
    """The provider that moved, by its name in the second run."""

    id: UUID
    slug: str
    name: str


class LineMoved(SQLModel):
    """A line of the ledger that differs; `need` is null for a wish, and a side is null where that
    run has no such line. `facts` are the ids of those facts of the record that the line is judged
    by; where there is none, something else than the record moved it."""

    need: str | None
    criterion: str
    verdict_before: Verdict | None
    verdict_after: Verdict | None
    won_before: float | None
    won_after: float | None
    score_before: float | None
    score_after: float | None
    offered_before: str | None
    offered_after: str | None
    facts: list[int]


class Fact(SQLModel):
    """A change of the provider's record as the journal keeps it. `before` and `after` hold what
    differs; the `id` in them names the part of the record."""

    id: int
    at: datetime
    action: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    revision: int


class Move(SQLModel):
    """What differs for one provider; a side is null where that run doesn't list it.

    `overtook` and `overtaken_by` are slugs: of those that stood above it and do
    so no longer, and of those that stand above it now and didn't before."""

    provider: ProviderMoved
    rank_before: int | None
    rank_after: int | None
    score_before: float | None
    score_after: float | None
    eligibility_before: Eligibility | None
    eligibility_after: Eligibility | None
    fits_from_before: str | None
    fits_from_after: str | None
    lines: list[LineMoved]
    facts: list[Fact]
    overtook: list[str]
    overtaken_by: list[str]
    text: str


class RunDiff(SQLModel):
    """What moved from the first run (`old`) to the second (`new`), and which facts moved it.

    `moves` stand in the order of the second run; those that left its list follow."""

    old: RunOrigin
    new: RunOrigin
    same_request: bool
    request_changes: list[RequestChange]
    same_engine: bool
    same_vocabulary: bool
    direction: Literal["forward", "backward", "same"] = Field(
        description="Whether the second run saw a later catalogue. `backward`: it saw an earlier "
        "one, and the facts are those that it didn't know yet."
    )
    moves: list[Move]
    summary: str
