"""The answer kept for a creating request that carried an Idempotency-Key."""

from datetime import datetime

from sqlmodel import Field, UniqueConstraint

from app.models.base import Row


class IdempotentAnswer(Row, table=True):
    """Kept in the transaction of the effect itself, so that both are there or neither."""

    __tablename__ = "idempotent_answer"
    __table_args__ = (UniqueConstraint("caller", "route", "idempotency_key"),)

    caller: str = Field(max_length=80)
    route: str = Field(max_length=300)
    idempotency_key: str = Field(max_length=255)
    payload_digest: str = Field(max_length=64)
    status: int
    etag: str | None = Field(default=None, max_length=80)
    location: str | None = Field(default=None, max_length=300)
    body: str
    expires_at: datetime
