"""The live catalogue: what it follows, and that readers never see half of a change."""

import gc
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from app.db import writing
from app.errors import UnavailableError
from app.matching.catalogue import Catalogue
from app.matching.types import Candidate
from app.matching.vocabulary import Vocabulary
from app.models.match import MatchData
from app.models.provider import Operating, Provider, State
from app.services import match as matching
from app.services import revisions
from app.services.catalogue import LiveCatalogue
from tests.catalogue import HWASUN, SOME, load

Change = Callable[..., None]


@pytest.fixture
def live(engine: Engine) -> LiveCatalogue:
    load(engine)
    return LiveCatalogue(engine)


@pytest.fixture
def change(engine: Engine) -> Change:
    """Changes fields of a provider, as an editor does: with the next revision."""

    def apply(slug: str, **fields: object) -> None:
        with writing(engine) as session:
            row = session.exec(select(Provider).where(Provider.slug == slug)).one()
            for name, value in fields.items():
                setattr(row, name, value)
            row.revision = revisions.next_revision(session, revisions.CATALOGUE)

    return apply


def new_vocabulary(engine: Engine) -> None:
    with writing(engine) as session:
        revisions.next_revision(session, "vocabulary")


class SlowBuild:
    """Builds aside stand still until they may go on; changes in front of readers don't."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.built = 0
        self._patched = patch.object(Catalogue, "build", self._build)
        self._real = Catalogue.build

    def __enter__(self) -> "SlowBuild":
        self._patched.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.go_on.set()
        self._patched.stop()

    def _build(
        self, candidates: Sequence[Candidate], vocabulary: Vocabulary, revision: int
    ) -> Catalogue:
        if threading.current_thread().name == "catalogue":
            self.built += 1
            assert self.go_on.wait(20)
        return self._real(candidates, vocabulary, revision)


def slugs(live: LiveCatalogue) -> set[str]:
    return {who.slug for who in live.current().candidates}


def test_keeps_its_snapshot_while_nothing_changes(live: LiveCatalogue) -> None:
    assert live.current() is live.current()


@pytest.mark.parametrize("state", [State.ARCHIVED, State.DRAFT])
def test_what_is_not_published_any_more_is_gone(
    live: LiveCatalogue, change: Change, state: State
) -> None:
    before = live.current()
    change(HWASUN, state=state)
    assert slugs(live) == set(SOME) - {HWASUN}
    assert {who.slug for who in before.candidates} == set(SOME)
    assert live.current().revision == before.revision + 1
    change(HWASUN, state=State.PUBLISHED)
    assert slugs(live) == set(SOME)


def test_a_new_vocabulary_is_read(live: LiveCatalogue, engine: Engine) -> None:
    before = live.current()
    with writing(engine) as session:
        revisions.next_revision(session, "vocabulary")
    live.current()
    live.settle()
    after = live.current()
    assert after.vocabulary.version == before.vocabulary.version + 1
    assert after.candidates == before.candidates


def test_a_renamed_provider_follows_what_becomes_of_its_successor(
    live: LiveCatalogue, change: Change, engine: Engine
) -> None:
    def amri(catalogue: LiveCatalogue) -> tuple[str, str]:
        (found,) = (who for who in catalogue.current().candidates if who.slug == "amri")
        return found.operating, found.name

    change("amri", operating=Operating.RENAMED, successor="st-pharm", name="AMRI")
    assert amri(live) == ("absorbed", "AMRI")
    change("st-pharm", state=State.ARCHIVED)
    assert amri(live) == amri(LiveCatalogue(engine)) == ("renamed", "AMRI")
    change("amri", successor="Curia")
    assert amri(live) == ("renamed", "Curia")


def test_an_error_while_following_leaves_the_snapshot_usable(
    live: LiveCatalogue, change: Change
) -> None:
    live.current()
    change(HWASUN, state=State.ARCHIVED)
    failing = OperationalError("SELECT", {}, Exception("gone"))
    with (
        patch("app.services.catalogue_rows.load", side_effect=failing),
        pytest.raises(OperationalError),
    ):
        live.current()
    assert HWASUN not in slugs(live)


def test_without_a_vocabulary_there_is_no_snapshot(engine: Engine) -> None:
    live = LiveCatalogue(engine)
    with pytest.raises(UnavailableError):
        live.current()
    assert not live.is_ready()
    load(engine, slugs=())
    assert live.is_ready()
    assert live.current().candidates == ()


def test_holds_no_connection_when_it_returns(live: LiveCatalogue, engine: Engine) -> None:
    live.current()
    live.current()
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined] # of the pool in use


def test_many_readers_beside_a_writer_each_see_a_whole(live: LiveCatalogue, change: Change) -> None:
    asked = MatchData(text="GMP mRNA drug substance, Korea", limit=10)
    seen: list[list[int]] = []
    failures: list[Exception] = []
    done = threading.Event()

    def read() -> None:
        revisions_seen: list[int] = []
        seen.append(revisions_seen)
        try:
            while not done.is_set():
                answer = matching.match(asked, live.current())
                revisions_seen.append(answer.computed_from.catalogue)
                for match in answer.matches:
                    lines = [p for need in match.needs for p in need.ledger] + match.wishes
                    assert round(100 * match.score) == sum(round(100 * p.score) for p in lines)
        except Exception as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(6)]
    for reader in readers:
        reader.start()
    try:
        for number in range(6):
            change(HWASUN, state=State.ARCHIVED if number % 2 else State.PUBLISHED)
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert failures == []
    assert all(one == sorted(one) for one in seen)
    assert sum(map(len, seen)) > 0


class TestBuiltAside:
    """What takes longer than a few records is built by one thread, while readers go on."""

    @pytest.fixture
    def slowly(self) -> Iterator[SlowBuild]:
        with SlowBuild() as slow:
            yield slow

    def test_nobody_waits_for_a_new_vocabulary(
        self, live: LiveCatalogue, engine: Engine, slowly: SlowBuild
    ) -> None:
        before = live.current()
        new_vocabulary(engine)
        with ThreadPoolExecutor(8) as pool:  # the build stands still meanwhile
            seen = list(pool.map(lambda _: live.current(), range(40)))
        assert all(snapshot is before for snapshot in seen)
        slowly.go_on.set()
        live.settle()
        assert live.current().vocabulary.version == before.vocabulary.version + 1
        assert slowly.built == 1

    def test_a_small_change_is_seen_meanwhile_and_is_not_lost(
        self, live: LiveCatalogue, engine: Engine, change: Change, slowly: SlowBuild
    ) -> None:
        before = live.current()
        new_vocabulary(engine)
        live.current()
        change(HWASUN, state=State.ARCHIVED)
        assert slugs(live) == set(SOME) - {HWASUN}
        assert live.current().vocabulary.version == before.vocabulary.version
        slowly.go_on.set()
        live.settle()
        assert slugs(live) == set(SOME) - {HWASUN}
        assert live.current().vocabulary.version == before.vocabulary.version + 1

    def test_many_changes_come_in_together(
        self, live: LiveCatalogue, change: Change, slowly: SlowBuild
    ) -> None:
        before = live.current()
        with patch("app.services.catalogue.AT_ONCE", 1):
            change(HWASUN, state=State.ARCHIVED)
            change("st-pharm", state=State.ARCHIVED)
            assert live.current() is before
            slowly.go_on.set()
            live.settle()
        assert slugs(live) == set(SOME) - {HWASUN, "st-pharm"}
        assert live.current().revision == before.revision + 2

    def test_the_old_one_serves_on_when_a_build_fails(
        self, live: LiveCatalogue, engine: Engine, caplog: pytest.LogCaptureFixture
    ) -> None:
        before = live.current()
        new_vocabulary(engine)
        with patch.object(Catalogue, "build", side_effect=MemoryError) as building:
            for _ in range(3):
                assert live.current() is before
                live.settle()
            assert building.call_count == 1  # it isn't tried again at once
        assert live.has_failed()
        assert live.is_ready()
        assert "could not be built" in caplog.text
        with patch("app.services.catalogue.RETRY_S", 0.0):
            live.current()
            live.settle()
        assert live.current().vocabulary.version == before.vocabulary.version + 1
        assert not live.has_failed()

    def test_a_snapshot_is_laid_out_anew_when_it_wants_to_be(
        self, live: LiveCatalogue, change: Change, slowly: SlowBuild
    ) -> None:
        live.current()
        with patch.object(Catalogue, "wants_rebuild", True):
            change(HWASUN, state=State.ARCHIVED)
            changed = live.current()
            slowly.go_on.set()
            live.settle()
            assert live.current() is not changed
            assert live.current().candidates == changed.candidates
            assert slowly.built == 1

    def test_what_is_replaced_is_freed_without_the_collector(
        self, live: LiveCatalogue, engine: Engine
    ) -> None:
        """What a build leaves is frozen, so that a circle in it would be kept for ever."""
        asked = MatchData(text="GMP mRNA drug substance, Korea", limit=10)
        matching.match_json(asked, live.current())
        before = live.current()
        gone: list[weakref.ref[Any]] = [weakref.ref(before), weakref.ref(before.vocabulary)]
        del before
        new_vocabulary(engine)
        gc.disable()
        try:
            live.current()
            live.settle()
            assert [each() for each in gone] == [None, None]
        finally:
            gc.enable()

    def test_nobody_ever_sees_an_older_one(
        self, live: LiveCatalogue, engine: Engine, change: Change
    ) -> None:
        done = threading.Event()

        def read() -> list[tuple[int, int]]:
            seen = []
            while not done.is_set():
                snapshot = live.current()
                seen.append((snapshot.revision, snapshot.vocabulary.version))
            return seen

        live.current()
        with ThreadPoolExecutor(4) as pool:
            readers = [pool.submit(read) for _ in range(4)]
            for number in range(4):
                new_vocabulary(engine)
                change(HWASUN, state=State.PUBLISHED if number % 2 else State.ARCHIVED)
            live.settle()
            done.set()
        for reader in readers:
            revisions_seen, versions_seen = zip(*reader.result(), strict=True)
            assert list(revisions_seen) == sorted(revisions_seen)
            assert list(versions_seen) == sorted(versions_seen)
