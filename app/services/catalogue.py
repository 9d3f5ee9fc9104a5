"""The catalogue that a worker keeps in memory, and how it follows the database."""

import gc
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Thread

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from app.errors import UnavailableError
from app.matching.catalogue import Catalogue
from app.services import catalogue_rows as rows

AT_ONCE = 50  # changed records; to load and apply them takes some ten milliseconds
RETRY_S = 5.0  # after a build that failed

_log = logging.getLogger("cdmo")


class LiveCatalogue:
    """One worker's snapshot of the catalogue, which follows the revisions in the database.

    Readers get an immutable snapshot, never a mixture, and never an older one than they had.
    How soon a change is in it:

    - Up to AT_ONCE changed records are applied before the next answer. The request that finds
      them does it; those that come at the same moment wait for it, some milliseconds on
      catalogues of thousands (`make bench` tells, for larger ones too).
    - What takes longer is built aside by one thread, while everybody goes on with the snapshot
      there is, and is then swapped in: a new vocabulary, more than AT_ONCE records at once (an
      import) with all that follow them, and a tidying that the snapshot itself wants. Small
      changes are still applied at once while a vocabulary or a tidying is being built.
    - The first snapshot is waited for.

    When a build aside fails, the old snapshot stays in service, the log and `/readyz` say so, and
    it is tried again with a later request, RETRY_S seconds on.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()  # held to replace the snapshot; while one is built, only for the first
        self._snapshot: Catalogue | None = None
        self._builder: Thread | None = None
        self._failed_at: float | None = None

    def current(self) -> Catalogue:
        """The snapshot for the revisions that the database shows now, as far as promised above.

        Holds at most one connection at a time, and none when it returns. Raises UnavailableError
        when the database has no vocabulary yet.
        """
        numbers = rows.numbers(self._engine)
        snapshot = self._snapshot
        if snapshot is not None and _is_current(snapshot, numbers):
            return snapshot
        with self._lock:
            if self._snapshot is None:
                self._snapshot = self._built(None)
            elif not _is_current(self._snapshot, numbers):
                self._follow(self._snapshot, numbers)
            return self._snapshot

    def is_ready(self) -> bool:
        """Whether a snapshot is there or can be built now."""
        try:
            self.current()
        except (SQLAlchemyError, UnavailableError):
            return False
        return True

    def has_failed(self) -> bool:
        """Whether the last build aside has failed, so that an old snapshot is still in service."""
        return self._failed_at is not None

    def settle(self) -> None:
        """Wait until what is being built aside is in service."""
        if self._builder is not None:
            self._builder.join()

    def _follow(self, snapshot: Catalogue, numbers: rows.Numbers) -> None:
        changed = self._with_changes(snapshot)
        if changed is not None:
            self._snapshot = snapshot = changed
        if not _is_current(snapshot, numbers) or snapshot.wants_rebuild:
            self._start_builder()

    def _with_changes(self, snapshot: Catalogue) -> Catalogue | None:
        """The snapshot with what has changed since; None if that is too much to do at once."""
        with self._reading() as session:
            revision = rows.numbers_in(session).catalogue
            found = rows.changed_since(session, snapshot.revision, most=AT_ONCE + 1)
            if len(found) > AT_ONCE:
                return None
            changes = rows.load(session, found, snapshot.rows)
        # Where only the vocabulary has moved, there is nothing to apply.
        return snapshot if revision == snapshot.revision else snapshot.changed(changes, revision)

    def _start_builder(self) -> None:
        if self._builder is not None and self._builder.is_alive():
            return
        if self._failed_at is not None and time.monotonic() < self._failed_at + RETRY_S:
            return
        self._builder = Thread(target=self._build_aside, name="catalogue", daemon=True)
        self._builder.start()

    def _build_aside(self) -> None:
        try:
            with _without_collector():
                built = self._built(self._snapshot)
                while not self._swap_in(built):
                    built = self._built(built)
        except Exception:
            _log.exception("the catalogue could not be built; the old one stays in service")
            self._failed_at = time.monotonic()
        else:
            self._failed_at = None

    def _swap_in(self, built: Catalogue) -> bool:
        """Put what was built into service, unless too much has changed in the meantime."""
        with self._lock:
            followed = self._with_changes(built)
            if followed is not None:
                self._snapshot = followed
            return followed is not None

    def _built(self, snapshot: Catalogue | None) -> Catalogue:
        """A catalogue of all that the database shows now, from a snapshot where there is one."""
        with self._reading() as session:
            numbers = rows.numbers_in(session)
            if numbers.vocabulary == 0:
                raise UnavailableError("The vocabulary has not been loaded yet.")
            if snapshot is None or snapshot.vocabulary.version != numbers.vocabulary:
                vocabulary = rows.load_vocabulary(session, numbers.vocabulary)
            else:
                vocabulary = snapshot.vocabulary
            since = snapshot.revision if snapshot else -1
            found = rows.changed_since(session, since)
            changes = rows.load(session, found, snapshot.candidates if snapshot else ())
        known = {c.id: c for c in snapshot.candidates} if snapshot else {}
        merged = (known | changes).values()
        return Catalogue.build([c for c in merged if c is not None], vocabulary, numbers.catalogue)

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with Session(self._engine) as session:
            if self._engine.dialect.name == "postgresql":
                # Several statements must see one state; SQLite's transactions always do.
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session


def _is_current(snapshot: Catalogue, numbers: rows.Numbers) -> bool:
    # Another request may have brought the snapshot further than this one has read.
    return snapshot.revision >= numbers.catalogue and (
        snapshot.vocabulary.version >= numbers.vocabulary
    )


@contextmanager
def _without_collector() -> Iterator[None]:
    """Build without the garbage collector: its walks over a growing catalogue hold every request
    of the worker, and what is built stays, so that it needn't be walked later either."""
    was_on = gc.isenabled()
    gc.collect(1)
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
