"""Providers over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from app.deps import (
    AttemptDep,
    CallerDep,
    CuratorDep,
    EditorDep,
    IfMatchDep,
    ReadSessionDep,
    SessionDep,
)
from app.errors import (
    BadRequestError,
    ConflictError,
    ForbiddenError,
    IdempotencyMismatchError,
    InvalidError,
    NotFoundError,
    PreconditionRequiredError,
    StaleError,
    UnauthorizedError,
)
from app.models.event import EventPage
from app.models.provider import ProviderCreate, ProviderPublic, ProviderUpdate
from app.problems import StorageFullError, UnsupportedMediaTypeError, documented
from app.routers import answers
from app.services import history, providers

router = APIRouter(prefix="/v1/providers", tags=["providers"])

CREATING = documented(
    UnauthorizedError,
    ForbiddenError,
    NotFoundError,
    ConflictError,
    StaleError,
    InvalidError,
    IdempotencyMismatchError,
    UnsupportedMediaTypeError,
    StorageFullError,
)
EDITING = documented(
    UnauthorizedError,
    ForbiddenError,
    NotFoundError,
    ConflictError,
    StaleError,
    PreconditionRequiredError,
    UnsupportedMediaTypeError,
    StorageFullError,
)

IfNoneMatch = Annotated[str | None, Header(description="An ETag that the caller has already.")]


@router.post(
    "", status_code=201, response_model=ProviderPublic, responses=CREATING | answers.CREATED
)
def create_provider(
    data: ProviderCreate, session: SessionDep, editor: EditorDep, attempt: AttemptDep
) -> Response:
    """Add a provider with its parts. It is a draft unless `state` says otherwise."""
    return answers.created(
        session,
        attempt,
        data,
        lambda: providers.create(session, data, editor=editor),
        lambda made: f"/v1/providers/{made.id}",
    )


@router.get(
    "/{reference}",
    response_model=ProviderPublic,
    responses=documented(UnauthorizedError, NotFoundError) | answers.READ,
)
def read_provider(
    reference: str,
    session: ReadSessionDep,
    caller: CallerDep,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """A provider by id or slug, with all its parts. Drafts and archived ones are for curators."""
    found = providers.read(session, reference, drafts_too=caller.is_curator)
    return answers.record(found, if_none_match)


@router.patch("/{reference}", response_model=ProviderPublic, responses=EDITING | answers.CHANGED)
def update_provider(
    reference: str,
    data: ProviderUpdate,
    session: SessionDep,
    editor: EditorDep,
    wanted: IfMatchDep,
) -> Response:
    """Change a provider; what is left out stays. `state` publishes and archives it."""
    return answers.record(providers.update(session, reference, data, wanted=wanted, editor=editor))


@router.delete(
    "/{reference}", status_code=204, response_class=Response, responses=EDITING | answers.GONE
)
def archive_provider(
    reference: str, session: SessionDep, editor: EditorDep, wanted: IfMatchDep
) -> Response:
    """Archive a provider: it leaves the catalogue, and its record and history stay."""
    return answers.gone(providers.archive(session, reference, wanted=wanted, editor=editor))


@router.get(
    "/{reference}/history",
    responses=documented(UnauthorizedError, ForbiddenError, NotFoundError, BadRequestError),
)
def list_history(
    reference: str,
    session: ReadSessionDep,
    _: CuratorDep,
    after: Annotated[
        str | None, Query(max_length=200, description="The `next` of the page before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> EventPage:
    """Who changed what of a provider and its parts, newest first."""
    return history.of_provider(session, reference, after=after, limit=limit)
