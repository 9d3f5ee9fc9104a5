"""The journal: who changed what, when, before and after, in the transaction of the change."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.models.event import Event


def record(
    session: Session,
    *,
    actor: str,
    action: str,
    noun: str,
    noun_id: UUID,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    request_id: str | None = None,
    revision: int = 0,
) -> None:
    """Add an entry that is committed or undone together with the change it tells of.

    `before` and `after` are what changed, in JSON's types; a requirement's text never comes here.
    """
    session.add(
        Event(
            actor=actor,
            action=action,
            noun=noun,
            noun_id=noun_id,
            before=None if before is None else dict(before),
            after=None if after is None else dict(after),
            request_id=request_id,
            revision=revision,
        )
    )
