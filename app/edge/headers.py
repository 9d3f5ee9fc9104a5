"""The header fields of every answer that keep browsers from doing harm with it."""

from starlette.datastructures import MutableHeaders
from starlette.types import Scope

from app import logs

_A_YEAR = "max-age=31536000; includeSubDomains"
_EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # Pages bring a policy of their own; whatever else a browser is shown may do nothing at all.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'",
    "X-Frame-Options": "DENY",  # what browsers without frame-ancestors understand
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), "
    "payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def add(headers: MutableHeaders, scope: Scope, request_id: str, *, https: bool) -> None:
    """Add what the answer doesn't say itself. With `https` browsers come back by TLS alone."""
    headers["X-Request-Id"] = request_id
    for name, value in _EVERYWHERE.items():
        headers.setdefault(name, value)
    if https:
        headers.setdefault("Strict-Transport-Security", _A_YEAR)
    if scope["path"].startswith("/v1/"):
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Cache-Control", _kept(scope))
        headers.add_vary_header("Authorization")


def _kept(scope: Scope) -> str:
    """Public reads may be kept and are asked for anew each time; what one caller sees, and what a
    change is answered with, is kept nowhere."""
    is_public = scope["method"] in ("GET", "HEAD") and logs.CALLER not in scope
    return "no-cache" if is_public else "no-store"
