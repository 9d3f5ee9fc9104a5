"""Keys over HTTP, for admins and for a portal's staff."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.deps import AttemptDep, AuthorDep, SessionDep, StaffDep, TenantSessionDep
from app.errors import (
    ConflictError,
    ForbiddenError,
    IdempotencyMismatchError,
    NotFoundError,
    StillRunningError,
    UnauthorizedError,
)
from app.models.key import KeyCreate, KeyIssued, KeyList, KeyRotate
from app.problems import StorageFullError, UnsupportedMediaTypeError, documented
from app.routers import answers
from app.services import cursor, keys, pages
from app.services.sealed_answers import SealedAnswerError

router = APIRouter(
    prefix="/v1/keys", tags=["keys"], responses=documented(UnauthorizedError, ForbiddenError)
)

_A_DAY = KeyRotate()
_MAKING = answers.ISSUED | documented(
    UnsupportedMediaTypeError,
    StorageFullError,
    IdempotencyMismatchError,
    StillRunningError,
    SealedAnswerError,
)


@router.get("")
def list_keys(
    session: TenantSessionDep,
    caller: StaffDep,
    after: Annotated[str | None, Query(max_length=cursor.LONGEST)] = None,
    limit: Annotated[int, Query(ge=1, le=pages.MOST)] = pages.MOST,
) -> KeyList:
    """The keys of your portal, its companies and its embedded pages, oldest first, the revoked and
    expired ones too. Admins see the keys of other portals' staff as well. Secrets are not kept."""
    return keys.page(session, caller, after=after, limit=limit)


@router.post("", status_code=201, response_model=KeyIssued, responses=_MAKING)
def create_key(
    data: KeyCreate, caller: StaffDep, session: SessionDep, author: AuthorDep, attempt: AttemptDep
) -> Response:
    """Make a key. Its secret is in this answer alone. A repeat under the same Idempotency-Key gets
    the same answer for 24 hours: till then it is kept, sealed with the key or sign-in that asked,
    so that nobody else can read it. Whoever signed in anew meanwhile is told which key was made,
    and not its secret.

    A key of the role `embed` may stand in a public page: it reads the catalogue and matches, and
    works only in pages of the `origins` that it is bound to. A company's key needs `company_id`;
    without it the company is made, too, under the key's name.
    """
    return answers.issued(session, attempt, data, lambda: keys.issue(session, data, caller, author))


@router.post(
    "/{key_id}/rotate",
    status_code=201,
    response_model=KeyIssued,
    responses=_MAKING
    | documented(NotFoundError, ConflictError, SealedAnswerError, StillRunningError),
)
def rotate_key(
    key_id: str,
    caller: StaffDep,
    session: SessionDep,
    author: AuthorDep,
    attempt: AttemptDep,
    data: KeyRotate = _A_DAY,
) -> Response:
    """Make a key that may do what this one may. The old one goes on for `overlap_hours`, so that
    whoever uses it can change over, and then expires. A repeat under the same Idempotency-Key gets
    the same answer, as where a key is made."""
    overlap = timedelta(hours=data.overlap_hours)
    return answers.issued(
        session, attempt, data, lambda: keys.rotate(session, key_id, overlap, caller, author)
    )


@router.delete("/{key_id}", status_code=204, responses=documented(NotFoundError))
def revoke_key(key_id: str, caller: StaffDep, session: SessionDep, author: AuthorDep) -> None:
    """Revoke a key: it is refused from the next request on."""
    keys.revoke(session, key_id, caller=caller, editor=author)
