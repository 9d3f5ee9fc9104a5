import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.matching.pauses import pause
from app.services.rounds import Rounds


def waited_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


class TestTurn:
    def test_one_computes_at_a_time(self) -> None:
        rounds, inside, most = Rounds(0.0, 0.0), 0, 0

        def work() -> None:
            nonlocal inside, most
            for _ in range(50):
                with rounds.turn():
                    inside += 1
                    most = max(most, inside)
                    time.sleep(0)
                    inside -= 1

        with ThreadPoolExecutor(4) as pool:
            for each in [pool.submit(work) for _ in range(4)]:
                each.result()
        assert most == 1

    def test_turns_come_in_order(self) -> None:
        rounds, order = Rounds(60.0, 0.0), []

        def work(number: int) -> None:
            with rounds.turn():
                order.append(number)

        with ThreadPoolExecutor(3) as pool, rounds.turn():
            for number in range(3):
                pool.submit(work, number)
                waited_for(lambda number=number: len(rounds._waiting) == number + 1)  # type: ignore[misc]  # a default is no parameter
        assert order == [0, 1, 2]

    def test_a_short_piece_goes_between_the_pieces_of_a_long_one(self) -> None:
        rounds, order = Rounds(0.0, 0.0), []

        def short() -> None:
            with rounds.turn():
                order.append("short")

        with ThreadPoolExecutor(1) as pool, rounds.turn():
            order.append("long")
            pause()  # nobody waits yet
            pool.submit(short)
            waited_for(lambda: len(rounds._waiting) == 1)
            pause()
            order.append("long again")
        assert order == ["long", "short", "long again"]

    def test_nobody_gives_way_before_the_slice_is_over(self) -> None:
        rounds, order = Rounds(60.0, 0.0), []

        def short() -> None:
            with rounds.turn():
                order.append("short")

        with ThreadPoolExecutor(1) as pool, rounds.turn():
            pool.submit(short)
            waited_for(lambda: len(rounds._waiting) == 1)
            pause()
            order.append("long")
        assert order == ["long", "short"]

    def test_who_comes_again_has_a_slice_of_another_length(self) -> None:
        rounds, order = Rounds(0.0, 60.0), []

        def short(number: int) -> None:
            with rounds.turn():
                order.append(number)

        with ThreadPoolExecutor(2) as pool, rounds.turn():
            pool.submit(short, 1)
            waited_for(lambda: len(rounds._waiting) == 1)
            pause()
            pool.submit(short, 2)
            waited_for(lambda: len(rounds._waiting) == 1)
            pause()
            order.append(0)
        assert order == [1, 0, 2]

    def test_the_turn_ends_with_work_that_fails(self) -> None:
        rounds = Rounds(0.0, 0.0)
        with pytest.raises(ZeroDivisionError), rounds.turn():
            raise ZeroDivisionError
        done = threading.Event()
        with rounds.turn():
            done.set()
        assert done.is_set()
