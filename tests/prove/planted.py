"""Defects of a service in a process of its own, planted by name; nothing of the app knows them."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlmodel import Session

VARIABLE = "CDMO_PROVE_DEFECT"
SHORT_GRACE = "short-grace"


def planted(name: str) -> Callable[[], AbstractContextManager[None]]:
    """Servers that are started within have this defect."""

    @contextmanager
    def plants() -> Iterator[None]:
        os.environ[VARIABLE] = name
        try:
            yield
        finally:
            del os.environ[VARIABLE]

    return plants


def plant(name: str) -> None:
    """Put a defect into this process, for good."""
    if name in _DEFECTS:
        _DEFECTS[name]()


def _remember_keys() -> None:
    """Whoever was let in once is let in for a minute."""
    from app.services import keys

    real, known = keys.identify, dict[str, tuple[float, Any]]()

    def identify(session: Session, secret: str, origin: str | None = None) -> Any:
        now = time.monotonic()
        found = known.get(secret)
        if found is None or found[0] < now - 60:
            found = known[secret] = (now, real(session, secret, origin))
        return found[1]

    keys.identify = identify


def _keep_answer_apart() -> None:
    """The key's row is kept before there is anything to answer with it."""
    from app.services import idempotency

    real = idempotency._claim

    def claim(session: Session, *arguments: Any) -> Any:
        kept = real(session, *arguments)
        session.commit()
        return kept

    idempotency._claim = claim  # type: ignore[assignment] # takes what the real one takes


def _forget_keys() -> None:
    """Idempotency keys are taken and not looked at."""
    from app.services import idempotency

    def once(session: Session, attempt: Any, payload: str, make: Callable[[], Any]) -> Any:
        return make()

    idempotency.once = once


def _match_anything() -> None:
    """A change is made to whatever there is now."""
    from app.services.precondition import Precondition

    def check(self: Precondition, version: int) -> None:
        return None

    Precondition.check = check  # type: ignore[method-assign]


def _unmapped_database() -> None:
    """What fails in the database is a defect of ours to the caller."""
    from app import problems

    problems.of_database = lambda error: problems._UNEXPECTED


_DEFECTS: dict[str, Callable[[], None]] = {
    "remember-keys": _remember_keys,
    "keep-answer-apart": _keep_answer_apart,
    "forget-keys": _forget_keys,
    "match-anything": _match_anything,
    "unmapped-database": _unmapped_database,
    SHORT_GRACE: lambda: None,  # where it is served
}
