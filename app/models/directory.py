"""Lists of providers and concepts: what may be asked for, and how pages are answered."""

from typing import Annotated

from pydantic import Field as Limit
from sqlmodel import Field, SQLModel

from app.models.base import Body, CountryCode, Line, NonEmptyLine, PeriodText
from app.models.capability import Stage
from app.models.concept import ConceptPublic, Facet
from app.models.provider import Operating, Ownership, ProviderKind, ProviderSummary, State

Cursor = Annotated[str, Limit(max_length=400)]


class ProviderQuery(Body):
    """A search with its filters. A repeated filter takes any of its values; different filters
    hold together."""

    q: Line | None = Field(
        default=None,
        description="Words to search for, in any language: names, what is offered, places. Every "
        "word has to be found; spelling is repaired.",
    )
    kind: list[ProviderKind] = Field(
        default=[], max_length=13, description="What sort of organisation it is."
    )
    ownership: list[Ownership] = Field(default=[], max_length=5, description="Who owns it.")
    country: list[CountryCode] = Field(
        default=[],
        max_length=100,
        description="Where it sits or has a facility, as ISO 3166-1 codes such as KR.",
    )
    concept: list[NonEmptyLine] = Field(
        default=[],
        max_length=20,
        description="Ids of concepts that it offers, or something narrower.",
    )
    narrower: bool = Field(
        default=True, description="Whether offers of narrower concepts count for `concept`."
    )
    stage: list[Stage] = Field(
        default=[], max_length=6, description="Stages that one of its capabilities covers."
    )
    certificate: list[NonEmptyLine] = Field(
        default=[],
        max_length=10,
        description="A standard or an authority, such as GMP or MFDS, that a certificate of the "
        "provider or of a facility names and that hasn't run out.",
    )
    operational_by: PeriodText | None = Field(
        default=None,
        description="Has a capability or facility that runs by then, or is planned to: 2027, "
        "2027-Q2, 2027-04 or 2027-04-15. A plan whose date has passed doesn't count until "
        "somebody confirms it.",
    )
    operating: list[Operating] = Field(
        default=[], max_length=6, description="Whether it still works for others under this name."
    )
    state: State = Field(
        default=State.PUBLISHED, description="Drafts and archived records are for curators."
    )
    limit: int = Field(default=50, ge=1, le=200, description="The most that a page holds.")
    after: Cursor | None = Field(default=None, description="The `next` of the page before.")


class FacetCount(SQLModel):
    """How many providers stand under a value."""

    value: str
    count: int


class ProviderFacets(SQLModel):
    """Counts over all that the search and the other filters leave, most first: each facet
    ignores the filter of its own name, so that it shows what widening would bring."""

    kind: list[FacetCount]
    country: list[FacetCount]
    ownership: list[FacetCount]
    stage: list[FacetCount]
    operating: list[FacetCount]


class ProviderPage(SQLModel):
    """A page of providers; `next` is the cursor of the page after it, `total` counts all pages."""

    items: list[ProviderSummary]
    next: str | None
    total: int
    facets: ProviderFacets


class ConceptQuery(Body):
    """Which concepts to list."""

    q: Line | None = Field(
        default=None, description="Part of a name in any language; spelling is repaired."
    )
    facet: Facet | None = Field(default=None, description="What the concept is about.")
    decoys: bool = Field(
        default=False,
        description="Whether concepts are listed that only exist to catch a look-alike.",
    )
    limit: int = Field(default=50, ge=1, le=200, description="The most that a page holds.")
    after: Cursor | None = Field(default=None, description="The `next` of the page before.")


class ConceptPage(SQLModel):
    """A page of concepts; `next` is the cursor of the page after it."""

    items: list[ConceptPublic]
    next: str | None


class SuggestionQuery(Body):
    """What someone is typing."""

    q: NonEmptyLine = Field(description="The letters typed so far, in any language.")
    facet: Facet | None = Field(default=None, description="What the concept is about.")
    limit: int = Field(default=10, ge=1, le=50, description="The most that are suggested.")


class Suggestion(SQLModel):
    """A concept that may be meant, and the written form by which it was found."""

    id: str
    facet: Facet
    labels: dict[str, str]
    matched: str


class Suggestions(SQLModel):
    """Suggestions, best first."""

    items: list[Suggestion]
