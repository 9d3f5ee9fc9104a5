"""The page of one's own account: who one is, where one is signed in, the password."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app import browser
from app.db import Access
from app.deps import EngineDep, FormAccessDep, GuessesDep, RequestIdDep, SettingsDep
from app.guesses import TooManyGuessesError
from app.services import new_passwords, sign_ins
from app.services.passwords import WeakPasswordError
from app.services.sign_ins import RefusedSignInError, SignedIn
from app.web import account_forms, people_form
from app.web.account_forms import ChangeForm, Faults
from app.web.members import MemberDep
from app.web.page_route import PageRoute
from app.web.pages import View, ViewDep

router = APIRouter(
    prefix="/account",
    route_class=PageRoute,
    include_in_schema=False,
    default_response_class=HTMLResponse,
)


@router.get("")
def show_account(
    view: ViewDep,
    member: MemberDep,
    access: FormAccessDep,
    engine: EngineDep,
    done: Annotated[str, Query()] = "",
) -> HTMLResponse:
    """Who the reader is, and where they are signed in."""
    return _page(view, member, access, engine, done=done)


@router.post("/password", response_model=None)
def change_password(
    view: ViewDep,
    form: Annotated[ChangeForm, Form()],
    member: MemberDep,
    access: FormAccessDep,
    engine: EngineDep,
    request: Request,
    guesses: GuessesDep,
    request_id: RequestIdDep,
) -> HTMLResponse | RedirectResponse:
    """Set another password; every other sign-in ends."""
    faults = account_forms.change_faults(form)
    if not faults:
        try:
            with guesses.attempt(request.scope, member.person.email):
                new_passwords.by_owner(engine, member, form.present, form.password, request_id)
            return RedirectResponse(view.href("/account", done="password"), 303)
        except TooManyGuessesError:
            faults = {"present": "account.too_often"}
        except WeakPasswordError as weak:
            faults = {"password": f"fault.password.{weak.weakness}"}
        except RefusedSignInError:
            faults = {"present": "fault.present"}
    return _page(view, member, access, engine, faults)


@router.post("/sign-out")
def sign_out_everywhere(
    view: ViewDep,
    member: MemberDep,
    _: FormAccessDep,  # a place among those that use the database
    engine: EngineDep,
    settings: SettingsDep,
    request_id: RequestIdDep,
) -> RedirectResponse:
    """Sign out in every browser, this one too."""
    sign_ins.end_all(engine, member.person.id, actor=member.caller.actor, request_id=request_id)
    answer = RedirectResponse(view.href("/sign-in"), 303)
    browser.drop(answer, settings)
    return answer


def _page(
    view: View,
    member: SignedIn,
    access: Access,
    engine: EngineDep,
    faults: Faults | None = None,
    *,
    done: str = "",
) -> HTMLResponse:
    person = member.person
    with access.reading() as session:
        homes = people_form.homes(session, member.caller)
    return view.page(
        "account/page.html",
        status=422 if faults else 200,
        person=person,
        member=member,
        home=homes.of(person.portal_id, person.company_id),
        sign_ins=sign_ins.of_person(engine, person.id),
        faults=account_forms.told(faults or {}, view.lang),
        done=done,
    )
