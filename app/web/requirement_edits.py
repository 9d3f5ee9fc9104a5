"""Changing a requirement on its page: edited, shared, no longer shared, deleted, run."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel

from app.db import Access
from app.deps import AccessDep, AuthorDep, CatalogueDep, FormAccessDep, OwnerDep, TenantSessionDep
from app.errors import InvalidError, StaleError
from app.matching.catalogue import Catalogue
from app.models.requirement import RequirementPublic
from app.models.run import RunCreate
from app.services import requirements, runs
from app.services.precondition import Precondition, etag
from app.services.tenancy import Caller
from app.web import requirement_form, sent_once
from app.web.need_form import Faults
from app.web.page_route import PageRoute
from app.web.pages import View, ViewDep
from app.web.requirement_form import RequirementForm
from app.web.shortlist import country_options

router = APIRouter(
    prefix="/requirements/{requirement_id}",
    route_class=PageRoute,
    include_in_schema=False,
    default_response_class=HTMLResponse,
)


class RunForm(BaseModel):
    """How a run is asked for."""

    include_ineligible: str = ""
    attempt: str = ""


class DeleteForm(BaseModel):
    """The version of what is to be deleted, as the page showed it."""

    version: str = ""


@router.get("/edit")
def show_edit(
    requirement_id: str,
    view: ViewDep,
    caller: OwnerDep,
    session: TenantSessionDep,
    catalogue: CatalogueDep,
) -> HTMLResponse:
    """The form with the requirement as it stands."""
    kept = requirements.read(session, requirement_id, caller)
    return _edit_page(view, catalogue, kept, requirement_form.filled(kept))


@router.post("/edit", response_model=None)
def edit_requirement(
    requirement_id: str,
    view: ViewDep,
    form: Annotated[RequirementForm, Form()],
    caller: OwnerDep,
    catalogue: CatalogueDep,
    access: FormAccessDep,
    author: AuthorDep,
) -> HTMLResponse | RedirectResponse:
    """Save an edit. Where somebody else was faster, both are shown, and nothing is lost."""
    kept = _read(access, requirement_id, caller)
    found = requirement_form.edit(form, kept)
    if found.data is None:
        return _edit_page(view, catalogue, kept, form, found.faults)
    try:
        with access.writing() as session:
            requirements.update(
                session,
                requirement_id,
                found.data,
                catalogue.vocabulary,
                _seen(form.version),
                caller,
                author,
            )
    except StaleError:
        now = _read(access, requirement_id, caller)
        theirs = form.model_copy(update={"version": str(now.version)})
        return _edit_page(view, catalogue, now, theirs, is_stale=True)
    except InvalidError:
        return _edit_page(view, catalogue, kept, form, {"text": "fault.form"})
    return _back(view, requirement_id, "edited")


@router.post("/share")
def share_requirement(
    requirement_id: str, view: ViewDep, caller: OwnerDep, access: FormAccessDep, author: AuthorDep
) -> RedirectResponse:
    """Let the centre's curators read it."""
    with access.writing() as session:
        requirements.share(session, requirement_id, shared=True, caller=caller, editor=author)
    return _back(view, requirement_id, "shared")


@router.post("/unshare")
def unshare_requirement(
    requirement_id: str, view: ViewDep, caller: OwnerDep, access: FormAccessDep, author: AuthorDep
) -> RedirectResponse:
    """End the sharing at once."""
    with access.writing() as session:
        requirements.share(session, requirement_id, shared=False, caller=caller, editor=author)
    return _back(view, requirement_id, "unshared")


@router.get("/delete")
def show_delete(
    requirement_id: str, view: ViewDep, caller: OwnerDep, session: TenantSessionDep
) -> HTMLResponse:
    """The question whether it is to be deleted."""
    kept = requirements.read(session, requirement_id, caller)
    return view.page("requirements/delete.html", kept=kept, is_stale=False)


@router.post("/delete", response_model=None)
def delete_requirement(
    requirement_id: str,
    view: ViewDep,
    form: Annotated[DeleteForm, Form()],
    caller: OwnerDep,
    access: FormAccessDep,
    author: AuthorDep,
) -> HTMLResponse | RedirectResponse:
    """Delete it with its runs; asked again where it has changed since."""
    try:
        with access.writing() as session:
            requirements.delete(session, requirement_id, _seen(form.version), caller, author)
    except StaleError:
        kept = _read(access, requirement_id, caller)
        return view.page("requirements/delete.html", status=412, kept=kept, is_stale=True)
    return RedirectResponse(view.href("/requirements", done="deleted"), 303)


@router.post("/runs")
def run_requirement(
    requirement_id: str,
    view: ViewDep,
    form: Annotated[RunForm, Form()],
    caller: OwnerDep,
    catalogue: CatalogueDep,
    access: AccessDep,
    author: AuthorDep,
) -> RedirectResponse:
    """Match it against the catalogue as it stands now, keep the answer, and show it."""
    options = RunCreate(lang=view.lang, include_ineligible=bool(form.include_ineligible))
    route = f"POST /v1/requirements/{requirement_id}/runs"
    attempt = sent_once.attempt(caller, route, form.attempt, options.model_dump_json())
    made = runs.make(access, requirement_id, options, catalogue, caller, author, attempt)
    return RedirectResponse(view.href((made.location or "").removeprefix("/v1")), 303)


def _read(access: Access, requirement_id: str, caller: Caller) -> RequirementPublic:
    with access.reading() as session:
        return requirements.read(session, requirement_id, caller)


def _seen(version: str) -> Precondition:
    # What is no number is no version of anything, and so stale.
    number = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
    return Precondition(tags=frozenset({etag(number)}))


def _edit_page(
    view: View,
    catalogue: Catalogue,
    kept: RequirementPublic,
    form: RequirementForm,
    faults: Faults | None = None,
    *,
    is_stale: bool = False,
) -> HTMLResponse:
    return view.page(
        "requirements/edit.html",
        status=412 if is_stale else 422 if faults else 200,
        kept=kept,
        form=form,
        faults=faults or {},
        is_stale=is_stale,
        has_one_country=requirement_form.has_one_country(kept.wishes),
        shows_all=requirement_form.shows_all(kept),
        countries=country_options(catalogue, view.lang),
        companies=[],
    )


def _back(view: View, requirement_id: str, done: str) -> RedirectResponse:
    return RedirectResponse(view.href(f"/requirements/{requirement_id}", done=done), 303)
