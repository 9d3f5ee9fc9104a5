"""Counters that tell every worker when the catalogue or the vocabulary has changed."""

from sqlmodel import Field, SQLModel


class Revision(SQLModel, table=True):
    """One row each for `catalogue` and `vocabulary`; a write adds one in its own transaction."""

    name: str = Field(primary_key=True, max_length=40)
    number: int = 0
