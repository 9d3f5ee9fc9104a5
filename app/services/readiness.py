"""Readiness: whether all that an answer is made from is there."""

from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from app.errors import Fault, UnavailableError
from app.services import migrations


def check(session: Session, *, catalogue_ready: Callable[[], bool]) -> None:
    """UnavailableError that names what is missing: the database, its tables or the catalogue."""
    missing = [*_of_database(session)]
    session.close()  # its connection goes back before the catalogue takes one
    if not missing and not catalogue_ready():
        missing.append(Fault("catalogue", "The catalogue isn't loaded yet."))
    if missing:
        raise UnavailableError("The service isn't ready.", faults=missing)


def _of_database(session: Session) -> list[Fault]:
    try:
        if migrations.is_current(session):
            return []
    except SQLAlchemyError:
        return [Fault("database", "The database doesn't answer.")]
    return [Fault("migrations", "The tables aren't up to date. Run `cdmo-match migrate`.")]
