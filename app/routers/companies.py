"""Companies over HTTP: the start-ups that a portal looks after."""

from fastapi import APIRouter, Response

from app import downloads
from app.deps import (
    AttemptDep,
    AuthorDep,
    IfMatchDep,
    OwnerDep,
    SessionDep,
    SettingsDep,
    StaffDep,
    TenantDep,
    TenantSessionDep,
)
from app.errors import ForbiddenError, NotFoundError, UnauthorizedError
from app.models.company import CompanyCreate, CompanyPage, CompanyPublic, CompanyUpdate
from app.models.company_export import CompanyExport
from app.problems import documented
from app.routers import answers
from app.routers.paging import After, PageLimit
from app.routers.providers import CREATING, EDITING, IfNoneMatch
from app.services import companies, company_export, pages, retention

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


@router.delete("/{company_id}", status_code=204, responses=EDITING)
def delete_company(
    company_id: str,
    caller: StaffDep,
    session: SessionDep,
    author: AuthorDep,
    wanted: IfMatchDep,
    settings: SettingsDep,
) -> None:
    """Delete a company for good, with its people, keys, requirements and runs. The journal keeps
    their bare ids, and backups what they hold until they are deleted themselves."""
    secret = settings.phrase_secret.get_secret_value()
    retention.delete_company(session, company_id, wanted, caller, author, secret)


@router.get(
    "/{company_id}/export",
    response_model=CompanyExport,
    responses=documented(NotFoundError) | answers.FILE,
)
def export_company(
    company_id: str, caller: OwnerDep, _: TenantDep, session: TenantSessionDep
) -> Response:
    """Everything of a company in one file: its people and where they are signed in, its keys,
    requirements and runs, and what the journal says of them and of those that are gone. For the
    company itself and its portal's staff alone; a key needs the scopes `tenancy` and
    `requirements`."""
    return downloads.to_save(
        company_export.export(session, company_id, caller), f"company-{company_id}"
    )
