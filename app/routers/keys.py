"""Keys over HTTP, for admins."""

from fastapi import APIRouter

from app.deps import AdminDep, KeeperDep, ReadSessionDep, SessionDep
from app.errors import ForbiddenError, NotFoundError, UnauthorizedError
from app.models.key import KeyCreate, KeyIssued, KeyList, KeyPublic
from app.problems import StorageFullError, UnsupportedMediaTypeError, documented
from app.services import keys

router = APIRouter(
    prefix="/v1/keys", tags=["keys"], responses=documented(UnauthorizedError, ForbiddenError)
)


@router.get("")
def list_keys(session: ReadSessionDep, _: AdminDep) -> KeyList:
    """All keys, oldest first, the revoked ones too. Their secrets are not kept."""
    return KeyList(items=[KeyPublic.model_validate(row) for row in keys.list_all(session)])


@router.post("", status_code=201, responses=documented(UnsupportedMediaTypeError, StorageFullError))
def create_key(data: KeyCreate, session: SessionDep, editor: KeeperDep) -> KeyIssued:
    """Make a key. Its secret is in this answer and nowhere else, so that an Idempotency-Key has
    no effect here: the answer isn't kept."""
    key, secret = keys.create(session, name=data.name, role=data.role, editor=editor)
    return KeyIssued.model_validate(key, update={"secret": secret})


@router.delete("/{key_id}", status_code=204, responses=documented(NotFoundError))
def revoke_key(key_id: str, session: SessionDep, editor: KeeperDep) -> None:
    """Revoke a key: it is refused from the next request on."""
    keys.revoke(session, key_id, editor=editor)
