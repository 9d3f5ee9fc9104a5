"""Portals over HTTP: the centre that operates the service, and those that use it."""

from fastapi import APIRouter, Response

from app.deps import (
    AdminDep,
    AttemptDep,
    AuthorDep,
    IfMatchDep,
    SessionDep,
    StaffDep,
    TenantSessionDep,
)
from app.errors import ForbiddenError, NotFoundError, UnauthorizedError
from app.models.portal import PortalCreate, PortalPage, PortalPublic, PortalUpdate
from app.problems import documented
from app.routers import answers
from app.routers.paging import After, PageLimit
from app.routers.providers import CREATING, EDITING, IfNoneMatch
from app.services import pages, portals

router = APIRouter(
    prefix="/v1/portals", tags=["portals"], responses=documented(UnauthorizedError, ForbiddenError)
)


@router.get("")
def list_portals(
    caller: StaffDep, session: TenantSessionDep, after: After = None, limit: PageLimit = pages.LIMIT
) -> PortalPage:
    """The portals in the order of their slugs: all for admins of the centre, your own otherwise."""
    return portals.page(session, caller, after=after, limit=limit)


@router.post("", status_code=201, response_model=PortalPublic, responses=CREATING | answers.CREATED)
def create_portal(
    data: PortalCreate,
    caller: AdminDep,
    session: SessionDep,
    author: AuthorDep,
    attempt: AttemptDep,
) -> Response:
    """Add a portal. Make a key of the role `partner` for its staff next."""
    return answers.created(
        session,
        attempt,
        data,
        lambda: portals.create(session, data, author),
        lambda made: f"/v1/portals/{made.id}",
    )


@router.get(
    "/{portal_id}",
    response_model=PortalPublic,
    responses=documented(NotFoundError) | answers.READ,
)
def read_portal(
    portal_id: str,
    caller: StaffDep,
    session: TenantSessionDep,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One portal."""
    return answers.record(portals.read(session, portal_id, caller), if_none_match)


@router.patch("/{portal_id}", response_model=PortalPublic, responses=EDITING | answers.CHANGED)
def update_portal(
    portal_id: str,
    data: PortalUpdate,
    caller: AdminDep,
    session: SessionDep,
    author: AuthorDep,
    wanted: IfMatchDep,
) -> Response:
    """Rename a portal."""
    return answers.record(portals.update(session, portal_id, data, wanted, caller, author))
