"""What the catalogue in memory reads from the database: revisions, vocabulary, changed records."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from app.matching.types import Candidate
from app.matching.vocabulary import Vocabulary
from app.models.concept import Concept
from app.models.provider import Operating, Provider, State
from app.models.revision import Revision
from app.services.candidates import candidate_of, concept_of
from app.services.revisions import CATALOGUE, VOCABULARY

_IN_ONE_STATEMENT = 500  # parameters, far below what either engine takes


class Numbers(NamedTuple):
    """The revisions of what is kept; 0 for what was never loaded."""

    catalogue: int
    vocabulary: int


_NUMBERS = select(Revision.name, Revision.number)


def numbers(engine: Engine) -> Numbers:
    """The revisions that the database shows now. Asked with every request, so without a session,
    which would take three times as long."""
    with engine.connect() as connection:
        found = dict(connection.execute(_NUMBERS).all())
    return Numbers(found.get(CATALOGUE, 0), found.get(VOCABULARY, 0))


def numbers_in(session: Session) -> Numbers:
    """The revisions that a session sees."""
    found = dict(session.exec(_NUMBERS).all())
    return Numbers(found.get(CATALOGUE, 0), found.get(VOCABULARY, 0))


def load_vocabulary(session: Session, version: int) -> Vocabulary:
    """The vocabulary, as this version of it."""
    found = session.exec(select(Concept)).all()
    ordered = sorted(found, key=lambda row: (row.position, row.id))
    return Vocabulary([concept_of(row) for row in ordered], version)


def changed_since(session: Session, revision: int, most: int | None = None) -> Sequence[UUID]:
    """The ids of the records changed after a revision, at most this many of them."""
    asked = select(Provider.id).where(col(Provider.revision) > revision).limit(most)
    return session.exec(asked).all()


def load(
    session: Session, ids: Sequence[UUID], known: Iterable[Candidate]
) -> dict[str, Candidate | None]:
    """The candidates of these ids, None for one that isn't published.

    With them those of `known` that were renamed to one of them, for a renamed provider stands
    under its successor's name only while that has no record of its own.
    """
    found: dict[str, Candidate | None] = {}
    slugs: set[str] = set()
    for row, candidate in _candidates(session, ids):
        found[str(row.id)] = candidate
        slugs.add(row.slug)
    followers = [UUID(c.id) for c in known if c.successor in slugs and c.id not in found]
    found |= {str(row.id): candidate for row, candidate in _candidates(session, followers)}
    return found


def _candidates(
    session: Session, ids: Sequence[UUID]
) -> Iterator[tuple[Provider, Candidate | None]]:
    for start in range(0, len(ids), _IN_ONE_STATEMENT):
        rows = _providers(session, ids[start : start + _IN_ONE_STATEMENT])
        states = _states(session, rows)
        for row in rows:
            yield row, candidate_of(row, states) if row.state is State.PUBLISHED else None


def _providers(session: Session, ids: Sequence[UUID]) -> Sequence[Provider]:
    asked = (
        select(Provider)
        .where(col(Provider.id).in_(ids))
        .options(
            selectinload(Provider.facilities),  # type: ignore[arg-type] # SQLModel types a relation as its value
            selectinload(Provider.certificates),  # type: ignore[arg-type] # likewise
            selectinload(Provider.capabilities),  # type: ignore[arg-type] # likewise
        )
    )
    return session.exec(asked).all()


def _states(session: Session, rows: Iterable[Provider]) -> dict[str, State]:
    """The states of the successors that renamed ones among these have, by slug."""
    slugs = {row.successor for row in rows if row.operating is Operating.RENAMED}
    if not slugs:
        return {}
    asked = select(Provider.slug, Provider.state).where(col(Provider.slug).in_(slugs))
    return {slug: State(state) for slug, state in session.exec(asked)}
