"""The words of the matching core: what is asked, what is offered, and how an answer is built.

Points are integer hundredths throughout: 4000 is 40.00 points. Only rendering divides by 100.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from app.period import Period

TOTAL = 10_000  # the possible points of every answer, in hundredths

Verdict = Literal["met", "partly", "unknown", "missed"]
Eligibility = Literal["eligible", "conditional", "ineligible"]
How = Literal["exact", "phrase", "spelling", "context", "ambiguous"]
STAGES = ("discovery", "preclinical", "phase1", "phase2", "phase3", "commercial")


# --- the vocabulary -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Concept:
    """A term of the vocabulary; links are ids of other concepts."""

    id: str
    facet: (
        str  # service, modality, platform, stage, quality, scale_unit, therapeutic_area, equipment
    )
    labels: Mapping[str, str]
    synonyms: tuple[str, ...] = ()
    broader: str | None = None
    related: tuple[str, ...] = ()
    not_same_as: tuple[str, ...] = ()
    codes: Mapping[str, object] = field(default_factory=dict)
    is_decoy: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a text that names something: `readings` when it could be several things."""

    text: str
    start: int
    end: int
    concepts: tuple[str, ...]
    how: How
    readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a whole phrase was understood to say, and the words that no concept explains."""

    phrase: str
    mentions: tuple[Mention, ...]
    rest: tuple[str, ...]

    @property
    def concepts(self) -> tuple[str, ...]:
        """Ids of all concepts found, in the order of the text, each once."""
        return tuple(dict.fromkeys(c for mention in self.mentions for c in mention.concepts))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A range with its unit and what it measures; a bound of None is open.

    `unit` is one of the canonical units of `app.matching.quantity`, `kind` the dimension that
    makes two quantities comparable (volume, mass, doses, vials, area, money, …).
    """

    minimum: float | None
    maximum: float | None
    unit: str
    kind: str
    text: str = ""


# --- what is offered ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Site:
    """A facility as the core sees it."""

    id: str
    name: str
    city: str | None = None
    country: str | None = None
    lifecycle: str = "unknown"
    operational_from: Period | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """A certificate or licence: of a site, or with `site_id` None where the site isn't stated."""

    standard: str
    authority: str | None = None
    scope: str | None = None
    site_id: str | None = None
    issued_on: Period | None = None
    expires_on: Period | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A capability as the core sees it; the words are the provider's own."""

    id: str
    service: str
    modality: str | None = None
    platform: str | None = None
    stages: tuple[str, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    scale: str | None = None
    quality: str | None = None
    status: str = "offered"  # offered, planned, paused
    flag: str | None = None  # general_knowledge is weak evidence; other flags never come here
    available_from: Period | None = None
    site_id: str | None = None
    note: str | None = None
    pinned: tuple[str, ...] = ()
    evidence: str | None = None
    seen_on: date | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A provider with everything that a match may weigh."""

    id: str
    slug: str
    name: str
    kind: str
    ownership: str = "unknown"
    country: str | None = None
    region: str | None = None
    city: str | None = None
    operating: str = "unknown"
    successor: str | None = None
    native_name: str | None = None
    aliases: tuple[str, ...] = ()
    description: str | None = None
    languages: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    assured_on: date | None = None
    sites: tuple[Site, ...] = ()
    proofs: tuple[Proof, ...] = ()
    offers: tuple[Offer, ...] = ()


# --- what is asked ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Understanding:
    """One field of a need: the words, where they stand in the text, and what they were read as."""

    text: str
    span: tuple[int, int] | None = None
    concepts: tuple[str, ...] = ()
    how: How | None = None
    readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """One thing wanted. Every field is as the person wrote it, with what it was read as."""

    id: str
    service: Understanding | None = None
    modality: Understanding | None = None
    platform: Understanding | None = None
    stage: Understanding | None = None
    therapeutic_area: Understanding | None = None
    quality: tuple[Understanding, ...] = ()
    scale: Understanding | None = None
    stages: tuple[str, ...] = ()  # of STAGES, what `stage` means
    quantity: Quantity | None = None  # what `scale` means
    importance: Literal["must", "should"] = "should"
    weight: float = 1.0

    def is_named_in_context(self, field: Understanding) -> bool:
        """Whether a field's words name it only beside others: "production" beside a product, or
        the "GMP" of a GMP plant, which is the standard asked for as well."""
        shared = any(field.span is not None and field.span == each.span for each in self.quality)
        return field.how == "context" or shared


@dataclass(frozen=True, slots=True)
class Wishes:
    """What holds for all needs together."""

    needed_from: Period | None = None
    countries_required: tuple[str, ...] = ()
    countries_preferred: tuple[str, ...] = ()
    countries_excluded: tuple[str, ...] = ()  # counts where none are required
    markets: tuple[str, ...] = ()
    ownership: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    budget: str | None = None  # as written; no record states prices, so nothing is weighed by it
    include_inactive: bool = False

    @property
    def has_place(self) -> bool:
        """Whether countries are a hard condition of the whole."""
        return bool(self.countries_required or self.countries_excluded)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the sender's text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Question:
    """Something worth asking the sender, because the answer would move the ranking."""

    need: str | None
    field: str
    ask: str


@dataclass(frozen=True, slots=True)
class Understood:
    """All that was read from a text (or from given needs)."""

    needs: tuple[Need, ...]
    wishes: Wishes = Wishes()
    not_understood: tuple[Span, ...] = ()
    outside_the_field: tuple[Span, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Query:
    """Everything that a match is computed from, beside the catalogue and the vocabulary."""

    needs: tuple[Need, ...]
    wishes: Wishes
    as_of: date
    weights: Mapping[str, float]  # criterion → weight: a preset with the caller's changes
    text: str | None = None
    lang: str = "en"
    limit: int = 20
    include_ineligible: bool = False


# --- the answer ---------------------------------------------------------------------------------


class Point(NamedTuple):
    """A line of the ledger, in hundredths: won + unknown + lost = possible."""

    criterion: str
    possible: int
    won: int
    unknown: int
    lost: int
    prior: float
    verdict: Verdict
    asked: str | None
    offered: str | None
    because: str
    evidence: str | None = None
    seen_on: date | None = None

    @property
    def score(self) -> int:
        """What counts of its points."""
        return points_counted(self.won, self.unknown, self.prior)


def points_counted(won: int, unknown: int, prior: float) -> int:
    """won + prior x unknown: exact, because `unknown` comes in tenths of a point."""
    return won + round(prior * unknown)


@dataclass(frozen=True, slots=True)
class Gate:
    """A hard condition that isn't plainly met, with the question that would settle it."""

    need: str | None  # None: a wish of the whole
    criterion: str
    verdict: Verdict
    ask: str


@dataclass(frozen=True, slots=True)
class NeedMatch:
    """How one need fares with the provider's best offer for it."""

    id: str
    offer_id: str | None
    site_id: str | None
    ledger: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A provider's place in the answer, with every point accounted for."""

    rank: int
    tied_with_previous: bool
    candidate: Candidate
    eligibility: Eligibility
    fits_from: str | None
    needs: tuple[NeedMatch, ...]
    wishes: tuple[Point, ...]
    gates: tuple[Gate, ...]

    @property
    def lines(self) -> tuple[Point, ...]:
        """Every line of the ledger."""
        return (*(p for need in self.needs for p in need.ledger), *self.wishes)

    @property
    def score(self) -> int:
        """The sum of the lines' scores, in hundredths."""
        return sum(point.score for point in self.lines)

    @property
    def low(self) -> int:
        """Unknown counted as lost, in hundredths."""
        return sum(point.won for point in self.lines)

    @property
    def high(self) -> int:
        """Unknown counted as won, in hundredths."""
        return sum(point.won + point.unknown for point in self.lines)


@dataclass(frozen=True, slots=True)
class Shortlist:
    """What a match answers, beside what was understood."""

    considered: int
    eligible: int
    conditional: int
    ineligible: int
    matches: tuple[Match, ...]
    left_out: tuple[Candidate, ...] = ()  # closed, absorbed or captive, and otherwise among these
