"""What the matching core found becomes what the API answers.

The API writes plain rows straight to JSON, for making thousands of models and dumping them again
takes several times as long; the web page and the command line read the same JSON as a MatchAnswer,
which also documents it.
"""

from collections.abc import Sequence
from typing import Any

from pydantic_core import to_json

from app.matching.catalogue import Catalogue
from app.matching.criteria import CRITERIA
from app.matching.near_misses import Change, Costliest
from app.matching.outlook import Outlook
from app.matching.pauses import pause
from app.matching.presets import DEFAULT, PRESETS
from app.matching.stability import Stability
from app.matching.types import (
    Candidate,
    Match,
    Need,
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
    PresetPublic,
    UnderstoodPublic,
)
from app.services.match_json import match_json as match_json_of

Row = dict[str, Any]  # the fields of one of the models, by name and in their order


def match_json(
    query: Query,
    understood: Understood,
    found: Shortlist,
    seen: Outlook,
    catalogue: Catalogue,
    engine: str,
) -> bytes:
    """The whole answer of a match as JSON, the bytes that its model would give."""
    row = _answer(query, understood, found, seen, catalogue, engine)
    told = zip(found.matches, seen.changes, seen.stability, strict=True)
    # Copied once, as bytes: a whole answer may have millions, and copies hold everybody.
    matches = [_match("," if number else "", *each) for number, each in enumerate(told)]
    left_out = to_json([_left_out(candidate) for candidate in found.left_out])
    head = to_json(row)[:-1], b',"matches":['
    return b"".join((*head, *matches, b'],"left_out":', left_out, b"}"))


def _match(mark: str, match: Match, changes: Sequence[Change], stands: Stability | None) -> bytes:
    pause()
    return (mark + match_json_of(match, changes, stands)).encode()


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
                "excluded": wishes.countries_excluded,
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


def _left_out(who: Candidate) -> Row:
    return {
        "slug": who.slug,
        "name": who.name,
        "operating": who.operating,
        "successor": who.successor,
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
