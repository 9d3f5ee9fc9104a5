"""Cursors of keyset pages: a place in an order, bound to what was asked."""

import base64
import binascii
import json
from hashlib import blake2b

from app.errors import BadRequestError

LONGEST = 400  # characters of a cursor
_SEAL = 8  # bytes

Place = list[int | str]


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
    if seal != _seal(payload, asked):
        raise _refusal()
    place: Place = json.loads(payload)
    if [type(part) for part in place] != list(kinds):
        raise _refusal()
    return place


def _seal(payload: bytes, asked: str) -> bytes:
    # Against mistakes, not against forgers: a forged place shows nothing that isn't listed.
    return blake2b(payload + b"\0" + asked.encode(), digest_size=_SEAL).digest()


def _refusal() -> BadRequestError:
    return BadRequestError(
        "`after` isn't a cursor that this service gave out for this search. Start again without it."
    )
