"""Signing in and out over HTTP, and setting a password."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app import browser
from app.deps import EngineDep, GuessesDep, OutboxDep, RequestIdDep, SettingsDep, VisitorDep
from app.errors import ConflictError
from app.guesses import TooManyGuessesError
from app.models.person import (
    Credentials,
    NewPassword,
    PasswordResetAsk,
    Purpose,
    SignInPublic,
)
from app.problems import UnsupportedMediaTypeError, documented
from app.services import new_passwords, people, sign_ins
from app.services.sign_ins import RefusedSignInError, SignedIn

# What anybody may ask for, whoever is signed in: no caller is identified, and no token is needed.
# That our own page, or no page at all, sends it is looked at.
_OWN_PAGE = Depends(browser.require_own_page)
_SENT = documented(browser.CrossSiteError, UnsupportedMediaTypeError)
router = APIRouter(prefix="/v1", tags=["sign-in"])


def get_signed_in(visitor: VisitorDep) -> SignedIn:
    """Who is signed in; RefusedSignInError where nobody is."""
    if visitor is None:
        raise RefusedSignInError("Nobody is signed in in this browser.")
    return visitor


SignedInDep = Annotated[SignedIn, Depends(get_signed_in)]


@router.post(
    "/sign-in",
    dependencies=[_OWN_PAGE],
    responses=_SENT | documented(RefusedSignInError, ConflictError, TooManyGuessesError),
)
def sign_in(
    data: Credentials,
    request: Request,
    response: Response,
    engine: EngineDep,
    guesses: GuessesDep,
    settings: SettingsDep,
    request_id: RequestIdDep,
) -> SignInPublic:
    """Sign in with e-mail address and password. The answer sets a cookie that scripts can't read;
    it is good for 7 days, and for 12 hours without a request. After too many failures an e-mail
    address is refused for a while, whoever has it; who is signed in stays so."""
    replaced = browser.secret_of(request)
    with guesses.attempt(request.scope, data.email):
        made = sign_ins.by_password(engine, data, replaced=replaced, request_id=request_id)
    browser.keep(response, settings, made)
    return _shown(made.signed_in)


@router.get("/sign-in", responses=documented(RefusedSignInError))
def read_sign_in(found: SignedInDep) -> SignInPublic:
    """Who is signed in in this browser, with the token that its changes have to carry."""
    return _shown(found)


@router.delete(
    "/sign-in",
    status_code=204,
    responses=documented(RefusedSignInError, browser.CrossSiteError),
)
def sign_out(
    found: SignedInDep,
    request: Request,
    response: Response,
    engine: EngineDep,
    settings: SettingsDep,
    request_id: RequestIdDep,
) -> None:
    """Sign out in this browser. `DELETE /v1/people/{id}/sign-ins` does so in every other."""
    browser.require_token(request, found, request.headers.get("x-csrf-token"))
    sign_ins.end(engine, found, request_id=request_id)
    browser.drop(response, settings)


@router.post("/invitations/accept", status_code=204, dependencies=[_OWN_PAGE], responses=_SENT)
def accept_invitation(
    data: NewPassword,
    request: Request,
    engine: EngineDep,
    guesses: GuessesDep,
    request_id: RequestIdDep,
) -> None:
    """Accept an invitation by setting a password of 12 to 200 characters; then sign in. The
    password is that of the address: who had one signs in with the new one everywhere, and any other
    company or portal that has invited the address is open with it. Every link that was mailed to
    the address is void then, as it is once a password is set in any other way."""
    email = new_passwords.by_link(engine, data, Purpose.INVITATION, request_id)
    guesses.know(request.scope, email)


@router.post("/password-resets", status_code=202, dependencies=[_OWN_PAGE], responses=_SENT)
async def ask_for_password_reset(data: PasswordResetAsk, outbox: OutboxDep) -> Response:
    """Ask for a link to set a new password. The answer is the same whether or not anybody has the
    address; the mail, if there is one, goes out after it."""
    outbox.reset(data.email)
    return Response(status_code=202)


@router.post("/password-resets/confirm", status_code=204, dependencies=[_OWN_PAGE], responses=_SENT)
def reset_password(
    data: NewPassword,
    request: Request,
    engine: EngineDep,
    guesses: GuessesDep,
    request_id: RequestIdDep,
) -> None:
    """Set a new password by the link of a mail. Whoever is signed in with the address is signed
    out, and any other link of the address is void. Invitations that were open are accepted."""
    email = new_passwords.by_link(engine, data, Purpose.PASSWORD_RESET, request_id)
    guesses.know(request.scope, email)


def _shown(found: SignedIn) -> SignInPublic:
    return SignInPublic(
        person=people.shown(found.person),
        csrf_token=found.csrf_token,
        expires_at=found.expires_at,
    )
