"""The live catalogue: what it follows, and that readers never see half of a change."""

import threading
from collections.abc import Callable
from unittest.mock import patch

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from app.db import writing
from app.errors import UnavailableError
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
        patch("app.services.catalogue._load_candidates", side_effect=failing),
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
