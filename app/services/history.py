"""History: what the journal says of one record, newest first."""

from sqlmodel import Session, col, select

from app.errors import NotFoundError
from app.models.event import Event, EventPage, EventPublic
from app.models.provider import Provider
from app.services import cursor
from app.services.editing import NO_PROVIDER, by_reference


def of_provider(session: Session, reference: str, *, after: str | None, limit: int) -> EventPage:
    """A page of a provider's history with its parts'; BadRequestError for a bad cursor."""
    provider_id = session.exec(select(Provider.id).where(by_reference(reference))).one_or_none()
    if provider_id is None:
        raise NotFoundError(NO_PROVIDER)
    query = select(Event).where(Event.noun == "provider", Event.noun_id == provider_id)
    asked = f"history of {provider_id}"
    if after is not None:
        (position,) = cursor.read(after, asked, int)
        query = query.where(col(Event.id) < position)
    rows = session.exec(query.order_by(col(Event.id).desc()).limit(limit + 1)).all()
    page = rows[:limit]
    return EventPage(
        items=[EventPublic.model_validate(row) for row in page],
        next=cursor.write([page[-1].id or 0], asked) if len(rows) > limit else None,
    )
