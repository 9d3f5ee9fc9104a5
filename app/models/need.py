"""A need, and the wishes that hold for all needs, as a company states them."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field as Limit
from pydantic import StrictBool, StringConstraints
from sqlmodel import Field

from app.models.base import Body, CountryCode, LanguageCode, NonEmptyLine, PeriodText, Real
from app.models.capability import ScaleData
from app.models.provider import Ownership

NeedId = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")
]
MATCH_NEEDS = 32


class Importance(StrEnum):
    """Whether a need decides by itself (must) or counts by its points (should)."""

    MUST = "must"
    SHOULD = "should"


class NeedData(Body):
    """One thing wanted, each field in the sender's own words. One of service, modality, platform
    or therapeutic_area is enough."""

    id: NeedId | None = None
    service: NonEmptyLine | None = None
    modality: NonEmptyLine | None = None
    platform: NonEmptyLine | None = None
    stage: NonEmptyLine | None = None
    therapeutic_area: NonEmptyLine | None = None
    quality: NonEmptyLine | Annotated[list[NonEmptyLine], Limit(max_length=8)] | None = None
    scale: NonEmptyLine | ScaleData | None = None
    importance: Importance = Importance.SHOULD
    weight: Real = Field(default=1.0, gt=0, le=1000)


class CountriesData(Body):
    """Countries by ISO code: `required` and `excluded` decide, `preferred` counts."""

    required: Annotated[list[CountryCode], Limit(max_length=64)] = Field(default_factory=list)
    preferred: Annotated[list[CountryCode], Limit(max_length=64)] = Field(default_factory=list)
    excluded: Annotated[list[CountryCode], Limit(max_length=64)] = Field(
        default_factory=list,
        description="Ruled out: who works nowhere else doesn't fit, and who doesn't say where it "
        "works is asked.",
    )


class WishesData(Body):
    """What holds for all needs together; what is left out is read from the text."""

    needed_from: PeriodText | None = None
    countries: CountriesData = CountriesData()
    markets: Annotated[list[NonEmptyLine], Limit(max_length=16)] = Field(default_factory=list)
    ownership: Annotated[list[Ownership], Limit(max_length=8)] = Field(default_factory=list)
    languages: Annotated[list[LanguageCode], Limit(max_length=16)] = Field(default_factory=list)
    budget: NonEmptyLine | None = Field(
        default=None,
        description="Repeated in the answer as it is given, and not weighed: providers' records "
        "state no prices.",
    )
    include_inactive: StrictBool = False
