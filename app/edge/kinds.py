"""Kinds of requests: they are counted apart, and queue apart, so that none starves another."""

import re
from enum import StrEnum

_TRANSFERS = re.compile(r"/v1/.+/(import|export)|/companies/[^/]+/export")
_MATCHES = re.compile(
    r"/|/v1/(match|intake)|(/v1)?/requirements/[^/]+/runs|(/v1)?/runs/[^/]+/replay"
)
_SIGN_INS = re.compile(
    r"(/v1)?/(sign-in|sessions|invitations|password-resets?)(/.*)?|/account/password"
)
_OPERATION = ("/livez", "/readyz", "/metrics")
_KEPT = re.compile(r"(/v1)?/requirements/[^/]+/runs|(/v1)?/runs/[^/]+/replay")
_LIMIT = re.compile(rb'"limit"\s*:\s*(\d{1,6})')
_ESCAPED_NAME = re.compile(rb'\\u\w{4,8}"\s*:')  # "limit" with an escape in it
_USUAL_LIMIT, _BYTES_OF_A_NEED, _MOST_LINES = 20, 150, 500
_READS = ("GET", "HEAD", "OPTIONS")


class Kind(StrEnum):
    """What a request costs, and so how often it may be asked."""

    OPERATION = "operation"  # operators' routes: never counted, never made to wait
    ASSET = "asset"  # files of the pages, kept by browsers
    READ = "read"
    WRITE = "write"
    MATCH = "match"
    TRANSFER = "transfer"  # whole catalogues in and out
    SIGN_IN = "sign_in"  # passwords are slow to check, and must be slow to guess


def kind_of(method: str, path: str) -> Kind:
    """The kind of a request by its method and path."""
    if path in _OPERATION:
        return Kind.OPERATION
    if path.startswith("/static/"):
        return Kind.ASSET
    if _TRANSFERS.fullmatch(path):
        return Kind.TRANSFER
    if method in _READS:
        return Kind.READ
    if _MATCHES.fullmatch(path):
        return Kind.MATCH
    return Kind.SIGN_IN if _SIGN_INS.fullmatch(path) else Kind.WRITE


def is_large(path: str, content: bytes) -> bool:
    """Whether a match may take long: by the needs and matches that its body has at most, taken
    without reading it. What a kept requirement holds can't be seen, so it may be large, and so may
    be what writes its `limit` with an escape."""
    if _KEPT.fullmatch(path) or _ESCAPED_NAME.search(content):
        return True
    found = _LIMIT.search(content)
    limit = int(found[1]) if found else _USUAL_LIMIT
    needs = max(content.count(b"{"), len(content) / _BYTES_OF_A_NEED)
    return needs * limit > _MOST_LINES
