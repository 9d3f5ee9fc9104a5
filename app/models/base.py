"""What every table and every body shares: rules for text and dates, ids, enum columns."""

import unicodedata
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID, uuid4

from pydantic import AfterValidator, ConfigDict, Strict, StringConstraints
from sqlalchemy import Enum
from sqlmodel import Field, SQLModel

from app.period import Period

# Set before any table is defined: constraints without a name can't be changed by a migration.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

_FORBIDDEN_CATEGORIES = {"Cs", "Cc"}
_ALLOWED_CONTROLS = {"\n", "\r", "\t"}


def clean_text(value: str) -> str:
    """Refuse NUL, other control characters and lone surrogates; PostgreSQL can't store them."""
    for character in value:
        if unicodedata.category(character) in _FORBIDDEN_CATEGORIES and (
            character not in _ALLOWED_CONTROLS
        ):
            raise ValueError("the text holds a character that can't be stored")
    return value


def period_text(value: str) -> str:
    """Bring a date to its one written form: 2027, 2027-Q2, 2027-04 or 2027-04-15."""
    return Period.parse(value).text


def _constrained(longest: int, shortest: int = 0) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=shortest, max_length=longest)


Line = Annotated[str, _constrained(160), AfterValidator(clean_text)]
NonEmptyLine = Annotated[str, _constrained(160, 1), AfterValidator(clean_text)]
Address = Annotated[str, _constrained(500, 1), AfterValidator(clean_text)]
Prose = Annotated[str, _constrained(4000), AfterValidator(clean_text)]
PeriodText = Annotated[str, _constrained(10), AfterValidator(period_text)]
Whole = Annotated[int, Strict()]  # neither true nor "5"
Real = Annotated[float, Strict()]  # likewise
CountryCode = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Z]{2}$")]
LanguageCode = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[a-z]{2,3}$")]
Slug = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", min_length=1, max_length=80)
]


class Body(SQLModel):
    """Base of every request body: unknown fields are refused, text is stripped."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)  # type: ignore[assignment] # SQLModel's own config type lacks these keys


class Row(SQLModel):
    """Base of every table with a UUID: id and the times of its making and last change."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    updated_at: datetime = Field(default_factory=lambda: datetime.now(UTC))


def text_enum(kind: type[StrEnum]) -> Any:
    """A column type that stores the member's value as text and refuses other words."""
    return Enum(
        kind,
        native_enum=False,
        length=40,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
    )
