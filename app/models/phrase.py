"""Wordings that the vocabulary doesn't understand, as curators see them, and what is kept of
those that companies share."""

from enum import StrEnum

from sqlmodel import Field, SQLModel

from app.models.base import Body
from app.models.concept import Facet
from app.models.directory import Cursor


class Source(StrEnum):
    """Whose words: of the catalogue's records, or of needs whose senders agreed."""

    CATALOGUE = "catalogue"
    NEEDS = "needs"


class PhraseField(StrEnum):
    """Where a phrase stood; `text` is the free text of a need."""

    SERVICE = "service"
    MODALITY = "modality"
    PLATFORM = "platform"
    QUALITY = "quality"
    THERAPEUTIC_AREA = "therapeutic_area"
    TEXT = "text"


class SharedPhrase(SQLModel, table=True):
    """A phrase of needs by its keyed digest. Its words are written down only when enough
    companies have used it; until then nobody can read them here.

    Without times: beside the log they would tell who said it.
    """

    __tablename__ = "shared_phrase"

    digest: str = Field(primary_key=True, max_length=64)
    companies: int = 0
    field: str | None = Field(default=None, max_length=40)
    phrase: str | None = Field(default=None, max_length=160)


class PhraseUse(SQLModel, table=True):
    """That a company used a phrase. Its digest differs from phrase to phrase, so that one
    company's phrases can't be put together."""

    __tablename__ = "phrase_use"

    phrase: str = Field(primary_key=True, max_length=64)
    company: str = Field(primary_key=True, max_length=64)


class PhraseSecret(SQLModel, table=True):
    """The installation's own key of these digests, where the settings name none."""

    __tablename__ = "phrase_secret"

    id: int = Field(default=1, primary_key=True)
    secret: str = Field(max_length=64)


class PhraseQuery(Body):
    """Whose phrases to list."""

    source: Source = Field(
        default=Source.CATALOGUE,
        description="`catalogue`: of providers' own records. `needs`: of needs whose senders set "
        "`share_wording`, once three companies have used the phrase.",
    )
    limit: int = Field(default=50, ge=1, le=200, description="How many to list.")
    after: Cursor | None = Field(default=None, description="`next` of the page before.")


class Nearest(SQLModel):
    """The concept that a phrase comes nearest to: a hint, not a reading."""

    id: str
    facet: Facet
    labels: dict[str, str]
    matched: str


class PhrasePublic(SQLModel):
    """A phrase that no concept explains. `count` says how many providers wrote it, or how many
    companies; `examples` are slugs of such providers, and stay empty for needs."""

    phrase: str
    field: PhraseField
    count: int
    examples: list[str]
    nearest: Nearest | None


class PhrasePage(SQLModel):
    """A page of phrases, the most used first."""

    items: list[PhrasePublic]
    next: str | None
