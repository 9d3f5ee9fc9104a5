"""Signing in through an identity provider: there, and back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from app import browser
from app.deps import PROVIDED, EngineDep, RequestIdDep, SettingsDep
from app.errors import NotFoundError
from app.services import provider, sign_ins
from app.services.provider import NotVouchedError
from app.services.sign_ins import NewSignIn, RefusedSignInError
from app.settings import Settings
from app.web import returning
from app.web.accounts import sign_in_page
from app.web.page_route import PageRoute
from app.web.pages import ViewDep

_COOKIE = "cdmo-provider"
_NEXT = "cdmo-next"  # the page that asked for the sign-in
_GOOD_FOR_S = 600

router = APIRouter(
    route_class=PageRoute, include_in_schema=False, default_response_class=HTMLResponse
)


@router.get("/sign-in/provider")
def go_to_provider(
    settings: SettingsDep, wanted: Annotated[str, Query(alias="next")] = ""
) -> RedirectResponse:
    """Go to the provider; `next` is the page to come back to."""
    _require_provider(settings)
    address, attempt = provider.begin(settings)
    answer = RedirectResponse(address, 303, {"Cache-Control": "no-store"})
    for name, text in ((_COOKIE, attempt.text), (_NEXT, returning.own_path(wanted) or "")):
        answer.set_cookie(
            browser.cookie_name(settings, name),
            text,
            max_age=_GOOD_FOR_S,
            path="/",
            secure=not settings.demo,
            httponly=True,
            samesite="lax",  # the provider sends the browser back from its own site
        )
    return answer


def get_vouched(
    request: Request,
    settings: SettingsDep,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
) -> str | None:
    """The address for which the provider vouches, if it does."""
    _require_provider(settings)
    kept = request.cookies.get(browser.cookie_name(settings, _COOKIE), "")
    try:
        return provider.conclude(settings, provider.attempt_of(kept), state=state, code=code)
    except NotVouchedError:
        return None


def get_new_sign_in(
    email: Annotated[str | None, Depends(get_vouched)],
    request: Request,
    engine: EngineDep,
    request_id: RequestIdDep,
) -> NewSignIn | None:
    """The sign-in of whom the provider vouches for, if they were invited."""
    if email is None:
        return None
    replaced = browser.secret_of(request)
    try:
        return sign_ins.by_provider(engine, email, replaced=replaced, request_id=request_id)
    except RefusedSignInError:
        return None


@router.get(provider.CALLBACK, response_model=None)
def come_from_provider(
    made: Annotated[NewSignIn | None, Depends(get_new_sign_in, max_concurrency=PROVIDED)],
    request: Request,
    view: ViewDep,
    settings: SettingsDep,
) -> HTMLResponse | RedirectResponse:
    """Come back from the provider, signed in or not."""
    wanted = returning.own_path(request.cookies.get(browser.cookie_name(settings, _NEXT), ""))
    answer: HTMLResponse | RedirectResponse
    if made is None:
        answer = sign_in_page(
            view, settings, 401, notice="account.provider_refused", next=wanted or ""
        )
    else:
        answer = RedirectResponse(view.href(wanted or "/"), 303, {"Cache-Control": "no-store"})
        browser.keep(answer, settings, made)
    for name in (_COOKIE, _NEXT):
        answer.delete_cookie(
            browser.cookie_name(settings, name), path="/", secure=not settings.demo, httponly=True
        )
    return answer


def _require_provider(settings: Settings) -> None:
    if not settings.oidc_issuer:
        raise NotFoundError("People sign in with a password here.")
