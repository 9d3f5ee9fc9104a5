"""The main job over HTTP: understand a need, rank the providers, show the criteria."""

from fastapi import APIRouter, Response

from app.deps import CatalogueDep
from app.models.match import CriteriaAnswer, IntakeData, MatchAnswer, MatchData, UnderstoodPublic
from app.services import answers
from app.services import match as matching

router = APIRouter(prefix="/v1", tags=["matching"])


@router.post("/match", response_model=MatchAnswer)
def match_providers(data: MatchData, catalogue: CatalogueDep) -> Response:
    """Rank the providers for what you need, in your own words, as fields, or both.

    Every point of every match is accounted for: won, lost, or unknown because the record is
    silent, with the question to ask the provider. Nothing of the request is kept.
    """
    return Response(matching.match_json(data, catalogue), media_type="application/json")


@router.post("/intake")
def read_need(data: IntakeData, catalogue: CatalogueDep) -> UnderstoodPublic:
    """Turn a text, English or Korean, into needs and wishes, without ranking anybody.

    Says which words were read as what, which were not understood, and what would help. Nothing of
    the text is kept.
    """
    return matching.intake(data, catalogue.vocabulary)


@router.get("/criteria")
def read_criteria() -> CriteriaAnswer:
    """The criteria that a match weighs, their priors, and the ready-made sets of weights."""
    return answers.criteria_answer()
