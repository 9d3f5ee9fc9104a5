"""What the matching core found becomes what the API answers.

Each level is laid out once, as a plain row: the API writes rows straight to JSON, for making
thousands of models and dumping them again takes several times as long; the web page and the
command line read the same rows as a MatchAnswer, which also documents them.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pydantic_core import to_json

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
    Question,
    Shortlist,
    Span,
    Understanding,
    Understood,
)
from app.models.match import (
    CriteriaAnswer,
    CriterionName,
    CriterionPublic,
    MatchAnswer,
    PresetPublic,
    UnderstoodPublic,
)

Row = dict[str, Any]  # the fields of one of the models, by name and in their order


def match_answer(
    query: Query,
    understood: Understood,
    found: Shortlist,
    seen: Outlook,
    catalogue: Catalogue,
    engine: str,
) -> MatchAnswer:
    """The whole answer of a match."""
    return MatchAnswer.model_validate(_answer(query, understood, found, seen, catalogue, engine))


def match_json(
    query: Query,
    understood: Understood,
    found: Shortlist,
    seen: Outlook,
    catalogue: Catalogue,
    engine: str,
) -> bytes:
    """The whole answer of a match as JSON, the bytes that its model would give.

    Written match by match: one long stretch of writing would hold the interpreter, and with it
    every other request of the worker.
    """
    return b"".join(_pieces(_answer(query, understood, found, seen, catalogue, engine)))


def _pieces(row: Row) -> Iterator[bytes]:
    opening = b"{"
    for name, value in row.items():
        yield b'%s"%s":' % (opening, name.encode())
        if isinstance(value, Iterator):
            yield from _items(value)
        else:
            yield to_json(value)
        opening = b","
    yield b"}"


def _items(rows: Iterator[Row]) -> Iterator[bytes]:
    yield b"["
    for number, row in enumerate(rows):
        if number:
            yield b","
        yield to_json(row)
    yield b"]"


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
    return UnderstoodPublic.model_validate(_understood(found))


def _answer(
    query: Query,
    understood: Understood,
    found: Shortlist,
    seen: Outlook,
    catalogue: Catalogue,
    engine: str,
) -> Row:
    return {
        "computed_from": {
            "engine": engine,
            "vocabulary": catalogue.vocabulary.version,
            "catalogue": catalogue.revision,
            "as_of": query.as_of,
        },
        "understood": _understood(understood),
        "considered": found.considered,
        "eligible": found.eligible,
        "conditional": found.conditional,
        "ineligible": found.ineligible,
        "costliest": _costliest(seen.costliest) if seen.costliest else None,
        # Each only when it is written.
        "matches": (
            _match(match, changes, stands)
            for match, changes, stands in zip(
                found.matches, seen.changes, seen.stability, strict=True
            )
        ),
        "left_out": [_left_out(candidate) for candidate in found.left_out],
    }


def _understood(found: Understood) -> Row:
    wishes = found.wishes
    return {
        "needs": [_need(need) for need in found.needs],
        "wishes": {
            "needed_from": wishes.needed_from.text if wishes.needed_from else None,
            "countries": {
                "required": wishes.countries_required,
                "preferred": wishes.countries_preferred,
            },
            "markets": wishes.markets,
            "ownership": wishes.ownership,
            "languages": wishes.languages,
            "budget": wishes.budget,
            "include_inactive": wishes.include_inactive,
        },
        "not_understood": _spans(found.not_understood),
        "outside_the_field": _spans(found.outside_the_field),
        "questions": [_question(question) for question in found.questions],
    }


def _spans(spans: Sequence[Span]) -> list[Row]:
    return [{"text": span.text, "span": (span.start, span.end)} for span in spans]


def _question(found: Question) -> Row:
    return {"need": found.need, "field": found.field, "ask": found.ask}


def _field(found: Understanding) -> Row:
    return {
        "text": found.text,
        "span": found.span,
        "concepts": found.concepts,
        "how": found.how,
        "readings": found.readings,
    }


def _need(need: Need) -> Row:
    stage, scale, quantity = need.stage, need.scale, need.quantity
    return {
        "id": need.id,
        "importance": need.importance,
        "weight": float(need.weight),
        "service": _field(need.service) if need.service else None,
        "modality": _field(need.modality) if need.modality else None,
        "platform": _field(need.platform) if need.platform else None,
        "stage": {**_field(stage), "stages": need.stages} if stage else None,
        "therapeutic_area": _field(need.therapeutic_area) if need.therapeutic_area else None,
        "quality": [_field(quality) for quality in need.quality],
        "scale": {
            **_field(scale),
            "minimum": _real(quantity.minimum) if quantity else None,
            "maximum": _real(quantity.maximum) if quantity else None,
            "unit": quantity.unit if quantity else None,
            "kind": quantity.kind if quantity else None,
        }
        if scale
        else None,
    }


def _real(number: float | None) -> float | None:
    return None if number is None else float(number)


def _match(match: Match, changes: Sequence[Change], stands: Stability | None) -> Row:
    sums = _sums(match.lines)
    return {
        "rank": match.rank,
        "tied_with_previous": match.tied_with_previous,
        "provider": _provider(match.candidate),
        "score": sums["score"],
        "low": sums["won"],
        "high": match.high / 100,
        "eligibility": match.eligibility,
        "fits_from": match.fits_from,
        "needs": [_need_match(need) for need in match.needs],
        "wishes": [_point(point) for point in match.wishes],
        "gates": [_gate(gate) for gate in match.gates],
        "changes": [_change(change) for change in changes],
        "stability": _stability(stands) if stands else None,
        "group": stands.group if stands else None,
    }


def _provider(who: Candidate) -> Row:
    return {
        "id": who.id,
        "slug": who.slug,
        "name": who.name,
        "kind": who.kind,
        "country": who.country,
        "city": who.city,
        "operating": who.operating,
        "successor": who.successor,
    }


def _need_match(found: NeedMatch) -> Row:
    return {
        "id": found.id,
        "capability_id": found.offer_id,
        "facility_id": found.site_id,
        **_sums(found.ledger),
        "ledger": [_point(line) for line in found.ledger],
    }


def _sums(lines: Iterable[Point]) -> Row:
    possible = won = unknown = lost = score = 0
    for line in lines:
        possible += line.possible
        won += line.won
        unknown += line.unknown
        lost += line.lost
        score += line.score
    return {
        "possible": possible / 100,
        "won": won / 100,
        "unknown": unknown / 100,
        "lost": lost / 100,
        "score": score / 100,
    }


def _point(point: Point) -> Row:
    return {
        "criterion": point.criterion,
        "possible": point.possible / 100,
        "won": point.won / 100,
        "unknown": point.unknown / 100,
        "lost": point.lost / 100,
        "prior": float(point.prior),
        "score": point.score / 100,
        "verdict": point.verdict,
        "asked": point.asked,
        "offered": point.offered,
        "because": point.because,
        "evidence": point.evidence,
        "seen_on": point.seen_on,
    }


def _gate(gate: Gate) -> Row:
    return {
        "need": gate.need,
        "criterion": gate.criterion,
        "verdict": gate.verdict,
        "ask": gate.ask,
    }


def _left_out(who: Candidate) -> Row:
    return {
        "slug": who.slug,
        "name": who.name,
        "operating": who.operating,
        "successor": who.successor,
    }


def _change(change: Change) -> Row:
    return {
        "who": change.who,
        "need": change.need,
        "criterion": change.criterion,
        "asked": change.asked,
        "instead": change.instead,
        "text": change.say,
    }


def _stability(found: Stability) -> Row:
    return {
        "in_first": found.in_first,
        "of": found.of,
        "in_first_ten": found.in_first_ten,
        "ranks": found.ranks,
    }


def _costliest(found: Costliest) -> Row:
    return {
        "need": found.need,
        "criterion": found.criterion,
        "asked": found.asked,
        "alone": found.alone,
        "total": found.total,
        "text": found.say,
    }
