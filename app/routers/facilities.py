"""Facilities of a provider over HTTP."""

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
from app.models.facility import FacilityAnswer, FacilityCreate, FacilityList, FacilityUpdate
from app.problems import documented
from app.routers import answers
from app.routers.providers import CREATING, EDITING, IfNoneMatch
from app.services import facilities

router = APIRouter(prefix="/v1/providers/{reference}/facilities", tags=["facilities"])

READING = documented(UnauthorizedError, NotFoundError)


@router.get("", responses=READING)
def list_facilities(reference: str, session: ReadSessionDep, caller: CallerDep) -> FacilityList:
    """A provider's facilities, in the order of its record."""
    return facilities.list_of(session, reference, drafts_too=caller.is_curator)


@router.post(
    "", status_code=201, response_model=FacilityAnswer, responses=CREATING | answers.CREATED
)
def create_facility(
    reference: str,
    data: FacilityCreate,
    request: Request,
    session: SessionDep,
    editor: EditorDep,
    attempt: AttemptDep,
    wanted: OptionalIfMatchDep,
) -> Response:
    """Add a facility. If-Match may be left out, and is honoured."""
    return answers.created(
        session,
        attempt,
        data,
        lambda: facilities.create(session, reference, data, wanted=wanted, editor=editor),
        lambda made: f"{request.url.path}/{made.id}",
    )


@router.get(
    "/{facility_id}",
    response_model=FacilityAnswer,
    responses=READING | answers.READ,
)
def read_facility(
    reference: str,
    facility_id: str,
    session: ReadSessionDep,
    caller: CallerDep,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One facility; its ETag is that of the whole record."""
    found = facilities.read(session, reference, facility_id, drafts_too=caller.is_curator)
    return answers.record(found, if_none_match)


@router.patch("/{facility_id}", response_model=FacilityAnswer, responses=EDITING | answers.CHANGED)
def update_facility(
    reference: str,
    facility_id: str,
    data: FacilityUpdate,
    session: SessionDep,
    editor: EditorDep,
    wanted: IfMatchDep,
) -> Response:
    """Change a facility; what is left out stays."""
    return answers.record(
        facilities.update(session, reference, facility_id, data, wanted=wanted, editor=editor)
    )


@router.delete(
    "/{facility_id}", status_code=204, response_class=Response, responses=EDITING | answers.GONE
)
def delete_facility(
    reference: str, facility_id: str, session: SessionDep, editor: EditorDep, wanted: IfMatchDep
) -> Response:
    """Remove a facility and its certificates. Capabilities there stay, without a site."""
    return answers.gone(
        facilities.delete(session, reference, facility_id, wanted=wanted, editor=editor)
    )
