"""How any part of a provider's record is changed: locked, counted, and told in the journal."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.orm import selectinload
from sqlmodel import Session, select

from app.errors import NotFoundError
from app.models.provider import Provider, State
from app.services import journal
from app.services.precondition import Precondition
from app.services.revisions import next_revision
from app.services.slugs import is_identity

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
NO_PROVIDER = "There is no provider under this id or name."


@dataclass(frozen=True, slots=True)
class Editor:
    """On whose behalf a change is made, as the journal keeps it."""

    actor: str = "system"
    request_id: str | None = None


def identity(text: str, missing: str) -> UUID:
    """The id that a path names; NotFoundError with `missing` for anything that isn't one."""
    if not is_identity(text):
        raise NotFoundError(missing)
    return UUID(text)


def by_reference(reference: str) -> Any:
    """The condition that finds a provider by id or slug; NotFoundError if it is neither."""
    if is_identity(reference):
        return Provider.id == UUID(reference)
    if len(reference) > 80 or _SLUG.fullmatch(reference) is None:
        raise NotFoundError(NO_PROVIDER)
    return Provider.slug == reference


def whole() -> list[Any]:
    """Loader options for a provider with all its parts."""
    return [
        selectinload(Provider.facilities),  # type: ignore[arg-type] # SQLModel types it as a list
        selectinload(Provider.certificates),  # type: ignore[arg-type] # likewise
        selectinload(Provider.capabilities),  # type: ignore[arg-type] # likewise
    ]


def visible(session: Session, reference: str, *, drafts_too: bool) -> Provider:
    """The row of a provider with its parts, if the caller may see it; else NotFoundError."""
    provider = session.exec(
        select(Provider).where(by_reference(reference)).options(*whole())
    ).one_or_none()
    if provider is None or not (drafts_too or provider.state is State.PUBLISHED):
        raise NotFoundError(NO_PROVIDER)
    return provider


def locked(session: Session, reference: str, wanted: Precondition | None) -> Provider:
    """The provider with its parts, held against other editors until the transaction ends.

    NotFoundError if there is none; StaleError if `wanted` names other versions than the present.
    """
    # PostgreSQL locks the row; on SQLite the transaction holds the write lock since its start.
    provider = session.exec(
        select(Provider)
        .where(by_reference(reference))
        .with_for_update()
        .options(*whole())
        .execution_options(populate_existing=True)
    ).one_or_none()
    if provider is None:
        raise NotFoundError(NO_PROVIDER)
    if wanted is not None:
        wanted.check(provider.version)
    return provider


def conclude(
    session: Session,
    provider: Provider,
    editor: Editor,
    action: str,
    *,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    """Count the edit in the record's version and the catalogue's revision, and keep it."""
    session.flush()
    provider.version += 1
    provider.updated_at = datetime.now(UTC)
    # The revision's row is the one that every writer shares, so it is taken as late as possible.
    provider.revision = next_revision(session, "catalogue")
    journal.record(
        session,
        actor=editor.actor,
        action=action,
        noun="provider",
        noun_id=provider.id,
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
        request_id=editor.request_id,
        revision=provider.revision,
    )
    session.flush()


def changes(old: BaseModel, new: BaseModel) -> tuple[dict[str, Any], dict[str, Any]]:
    """What differs between two states of a record: the fields before, and the fields after."""
    before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}
