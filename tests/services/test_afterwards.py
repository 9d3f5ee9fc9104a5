from threading import Thread

import pytest

from app.services import afterwards


def test_one_at_a_time_has_the_turn() -> None:
    with afterwards.turn() as first, afterwards.turn() as second, afterwards.turn(0.01) as third:
        assert (first, second, third) == (True, False, False)
    with afterwards.turn() as again:
        assert again


def test_who_waits_gets_it_when_it_is_given_back() -> None:
    found: list[bool] = []

    def wait() -> None:
        with afterwards.turn(5.0) as is_ours:
            found.append(is_ours)

    with afterwards.turn() as is_ours:
        assert is_ours
        waiting = Thread(target=wait)
        waiting.start()
    waiting.join()
    assert found == [True]


def test_it_is_given_back_by_work_that_fails() -> None:
    with pytest.raises(ValueError, match="x"), afterwards.turn():
        raise ValueError("x")
    with afterwards.turn() as is_ours:
        assert is_ours
