"""Portals: the centre, which is always there, and the others, which its admins add."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.errors import ConflictError, Fault, InvalidError, NotFoundError
from app.models.key import Role
from app.models.portal import Portal, PortalCreate, PortalPage, PortalPublic, PortalUpdate
from app.services import cursor, journal
from app.services.editing import Editor, identity
from app.services.precondition import Precondition
from app.services.tenancy import Caller

CENTRE = UUID("0d3f6f1c-4a36-5b0a-9a39-6a8f2f6f9d11")  # in every installation
MISSING = "There is no such portal."


def centre(session: Session) -> Portal:
    """The portal that operates the service; made where it isn't there yet."""
    found = session.get(Portal, CENTRE)
    if found is None:
        found = Portal(id=CENTRE, slug="centre", name="Support centre", operates=True)
        session.add(found)
        session.flush()
    return found


def create(session: Session, data: PortalCreate, editor: Editor) -> PortalPublic:
    """Add a portal; ConflictError if its slug is taken."""
    portal = Portal(slug=data.slug, name=data.name)
    session.add(portal)
    try:
        session.flush()
    except IntegrityError:
        raise ConflictError("Another portal has this slug.") from None
    _tell(session, portal, "created", editor)
    return PortalPublic.model_validate(portal)


def page(session: Session, caller: Caller, *, after: str | None, limit: int) -> PortalPage:
    """A page of the portals that the caller may see, in the order of slugs."""
    query = select(Portal).where(*_visible(caller)).order_by(col(Portal.slug)).limit(limit + 1)
    if after is not None:
        (slug,) = cursor.read(after, "portals", str)
        query = query.where(col(Portal.slug) > slug)
    rows = session.exec(query).all()
    kept = rows[:limit]
    return PortalPage(
        items=[PortalPublic.model_validate(row) for row in kept],
        next=cursor.write([kept[-1].slug], "portals") if len(rows) > limit else None,
    )


def read(session: Session, portal_id: str, caller: Caller) -> PortalPublic:
    """One portal; NotFoundError if there is none that the caller may see."""
    return PortalPublic.model_validate(_found(session, identity(portal_id, MISSING), caller))


def update(
    session: Session,
    portal_id: str,
    data: PortalUpdate,
    wanted: Precondition,
    caller: Caller,
    editor: Editor,
) -> PortalPublic:
    """Rename a portal; NotFoundError, or StaleError if it changed since it was read."""
    portal = _found(session, identity(portal_id, MISSING), caller, lock=True)
    wanted.check(portal.version)
    portal.name = data.name
    portal.version += 1
    _tell(session, portal, "updated", editor)
    session.flush()
    return PortalPublic.model_validate(portal)


def chosen(session: Session, portal_id: UUID | None, caller: Caller) -> Portal:
    """The portal that a request names, or else the caller's own; InvalidError for one that the
    caller may not see."""
    wanted = portal_id or caller.portal_id or CENTRE
    try:
        return _found(session, wanted, caller)
    except NotFoundError:
        raise InvalidError(
            "This can't be done as it is.", faults=[Fault("body.portal_id", MISSING)]
        ) from None


def _found(session: Session, portal_id: UUID, caller: Caller, *, lock: bool = False) -> Portal:
    query = select(Portal).where(Portal.id == portal_id, *_visible(caller))
    found = session.exec(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFoundError(MISSING)
    return found


def _visible(caller: Caller) -> list[bool]:
    everything = caller.is_system or caller.role is Role.ADMIN
    return [] if everything else [Portal.id == caller.portal_id]


def _tell(session: Session, portal: Portal, action: str, editor: Editor) -> None:
    journal.record(
        session,
        actor=editor.actor,
        action=action,
        noun="portal",
        noun_id=portal.id,
        request_id=editor.request_id,
    )
