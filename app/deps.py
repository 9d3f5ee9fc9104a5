"""What a route may ask for, as annotated aliases.

A worker holds at most CONNECTIONS database connections at once, which the default size of the pool
has room for; further requests wait without a thread.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated
from uuid import UUID

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import BackgroundTasks, Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Engine
from sqlmodel import Session

from app import browser, db, logs
from app.errors import (
    BadRequestError,
    PreconditionRequiredError,
    UnauthorizedError,
)
from app.guesses import Guesses
from app.matching.catalogue import Catalogue
from app.models.key import Role, Scope
from app.services import credentials, keys, mailer, tenancy
from app.services.catalogue import LiveCatalogue
from app.services.editing import Editor
from app.services.idempotency import Attempt, route_of
from app.services.phrases import Sharing
from app.services.post import Post
from app.services.precondition import Precondition
from app.services.sign_ins import SignedIn
from app.services.tenancy import Caller
from app.settings import Settings

CALLERS, SNAPSHOTS, READERS, TENANTS, WRITERS = 2, 2, 3, 2, 2
VISITORS, MAILS = 1, 1
RUNS, FORMS = 2, 2
SIGN_INS, PROVIDED = 2, 1  # passwords that the edge lets run at once, and providers' answers
# All that a worker can hold at once: besides these one to note things beside answers, one to build
# a catalogue aside, one to look up origins, and one to sweep.
_OF_ROUTES = CALLERS + VISITORS + SNAPSHOTS + READERS + TENANTS + WRITERS
CONNECTIONS = _OF_ROUTES + MAILS + RUNS + FORMS + SIGN_INS + PROVIDED + 4

_VISIBLE = re.compile(r"[\x21-\x7e]{1,255}")
_QUOTED = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_TAGS = re.compile(rf"\s*{_TAG}(?:\s*,\s*{_TAG})*\s*")
_bearer = HTTPBearer(auto_error=False, description="A key, as `cdmo_<role>_<random>_<checksum>`.")


def get_settings(request: Request) -> Settings:
    """The settings that the app was made with."""
    settings: Settings = request.app.state.settings
    return settings


def get_request_id(request: Request) -> str:
    """The id of this request, as its answer and its log line carry it."""
    request_id: str = request.scope[logs.REQUEST_ID]
    return request_id


def get_caller(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    background: BackgroundTasks,
) -> Caller:
    """Who calls: the bearer of a key, else who signed in, else anybody. UnauthorizedError for a key
    that isn't valid, CrossSiteError for a change that only a cookie speaks for."""
    if bearer is None:
        if "authorization" in request.headers:
            raise UnauthorizedError("Send the key as: Authorization: Bearer cdmo_…")
        return _visiting(request)
    # A session of its own that ends here: no request holds one connection while waiting for
    # another.
    with db.reading(request.app.state.engine, tenancy.IDENTIFY) as session:
        caller = keys.identify(session, bearer.credentials, request.headers.get("origin"))
    request.scope[logs.CALLER] = caller.actor
    if caller.origins is not None:
        request.scope[logs.BOUND_TO] = caller.origins
    if caller.unnoted_key is not None:
        # After the answer: no read waits for a write.
        background.add_task(keys.note_use, request.app.state.engine, caller.unnoted_key)
    return caller


def _visiting(request: Request) -> Caller:
    found = browser.visitor(request)
    if found is None:
        return Caller()
    if request.method not in browser.SAFE_METHODS:
        browser.require_token(request, found, browser.token_of(request))
    return found.caller


SettingsDep = Annotated[Settings, Depends(get_settings)]
RequestIdDep = Annotated[str, Depends(get_request_id)]
IDENTIFIED = Depends(get_caller, max_concurrency=CALLERS)
CallerDep = Annotated[Caller, IDENTIFIED]


def get_visitor(request: Request) -> SignedIn | None:
    """Who is signed in in this browser, if anybody; a page that changes something on their behalf
    asks for the token in its form."""
    return browser.visitor(request)


VisitorDep = Annotated[SignedIn | None, Depends(get_visitor, max_concurrency=VISITORS)]


class Outbox:
    """Mails that leave when the request has been answered, and so only if it was committed."""

    def __init__(self, request: Request, background: BackgroundTasks) -> None:
        self._app = request.app
        self._background = background
        settings = get_settings(request)
        self._post = Post(request.app.state.engine, mailer.chosen(settings), settings.public_url)

    def invite(self, person_id: UUID) -> None:
        """Send an invitation."""
        self._background.add_task(self._run, partial(self._post.invite, person_id))

    def reset(self, email: str) -> None:
        """Send a link for a new password, if somebody has the address."""
        self._background.add_task(self._run, partial(self._post.reset, email))

    async def _run(self, send: Callable[[], None]) -> None:
        # A mail server may be slow: mails leave one after the other, and hold one thread at most.
        if not hasattr(self._app.state, "mails"):
            self._app.state.mails = CapacityLimiter(MAILS)
        await run_sync(send, limiter=self._app.state.mails)


async def get_outbox(request: Request, background: BackgroundTasks) -> Outbox:
    """Where a route leaves mails."""
    return Outbox(request, background)


OutboxDep = Annotated[Outbox, Depends(get_outbox)]


def get_catalogue(request: Request) -> Catalogue:
    """The catalogue as the database stands now. Its connection is given back before it is used."""
    live: LiveCatalogue = request.app.state.catalogue
    return live.current()


CatalogueDep = Annotated[Catalogue, Depends(get_catalogue, max_concurrency=SNAPSHOTS)]


async def get_sharing(
    request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Sharing:
    """How this request shares its wording, if it wishes to."""
    return Sharing(
        engine=request.app.state.engine,
        bearer=bearer.credentials if bearer else None,
        origin=request.headers.get("origin"),
        secret=get_settings(request).phrase_secret.get_secret_value(),
    )


SharingDep = Annotated[Sharing, Depends(get_sharing)]


def get_engine(request: Request) -> Engine:
    """The database, for what takes several short transactions."""
    engine: Engine = request.app.state.engine
    return engine


EngineDep = Annotated[Engine, Depends(get_engine)]


def get_guesses(request: Request) -> Guesses:
    """The failed sign-ins of e-mail addresses."""
    guesses: Guesses = request.app.state.guesses
    return guesses


GuessesDep = Annotated[Guesses, Depends(get_guesses)]


def get_read_session(request: Request) -> Iterator[Session]:
    """A session that only reads."""
    with db.reading(request.app.state.engine) as session:
        yield session


def get_session(request: Request, caller: CallerDep) -> Iterator[Session]:
    """A session that writes: committed after the endpoint, before the answer leaves."""
    with db.writing(request.app.state.engine, caller.claims) as session:
        yield session


def get_tenant_session(request: Request, caller: CallerDep) -> Iterator[Session]:
    """A session that only reads, and sees what the caller keeps."""
    with db.reading(request.app.state.engine, caller.claims) as session:
        yield session


ReadSessionDep = Annotated[
    Session, Depends(get_read_session, scope="function", max_concurrency=READERS)
]
TenantSessionDep = Annotated[
    Session, Depends(get_tenant_session, scope="function", max_concurrency=TENANTS)
]
SessionDep = Annotated[Session, Depends(get_session, scope="function", max_concurrency=WRITERS)]


def allow(scope: Scope, *roles: Role) -> Callable[[Caller], Caller]:
    """A dependency that gives a caller of one of these roles, with this scope; else it raises
    UnauthorizedError without a key, ForbiddenError with one that may not."""

    def check(caller: CallerDep) -> Caller:
        tenancy.check(caller, scope, *roles)
        return caller

    return check


def get_access(request: Request, caller: CallerDep) -> db.Access:
    """The database as the caller reaches it, a session at a time."""
    return db.Access(request.app.state.engine, caller.claims)


AccessDep = Annotated[db.Access, Depends(get_access, scope="function", max_concurrency=RUNS)]
# Apart from runs, so that no form waits for a match.
FormAccessDep = Annotated[db.Access, Depends(get_access, scope="function", max_concurrency=FORMS)]
CuratorDep = Annotated[Caller, Depends(allow(Scope.CATALOGUE, Role.CURATOR, Role.ADMIN))]
AdminDep = Annotated[Caller, Depends(allow(Scope.TENANCY, Role.ADMIN))]
OwnerDep = Annotated[Caller, Depends(allow(Scope.REQUIREMENTS, Role.COMPANY, Role.PARTNER))]
ReaderDep = Annotated[
    Caller,
    Depends(allow(Scope.REQUIREMENTS, Role.COMPANY, Role.PARTNER, Role.CURATOR, Role.ADMIN)),
]
StaffDep = Annotated[Caller, Depends(allow(Scope.TENANCY, Role.ADMIN, Role.PARTNER))]
TenantDep = Annotated[Caller, Depends(allow(Scope.TENANCY, Role.ADMIN, Role.PARTNER, Role.COMPANY))]


def get_editor(caller: CuratorDep, request_id: RequestIdDep) -> Editor:
    """The curator on whose behalf the catalogue is changed."""
    return Editor(actor=caller.actor, request_id=request_id)


def get_author(caller: CallerDep, request_id: RequestIdDep) -> Editor:
    """On whose behalf a tenant's things are changed; the route says who may change them."""
    return Editor(actor=caller.actor, request_id=request_id)


EditorDep = Annotated[Editor, Depends(get_editor)]
AuthorDep = Annotated[Editor, Depends(get_author)]


def get_precondition(
    if_match: Annotated[str | None, Header(description="The ETag last read, or `*`.")] = None,
) -> Precondition | None:
    """What If-Match asks; None without one; BadRequestError if it can't be read."""
    if if_match is None:
        return None
    if if_match.strip() == "*":
        return Precondition(anything=True)
    if _TAGS.fullmatch(if_match) is None:
        raise BadRequestError('If-Match holds the ETag as it was given, such as "3", or *.')
    return Precondition(tags=frozenset(re.findall(_TAG, if_match)))


OptionalIfMatchDep = Annotated[Precondition | None, Depends(get_precondition)]


def require_precondition(wanted: OptionalIfMatchDep) -> Precondition:
    """What If-Match asks; PreconditionRequiredError without one."""
    if wanted is None:
        raise PreconditionRequiredError(
            "Send If-Match with the ETag of the record as you last read it, so that nobody's "
            "change is lost."
        )
    return wanted


IfMatchDep = Annotated[Precondition, Depends(require_precondition)]


def get_idempotency_key(
    idempotency_key: Annotated[
        str | None,
        Header(description="Makes a repeated request harmless; 1 to 255 visible characters."),
    ] = None,
) -> str | None:
    """The Idempotency-Key, bare or quoted; BadRequestError if it can't be read."""
    if idempotency_key is None:
        return None
    quoted = _QUOTED.fullmatch(idempotency_key)
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else idempotency_key
    if _VISIBLE.fullmatch(key) is None:
        raise BadRequestError("An Idempotency-Key is 1 to 255 visible ASCII characters.")
    return key


IdempotencyKeyDep = Annotated[str | None, Depends(get_idempotency_key)]


def get_attempt(
    request: Request,
    caller: CallerDep,
    key: IdempotencyKeyDep,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Attempt:
    """A creating request, as a repeat of it would be recognised."""
    secret = bearer.credentials if bearer else browser.secret_of(request) or ""
    proof = credentials.proof(secret)
    return Attempt(caller=caller.actor, route=route_of(request.url.path), key=key, proof=proof)


AttemptDep = Annotated[Attempt, Depends(get_attempt)]
