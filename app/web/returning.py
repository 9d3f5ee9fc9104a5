"""Back to where a reader was before they were asked to sign in: to our own pages alone."""

import re

from fastapi import Request

from app.problems import methods_of

_LONGEST = 300
# What a browser could read as another host, or as a scheme, can't be written with these.
_OWN = re.compile(r"/|(/[A-Za-z0-9._~-]+)+")


def own_path(text: str) -> str | None:
    """The text, if it is the plain path of a page of this service."""
    return text if len(text) <= _LONGEST and _OWN.fullmatch(text) else None


def page_of(request: Request) -> str:
    """The page that a request belongs to: its own path, or the nearest above that can be read."""
    path: str = request.url.path
    while path and "GET" not in methods_of(request, path):
        path = path.rpartition("/")[0]
    return path or "/"
