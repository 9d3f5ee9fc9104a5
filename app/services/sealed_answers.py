"""Answers that hold a secret, kept so that nobody but the caller can read them again.

An answer is sealed under a key made of what the caller identified itself with, its Idempotency-Key
and a nonce. The database knows a credential only by its digest, so that neither it nor a backup of
it opens what it keeps. Each key seals one answer. The package has no cipher among its dependencies;
this is a stream of SHAKE-256 with a keyed BLAKE2b over the result, both of the standard library.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import replace

from sqlmodel import Session

from app.errors import ConflictError
from app.services import idempotency
from app.services.idempotency import Answer, Attempt

_NONCE, _SEAL = 32, 32  # bytes


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
    covered = nonce + _covered(attempt, nonce, body)
    return base64.b64encode(_mark(attempt, covered) + covered).decode("ascii")


def _open(attempt: Attempt, kept: str) -> str | None:
    raw = base64.b64decode(kept)
    mark, covered = raw[:_SEAL], raw[_SEAL:]
    if not hmac.compare_digest(mark, _mark(attempt, covered)):
        return None
    nonce, rest = covered[:_NONCE], covered[_NONCE:]
    return _covered(attempt, nonce, rest).decode()


def _covered(attempt: Attempt, nonce: bytes, text: bytes) -> bytes:
    """The text under the stream of this nonce; a second time, the text again."""
    stream = hashlib.shake_256(_key(attempt, b"stream") + nonce).digest(len(text))
    return bytes(one ^ other for one, other in zip(text, stream, strict=True))


def _mark(attempt: Attempt, covered: bytes) -> bytes:
    return hashlib.blake2b(covered, digest_size=_SEAL, key=_key(attempt, b"mark")).digest()


def _key(attempt: Attempt, purpose: bytes) -> bytes:
    told = "\0".join((attempt.caller, attempt.route, attempt.key or "")).encode()
    return hashlib.blake2b(told, digest_size=32, key=attempt.proof, person=purpose).digest()
