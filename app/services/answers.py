"""What the matching core found becomes what the API answers."""

from collections.abc import Sequence
from uuid import UUID

from app.matching.catalogue import Catalogue
from app.matching.criteria import CRITERIA
from app.matching.near_misses import Change, Costliest
from app.matching.outlook import Outlook
from app.matching.presets import DEFAULT, PRESETS
from app.matching.stability import Stability
from app.matching.types import (
    Candidate,
    Gate,
    Match,
    Need,
    NeedMatch,
    Point,
    Query,
    Shortlist,
    Span,
    Understanding,
    Understood,
)
from app.models.match import (
    ChangePublic,
    ComputedFrom,
    CostliestPublic,
    CountriesPublic,
    CriteriaAnswer,
    CriterionName,
    CriterionPublic,
    FieldPublic,
    GatePublic,
    LeftOutPublic,
    MatchAnswer,
    MatchPublic,
    NeedMatchPublic,
    NeedPublic,
    PointPublic,
    PresetPublic,
    ProviderMatched,
    QuantityPublic,
    QuestionPublic,
    SpanPublic,
    StabilityPublic,
    StagePublic,
    UnderstoodPublic,
    WishesPublic,
)
from app.models.provider import Operating, ProviderKind
from app.models.requirement import Importance


def match_answer(
    query: Query,
    understood: Understood,
    found: Shortlist,
    seen: Outlook,
    catalogue: Catalogue,
    engine: str,
) -> MatchAnswer:
    """The whole answer of a match."""
    return MatchAnswer(
        computed_from=ComputedFrom(
            engine=engine,
            vocabulary=catalogue.vocabulary.version,
            catalogue=catalogue.revision,
            as_of=query.as_of,
        ),
        understood=understood_public(understood),
        considered=found.considered,
        eligible=found.eligible,
        conditional=found.conditional,
        ineligible=found.ineligible,
        costliest=_costliest(seen.costliest) if seen.costliest else None,
        matches=[
            _match(match, changes, stands)
            for match, changes, stands in zip(
                found.matches, seen.changes, seen.stability, strict=True
            )
        ],
        left_out=[_left_out(candidate) for candidate in found.left_out],
    )


def match_json(answer: MatchAnswer) -> bytes:
    """The answer as JSON, written match by match: one long stretch of writing would hold the
    interpreter, and with it every other request of the worker."""
    head = answer.model_dump_json(exclude={"matches"})
    matches = ",".join(match.model_dump_json() for match in answer.matches)
    return f'{head[:-1]},"matches":[{matches}]}}'.encode()


def criteria_answer() -> CriteriaAnswer:
    """The criteria and presets, read from the very tables that the matching uses."""
    return CriteriaAnswer(
        criteria=[
            CriterionPublic(
                name=CriterionName(c.name),
                text=c.text,
                compares=c.compares,
                prior=c.prior,
                scope=c.scope,
            )
            for c in CRITERIA
        ],
        presets=[
            PresetPublic(
                name=preset.name,
                text=preset.text,
                source=preset.source,
                weights={CriterionName(name): value for name, value in preset.weights.items()},
            )
            for preset in PRESETS
        ],
        default_preset=DEFAULT,
    )


def understood_public(found: Understood) -> UnderstoodPublic:
    """What was read from a request."""
    wishes = found.wishes
    return UnderstoodPublic(
        needs=[_need(need) for need in found.needs],
        wishes=WishesPublic(
            needed_from=wishes.needed_from.text if wishes.needed_from else None,
            countries=CountriesPublic(
                required=list(wishes.countries_required),
                preferred=list(wishes.countries_preferred),
            ),
            markets=list(wishes.markets),
            ownership=list(wishes.ownership),
            languages=list(wishes.languages),
            include_inactive=wishes.include_inactive,
        ),
        not_understood=_spans(found.not_understood),
        outside_the_field=_spans(found.outside_the_field),
        questions=[QuestionPublic(need=q.need, field=q.field, ask=q.ask) for q in found.questions],
    )


def _spans(spans: Sequence[Span]) -> list[SpanPublic]:
    return [SpanPublic(text=span.text, span=(span.start, span.end)) for span in spans]


def _field(found: Understanding) -> FieldPublic:
    return FieldPublic(
        text=found.text,
        span=found.span,
        concepts=list(found.concepts),
        how=found.how,
        readings=list(found.readings),
    )


def _need(need: Need) -> NeedPublic:
    stage, scale, quantity = need.stage, need.scale, need.quantity
    return NeedPublic(
        id=need.id,
        importance=Importance(need.importance),
        weight=need.weight,
        service=_field(need.service) if need.service else None,
        modality=_field(need.modality) if need.modality else None,
        platform=_field(need.platform) if need.platform else None,
        stage=StagePublic(**_field(stage).model_dump(), stages=list(need.stages))
        if stage
        else None,
        therapeutic_area=_field(need.therapeutic_area) if need.therapeutic_area else None,
        quality=[_field(quality) for quality in need.quality],
        scale=QuantityPublic(
            **_field(scale).model_dump(),
            minimum=quantity.minimum if quantity else None,
            maximum=quantity.maximum if quantity else None,
            unit=quantity.unit if quantity else None,
            kind=quantity.kind if quantity else None,
        )
        if scale
        else None,
    )


def _match(match: Match, changes: Sequence[Change], stands: Stability | None) -> MatchPublic:
    return MatchPublic(
        rank=match.rank,
        tied_with_previous=match.tied_with_previous,
        provider=_provider(match.candidate),
        score=match.score / 100,
        low=match.low / 100,
        high=match.high / 100,
        eligibility=match.eligibility,
        fits_from=match.fits_from,
        needs=[_need_match(need) for need in match.needs],
        wishes=[_point(point) for point in match.wishes],
        gates=[_gate(gate) for gate in match.gates],
        changes=[_change(change) for change in changes],
        stability=_stability(stands) if stands else None,
        group=stands.group if stands else None,
    )


def _provider(who: Candidate) -> ProviderMatched:
    return ProviderMatched(
        id=UUID(who.id),
        slug=who.slug,
        name=who.name,
        kind=ProviderKind(who.kind),
        country=who.country,
        city=who.city,
        operating=Operating(who.operating),
        successor=who.successor,
    )


def _need_match(found: NeedMatch) -> NeedMatchPublic:
    lines = found.ledger
    return NeedMatchPublic(
        id=found.id,
        capability_id=UUID(found.offer_id) if found.offer_id else None,
        facility_id=UUID(found.site_id) if found.site_id else None,
        possible=sum(line.possible for line in lines) / 100,
        won=sum(line.won for line in lines) / 100,
        unknown=sum(line.unknown for line in lines) / 100,
        lost=sum(line.lost for line in lines) / 100,
        score=sum(line.score for line in lines) / 100,
        ledger=[_point(line) for line in lines],
    )


def _point(point: Point) -> PointPublic:
    return PointPublic(
        criterion=CriterionName(point.criterion),
        possible=point.possible / 100,
        won=point.won / 100,
        unknown=point.unknown / 100,
        lost=point.lost / 100,
        prior=point.prior,
        score=point.score / 100,
        verdict=point.verdict,
        asked=point.asked,
        offered=point.offered,
        because=point.because,
        evidence=point.evidence,
        seen_on=point.seen_on,
    )


def _gate(gate: Gate) -> GatePublic:
    return GatePublic(
        need=gate.need, criterion=CriterionName(gate.criterion), verdict=gate.verdict, ask=gate.ask
    )


def _change(change: Change) -> ChangePublic:
    return ChangePublic(
        who=change.who,
        need=change.need,
        criterion=CriterionName(change.criterion),
        asked=change.asked,
        instead=change.instead,
        text=change.say,
    )


def _stability(found: Stability) -> StabilityPublic:
    return StabilityPublic(
        in_first=found.in_first,
        of=found.of,
        in_first_ten=found.in_first_ten,
        ranks=found.ranks,
    )


def _costliest(found: Costliest) -> CostliestPublic:
    return CostliestPublic(
        need=found.need,
        criterion=CriterionName(found.criterion),
        asked=found.asked,
        alone=found.alone,
        total=found.total,
        text=found.say,
    )


def _left_out(who: Candidate) -> LeftOutPublic:
    return LeftOutPublic(
        slug=who.slug,
        name=who.name,
        operating=Operating(who.operating),
        successor=who.successor,
    )
