import asyncio

import pytest

from app.edge.turns import Room, Turns
from app.errors import OverloadedError


def test_turns_are_given_in_the_order_in_which_they_were_asked_for() -> None:
    async def run() -> list[int]:
        turns, order = Turns(Room(running=1, waiting=9, patience_s=5)), []

        async def work(number: int) -> None:
            await turns.take()
            order.append(number)
            await asyncio.sleep(0)
            turns.give()

        await asyncio.gather(*(work(number) for number in range(6)))
        return order

    assert asyncio.run(run()) == [0, 1, 2, 3, 4, 5]


def test_no_more_run_and_wait_than_there_is_room_for() -> None:
    async def run() -> tuple[int, int]:
        turns, running, most, refused = Turns(Room(2, 3, 5)), 0, 0, 0

        async def work() -> None:
            nonlocal running, most, refused
            try:
                await turns.take()
            except OverloadedError:
                refused += 1
                return
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.001)
            running -= 1
            turns.give()

        await asyncio.gather(*(work() for _ in range(9)))
        return most, refused

    assert asyncio.run(run()) == (2, 4)


def test_nobody_waits_longer_than_the_patience() -> None:
    async def run() -> None:
        turns = Turns(Room(1, 9, 0.01))
        await turns.take()
        with pytest.raises(OverloadedError):
            await turns.take()
        turns.give()
        await turns.take()

    asyncio.run(run())


def test_whoever_gives_up_leaves_no_hole() -> None:
    async def run() -> None:
        turns = Turns(Room(1, 9, 5))
        await turns.take()
        waiting = [asyncio.create_task(turns.take()) for _ in range(3)]
        await asyncio.sleep(0)
        turns.give()  # the first has its turn, and gives up before it hears of it
        waiting[0].cancel()
        waiting[1].cancel()
        gone = await asyncio.gather(*waiting[:2], return_exceptions=True)
        assert [type(each) for each in gone] == [asyncio.CancelledError] * 2
        await asyncio.wait_for(waiting[2], 1)
        turns.give()
        await asyncio.wait_for(turns.take(), 1)

    asyncio.run(run())


def test_a_turn_may_come_at_the_moment_of_giving_up() -> None:
    async def run() -> None:
        turns = Turns(Room(1, 9, 5))
        await turns.take()
        waiting = asyncio.create_task(turns.take())
        await asyncio.sleep(0)
        waiting.cancel()
        turns.give()  # finds nobody who still waits
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await asyncio.wait_for(turns.take(), 1)

    asyncio.run(run())
