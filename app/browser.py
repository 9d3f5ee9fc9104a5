"""What a browser brings along: the cookie of a sign-in, and signs of where a request comes from."""

import hmac
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.requests import HTTPConnection

from app import db, logs
from app.errors import ForbiddenError
from app.services import credentials, sign_ins
from app.services.sign_ins import NewSignIn, SignedIn
from app.services.tenancy import IDENTIFY
from app.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_TOKEN = "cdmo.form_token"  # where pages put the token that came with a form
_SIGNED_IN = "cdmo.signed_in"
_NAME = "cdmo-sign-in"


class CrossSiteError(ForbiddenError):
    """A change that is asked for with a browser's cookie, and not for sure by our own pages."""

    type, title = "cross-site", "This may have been sent by another site"


def cookie_name(settings: Settings, name: str = _NAME) -> str:
    """What the cookie is called. With the prefix no browser takes it from a neighbouring host, nor
    without TLS."""
    return name if settings.demo else f"__Host-{name}"


def secret_of(request: HTTPConnection) -> str | None:
    """The secret of the sign-in that the browser shows, if it has the form of one."""
    secret = request.cookies.get(cookie_name(request.app.state.settings), "")
    return secret if credentials.is_token(secret) else None


def visitor(request: Request) -> SignedIn | None:
    """Who is signed in in this browser, as the database has it now."""
    if _SIGNED_IN in request.scope:
        return visitor_seen(request)
    secret = secret_of(request)
    found = None
    if secret is not None:
        engine = request.app.state.engine
        with db.reading(engine, IDENTIFY) as session:
            found = sign_ins.identify(session, secret)
        if found is not None:
            sign_ins.note_use(engine, found)
            request.scope[logs.CALLER] = found.caller.actor
        else:
            request.scope[logs.NOBODY] = True
    request.scope[_SIGNED_IN] = found
    return found


def visitor_seen(request: Request) -> SignedIn | None:
    """Whom `visitor` found for this request, or None where it wasn't asked."""
    found: SignedIn | None = request.scope.get(_SIGNED_IN)
    return found


def require_own_page(request: Request) -> None:
    """CrossSiteError where the browser says that another site's page sends this."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        is_foreign = site not in ("same-origin", "none")
    else:
        # Our pages send no referrer, and then browsers write `null`: that proves nothing.
        origin = request.headers.get("origin", "null")
        is_foreign = origin != "null" and urlsplit(origin).netloc not in _our_hosts(request)
    if is_foreign:
        raise CrossSiteError("Send it from a page of this service.")


def token_of(request: Request) -> str | None:
    """The token that a change carries: in a page's form, or else in its header field."""
    from_form: str | None = request.scope.get(FORM_TOKEN)
    return from_form or request.headers.get("x-csrf-token")


def require_token(request: Request, found: SignedIn, given: str | None) -> None:
    """CrossSiteError unless `given` is the token of this sign-in, and our own page sends it."""
    require_own_page(request)
    if not hmac.compare_digest((given or "").encode(), found.csrf_token.encode()):
        raise CrossSiteError(
            "Send the `csrf_token` of GET /v1/sign-in in the header field X-CSRF-Token."
        )


def keep(response: Response, settings: Settings, made: NewSignIn) -> None:
    """Have the browser keep a sign-in."""
    response.set_cookie(
        cookie_name(settings),
        made.secret,
        max_age=int(sign_ins.LONGEST.total_seconds()),
        path="/",
        secure=not settings.demo,
        httponly=True,
        samesite="lax",
    )


def drop(response: Response, settings: Settings) -> None:
    """Have the browser forget its sign-in."""
    response.delete_cookie(
        cookie_name(settings), path="/", secure=not settings.demo, httponly=True, samesite="lax"
    )


def _our_hosts(request: Request) -> set[str]:
    settings: Settings = request.app.state.settings
    return {request.headers.get("host", ""), urlsplit(settings.public_url).netloc} - {""}
