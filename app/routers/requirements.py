"""Requirements over HTTP: what a company looks for, its secret until it shares it."""

from fastapi import APIRouter, Response

from app.deps import (
    AttemptDep,
    AuthorDep,
    CatalogueDep,
    IfMatchDep,
    OwnerDep,
    ReaderDep,
    SessionDep,
    TenantSessionDep,
)
from app.errors import ForbiddenError, NotFoundError, UnauthorizedError
from app.models.requirement import (
    RequirementCreate,
    RequirementPage,
    RequirementPublic,
    RequirementUpdate,
)
from app.problems import StorageFullError, documented
from app.routers import answers
from app.routers.paging import After, PageLimit
from app.routers.providers import CREATING, EDITING, IfNoneMatch
from app.services import pages, requirements

router = APIRouter(
    prefix="/v1/requirements",
    tags=["requirements"],
    responses=documented(UnauthorizedError, ForbiddenError),
)
SHARING = documented(NotFoundError, StorageFullError)


@router.get("")
def list_requirements(
    caller: ReaderDep,
    session: TenantSessionDep,
    after: After = None,
    limit: PageLimit = pages.LIMIT,
) -> RequirementPage:
    """Your requirements, oldest first. A portal's staff see those of its companies, the centre's
    curators and admins those that are shared with the centre."""
    return requirements.page(session, caller, after=after, limit=limit)


@router.post(
    "", status_code=201, response_model=RequirementPublic, responses=CREATING | answers.CREATED
)
def create_requirement(
    data: RequirementCreate,
    caller: OwnerDep,
    catalogue: CatalogueDep,
    session: SessionDep,
    author: AuthorDep,
    attempt: AttemptDep,
) -> Response:
    """Keep what you look for. Nobody but you (and your portal's staff) sees it: it is in no log,
    no journal and nobody else's answer. `POST …/runs` matches it."""
    return answers.created(
        session,
        attempt,
        data,
        lambda: requirements.create(session, data, catalogue.vocabulary, caller, author),
        lambda made: f"/v1/requirements/{made.id}",
    )


@router.get(
    "/{requirement_id}",
    response_model=RequirementPublic,
    responses=documented(NotFoundError) | answers.READ,
)
def read_requirement(
    requirement_id: str,
    caller: ReaderDep,
    session: TenantSessionDep,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One requirement."""
    return answers.record(requirements.read(session, requirement_id, caller), if_none_match)


@router.patch(
    "/{requirement_id}", response_model=RequirementPublic, responses=EDITING | answers.CHANGED
)
def update_requirement(
    requirement_id: str,
    data: RequirementUpdate,
    caller: ReaderDep,
    catalogue: CatalogueDep,
    session: SessionDep,
    author: AuthorDep,
    wanted: IfMatchDep,
) -> Response:
    """Change a requirement; what is left out stays. Earlier runs stay what they were."""
    return answers.record(
        requirements.update(
            session, requirement_id, data, catalogue.vocabulary, wanted, caller, author
        )
    )


@router.delete("/{requirement_id}", status_code=204, response_class=Response, responses=EDITING)
def delete_requirement(
    requirement_id: str,
    caller: ReaderDep,
    session: SessionDep,
    author: AuthorDep,
    wanted: IfMatchDep,
) -> Response:
    """Delete a requirement with its runs, for good."""
    requirements.delete(session, requirement_id, wanted, caller, author)
    return Response(status_code=204)


@router.post(
    "/{requirement_id}/share",
    response_model=RequirementPublic,
    responses=SHARING | answers.CHANGED,
)
def share_requirement(
    requirement_id: str, caller: ReaderDep, session: SessionDep, author: AuthorDep
) -> Response:
    """Let the curators of the operating centre read this requirement, so that they can help. They
    can't change it, and don't see its runs; nobody else sees anything."""
    return answers.record(
        requirements.share(session, requirement_id, shared=True, caller=caller, editor=author)
    )


@router.delete(
    "/{requirement_id}/share",
    response_model=RequirementPublic,
    responses=SHARING | answers.CHANGED,
)
def unshare_requirement(
    requirement_id: str, caller: ReaderDep, session: SessionDep, author: AuthorDep
) -> Response:
    """End the sharing at once: the centre sees this requirement no more."""
    return answers.record(
        requirements.share(session, requirement_id, shared=False, caller=caller, editor=author)
    )
