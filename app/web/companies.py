"""The pages of companies: those that a portal looks after, added, handed out, deleted."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ValidationError

from app import downloads
from app.db import Access
from app.deps import (
    AuthorDep,
    FormAccessDep,
    OwnerDep,
    SettingsDep,
    StaffDep,
    TenantDep,
    TenantSessionDep,
)
from app.errors import StaleError
from app.models.company import CompanyCreate, CompanyPublic
from app.services import companies, company_export, pages, retention
from app.services.precondition import Precondition, etag
from app.services.tenancy import Caller
from app.web.page_route import PageRoute
from app.web.pages import View, ViewDep

router = APIRouter(
    prefix="/companies",
    route_class=PageRoute,
    include_in_schema=False,
    default_response_class=HTMLResponse,
)


class NameForm(BaseModel):
    """The name of a new company, or of the one to delete, typed to confirm it."""

    name: str = ""


@router.get("")
def list_companies(
    view: ViewDep,
    caller: StaffDep,
    access: FormAccessDep,
    after: Annotated[str, Query()] = "",
    done: Annotated[str, Query()] = "",
) -> HTMLResponse:
    """The companies that the reader's portal looks after."""
    return _page(view, access, caller, after=after, done=done)


@router.post("", response_model=None)
def add_company(
    view: ViewDep,
    form: Annotated[NameForm, Form()],
    caller: StaffDep,
    access: FormAccessDep,
    author: AuthorDep,
) -> HTMLResponse | RedirectResponse:
    """Add a company; its people are invited next."""
    try:
        data = CompanyCreate(name=form.name)
    except ValidationError:
        return _page(view, access, caller, name=form.name, faults={"name": "fault.name"})
    with access.writing() as session:
        companies.create(session, data, caller, author)
    return RedirectResponse(view.href("/companies", done="added"), 303)


@router.get("/{company_id}/export")
def export_company(
    company_id: str, caller: OwnerDep, _: TenantDep, session: TenantSessionDep
) -> Response:
    """Everything of a company, to save."""
    return downloads.to_save(
        company_export.export(session, company_id, caller), f"company-{company_id}"
    )


@router.get("/{company_id}/delete")
def show_delete(
    company_id: str, view: ViewDep, caller: StaffDep, session: TenantSessionDep
) -> HTMLResponse:
    """What deleting a company means, and where its name is typed to confirm it."""
    return _delete_page(view, companies.read(session, company_id, caller))


@router.post("/{company_id}/delete", response_model=None)
def delete_company(
    company_id: str,
    view: ViewDep,
    form: Annotated[NameForm, Form()],
    caller: StaffDep,
    access: FormAccessDep,
    author: AuthorDep,
    settings: SettingsDep,
) -> HTMLResponse | RedirectResponse:
    """Delete a company for good, if its name is typed as it is."""
    with access.reading() as session:
        company = companies.read(session, company_id, caller)
    if form.name.strip() != company.name:
        return _delete_page(view, company, "fault.company_name")
    seen = Precondition(tags=frozenset({etag(company.version)}))
    secret = settings.phrase_secret.get_secret_value()
    try:
        with access.writing() as session:
            retention.delete_company(session, company_id, seen, caller, author, secret)
    except StaleError:  # renamed just now
        with access.reading() as session:
            company = companies.read(session, company_id, caller)
        return _delete_page(view, company, "fault.company_name")
    return RedirectResponse(view.href("/companies", done="deleted"), 303)


def _page(
    view: View,
    access: Access,
    caller: Caller,
    *,
    name: str = "",
    faults: dict[str, str] | None = None,
    after: str = "",
    done: str = "",
) -> HTMLResponse:
    with access.reading() as session:
        found = companies.page(session, caller, after=after or None, limit=pages.LIMIT)
    return view.page(
        "companies/list.html",
        status=422 if faults else 200,
        found=found,
        name=name,
        faults=faults or {},
        after=after,
        done=done,
    )


def _delete_page(view: View, company: CompanyPublic, fault: str = "") -> HTMLResponse:
    return view.page(
        "companies/delete.html",
        status=422 if fault else 200,
        company=company,
        faults={"name": fault} if fault else {},
    )
