"""Forms that make something, made once although a button was pressed twice."""

import hashlib
import re
from collections.abc import Callable

from sqlmodel import Session

from app.services import idempotency
from app.services.idempotency import Answer, Attempt
from app.services.tenancy import Caller

_NUMBER = re.compile(r"[0-9a-f]{32}")


def attempt(caller: Caller, route: str, number: str, payload: str) -> Attempt:
    """A form as a repeat of it would be recognised: by the number that its page gave it, and by
    what it holds, so that a form that was changed meanwhile is another one."""
    if _NUMBER.fullmatch(number) is None:
        return Attempt(caller.actor, route)
    digest = hashlib.sha256(payload.encode()).hexdigest()
    return Attempt(caller.actor, route, f"page-{number}-{digest}")


def place(session: Session, sent: Attempt, payload: str, make: Callable[[], str]) -> str:
    """Where what `make` makes is, or was made by the same form before."""
    kept = idempotency.once(session, sent, payload, lambda: Answer(201, "", location=make()))
    return kept.location or ""
