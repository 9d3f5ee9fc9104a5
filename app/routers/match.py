"""The main job over HTTP: understand a need, rank the providers, show the criteria."""

from fastapi import APIRouter, BackgroundTasks, Response

from app.deps import CatalogueDep, SharingDep
from app.errors import UnauthorizedError
from app.models.match import CriteriaAnswer, IntakeData, MatchAnswer, MatchData, UnderstoodPublic
from app.problems import documented
from app.services import answers
from app.services import match as matching

router = APIRouter(prefix="/v1", tags=["matching"])


@router.post("/match", response_model=MatchAnswer, responses=documented(UnauthorizedError))
def match_providers(
    data: MatchData, catalogue: CatalogueDep, sharing: SharingDep, later: BackgroundTasks
) -> Response:
    """Rank the providers for what you need, in your own words, as fields, or both.

    Every point of every match is accounted for: won, lost, or unknown because the record is
    silent, with the question to ask the provider. Nothing of the request is written down (a worker
    remembers words that it has read until it restarts), unless a company with a key of its own sets
    `share_wording`: then phrases that no term explains are counted, and curators may read one when
    three companies have used it.
    """
    if data.share_wording:
        sharing.check()
    content, understood = matching.match_json(data, catalogue)
    if data.share_wording:
        later.add_task(sharing.keep, understood)
    return Response(content, media_type="application/json")


@router.post("/intake")
def read_need(data: IntakeData, catalogue: CatalogueDep) -> UnderstoodPublic:
    """Turn a text, English or Korean, into needs and wishes, without ranking anybody.

    Says which words were read as what, which were not understood, and which few answers would move
    a ranking most: those on which the providers that fit best differ. Nothing of the text is
    written down.
    """
    return matching.intake(data, catalogue)


@router.get("/criteria")
def read_criteria() -> CriteriaAnswer:
    """The criteria that a match weighs, their priors, and the ready-made sets of weights."""
    return answers.criteria_answer()
