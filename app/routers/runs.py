"""Runs over HTTP: matches of a requirement that are kept, so that they can be shown again."""

from fastapi import APIRouter, Response

from app.deps import (
    AccessDep,
    AttemptDep,
    AuthorDep,
    CatalogueDep,
    OwnerDep,
    ReaderDep,
    TenantSessionDep,
)
from app.errors import ForbiddenError, NotFoundError, UnauthorizedError
from app.models.run import RunCreate, RunPage, RunPublic
from app.problems import documented
from app.routers import answers
from app.routers.paging import After, PageLimit
from app.routers.providers import CREATING
from app.services import pages, runs

router = APIRouter(
    prefix="/v1", tags=["runs"], responses=documented(UnauthorizedError, ForbiddenError)
)
_READING = documented(NotFoundError)
_AS_USUAL = RunCreate()


@router.get("/requirements/{requirement_id}/runs", responses=_READING)
def list_runs(
    requirement_id: str,
    caller: ReaderDep,
    session: TenantSessionDep,
    after: After = None,
    limit: PageLimit = pages.LIMIT,
) -> RunPage:
    """A requirement's runs, oldest first, without their answers."""
    return runs.page(session, requirement_id, caller, after=after, limit=limit)


@router.post(
    "/requirements/{requirement_id}/runs",
    status_code=201,
    response_model=RunPublic,
    responses=CREATING | answers.CREATED,
)
def create_run(
    requirement_id: str,
    caller: ReaderDep,
    catalogue: CatalogueDep,
    access: AccessDep,
    author: AuthorDep,
    attempt: AttemptDep,
    data: RunCreate = _AS_USUAL,
) -> Response:
    """Match a requirement against the catalogue as it stands now, and keep the answer with all
    that it was computed from. It stays readable as it is, whatever changes later."""
    made = runs.make(access, requirement_id, data, catalogue, caller, author, attempt)
    return answers.told(made)


@router.get("/runs/{run_id}", response_model=RunPublic, responses=_READING)
def read_run(run_id: str, caller: OwnerDep, session: TenantSessionDep) -> Response:
    """A run as it was kept: nothing is computed anew."""
    content = runs.told(runs.found(session, run_id, caller))
    return Response(content, media_type="application/json")


@router.post("/runs/{run_id}/replay", response_model=RunPublic, responses=_READING)
def replay_run(
    run_id: str, caller: OwnerDep, catalogue: CatalogueDep, access: AccessDep
) -> Response:
    """Compute a run again from what was asked, on the catalogue as it stands now. Where neither
    the catalogue, the vocabulary nor the engine has changed, the answer is that of `GET
    /v1/runs/{id}`, byte for byte. Nothing is kept."""
    with access.reading() as session:
        run = runs.found(session, run_id, caller)
    content = runs.told(runs.replayed(run, catalogue))
    return Response(content, media_type="application/json")
