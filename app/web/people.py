"""The pages of people: listed, invited, invited again, signed out, removed."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import Session

from app import browser
from app.db import Access
from app.deps import (
    AuthorDep,
    EngineDep,
    FormAccessDep,
    OutboxDep,
    RequestIdDep,
    SettingsDep,
    TenantDep,
    TenantSessionDep,
)
from app.errors import ConflictError, InvalidError
from app.services import keys, pages, people, sign_ins
from app.services.tenancy import Caller
from app.settings import MailerKind, Settings
from app.web import people_form
from app.web.need_form import Faults
from app.web.page_route import PageRoute
from app.web.pages import View, ViewDep
from app.web.people_form import InviteForm

router = APIRouter(
    prefix="/people",
    route_class=PageRoute,
    include_in_schema=False,
    default_response_class=HTMLResponse,
)


@router.get("")
def list_people(
    view: ViewDep,
    caller: TenantDep,
    access: FormAccessDep,
    settings: SettingsDep,
    after: Annotated[str, Query()] = "",
    done: Annotated[str, Query()] = "",
) -> HTMLResponse:
    """The people whom the reader keeps, and the form to invite another."""
    return _page(view, access, caller, settings, InviteForm(), after=after, done=done)


@router.post("", response_model=None)
def invite_person(
    view: ViewDep,
    form: Annotated[InviteForm, Form()],
    caller: TenantDep,
    access: FormAccessDep,
    author: AuthorDep,
    settings: SettingsDep,
    outbox: OutboxDep,
) -> HTMLResponse | RedirectResponse:
    """Invite somebody, who is sent a link where the service sends mails."""
    found = people_form.read(form)
    faults = found.faults
    if found.data is not None:
        try:
            with access.writing() as session:
                made = people.invite(session, found.data, caller, author)
            outbox.invite(made.id)
            return _back(view, "invited")
        except ConflictError:
            faults = {"email": "fault.known"}
        except InvalidError:
            faults = {"place": "fault.place"}
    return _page(view, access, caller, settings, form, faults)


@router.post("/{person_id}/invitation")
def invite_again(
    person_id: str, view: ViewDep, caller: TenantDep, session: TenantSessionDep, outbox: OutboxDep
) -> RedirectResponse:
    """Send the invitation once more."""
    outbox.invite(people.found(session, person_id, caller).id)
    return _back(view, "again")


@router.post("/{person_id}/sign-out")
def sign_out_everywhere(
    person_id: str,
    view: ViewDep,
    caller: TenantDep,
    access: FormAccessDep,
    engine: EngineDep,
    request_id: RequestIdDep,
) -> RedirectResponse:
    """Sign somebody out in every browser."""
    with access.reading() as session:
        theirs = people.check_may_sign_out(session, person_id, caller)
    sign_ins.end_all(engine, theirs, actor=caller.actor, request_id=request_id)
    return _back(view, "signed_out")


@router.get("/{person_id}/remove")
def show_remove(
    person_id: str, view: ViewDep, caller: TenantDep, session: TenantSessionDep
) -> HTMLResponse:
    """The question whether somebody is to be removed."""
    return _question(view, session, person_id, caller)


@router.post("/{person_id}/remove", response_model=None)
def remove_person(
    person_id: str,
    view: ViewDep,
    caller: TenantDep,
    access: FormAccessDep,
    author: AuthorDep,
    settings: SettingsDep,
) -> HTMLResponse | RedirectResponse:
    """Remove somebody, who is signed out everywhere with it."""
    try:
        with access.writing() as session:
            people.remove(session, person_id, caller, author)
    except ConflictError:
        with access.reading() as session:
            return _question(view, session, person_id, caller, is_last=True)
    if caller.actor != f"person:{person_id}":
        return _back(view, "removed")
    answer = RedirectResponse(view.href("/"), 303)
    browser.drop(answer, settings)
    return answer


def _question(
    view: View, session: Session, person_id: str, caller: Caller, *, is_last: bool = False
) -> HTMLResponse:
    found = people.read(session, person_id, caller)
    return view.page(
        "people/remove.html",
        status=409 if is_last else 200,
        who=found,
        keys=keys.made_by(session, found.id, caller),
        is_last=is_last,
    )


def _page(
    view: View,
    access: Access,
    caller: Caller,
    settings: Settings,
    form: InviteForm,
    faults: Faults | None = None,
    *,
    after: str = "",
    done: str = "",
) -> HTMLResponse:
    with access.reading() as session:
        found = people.page(session, caller, after=after or None, limit=pages.LIMIT)
        homes = people_form.homes(session, caller)
    return view.page(
        "people/list.html",
        status=422 if faults else 200,
        found=found,
        homes=homes,
        places=homes.places(caller),
        form=form,
        faults=faults or {},
        after=after,
        done=done,
        has_mailer=settings.mailer is not MailerKind.NONE,
    )


def _back(view: View, done: str) -> RedirectResponse:
    return RedirectResponse(view.href("/people", done=done), 303)
