"""The catalogue as a file: import and export of JSON Lines, and the shipped catalogue."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from typing import Any, TypeVar

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, delete, insert, select, update

from app.errors import ConflictError, Fault, InvalidError
from app.models.capability import Capability
from app.models.certificate import Certificate
from app.models.facility import Facility
from app.models.provider import Provider
from app.services import journal, vocabulary_files
from app.services.record_export import to_record
from app.services.record_reading import read
from app.services.records import Doubt, derived_id, doubts_of
from app.services.revisions import CATALOGUE, next_revision
from app.settings import Seed

SYSTEM = "system"
_T = TypeVar("_T")
_PARTS: tuple[type[Any], ...] = (Capability, Certificate, Facility)  # in the order of deletion
_AT_ONCE = 200  # providers per statement


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, and what of the records could not be read for sure."""

    created: int
    replaced: int
    revision: int
    doubts: tuple[Doubt, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How often each kind of doubt came up, the most frequent first."""
        return _counted(self.doubts)


def import_lines(
    session: Session, lines: Iterable[str | bytes], actor: str, *, request_id: str | None = None
) -> ImportReport:
    """Bring the providers of a file in JSON Lines into the catalogue: all of them, or none.

    A provider whose slug is known is replaced as a whole and keeps its id; its version counts on.
    All changes share one catalogue revision. InvalidError tells every fault by line and field;
    ConflictError where ids of the file belong to other records.
    """
    numbered = read(lines)
    providers = [provider for _, provider in numbered]
    known = {row.slug: row for row in _held(session, [each.slug for each in providers])}
    _check_ids(numbered, known)
    if not providers:
        return ImportReport(0, 0, 0, ())
    revision = next_revision(session, CATALOGUE)
    for provider in providers:
        old = known.get(provider.slug)
        before = None if old is None else to_record(old)
        provider.revision = revision
        if old is not None:
            _continue(provider, old)
        journal.record(
            session,
            actor=actor,
            action="imported",
            noun="provider",
            noun_id=provider.id,
            before=before,
            after=to_record(provider),
            request_id=request_id,
            revision=revision,
        )
    _write(session, providers, {row.id for row in known.values()})
    doubts = tuple(doubt for provider in providers for doubt in doubts_of(provider))
    return ImportReport(len(providers) - len(known), len(known), revision, doubts)


def export_lines(session: Session) -> Iterator[str]:
    """Every provider of any state as a line (without its end), in the order of slugs.

    Importing the lines into an empty catalogue gives the same rows, but for versions and times.
    """
    slugs = sorted(session.exec(select(Provider.slug)).all())
    for some in _in_parts(slugs):
        for provider in sorted(_stored(session, some), key=lambda row: row.slug):
            yield json.dumps(to_record(provider), ensure_ascii=False)


def seed(session: Session, wanted: Seed, progress: Callable[[str], None]) -> None:
    """Load the shipped vocabulary, and into an empty catalogue the shipped one if it is wanted.

    Safe to run at every start and by several workers at once; `progress` is told each step.
    """
    if session.get_bind().dialect.name == "postgresql":
        # Two workers that start together must not both find the catalogue empty; the second one
        # waits as long as the first one loads, whatever limit its requests have.
        session.execute(text("SET LOCAL lock_timeout = 0"))
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('cdmo-match seed'))"))
    if vocabulary_files.load_shipped(session):
        progress("The vocabulary has been loaded.")
    if wanted is Seed.NONE or session.exec(select(Provider.id).limit(1)).first() is not None:
        return
    with resources.files("app").joinpath("data/providers.jsonl").open(encoding="utf-8") as lines:
        providers = [provider for _, provider in read(lines)]
    revision = next_revision(session, CATALOGUE)
    for provider in providers:
        provider.revision = revision
        journal.record(
            session,
            actor=SYSTEM,
            action="seeded",
            noun="provider",
            noun_id=provider.id,
            # The whole record is in the shipped file; a second copy would double the database.
            after={"slug": provider.slug, "from": "the shipped catalogue"},
            revision=revision,
        )
    _write(session, providers, set())
    progress(f"The shipped catalogue has been loaded: {len(providers)} providers.")
    doubts = [doubt for provider in providers for doubt in doubts_of(provider)]
    if doubts:
        progress("Not read for sure, and so left unknown:")
    for why, count in _counted(doubts).items():
        progress(f"  {count} x {why}")


def _counted(doubts: Iterable[Doubt]) -> dict[str, int]:
    counts = Counter(doubt.why for doubt in doubts)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _in_parts(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]


def _stored(session: Session, slugs: Sequence[str]) -> list[Provider]:
    found: list[Provider] = []
    for some in _in_parts(slugs):
        query = (
            select(Provider)
            .where(col(Provider.slug).in_(some))
            .options(
                selectinload(Provider.facilities),  # type: ignore[arg-type] # SQLModel: a list
                selectinload(Provider.certificates),  # type: ignore[arg-type] # likewise
                selectinload(Provider.capabilities),  # type: ignore[arg-type] # likewise
            )
            .execution_options(populate_existing=True)
        )
        found += session.exec(query).all()
    return found


def _held(session: Session, slugs: Sequence[str]) -> list[Provider]:
    """The stored providers of these slugs, held against other editors until the end."""
    # In one order, so that two imports can't wait for each other. SQLite has one writer anyway.
    for some in _in_parts(sorted(slugs)):
        query = select(Provider.id).where(col(Provider.slug).in_(some)).order_by(Provider.slug)
        session.exec(query.with_for_update()).all()
    return _stored(session, slugs)


def _check_ids(numbered: Sequence[tuple[int, Provider]], known: dict[str, Provider]) -> None:
    faults = [
        Fault(f"line {number}, id", "The stored provider of this slug has another id.")
        for number, provider in numbered
        if provider.slug in known and _states_other_id(provider, known[provider.slug])
    ]
    if faults:
        raise InvalidError("Nothing was imported.", faults=faults)


def _states_other_id(provider: Provider, old: Provider) -> bool:
    return provider.id not in (old.id, derived_id(provider.slug))


def _continue(provider: Provider, old: Provider) -> None:
    """Make a provider of the file the next version of the stored one."""
    provider.id = old.id
    provider.version = old.version + 1
    provider.created_at = old.created_at
    provider.updated_at = datetime.now(UTC)
    for part in (*provider.facilities, *provider.certificates, *provider.capabilities):
        part.provider_id = old.id


def _write(session: Session, providers: Sequence[Provider], known: set[Any]) -> None:
    session.flush()
    for some in _in_parts(list(known)):
        for part in _PARTS:
            session.execute(delete(part).where(part.provider_id.in_(some)))
    try:
        _insert(session, Provider, [each for each in providers if each.id not in known])
        for provider in providers:
            if provider.id in known:
                values = provider.model_dump(exclude={"id"})
                session.execute(update(Provider).where(col(Provider.id) == provider.id), values)
        _insert(session, Facility, [row for each in providers for row in each.facilities])
        _insert(session, Certificate, [row for each in providers for row in each.certificates])
        _insert(session, Capability, [row for each in providers for row in each.capabilities])
    except IntegrityError as error:
        raise ConflictError("Some ids or slugs of the file belong to other records.") from error
    session.expire_all()


def _insert(session: Session, table: type[Any], rows: Sequence[Any]) -> None:
    if rows:
        session.execute(insert(table), [row.model_dump() for row in rows])
