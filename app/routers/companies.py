"""Companies over HTTP: the start-ups that a portal looks after."""

from fastapi import APIRouter, Response

from app.deps import (
    AttemptDep,
    AuthorDep,
    IfMatchDep,
    SessionDep,
    StaffDep,
    TenantDep,
    TenantSessionDep,
)
from app.errors import ForbiddenError, NotFoundError, UnauthorizedError
from app.models.company import CompanyCreate, CompanyPage, CompanyPublic, CompanyUpdate
from app.problems import documented
from app.routers import answers
from app.routers.paging import After, PageLimit
from app.routers.providers import CREATING, EDITING, IfNoneMatch
from app.services import companies, pages

router = APIRouter(
    prefix="/v1/companies",
    tags=["companies"],
    responses=documented(UnauthorizedError, ForbiddenError),
)


@router.get("")
def list_companies(
    caller: TenantDep,
    session: TenantSessionDep,
    after: After = None,
    limit: PageLimit = pages.LIMIT,
) -> CompanyPage:
    """Your portal's companies, oldest first; a company sees itself."""
    return companies.page(session, caller, after=after, limit=limit)


@router.post(
    "", status_code=201, response_model=CompanyPublic, responses=CREATING | answers.CREATED
)
def create_company(
    data: CompanyCreate,
    caller: StaffDep,
    session: SessionDep,
    author: AuthorDep,
    attempt: AttemptDep,
) -> Response:
    """Add a company to your portal. Make a key for it, or invite its people, next."""
    return answers.created(
        session,
        attempt,
        data,
        lambda: companies.create(session, data, caller, author),
        lambda made: f"/v1/companies/{made.id}",
    )


@router.get(
    "/{company_id}",
    response_model=CompanyPublic,
    responses=documented(NotFoundError) | answers.READ,
)
def read_company(
    company_id: str,
    caller: TenantDep,
    session: TenantSessionDep,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One company."""
    return answers.record(companies.read(session, company_id, caller), if_none_match)


@router.patch("/{company_id}", response_model=CompanyPublic, responses=EDITING | answers.CHANGED)
def update_company(
    company_id: str,
    data: CompanyUpdate,
    caller: StaffDep,
    session: SessionDep,
    author: AuthorDep,
    wanted: IfMatchDep,
) -> Response:
    """Rename a company."""
    return answers.record(companies.update(session, company_id, data, wanted, caller, author))
