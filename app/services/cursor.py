"""Cursors of keyset pages: a place in an order, sealed together with what was asked.

Only this installation can make one, and it is good for the list and the filters that it was given
out for alone. All workers seal with one key; it is fetched when the first cursor is needed, since
the database that keeps it may come after the service.
"""

import base64
import binascii
import hmac
import json
import secrets
from collections.abc import Callable
from functools import cache
from hashlib import blake2b

from app.errors import BadRequestError

LONGEST = 400  # characters of a cursor
_SEAL = 16  # bytes

Place = list[int | str]
Key = Callable[[], bytes]


def _own_key() -> Key:
    return cache(lambda: secrets.token_bytes(32))


class _Sealer:
    """What this process seals with: until it is told a key, one that nobody else has."""

    key: Key = _own_key()


def seal_with(key: Key) -> None:
    """Seal with this key from now on; it is asked for once, and again if that fails."""
    _Sealer.key = cache(key)


def forget_key() -> None:
    """Seal with a key of its own again, and ask nobody: the database of the other may be gone."""
    _Sealer.key = _own_key()


def write(place: Place, asked: str) -> str:
    """The cursor for what follows `place` in the answer to `asked`."""
    payload = json.dumps(place, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    return base64.urlsafe_b64encode(_seal(payload, asked) + payload).decode("ascii").rstrip("=")


def read(cursor: str, asked: str, *kinds: type[int] | type[str]) -> Place:
    """The place that a cursor names, whose parts are of these kinds.

    BadRequestError for one that was changed, or given out for another question.
    """
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise _refusal() from None
    seal, payload = raw[:_SEAL], raw[_SEAL:]
    if not hmac.compare_digest(seal, _seal(payload, asked)):
        raise _refusal()
    place: Place = json.loads(payload)
    if [type(part) for part in place] != list(kinds):
        raise _refusal()
    return place


def _seal(payload: bytes, asked: str) -> bytes:
    sealed = payload + b"\0" + asked.encode()
    return blake2b(sealed, digest_size=_SEAL, key=_Sealer.key()).digest()


def _refusal() -> BadRequestError:
    return BadRequestError(
        "`after` isn't a cursor that this service gave out for this search. Start again without it."
    )
