"""Keys: made, shown once, stored as a digest, checked on each request, revocable at once."""

import hashlib
import hmac
import re
import secrets
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from app.errors import NotFoundError, UnauthorizedError
from app.models.key import Key, Role
from app.services import journal
from app.services.editing import Editor, identity

_FORM = re.compile(r"cdmo_(?P<role>[a-z]+)_(?P<random>[A-Za-z0-9]{44})_(?P<checksum>[0-9a-f]{8})")
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LENGTH = 44  # 44 characters of 62 are 262 random bits
_USE_IS_NOTED_EVERY = timedelta(minutes=1)
_MISSING = "There is no such key."
_REFUSAL = "This key isn't valid. Check that it was copied whole, or ask for a new one."


@dataclass(frozen=True, slots=True)
class Caller:
    """Who speaks: the bearer of a key, or, without one, anybody."""

    key_id: UUID | None = None
    role: Role | None = None

    @property
    def actor(self) -> str:
        """How the journal names the caller."""
        return f"key:{self.key_id}" if self.key_id else "anonymous"

    @property
    def is_curator(self) -> bool:
        """Whether the caller keeps the catalogue; admins may all that curators may."""
        return self.role in (Role.CURATOR, Role.ADMIN)

    @property
    def is_admin(self) -> bool:
        """Whether the caller keeps the keys."""
        return self.role is Role.ADMIN


def generate(role: Role) -> str:
    """A new secret: `cdmo_<role>_<random>_<checksum>`, the checksum being the CRC32 before it."""
    random = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    head = f"cdmo_{role.value}_{random}"
    return f"{head}_{_checksum(head)}"


def create(session: Session, *, name: str, role: Role, editor: Editor) -> tuple[Key, str]:
    """Make a key; gives its row and the secret, which is stored nowhere."""
    secret = generate(role)
    key = Key(name=name, role=role, digest=_digest(secret))
    session.add(key)
    session.flush()
    journal.record(
        session,
        actor=editor.actor,
        action="created",
        noun="key",
        noun_id=key.id,
        before=None,
        after={"name": name, "role": role.value},
        request_id=editor.request_id,
        revision=0,
    )
    return key, secret


def list_all(session: Session) -> Sequence[Key]:
    """Every key, the revoked ones too, oldest first."""
    return session.exec(select(Key).order_by(col(Key.created_at), col(Key.id))).all()


def revoke(session: Session, key_id: str, *, editor: Editor) -> None:
    """End a key at once; NotFoundError if there is none. Revoking twice changes nothing."""
    wanted = identity(key_id, _MISSING)
    key = session.exec(select(Key).where(Key.id == wanted).with_for_update()).one_or_none()
    if key is None:
        raise NotFoundError(_MISSING)
    if key.revoked_at is not None:
        return
    key.revoked_at = key.updated_at = datetime.now(UTC)
    journal.record(
        session,
        actor=editor.actor,
        action="revoked",
        noun="key",
        noun_id=key.id,
        before=None,
        after={"revoked_at": key.revoked_at.isoformat()},
        request_id=editor.request_id,
        revision=0,
    )


def identify(session: Session, secret: str) -> Caller:
    """Who bears this secret; UnauthorizedError if it is malformed, unknown or revoked."""
    found = _FORM.fullmatch(secret)
    if found is None or not hmac.compare_digest(
        _checksum(secret.rpartition("_")[0]), found["checksum"]
    ):
        raise UnauthorizedError(_REFUSAL)
    digest = _digest(secret)
    key = session.exec(select(Key).where(Key.digest == digest)).one_or_none()
    if key is None or key.revoked_at or not hmac.compare_digest(key.digest, digest):
        raise UnauthorizedError(_REFUSAL)
    return Caller(key_id=key.id, role=key.role)


def note_use(session: Session, caller: Caller) -> None:
    """Remember that a key was used, at most once a minute and only where a write goes on anyway."""
    if caller.key_id is None:
        return
    now = datetime.now(UTC)
    session.execute(
        update(Key)
        .where(
            col(Key.id) == caller.key_id,
            or_(col(Key.last_used_at).is_(None), col(Key.last_used_at) < now - _USE_IS_NOTED_EVERY),
        )
        .values(last_used_at=now)
        .execution_options(synchronize_session=False)
    )


def _checksum(head: str) -> str:
    return f"{zlib.crc32(head.encode()):08x}"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
