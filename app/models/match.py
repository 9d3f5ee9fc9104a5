"""What a match takes and answers. Points go out as numbers with two decimals."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, StrictBool
from pydantic import Field as Limit
from sqlmodel import Field, SQLModel

from app.models.base import Body, NonEmptyLine, Prose, Real, Whole
from app.models.need import MATCH_NEEDS, Importance, NeedData, WishesData
from app.models.provider import Operating, ProviderKind

Lang = Literal["en", "ko"]
Verdict = Literal["met", "partly", "unknown", "missed"]
How = Literal["exact", "phrase", "spelling", "context", "ambiguous"]
Weight = Annotated[Real, Limit(ge=0, le=1000)]


def _written(value: Any) -> Any:
    """A number would be read as a point in time."""
    if isinstance(value, (str, date)):
        return value
    raise ValueError("write the day as 2027-04-15")


def _in_our_time(value: date) -> date:
    if not 1900 <= value.year <= 2200:
        raise ValueError("the year lies outside 1900 to 2200")
    return value


Day = Annotated[date, BeforeValidator(_written), AfterValidator(_in_our_time)]
MATCH_LIMIT = 100


class CriterionName(StrEnum):
    """The criteria that weights can name; `GET /v1/criteria` says what each compares."""

    SERVICE = "service"
    MODALITY = "modality"
    REGIME = "regime"
    BREADTH = "breadth"
    PLATFORM = "platform"
    STAGE = "stage"
    THERAPEUTIC_AREA = "therapeutic_area"
    QUALITY = "quality"
    SCALE = "scale"
    TIME = "time"
    WORDING = "wording"
    PLACE = "place"
    MARKET = "market"
    LANGUAGE = "language"
    OWNERSHIP = "ownership"
    FRESHNESS = "freshness"


# --- what is asked ------------------------------------------------------------------------------


class IntakeData(Body):
    """A need in free text, English or Korean."""

    text: Annotated[Prose, Limit(min_length=1)]
    lang: Lang = "en"


class MatchData(Body):
    """A request for a shortlist: a text, needs, or both. Given needs stand as they are; the text
    adds wording and the wishes they lack."""

    text: Prose | None = None
    needs: Annotated[list[NeedData], Limit(max_length=MATCH_NEEDS)] = Field(default_factory=list)
    wishes: WishesData = WishesData()
    preset: NonEmptyLine = "balanced"
    weights: dict[CriterionName, Weight] = Field(default_factory=dict)
    lang: Lang = "en"
    as_of: Day | None = None
    limit: Whole = Field(default=20, ge=1, le=MATCH_LIMIT)
    include_ineligible: StrictBool = False
    share_wording: StrictBool = Field(
        default=False,
        description="Whether phrases that no term explains may help to extend the vocabulary. "
        "Only a company's key can share; a phrase is kept as a digest until three companies have "
        "used it.",
    )


# --- what was understood ------------------------------------------------------------------------


class SpanPublic(SQLModel):
    """A stretch of the sender's text: from the first character to the one after the last."""

    text: str
    span: tuple[int, int]


class FieldPublic(SQLModel):
    """What a field was read as. `how` is null where nothing was understood; `readings` names the
    candidates where it is ambiguous."""

    text: str
    span: tuple[int, int] | None
    concepts: list[str]
    how: How | None
    readings: list[str]


class StagePublic(FieldPublic):
    """A stage with the stages of development that it means."""

    stages: list[str]


class QuantityPublic(FieldPublic):
    """A scale with the quantity that it means."""

    minimum: float | None
    maximum: float | None
    unit: str | None
    kind: str | None


class NeedPublic(SQLModel):
    """A need as it was understood."""

    id: str
    importance: Importance
    weight: float
    service: FieldPublic | None
    modality: FieldPublic | None
    platform: FieldPublic | None
    stage: StagePublic | None
    therapeutic_area: FieldPublic | None
    quality: list[FieldPublic]
    scale: QuantityPublic | None


class CountriesPublic(SQLModel):
    """Countries by ISO code."""

    required: list[str]
    preferred: list[str]
    excluded: list[str] = Field(default_factory=list)  # runs kept earlier don't have it


class WishesPublic(SQLModel):
    """The wishes that the match went by."""

    needed_from: str | None
    countries: CountriesPublic
    markets: list[str]
    ownership: list[str]
    languages: list[str]
    budget: str | None = Field(
        description="As it was written. It changes no score, because no record states prices: ask "
        "for a quotation."
    )
    include_inactive: bool


class QuestionPublic(SQLModel):
    """Something worth adding to the request, because it would move the ranking."""

    need: str | None
    field: str
    ask: str


class UnderstoodPublic(SQLModel):
    """All that was read, what was not, and what would help."""

    needs: list[NeedPublic]
    wishes: WishesPublic
    not_understood: list[SpanPublic]
    outside_the_field: list[SpanPublic]
    questions: list[QuestionPublic]


# --- the answer ---------------------------------------------------------------------------------


class ComputedFrom(SQLModel):
    """What an answer was computed from: the same of these gives the same bytes."""

    engine: str
    vocabulary: int
    catalogue: int
    as_of: date


class PointPublic(SQLModel):
    """A line of the ledger: won + unknown + lost = possible; score = won + prior x unknown."""

    criterion: CriterionName
    possible: float
    won: float
    unknown: float
    lost: float
    prior: float
    score: float
    verdict: Verdict
    asked: str | None
    offered: str | None
    because: str
    evidence: str | None
    seen_on: date | None


class NeedMatchPublic(SQLModel):
    """How a need fares with the provider's best offer for it; the lines add up to it."""

    id: str
    capability_id: UUID | None
    facility_id: UUID | None
    possible: float
    won: float
    unknown: float
    lost: float
    score: float
    ledger: list[PointPublic]


class GatePublic(SQLModel):
    """A hard condition that is not plainly met, and the question that would settle it."""

    need: str | None
    criterion: CriterionName
    verdict: Verdict
    ask: str


class ChangePublic(SQLModel):
    """What would have to change, and who would have to change it, for a hard condition to be met.
    `you`: the need gives way, from `asked` to `instead` (null: it is dropped). `provider`: it shows
    or confirms something. All changes of a match together make the provider fit."""

    who: Literal["you", "provider"]
    need: str | None
    criterion: CriterionName
    asked: str | None
    instead: str | None
    text: str


class StabilityPublic(SQLModel):
    """How firmly a provider stands in its place, when each criterion's weight is drawn between a
    half and the double of what it is: the share of draws in which it is among the first `of` (the
    request's limit) and among the first ten, and the ranks within which it is in nine of ten.
    Those who tie hold all their places together: `ranks` spans the tie, and the places of the
    first that a tie has are shared evenly."""

    in_first: float
    of: int
    in_first_ten: float
    ranks: tuple[int, int]


class CostliestPublic(SQLModel):
    """The hard condition without which most providers more could fit, among those who may do the
    work: `total` counts who fail it, `alone` who are known to fail no other."""

    need: str | None
    criterion: CriterionName
    asked: str
    alone: int
    total: int
    text: str


class ProviderMatched(SQLModel):
    """The provider of a match."""

    id: UUID
    slug: str
    name: str
    kind: ProviderKind
    country: str | None
    city: str | None
    operating: Operating
    successor: str | None


class MatchPublic(SQLModel):
    """A provider's place on the shortlist. `low` counts unknown as lost, `high` as won. Providers
    of one `group`, counted from 1, can't be told apart: the first of a group is ahead of the first
    of the next in nine of ten draws of the weights. An ineligible provider has no group."""

    rank: int
    tied_with_previous: bool
    provider: ProviderMatched
    score: float
    low: float
    high: float
    eligibility: Literal["eligible", "conditional", "ineligible"]
    fits_from: str | None
    needs: list[NeedMatchPublic]
    wishes: list[PointPublic]
    gates: list[GatePublic]
    changes: list[ChangePublic]
    stability: StabilityPublic | None
    group: int | None


class LeftOutPublic(SQLModel):
    """A provider that would stand here but works for others no more, and who follows it."""

    slug: str
    name: str
    operating: Operating
    successor: str | None


class MatchAnswer(SQLModel):
    """A ranked shortlist in which every point is accounted for."""

    computed_from: ComputedFrom
    understood: UnderstoodPublic
    considered: int
    eligible: int
    conditional: int
    ineligible: int
    costliest: CostliestPublic | None
    matches: list[MatchPublic]
    left_out: list[LeftOutPublic]


class CriterionPublic(SQLModel):
    """A criterion as the matching uses it."""

    name: CriterionName
    text: str
    compares: str
    prior: float
    scope: Literal["need", "wishes"]


class PresetPublic(SQLModel):
    """A ready-made set of weights; only their proportions matter."""

    name: str
    text: str
    source: str
    weights: dict[CriterionName, float]


class CriteriaAnswer(SQLModel):
    """The criteria table itself, so that it can't drift from what is computed."""

    criteria: list[CriterionPublic]
    presets: list[PresetPublic]
    default_preset: str
