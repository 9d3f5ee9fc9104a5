"""One-time tokens: links that a mail carries, good for one use and not for long."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.errors import Fault, InvalidError
from app.models.person import OneTimeToken, Person, Purpose
from app.services import credentials

GOOD_FOR = {Purpose.INVITATION: timedelta(days=7), Purpose.PASSWORD_RESET: timedelta(hours=1)}


class SpentLinkError(InvalidError):
    """The link was used, has been replaced by a newer one, or is too old."""

    type, title = "spent-link", "This link can't be used any more"


def issue(session: Session, person: Person, purpose: Purpose) -> str:
    """A new token for a person whose row is locked; the one before it is void."""
    secret = credentials.new_token()
    session.execute(
        delete(OneTimeToken).where(
            col(OneTimeToken.person_id) == person.id, col(OneTimeToken.purpose) == purpose
        )
    )
    session.add(
        OneTimeToken(
            person_id=person.id,
            purpose=purpose,
            digest=credentials.digest(secret),
            expires_at=datetime.now(UTC) + GOOD_FOR[purpose],
        )
    )
    session.flush()
    return secret


def bearer(session: Session, secret: str, purpose: Purpose) -> Person:
    """Whom a token was made for, without using it; SpentLinkError where it is good for nothing."""
    found = session.exec(
        select(Person)
        .join(OneTimeToken)
        .where(
            col(OneTimeToken.digest) == credentials.digest(secret),
            col(OneTimeToken.purpose) == purpose,
            col(OneTimeToken.expires_at) > datetime.now(UTC),
        )
    ).one_or_none()
    if found is None:
        raise spent()
    return found


def use(session: Session, secret: str, purpose: Purpose) -> UUID:
    """Use a token up; gives the id of whom it was made for. Of two uses at the same time, one gets
    SpentLinkError."""
    used: UUID | None = session.execute(
        delete(OneTimeToken)
        .where(
            col(OneTimeToken.digest) == credentials.digest(secret),
            col(OneTimeToken.purpose) == purpose,
            col(OneTimeToken.expires_at) > datetime.now(UTC),
        )
        .returning(col(OneTimeToken.person_id))
    ).scalar_one_or_none()
    if used is None:
        raise spent()
    return used


def spent() -> SpentLinkError:
    """What a token that is good for nothing is refused with."""
    return SpentLinkError(
        "This link was used before, has been replaced by a newer one, or is too old. "
        "Ask for a new one.",
        faults=[Fault("body.token", "Ask for a new one.")],
    )
