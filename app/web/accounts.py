"""The pages of signing in and out, of invitations, and of new passwords."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app import browser
from app.deps import EngineDep, GuessesDep, OutboxDep, RequestIdDep, SettingsDep, VisitorDep
from app.guesses import TooManyGuessesError
from app.models.person import Purpose
from app.services import new_passwords, sign_ins
from app.services.one_time import SpentLinkError
from app.services.passwords import WeakPasswordError
from app.services.sign_ins import RefusedSignInError, SeveralHomesError
from app.settings import MailerKind, Settings
from app.web import account_forms, returning
from app.web.account_forms import AddressForm, Faults, PasswordForm, SignInForm
from app.web.page_route import PageRoute
from app.web.pages import View, ViewDep

OWN_PAGE = Depends(browser.require_own_page)
_WHAT = {Purpose.INVITATION: "invitation", Purpose.PASSWORD_RESET: "reset"}

router = APIRouter(
    route_class=PageRoute, include_in_schema=False, default_response_class=HTMLResponse
)


@router.get("/sign-in", response_model=None)
def show_sign_in(
    view: ViewDep, settings: SettingsDep, wanted: Annotated[str, Query(alias="next")] = ""
) -> HTMLResponse | RedirectResponse:
    """The form to sign in with, or who is signed in. `next` is the page that asked for it, where
    somebody is led who has signed in meanwhile."""
    following = returning.own_path(wanted) or ""
    if following and view.visitor:
        return RedirectResponse(view.href(following), 303, {"Cache-Control": "no-store"})
    return sign_in_page(view, settings, next=following)


@router.post("/sign-in", dependencies=[OWN_PAGE], response_model=None)
def sign_in(
    view: ViewDep,
    form: Annotated[SignInForm, Form()],
    request: Request,
    engine: EngineDep,
    guesses: GuessesDep,
    settings: SettingsDep,
    request_id: RequestIdDep,
) -> HTMLResponse | RedirectResponse:
    """Sign in, and go to the page that asked for it, or else to the search."""
    found = account_forms.credentials(form)
    given = {"email": form.email, "next": returning.own_path(form.next) or ""}
    if found.data is None:
        faults = account_forms.told(found.faults, view.lang)
        return sign_in_page(view, settings, 422, faults=faults, **given)
    try:
        with guesses.attempt(request.scope, found.data.email):
            made = sign_ins.by_password(
                engine, found.data, replaced=browser.secret_of(request), request_id=request_id
            )
    except TooManyGuessesError as error:
        headers = dict(error.headers)
        return sign_in_page(
            view, settings, 429, headers=headers, email=form.email, notice="account.too_often"
        )
    except RefusedSignInError:
        return sign_in_page(view, settings, 401, notice="account.refused", **given)
    except SeveralHomesError as several:
        return sign_in_page(view, settings, 409, homes=several.homes, **given)
    answer = RedirectResponse(view.href(given["next"] or "/"), 303)
    browser.keep(answer, settings, made)
    return answer


@router.post("/sign-out")
def sign_out(
    view: ViewDep,
    visitor: VisitorDep,
    request: Request,
    engine: EngineDep,
    settings: SettingsDep,
    request_id: RequestIdDep,
    csrf_token: Annotated[str, Form()] = "",
) -> RedirectResponse:
    """Sign out, and go to the search."""
    answer = RedirectResponse(view.href("/"), 303)
    if visitor is not None:
        browser.require_token(request, visitor, csrf_token)
        sign_ins.end(engine, visitor, request_id=request_id)
    browser.drop(answer, settings)
    return answer


@router.get("/invitations")
def show_invitation(view: ViewDep, token: Annotated[str, Query()] = "") -> HTMLResponse:
    """Where an invitation's link leads."""
    return _password_page(view, Purpose.INVITATION, token)


@router.post("/invitations", dependencies=[OWN_PAGE])
def accept_invitation(
    view: ViewDep,
    form: Annotated[PasswordForm, Form()],
    request: Request,
    engine: EngineDep,
    guesses: GuessesDep,
    settings: SettingsDep,
    request_id: RequestIdDep,
) -> HTMLResponse:
    """Accept an invitation by setting a password."""
    found = _set_password(view, form, request, engine, guesses, Purpose.INVITATION, request_id)
    return found or _is_set(view, settings)


@router.get("/password-resets")
def show_password_reset(view: ViewDep, settings: SettingsDep) -> HTMLResponse:
    """Where a link for a new password is asked for."""
    return _ask_page(view, settings)


@router.post("/password-resets", dependencies=[OWN_PAGE])
def ask_for_password_reset(
    view: ViewDep,
    form: Annotated[AddressForm, Form()],
    settings: SettingsDep,
    outbox: OutboxDep,
) -> HTMLResponse:
    """Ask for a link for a new password; the page says the same whoever has the address."""
    found = account_forms.address(form)
    if found.data is None:
        faults = account_forms.told(found.faults, view.lang)
        return _ask_page(view, settings, 422, email=form.email, faults=faults)
    outbox.reset(found.data.email)
    return _ask_page(view, settings, is_sent=True)


@router.get("/password-resets/confirm")
def show_new_password(view: ViewDep, token: Annotated[str, Query()] = "") -> HTMLResponse:
    """Where the link for a new password leads."""
    return _password_page(view, Purpose.PASSWORD_RESET, token)


@router.post("/password-resets/confirm", dependencies=[OWN_PAGE])
def reset_password(
    view: ViewDep,
    form: Annotated[PasswordForm, Form()],
    request: Request,
    engine: EngineDep,
    guesses: GuessesDep,
    settings: SettingsDep,
    request_id: RequestIdDep,
) -> HTMLResponse:
    """Set a new password."""
    found = _set_password(view, form, request, engine, guesses, Purpose.PASSWORD_RESET, request_id)
    return found or _is_set(view, settings)


def sign_in_page(view: View, settings: Settings, status: int = 200, **context: Any) -> HTMLResponse:
    """The page to sign in on."""
    known: dict[str, Any] = {
        "email": "",
        "next": "",
        "faults": {},
        "homes": (),
        "notice": "",
        "is_good": False,
        "has_provider": bool(settings.oidc_issuer),
    }
    return view.page("accounts/sign_in.html", status=status, **(known | context))


def _is_set(view: View, settings: Settings) -> HTMLResponse:
    view.visitor = None  # whoever was signed in with the address no longer is
    return sign_in_page(view, settings, notice="account.set.done", is_good=True)


def _ask_page(view: View, settings: Settings, status: int = 200, **context: Any) -> HTMLResponse:
    known: dict[str, Any] = {
        "email": "",
        "faults": {},
        "is_sent": False,
        "has_mailer": settings.mailer is not MailerKind.NONE,
    }
    return view.page("accounts/ask.html", status=status, **(known | context))


def _password_page(
    view: View,
    purpose: Purpose,
    token: str,
    status: int = 200,
    *,
    faults: Faults | None = None,
    is_spent: bool = False,
) -> HTMLResponse:
    return view.page(
        "accounts/new_password.html",
        status=status,
        what=_WHAT[purpose],
        token=token,
        faults=account_forms.told(faults or {}, view.lang),
        is_spent=is_spent,
    )


def _set_password(
    view: View,
    form: PasswordForm,
    request: Request,
    engine: EngineDep,
    guesses: GuessesDep,
    purpose: Purpose,
    request_id: str,
) -> HTMLResponse | None:
    """Set it, or give the page that says why not."""
    found = account_forms.new_password(form)
    if found.data is None:
        return _password_page(view, purpose, form.token, 422, faults=found.faults)
    try:
        email = new_passwords.by_link(engine, found.data, purpose, request_id)
    except WeakPasswordError as weak:
        fault = f"fault.password.{weak.weakness}"
        return _password_page(view, purpose, form.token, 422, faults={"password": fault})
    except SpentLinkError:
        return _password_page(view, purpose, "", 422, is_spent=True)
    guesses.know(request.scope, email)
    return None
