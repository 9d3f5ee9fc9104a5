"""The pages of requirements: those of one's company, a new one, one of them, and what is shared."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse

from app.db import Access
from app.deps import (
    AuthorDep,
    CatalogueDep,
    FormAccessDep,
    OwnerDep,
    ReaderDep,
    SettingsDep,
    TenantSessionDep,
    allow,
)
from app.errors import InvalidError
from app.matching.catalogue import Catalogue
from app.models.key import Role, Scope
from app.models.requirement import RequirementCreate
from app.services import companies, pages, requirement_list, requirements, runs
from app.services.tenancy import Caller
from app.web import requirement_form, sent_once
from app.web.need_form import Faults
from app.web.page_route import PageRoute
from app.web.pages import View, ViewDep
from app.web.requirement_form import RequirementForm
from app.web.shortlist import country_options

After = Annotated[str, Query()]
Done = Annotated[str, Query()]
SharedDep = Annotated[Caller, Depends(allow(Scope.REQUIREMENTS, Role.CURATOR, Role.ADMIN))]

router = APIRouter(
    route_class=PageRoute, include_in_schema=False, default_response_class=HTMLResponse
)


@router.get("/requirements")
def list_requirements(
    view: ViewDep,
    caller: OwnerDep,
    session: TenantSessionDep,
    settings: SettingsDep,
    after: After = "",
    done: Done = "",
) -> HTMLResponse:
    """The requirements that the reader keeps, newest first."""
    items, following = requirement_list.page(
        session, caller, idle_days=settings.requirement_idle_days, after=after or None
    )
    return view.page("requirements/list.html", items=items, next=following, after=after, done=done)


@router.get("/shared")
def list_shared(
    view: ViewDep, caller: SharedDep, session: TenantSessionDep, after: After = ""
) -> HTMLResponse:
    """The requirements that companies share with the centre."""
    found = requirements.page(
        session, caller, after=after or None, limit=pages.LIMIT, newest_first=True
    )
    return view.page("requirements/shared.html", items=found.items, next=found.next, after=after)


@router.get("/requirements/new")
def show_new(
    view: ViewDep, caller: OwnerDep, catalogue: CatalogueDep, access: FormAccessDep
) -> HTMLResponse:
    """The form of a new requirement."""
    return _new_page(view, catalogue, access, caller, RequirementForm())


@router.post("/requirements", response_model=None)
def keep_requirement(
    view: ViewDep,
    form: Annotated[RequirementForm, Form()],
    caller: OwnerDep,
    catalogue: CatalogueDep,
    access: FormAccessDep,
    author: AuthorDep,
) -> HTMLResponse | RedirectResponse:
    """Keep a requirement, from the form of a new one or from below a shortlist."""
    if caller.company_id is None and form.company_id is None:
        return _new_page(view, catalogue, access, caller, form)
    found = requirement_form.new(form)
    faults = found.faults
    if found.data is not None:
        data: RequirementCreate = found.data

        def make() -> str:
            made = requirements.create(session, data, catalogue.vocabulary, caller, author)
            return f"/v1/requirements/{made.id}"

        try:
            with access.writing() as session:
                attempt = sent_once.attempt(
                    caller, "POST /v1/requirements", form.attempt, data.model_dump_json()
                )
                made = sent_once.place(session, attempt, data.model_dump_json(), make)
            return RedirectResponse(view.href(made.removeprefix("/v1"), done="kept"), 303)
        except InvalidError as error:
            is_of_company = any(fault.where == "body.company_id" for fault in error.faults)
            faults = {"company_id": "fault.company"} if is_of_company else {"text": "fault.form"}
    return _new_page(view, catalogue, access, caller, form, faults)


@router.get("/requirements/{requirement_id}")
def show_requirement(
    requirement_id: str,
    view: ViewDep,
    caller: ReaderDep,
    session: TenantSessionDep,
    settings: SettingsDep,
    done: Done = "",
) -> HTMLResponse:
    """One requirement: to whoever keeps it with its runs, to the centre as far as it is shared."""
    listed = requirement_list.read(
        session, requirement_id, caller, idle_days=settings.requirement_idle_days
    )
    made = None
    if view.keeps_requirements:
        made = runs.page(
            session, requirement_id, caller, after=None, limit=pages.LIMIT, newest_first=True
        )
    return view.page(
        "requirements/page.html",
        listed=listed,
        kept=listed.requirement,
        runs=made,
        done=done,
        attempt=RequirementForm().attempt,
    )


def _new_page(
    view: View,
    catalogue: Catalogue,
    access: Access,
    caller: Caller,
    form: RequirementForm,
    faults: Faults | None = None,
) -> HTMLResponse:
    context: dict[str, Any] = {
        "form": form,
        "faults": faults or {},
        "countries": country_options(catalogue, view.lang),
        "companies": choices(access, caller),
    }
    return view.page("requirements/new.html", status=422 if faults else 200, **context)


def choices(access: Access, caller: Caller) -> list[tuple[str, str]]:
    """The companies for which a portal's staff may keep something; none for a company itself."""
    if caller.company_id is not None:
        return []
    with access.reading() as session:
        found = companies.page(session, caller, after=None, limit=pages.MOST)
    return [(str(company.id), company.name) for company in found.items]
