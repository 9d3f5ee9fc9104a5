"""What the journal says of providers between two revisions of the catalogue."""

from collections import defaultdict
from collections.abc import Set
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from app.models.event import Event
from app.models.provider import State
from app.models.run_diff import Fact

_UNTOLD = frozenset({"confidence", "created_at", "updated_at", "version"})


def between(session: Session, providers: Set[UUID], one: int, other: int) -> dict[UUID, list[Fact]]:
    """The changes of each of these providers' records between two revisions, oldest first.

    Who made them stays with the curators, and so does what happened to a record after it was
    withdrawn.
    """
    first, last = sorted((one, other))
    if first == last or not providers:
        return {}
    rows = session.exec(
        select(Event)
        .where(
            Event.noun == "provider",
            col(Event.noun_id).in_(providers),
            Event.revision > first,
            Event.revision <= last,
        )
        .order_by(col(Event.id))
    )
    by_provider: defaultdict[UUID, list[Fact]] = defaultdict(list)
    for row in rows:
        by_provider[row.noun_id].append(_fact(row))
    return {who: _while_public(facts) for who, facts in by_provider.items()}


def _fact(row: Event) -> Fact:
    before, after = row.before, row.after
    if before is not None and after is not None:
        names = {n for n in before.keys() | after.keys() if before.get(n) != after.get(n)}
        names.add("id")  # it names the part of the record
        before = {name: value for name, value in before.items() if name in names}
        after = {name: value for name, value in after.items() if name in names}
    return Fact(
        id=row.id or 0,
        at=row.at,
        action=row.action,
        before=_told(before),
        after=_told(after),
        revision=row.revision,
    )


def _told(record: dict[str, Any] | None) -> dict[str, Any] | None:
    if record is None:
        return None
    return {name: value for name, value in record.items() if name not in _UNTOLD}


def _while_public(facts: list[Fact]) -> list[Fact]:
    """Without what happened to a record since it was last withdrawn: only curators see that."""
    withdrawn_at = None
    for place, fact in enumerate(facts):
        state = (fact.after or {}).get("state")
        if state is not None and state != State.PUBLISHED:
            withdrawn_at = place if withdrawn_at is None else withdrawn_at
        elif state is not None:
            withdrawn_at = None
    return facts if withdrawn_at is None else facts[: withdrawn_at + 1]
