"""The list of providers over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.deps import CallerDep, CatalogueDep, ReadSessionDep
from app.errors import ForbiddenError, UnauthorizedError
from app.models.directory import ProviderPage, ProviderQuery
from app.problems import documented
from app.routers import answers
from app.routers.providers import IfNoneMatch
from app.services import directory

router = APIRouter(prefix="/v1/providers", tags=["providers"])


@router.get(
    "",
    response_model=ProviderPage,
    responses=documented(UnauthorizedError, ForbiddenError)
    | {304: {"description": "The caller has this page already"}},
)
def list_providers(
    query: Annotated[ProviderQuery, Query()],
    session: ReadSessionDep,
    catalogue: CatalogueDep,
    caller: CallerDep,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Published providers, searched and filtered, with counts for each filter's values.

    With `q` the best come first, otherwise they stand in order of slug.
    """
    directory.check_rights(query, caller)
    return answers.tagged(
        directory.etag(catalogue, query),
        if_none_match,
        lambda: directory.page(session, catalogue, query),
    )
