"""What a route may ask for, as annotated aliases.

A worker holds at most CONNECTIONS database connections at once, which the default size of the pool
has room for; further requests wait without a thread.
"""

import re
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlmodel import Session

from app import db, logs
from app.errors import (
    BadRequestError,
    ForbiddenError,
    PreconditionRequiredError,
    UnauthorizedError,
)
from app.matching.catalogue import Catalogue
from app.services import keys
from app.services.catalogue import LiveCatalogue
from app.services.editing import Editor
from app.services.idempotency import Attempt
from app.services.keys import Caller
from app.services.phrases import Sharing
from app.services.precondition import Precondition
from app.settings import Settings

CALLERS, SNAPSHOTS, READERS, WRITERS = 2, 2, 3, 2
# All that a worker can hold at once: besides these one to share wordings, one to build a catalogue
# aside, and one to look up an origin.
CONNECTIONS = CALLERS + SNAPSHOTS + READERS + WRITERS + 3

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
    request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Caller:
    """Who calls: anybody without a key; UnauthorizedError if there is one that isn't valid."""
    if bearer is None:
        if "authorization" in request.headers:
            raise UnauthorizedError("Send the key as: Authorization: Bearer cdmo_…")
        return Caller()
    # A session of its own that ends here: no request holds one connection while waiting for
    # another.
    with db.reading(request.app.state.engine) as session:
        caller = keys.identify(session, bearer.credentials)
    request.scope[logs.CALLER] = caller.actor
    return caller


SettingsDep = Annotated[Settings, Depends(get_settings)]
RequestIdDep = Annotated[str, Depends(get_request_id)]
IDENTIFIED = Depends(get_caller, max_concurrency=CALLERS)
CallerDep = Annotated[Caller, IDENTIFIED]


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
        secret=get_settings(request).phrase_secret.get_secret_value(),
    )


SharingDep = Annotated[Sharing, Depends(get_sharing)]


def get_read_session(request: Request) -> Iterator[Session]:
    """A session that only reads."""
    with db.reading(request.app.state.engine) as session:
        yield session


def get_session(request: Request, caller: CallerDep) -> Iterator[Session]:
    """A session that writes: committed after the endpoint, before the answer leaves."""
    with db.writing(request.app.state.engine) as session:
        yield session
        keys.note_use(session, caller)


ReadSessionDep = Annotated[
    Session, Depends(get_read_session, scope="function", max_concurrency=READERS)
]
SessionDep = Annotated[Session, Depends(get_session, scope="function", max_concurrency=WRITERS)]


def get_curator(caller: CallerDep) -> Caller:
    """A curator or an admin; UnauthorizedError without a key, ForbiddenError with another role."""
    return _with_right(caller, may=caller.is_curator, who="curators")


def get_admin(caller: CallerDep) -> Caller:
    """An admin; UnauthorizedError without a key, ForbiddenError with another role."""
    return _with_right(caller, may=caller.is_admin, who="admins")


def _with_right(caller: Caller, *, may: bool, who: str) -> Caller:
    if caller.role is None:
        raise UnauthorizedError("This needs a key. Send it as: Authorization: Bearer cdmo_…")
    if not may:
        raise ForbiddenError(f"Only {who} may do this.")
    return caller


CuratorDep = Annotated[Caller, Depends(get_curator)]
AdminDep = Annotated[Caller, Depends(get_admin)]


def get_editor(caller: CuratorDep, request_id: RequestIdDep) -> Editor:
    """The curator on whose behalf a change is made."""
    return Editor(actor=caller.actor, request_id=request_id)


def get_keeper(caller: AdminDep, request_id: RequestIdDep) -> Editor:
    """The admin on whose behalf keys are made and revoked."""
    return Editor(actor=caller.actor, request_id=request_id)


EditorDep = Annotated[Editor, Depends(get_editor)]
KeeperDep = Annotated[Editor, Depends(get_keeper)]


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


def require_precondition(_: CuratorDep, wanted: OptionalIfMatchDep) -> Precondition:
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


def get_attempt(request: Request, caller: CallerDep, key: IdempotencyKeyDep) -> Attempt:
    """A creating request, as a repeat of it would be recognised."""
    return Attempt(caller=caller.actor, route=f"POST {request.url.path}", key=key)


AttemptDep = Annotated[Attempt, Depends(get_attempt)]
