"""Answers that hold a secret, kept so that nobody but the caller can read them again.

An answer is sealed (AES-GCM) under a key made of what the caller identified itself with and of its
Idempotency-Key. The database knows a credential only by its digest, so that neither it nor a backup
of it opens what it keeps.
"""

import base64
import secrets
from collections.abc import Callable
from dataclasses import replace

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlmodel import Session

from app.errors import ConflictError
from app.services import idempotency
from app.services.idempotency import Answer, Attempt

_NONCE = 12  # bytes, as AES-GCM wants them


class SealedAnswerError(ConflictError):
    """The answer was given before, and only who asked for it then can be told its secret."""

    type, title = "secret-not-shown-again", "This was made before, and its secret is sealed"


def once(session: Session, attempt: Attempt, payload: str, make: Callable[[], Answer]) -> Answer:
    """As `idempotency.once`, and nothing of the answer's body is kept in the clear.

    SealedAnswerError where the repeat comes with another credential, as after signing in anew.
    """
    made: list[Answer] = []

    def sealed() -> Answer:
        made.append(make())
        return replace(made[0], body=_seal(attempt, made[0].body.encode()))

    kept = idempotency.once(session, attempt, payload, sealed if attempt.key else make)
    if not kept.is_replayed:
        return made[0] if made else kept
    body = _open(attempt, kept.body)
    if body is None:
        raise SealedAnswerError(
            f"This Idempotency-Key made {kept.location} already. Its secret can be told only under "
            "the key or sign-in that asked for it then. Revoke it, and make another."
        )
    return replace(kept, body=body)


def _seal(attempt: Attempt, body: bytes) -> str:
    nonce = secrets.token_bytes(_NONCE)
    return base64.b64encode(nonce + _cipher(attempt).encrypt(nonce, body, None)).decode("ascii")


def _open(attempt: Attempt, kept: str) -> str | None:
    raw = base64.b64decode(kept)
    try:
        return _cipher(attempt).decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()
    except InvalidTag:
        return None


def _cipher(attempt: Attempt) -> AESGCM:
    told = "\0".join((attempt.caller, attempt.route, attempt.key or "")).encode()
    return AESGCM(HKDF(SHA256(), length=32, salt=None, info=told).derive(attempt.proof))
