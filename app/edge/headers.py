"""The header fields of every answer that keep browsers from doing harm with it."""

from starlette.types import Message, Scope

from app import logs

_Field = tuple[bytes, bytes]
_EVERYWHERE: tuple[_Field, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    # Pages bring a policy of their own; whatever else a browser is shown may do nothing at all.
    (
        b"content-security-policy",
        b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    (b"x-frame-options", b"DENY"),  # what browsers without frame-ancestors understand
    (
        b"permissions-policy",
        b"camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_BY_TLS: _Field = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
_API: _Field = (b"cross-origin-resource-policy", b"same-origin")
# Public reads may be kept and are asked for anew each time; what one caller sees, and what a
# change is answered with, is kept nowhere.
_PUBLIC: _Field = (b"cache-control", b"no-cache")
_PRIVATE: _Field = (b"cache-control", b"no-store")


def add(start: Message, scope: Scope, request_id: str, *, https: bool) -> None:
    """Add what the start of an answer doesn't say itself. With `https` browsers come back by TLS
    alone."""
    given = {name.lower() for name, _ in start["headers"]}
    fields = [*start["headers"], (b"x-request-id", request_id.encode("ascii"))]
    fields += [field for field in _wanted(scope, https=https) if field[0] not in given]
    start["headers"] = fields


def _wanted(scope: Scope, *, https: bool) -> list[_Field]:
    wanted = [*_EVERYWHERE]
    if https:
        wanted.append(_BY_TLS)
    if scope["path"].startswith("/v1/"):
        is_public = scope["method"] in ("GET", "HEAD") and logs.CALLER not in scope
        wanted += (_API, _PUBLIC if is_public else _PRIVATE)
    return wanted
