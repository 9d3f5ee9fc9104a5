"""Keys: made, shown once, stored as a digest, checked on each request, revocable at once."""

import hmac
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, or_, true, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from app.db import reading, speaking, writing
from app.errors import (
    ConflictError,
    Fault,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    UnauthorizedError,
)
from app.models.key import SCOPES_OF, Key, KeyCreate, KeyList, KeyPublic, Role, Scope
from app.models.person import Person
from app.services import afterwards, batches, companies, credentials, journal, pages, portals
from app.services.editing import Editor, identity
from app.services.holders import Holder, check_may_give, may_make, of_company, portal_for
from app.services.slugs import is_identity
from app.services.tenancy import IDENTIFY, SYSTEM, Caller, accounts

_USE_IS_NOTED_EVERY = timedelta(minutes=1)
_MISSING = "There is no such key."
_LOG = logging.getLogger("cdmo.keys")
_REFUSAL = "This key isn't valid. Check that it was copied whole, or ask for a new one."


def issue(session: Session, data: KeyCreate, caller: Caller, editor: Editor) -> tuple[Key, str]:
    """Make a key for somebody whom the caller keeps; gives its row and the secret.

    ForbiddenError where the caller may not make keys of this role or scope, InvalidError where the
    fields don't go together.
    """
    if not may_make(caller, data.role):
        raise ForbiddenError(f"You may not make a key of the role `{data.role.value}`.")
    _check_fields(data)
    check_may_give(caller, data.scopes or SCOPES_OF[data.role])
    holder = _holder(session, data, caller, editor)
    days = data.expires_in_days
    return create(
        session,
        name=data.name,
        role=data.role,
        editor=editor,
        holder=holder,
        scopes=data.scopes,
        origins=data.origins,
        expires_at=datetime.now(UTC) + timedelta(days=days) if days else None,
    )


def create(
    session: Session,
    *,
    name: str,
    role: Role,
    editor: Editor,
    holder: Holder | None = None,
    scopes: Sequence[Scope] | None = None,
    origins: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> tuple[Key, str]:
    """Make a key; gives its row and the secret, which is stored nowhere. Without a holder it is the
    centre's own, or that of a new company of the centre with the key's name. UnauthorizedError for
    a maker who has gone meanwhile."""
    _hold_maker(session, editor.actor)
    if holder is None:
        centre = portals.centre(session).id
        new = companies.make(session, name, centre, editor) if role is Role.COMPANY else None
        holder = Holder(centre, new.id if new else None)
    secret = credentials.new_key(role)
    key = Key(
        portal_id=holder.portal_id,
        company_id=holder.company_id,
        name=name,
        role=role,
        scopes=sorted(scopes or SCOPES_OF[role]),
        origins=list(origins),
        digest=credentials.digest(secret),
        expires_at=expires_at,
        created_by=editor.actor,
    )
    session.add(key)
    session.flush()
    _tell(session, key, "created", editor, {"role": role.value})
    return key, secret


def rotate(
    session: Session, key_id: str, overlap: timedelta, caller: Caller, editor: Editor
) -> tuple[Key, str]:
    """Make another key just like this one, which goes on for `overlap` beside it.

    NotFoundError if there is none, ForbiddenError where it may do what the caller may not,
    ConflictError if it has ended.
    """
    _hold_maker(session, editor.actor)
    old = _locked(session, key_id, caller)
    check_may_give(caller, map(Scope, old.scopes))
    now = datetime.now(UTC)
    if old.revoked_at is not None or _is_over(old, now):
        raise ConflictError("This key has ended. Make a new one in its place.")
    new, secret = create(
        session,
        name=old.name,
        role=old.role,
        editor=editor,
        holder=Holder(old.portal_id, old.company_id),
        scopes=[Scope(scope) for scope in old.scopes],
        origins=old.origins,
        expires_at=old.expires_at,
    )
    old.expires_at = min(now + overlap, old.expires_at or now + overlap)
    old.updated_at = now
    _tell(session, old, "rotated", editor, {"expires_at": old.expires_at.isoformat()})
    return new, secret


def page(session: Session, caller: Caller, *, after: str | None, limit: int) -> KeyList:
    """A page of the keys that the caller keeps, the ended ones too, oldest first."""
    rows, following = pages.by_age(session, Key, accounts(Key, caller), caller, after, limit)
    return KeyList(items=[KeyPublic.model_validate(row) for row in rows], next=following)


def list_all(session: Session) -> Sequence[Key]:
    """Every key, the ended ones too, oldest first."""
    return session.exec(select(Key).order_by(col(Key.created_at), col(Key.id))).all()


def revoke(session: Session, key_id: str, *, caller: Caller, editor: Editor) -> None:
    """End a key at once; NotFoundError if there is none. Revoking twice changes nothing."""
    key = _locked(session, key_id, caller)
    if key.revoked_at is not None:
        return
    _end(session, key, datetime.now(UTC), editor)


def made_by(session: Session, person_id: UUID, caller: Caller) -> Sequence[KeyPublic]:
    """The keys that open still, that somebody or one of their keys made, and that the caller
    keeps."""
    now = datetime.now(UTC)
    rows = _made_by(session, f"person:{person_id}", accounts(Key, caller))
    return [KeyPublic.model_validate(row) for row in rows if _opens(row, now)]


def end_made_by(session: Session, person_id: UUID, editor: Editor) -> None:
    """End every key that somebody made, and those that were made with these, and so on: whoever
    knows their secrets. As the service itself: a portal's admin doesn't see all of them."""
    now = datetime.now(UTC)
    with speaking(session, SYSTEM.claims):
        for key in _made_by(session, f"person:{person_id}", true(), lock=True):
            if _opens(key, now):
                _end(session, key, now, editor)


def identify(session: Session, secret: str, origin: str | None = None) -> Caller:
    """Who bears this secret; UnauthorizedError if it is malformed, unknown, revoked or expired,
    ForbiddenError if it is an embedded page's and `origin` is none of that page's.

    The session speaks with the claims of IDENTIFY.
    """
    if not credentials.is_key(secret):
        raise UnauthorizedError(_REFUSAL)
    digest = credentials.digest(secret)
    key = session.exec(select(Key).where(Key.digest == digest)).one_or_none()
    if key is None or key.revoked_at or not hmac.compare_digest(key.digest, digest):
        raise UnauthorizedError(_REFUSAL)
    if _is_over(key, datetime.now(UTC)):
        raise UnauthorizedError("This key has expired. Ask for a new one.")
    if key.role is Role.EMBED and origin not in key.origins:
        raise ForbiddenError("This key works in the pages that it was made for, and nowhere else.")
    return Caller(
        actor=f"key:{key.id}",
        role=key.role,
        portal_id=key.portal_id,
        company_id=key.company_id,
        scopes=frozenset(Scope(scope) for scope in key.scopes),
        origins=frozenset(key.origins) if key.role is Role.EMBED else None,
        unnoted_key=key.id if _is_use_unnoted(key, datetime.now(UTC)) else None,
    )


def bound_origins(engine: Engine) -> frozenset[str]:
    """The origins that embeddable keys which are still good are bound to."""
    now = datetime.now(UTC)
    with reading(engine, IDENTIFY) as session:
        found = session.exec(
            select(Key).where(Key.role == Role.EMBED, col(Key.revoked_at).is_(None))
        ).all()
    return frozenset(origin for key in found if not _is_over(key, now) for origin in key.origins)


def note_use(engine: Engine, key_id: UUID) -> None:
    """Remember that a key was used, at most once a minute. A use that can't be noted now is noted
    with the next one."""
    now = datetime.now(UTC)
    last = col(Key.last_used_at)
    is_due = or_(last.is_(None), last < now - _USE_IS_NOTED_EVERY)
    noting = update(Key).where(col(Key.id) == key_id, is_due).values(last_used_at=now)
    try:
        with afterwards.turn() as is_ours:
            if is_ours:
                with writing(engine, SYSTEM.claims) as session:
                    session.execute(noting.execution_options(synchronize_session=False))
    except SQLAlchemyError:
        _LOG.warning("the use of a key was not noted")


def _is_use_unnoted(key: Key, now: datetime) -> bool:
    return key.last_used_at is None or key.last_used_at < now - _USE_IS_NOTED_EVERY


def _hold_maker(session: Session, actor: str) -> None:
    """Hold the row of who makes a key, so that nobody makes one who is being removed, and no key
    does that is being revoked."""
    kind, _, own = actor.partition(":")
    table: Any = {"person": Person, "key": Key}.get(kind)
    if table is None or not is_identity(own):
        return
    there = select(table.id).where(table.id == UUID(own))
    if table is Key:
        there = there.where(col(Key.revoked_at).is_(None))
    if session.exec(there.with_for_update(key_share=True)).first() is None:
        raise UnauthorizedError(_REFUSAL)


def _made_by(
    session: Session, actor: str, which: ColumnElement[bool], *, lock: bool = False
) -> list[Key]:
    found: list[Key] = []
    makers = [actor]
    while makers:
        rows: list[Key] = []
        for some in batches.of(makers):
            query = select(Key).where(col(Key.created_by).in_(some), which).order_by(col(Key.id))
            rows += session.exec(query.with_for_update() if lock else query).all()
        found += rows
        makers = [f"key:{row.id}" for row in rows]
    return found


def _end(session: Session, key: Key, now: datetime, editor: Editor) -> None:
    key.revoked_at = key.updated_at = now
    _tell(session, key, "revoked", editor, {"revoked_at": now.isoformat()})


def _opens(key: Key, now: datetime) -> bool:
    return key.revoked_at is None and not _is_over(key, now)


def _is_over(key: Key, now: datetime) -> bool:
    return key.expires_at is not None and key.expires_at <= now


def _locked(session: Session, key_id: str, caller: Caller) -> Key:
    wanted = identity(key_id, _MISSING)
    key = session.exec(
        select(Key).where(Key.id == wanted, accounts(Key, caller)).with_for_update()
    ).one_or_none()
    if key is None:
        raise NotFoundError(_MISSING)
    return key


def _check_fields(data: KeyCreate) -> None:
    faults = []
    if data.role is not Role.COMPANY and data.company_id is not None:
        faults.append(Fault("body.company_id", "Only a company's key belongs to a company."))
    if data.role is Role.EMBED and not data.origins:
        faults.append(
            Fault("body.origins", "Name the pages' origins, such as https://www.cluster.org.")
        )
    if data.role is not Role.EMBED and data.origins:
        faults.append(Fault("body.origins", "Only a key for embedding is bound to origins."))
    if data.scopes is not None and not 0 < len(set(data.scopes) & SCOPES_OF[data.role]) == len(
        data.scopes
    ):
        allowed = ", ".join(sorted(SCOPES_OF[data.role]))
        faults.append(Fault("body.scopes", f"Choose among: {allowed}, each once."))
    if faults:
        raise InvalidError("This key can't be made as it is.", faults=faults)


def _holder(session: Session, data: KeyCreate, caller: Caller, editor: Editor) -> Holder:
    portal = portal_for(session, data.role, data.portal_id, caller)
    if data.role is not Role.COMPANY:
        return Holder(portal.id)
    if data.company_id is None:
        return Holder(portal.id, companies.add(session, data.name, portal, caller, editor).id)
    return of_company(session, data.company_id, caller)


def _tell(session: Session, key: Key, action: str, editor: Editor, after: dict[str, Any]) -> None:
    journal.record(
        session,
        actor=editor.actor,
        action=action,
        noun="key",
        noun_id=key.id,
        after=after,
        request_id=editor.request_id,
    )
