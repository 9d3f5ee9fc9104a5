"""What the vocabulary doesn't understand, over HTTP, for curators."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.deps import CatalogueDep, CuratorDep, ReadSessionDep
from app.errors import ForbiddenError, UnauthorizedError
from app.models.phrase import PhrasePage, PhraseQuery
from app.problems import documented
from app.services import phrases

router = APIRouter(
    prefix="/v1/phrases", tags=["concepts"], responses=documented(UnauthorizedError, ForbiddenError)
)


@router.get("")
def list_phrases(
    _: CuratorDep,  # first: without the right nothing else is told
    query: Annotated[PhraseQuery, Query()],
    session: ReadSessionDep,
    catalogue: CatalogueDep,
) -> PhrasePage:
    """Phrases that no concept explains, the most used first, each with the field where it stood
    and the nearest concept.

    Of the catalogue: providers' own words. Of needs: only phrases of senders who set
    `share_wording`, and only once three companies have used them.
    """
    return phrases.page(session, catalogue, query)
