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

    keys.identify = _remembering(keys.identify)


def _remember_sign_ins() -> None:
    """Who was signed in once is so for a minute."""
    from app.services import sign_ins

    sign_ins.identify = _remembering(sign_ins.identify)


def _remembering(real: Callable[..., Any]) -> Callable[..., Any]:
    known = dict[str, tuple[float, Any]]()

    def identify(session: Session, secret: str, *others: Any) -> Any:
        now = time.monotonic()
        found = known.get(secret)
        if found is None or found[0] < now - 60:
            found = known[secret] = (now, real(session, secret, *others))
        return found[1]

    return identify


def _leave_keys() -> None:
    """The keys that somebody made stay behind when they are removed."""
    from app.services import keys

    keys.end_made_by = lambda session, person_id, editor: None


def _keep_answer_apart() -> None:
    """The effect is committed first, and the answer under the key in a transaction after it."""
    from app.services import idempotency

    real = idempotency.once

    def once(session: Session, attempt: Any, payload: str, make: Callable[[], Any]) -> Any:
        def made() -> Any:
            answer = make()
            session.commit()
            time.sleep(0.05)
            return answer

        return real(session, attempt, payload, made)

    idempotency.once = once


def _unmapped_database() -> None:
    """What fails in the database is a defect of ours to the caller."""
    from app import problems

    problems.of_database = lambda error: problems._UNEXPECTED


_DEFECTS: dict[str, Callable[[], None]] = {
    "remember-keys": _remember_keys,
    "remember-sign-ins": _remember_sign_ins,
    "leave-keys": _leave_keys,
    "keep-answer-apart": _keep_answer_apart,
    "unmapped-database": _unmapped_database,
    SHORT_GRACE: lambda: None,  # where it is served
}
