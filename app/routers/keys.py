"""Keys over HTTP, for admins and for a portal's staff."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from app.deps import AuthorDep, SessionDep, StaffDep, TenantSessionDep
from app.errors import ConflictError, ForbiddenError, NotFoundError, UnauthorizedError
from app.models.key import KeyCreate, KeyIssued, KeyList, KeyRotate
from app.problems import StorageFullError, UnsupportedMediaTypeError, documented
from app.services import cursor, keys, pages

router = APIRouter(
    prefix="/v1/keys", tags=["keys"], responses=documented(UnauthorizedError, ForbiddenError)
)

_A_DAY = KeyRotate()


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


@router.post("", status_code=201, responses=documented(UnsupportedMediaTypeError, StorageFullError))
def create_key(
    data: KeyCreate, caller: StaffDep, session: SessionDep, author: AuthorDep
) -> KeyIssued:
    """Make a key. Its secret is in this answer and nowhere else, so that an Idempotency-Key has
    no effect here: the answer isn't kept.

    A key of the role `embed` may stand in a public page: it reads the catalogue and matches, and
    works only in pages of the `origins` that it is bound to. A company's key needs `company_id`;
    without it the company is made, too, under the key's name.
    """
    key, secret = keys.issue(session, data, caller, author)
    return KeyIssued.model_validate(key, update={"secret": secret})


@router.post(
    "/{key_id}/rotate",
    status_code=201,
    responses=documented(NotFoundError, ConflictError, UnsupportedMediaTypeError, StorageFullError),
)
def rotate_key(
    key_id: str,
    caller: StaffDep,
    session: SessionDep,
    author: AuthorDep,
    data: KeyRotate = _A_DAY,
) -> KeyIssued:
    """Make a key that may do what this one may. The old one goes on for `overlap_hours`, so that
    whoever uses it can change over, and then expires."""
    overlap = timedelta(hours=data.overlap_hours)
    key, secret = keys.rotate(session, key_id, overlap, caller, author)
    return KeyIssued.model_validate(key, update={"secret": secret})


@router.delete("/{key_id}", status_code=204, responses=documented(NotFoundError))
def revoke_key(key_id: str, caller: StaffDep, session: SessionDep, author: AuthorDep) -> None:
    """Revoke a key: it is refused from the next request on."""
    keys.revoke(session, key_id, caller=caller, editor=author)
