"""Unsafe settings: the service refuses to start with each of them, and says which it is."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from tests.prove.experiment import Experiment, Outcome, Size
from tests.prove.place import Place
from tests.prove.server import free_port

_SAFE = {
    "CDMO_SEED": "none",
    "CDMO_PUBLIC_URL": "https://match.example.org",
    "CDMO_PHRASE_SECRET": "0123456789abcdef0123456789abcdef-of-the-experiment",
}
_UNSAFE = (
    {"CDMO_CORS_ORIGINS": "*"},
    {"CDMO_CORS_ORIGINS": "null"},
    {"CDMO_TRUSTED_PROXIES": "*"},
    {"CDMO_POOL_SIZE": "2"},
    {"CDMO_PRODUCTION": "true", "CDMO_PHRASE_SECRET": ""},
    {"CDMO_PRODUCTION": "true", "CDMO_PHRASE_SECRET": "short"},
    {"CDMO_PRODUCTION": "true", "CDMO_RATE_LIMITS": "off"},
    {"CDMO_PRODUCTION": "true", "CDMO_LOG_LEVEL": "debug"},
    {"CDMO_PRODUCTION": "true", "CDMO_PUBLIC_URL": "http://match.example.org"},
    {"CDMO_PRODUCTION": "true", "CDMO_DOCS": "true"},
)
_SECONDS = 60


def unsafe(place: Place, size: Size) -> Outcome:
    """Start `cdmo-match serve` with each, and as the owner of the tables on PostgreSQL."""
    started: list[str] = []
    cases = [(next(reversed(each)), each) for each in _UNSAFE][:: size.of(1, 4)]
    with place.database("postgres") as database:
        owner = database.owner.url.set(drivername="postgresql").render_as_string(False)
        cases.append(("CDMO_DATABASE_URL", {"CDMO_DATABASE_URL": owner}))
        for name, settings in cases:
            said = _said({"CDMO_DATABASE_URL": database.url} | _SAFE | settings)
            if name not in said:
                started.append(f"{settings}: {said[-200:] or 'it starts'}")
    return Outcome(
        f"{len(cases) - len(started)} of {len(cases)} refused by name",
        "all of at least 8",
        not started and len(cases) >= size.of(8, 3),
        started,
    )


def _said(settings: dict[str, str]) -> str:
    """Why the service doesn't start; nothing where it does."""
    command = [sys.executable, "-c", _START, "serve", "--port", str(free_port())]
    try:
        done = subprocess.run(
            command, env=os.environ | settings, capture_output=True, text=True, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stderr if done.returncode == 1 else ""


_START = "import sys; from app.cli import main; main()"
# Serving is left out, so that a service that would start ends at once.
_UNASKED = (
    "import app.safety as s; s.require = lambda *_: None; s.require_role = lambda *_: None; "
    "import app.cli as c; c._serve = lambda *_: None; c.main()"
)


@contextmanager
def _nothing_refused() -> Iterator[None]:
    """Settings aren't looked at."""
    with patch(f"{__name__}._START", _UNASKED):
        yield


UNSAFE = Experiment("unsafe", unsafe, {"settings not looked at": _nothing_refused})
