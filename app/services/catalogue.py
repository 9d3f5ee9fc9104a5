"""The catalogue that a worker keeps in memory, and how it follows the database."""

from threading import Lock

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, or_, select

from app.errors import UnavailableError
from app.matching.catalogue import Catalogue
from app.matching.types import Candidate
from app.matching.vocabulary import Vocabulary
from app.models.concept import Concept
from app.models.provider import Operating, Provider, State
from app.models.revision import Revision
from app.services.candidates import candidate_of, concept_of, states_of


class LiveCatalogue:
    """One worker's snapshot of the catalogue, brought up to date when the revision has moved.

    Readers get an immutable snapshot; a change builds the next one aside and swaps it in.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._snapshot: Catalogue | None = None

    def current(self) -> Catalogue:
        """The snapshot for the revisions that the database shows now.

        Holds at most one connection at a time, and none when it returns. Raises UnavailableError
        when the database has no vocabulary yet.
        """
        with Session(self._engine) as session:
            numbers = _numbers(session)
        snapshot = self._snapshot
        if snapshot is not None and _is_current(snapshot, numbers):
            return snapshot
        with self._lock:
            if self._snapshot is None or not _is_current(self._snapshot, numbers):
                self._snapshot = self._follow(self._snapshot)
            return self._snapshot

    def is_ready(self) -> bool:
        """Whether a snapshot is there or can be built now."""
        try:
            self.current()
        except (SQLAlchemyError, UnavailableError):
            return False
        return True

    def _follow(self, snapshot: Catalogue | None) -> Catalogue:
        with Session(self._engine) as session:
            if self._engine.dialect.name == "postgresql":
                # Several statements must see one state; SQLite's transactions always do.
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            numbers = _numbers(session)
            version = numbers.get("vocabulary", 0)
            if version == 0:
                raise UnavailableError("The vocabulary has not been loaded yet.")
            revision = numbers.get("catalogue", 0)
            if snapshot is None or snapshot.vocabulary.version != version:
                vocabulary = _load_vocabulary(session, version)
                found = _load_candidates(session, since=-1)
                known = [candidate for candidate in found.values() if candidate is not None]
                return Catalogue.build(known, vocabulary, revision)
            return snapshot.changed(_load_candidates(session, snapshot.revision), revision)


def _numbers(session: Session) -> dict[str, int]:
    return {row.name: row.number for row in session.exec(select(Revision)).all()}


def _is_current(snapshot: Catalogue, numbers: dict[str, int]) -> bool:
    # Another request may have brought the snapshot further than this session sees.
    return snapshot.revision >= numbers.get("catalogue", 0) and (
        snapshot.vocabulary.version >= numbers.get("vocabulary", 0)
    )


def _load_vocabulary(session: Session, version: int) -> Vocabulary:
    rows = session.exec(select(Concept)).all()
    ordered = sorted(rows, key=lambda row: (row.position, row.id))
    return Vocabulary([concept_of(row) for row in ordered], version)


def _load_candidates(session: Session, since: int) -> dict[str, Candidate | None]:
    """Candidates changed after revision `since` by id; None for one that isn't published.

    Renamed ones always come along: whether their successor has a record is told by another row.
    """
    states = states_of(session)
    rows = session.exec(
        select(Provider)
        .where(or_(col(Provider.revision) > since, Provider.operating == Operating.RENAMED))
        .options(
            selectinload(Provider.facilities),  # type: ignore[arg-type] # SQLModel types a relation as its value
            selectinload(Provider.certificates),  # type: ignore[arg-type] # likewise
            selectinload(Provider.capabilities),  # type: ignore[arg-type] # likewise
        )
    ).all()
    return {
        str(row.id): candidate_of(row, states) if row.state is State.PUBLISHED else None
        for row in rows
    }
