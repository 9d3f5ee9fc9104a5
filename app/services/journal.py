"""The journal: who changed what, when, before and after, in the transaction of the change."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Session

from app.models.event import Event

# A UUID or 32 hex digits, which say nothing. A client's own words might, and would stay for ever.
_SAYS_NOTHING = re.compile(r"[0-9a-f]{8}(-?)(?:[0-9a-f]{4}\1){3}[0-9a-f]{12}", re.IGNORECASE)
_OWN_ID = "cdmo_request_id"


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
    A request id in the client's own words is replaced by one of ours, the same throughout a
    transaction.
    """
    session.add(
        Event(
            actor=actor,
            action=action,
            noun=noun,
            noun_id=noun_id,
            before=None if before is None else dict(before),
            after=None if after is None else dict(after),
            request_id=_bare(session, request_id),
            revision=revision,
        )
    )


def _bare(session: Session, request_id: str | None) -> str | None:
    if request_id is None or _SAYS_NOTHING.fullmatch(request_id):
        return request_id
    given, own = session.info.get(_OWN_ID, (None, None))
    if given != request_id:
        own = uuid4().hex
        session.info[_OWN_ID] = (request_id, own)
    return str(own)
