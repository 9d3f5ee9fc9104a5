"""Capabilities of a provider over HTTP."""

from fastapi import APIRouter, Request, Response

from app.deps import (
    AttemptDep,
    CallerDep,
    EditorDep,
    IfMatchDep,
    OptionalIfMatchDep,
    ReadSessionDep,
    SessionDep,
)
from app.errors import NotFoundError, UnauthorizedError
from app.models.capability import (
    CapabilityAnswer,
    CapabilityCreate,
    CapabilityList,
    CapabilityUpdate,
)
from app.problems import documented
from app.routers import answers
from app.routers.providers import CREATING, EDITING, IfNoneMatch
from app.services import capabilities

router = APIRouter(prefix="/v1/providers/{reference}/capabilities", tags=["capabilities"])

READING = documented(UnauthorizedError, NotFoundError)


@router.get("", responses=READING)
def list_capabilities(reference: str, session: ReadSessionDep, caller: CallerDep) -> CapabilityList:
    """A provider's capabilities, in the order of its record."""
    return capabilities.list_of(session, reference, drafts_too=caller.is_curator)


@router.post(
    "", status_code=201, response_model=CapabilityAnswer, responses=CREATING | answers.CREATED
)
def create_capability(
    reference: str,
    data: CapabilityCreate,
    request: Request,
    session: SessionDep,
    editor: EditorDep,
    attempt: AttemptDep,
    wanted: OptionalIfMatchDep,
) -> Response:
    """Add a capability. If-Match may be left out, and is honoured."""
    return answers.created(
        session,
        attempt,
        data,
        lambda: capabilities.create(session, reference, data, wanted=wanted, editor=editor),
        lambda made: f"{request.url.path}/{made.id}",
    )


@router.get(
    "/{capability_id}",
    response_model=CapabilityAnswer,
    responses=READING | answers.READ,
)
def read_capability(
    reference: str,
    capability_id: str,
    session: ReadSessionDep,
    caller: CallerDep,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One capability; its ETag is that of the whole record."""
    found = capabilities.read(session, reference, capability_id, drafts_too=caller.is_curator)
    return answers.record(found, if_none_match)


@router.patch(
    "/{capability_id}", response_model=CapabilityAnswer, responses=EDITING | answers.CHANGED
)
def update_capability(
    reference: str,
    capability_id: str,
    data: CapabilityUpdate,
    session: SessionDep,
    editor: EditorDep,
    wanted: IfMatchDep,
) -> Response:
    """Change a capability; what is left out stays."""
    return answers.record(
        capabilities.update(session, reference, capability_id, data, wanted=wanted, editor=editor)
    )


@router.delete(
    "/{capability_id}", status_code=204, response_class=Response, responses=EDITING | answers.GONE
)
def delete_capability(
    reference: str, capability_id: str, session: SessionDep, editor: EditorDep, wanted: IfMatchDep
) -> Response:
    """Remove a capability."""
    return answers.gone(
        capabilities.delete(session, reference, capability_id, wanted=wanted, editor=editor)
    )
