"""History: what the journal says of one record, newest first."""

import base64
import binascii

from sqlmodel import Session, col, select

from app.errors import BadRequestError, NotFoundError
from app.models.event import Event, EventPage, EventPublic
from app.models.provider import Provider
from app.services.editing import NO_PROVIDER, by_reference


def of_provider(session: Session, reference: str, *, after: str | None, limit: int) -> EventPage:
    """A page of a provider's history with its parts'; BadRequestError for a bad cursor."""
    provider_id = session.exec(select(Provider.id).where(by_reference(reference))).one_or_none()
    if provider_id is None:
        raise NotFoundError(NO_PROVIDER)
    query = select(Event).where(Event.noun == "provider", Event.noun_id == provider_id)
    if after is not None:
        query = query.where(col(Event.id) < _position(after))
    rows = session.exec(query.order_by(col(Event.id).desc()).limit(limit + 1)).all()
    page = rows[:limit]
    return EventPage(
        items=[EventPublic.model_validate(row) for row in page],
        next=_cursor(page[-1]) if len(rows) > limit else None,
    )


def _cursor(event: Event) -> str:
    return base64.urlsafe_b64encode(f"event:{event.id}".encode()).decode().rstrip("=")


def _position(cursor: str) -> int:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        noun, _, number = text.partition(":")
        position = int(number)
    except (ValueError, binascii.Error):
        noun, position = "", 0
    if noun != "event" or not 0 < position < 2**63:
        raise BadRequestError("`after` isn't a cursor that this service gave out.")
    return position
