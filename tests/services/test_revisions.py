from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine
from sqlmodel import Session

from app.db import reading, writing
from app.services.revisions import current, next_revision


def test_a_counter_starts_at_nothing_and_counts_on(session: Session) -> None:
    assert current(session, "catalogue") == 0
    assert [next_revision(session, "catalogue") for _ in range(3)] == [1, 2, 3]
    assert current(session, "catalogue") == 3


def test_counters_do_not_touch_each_other(session: Session) -> None:
    next_revision(session, "catalogue")
    assert current(session, "vocabulary") == 0
    assert next_revision(session, "vocabulary") == 1


def test_a_number_that_was_rolled_back_was_never_taken(engine: Engine) -> None:
    with Session(engine) as session:
        next_revision(session, "catalogue")
        session.rollback()
    with reading(engine) as session:
        assert current(session, "catalogue") == 0


def test_writers_at_the_same_time_get_different_numbers(engine: Engine) -> None:
    def take(_: int) -> int:
        with writing(engine) as session:
            return next_revision(session, "catalogue")

    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(take, range(12)))
    assert sorted(taken) == list(range(1, 13))
