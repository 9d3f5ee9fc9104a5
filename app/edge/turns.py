"""Turns: how many requests of a kind run at once in a worker, and how many may wait for that."""

import asyncio
from collections import deque
from dataclasses import dataclass

from app.errors import OverloadedError


@dataclass(frozen=True, slots=True)
class Room:
    """What a worker takes on of one kind of work: running, and waiting for so many seconds."""

    running: int
    waiting: int
    patience_s: float


class Turns:
    """Hands out turns in the order in which they were asked for.

    Whoever waits does so without a thread and without a database connection. What can't be done
    soon is refused at once: work that nobody waits for any more would be done in vain, and the
    service would do less and less of what is still wanted.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._running = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    def check(self) -> None:
        """OverloadedError if whoever comes now would be refused."""
        is_busy = self._running >= self._room.running
        if is_busy and len(self._waiting) >= self._room.waiting:
            raise _refusal()

    async def take(self) -> None:
        """Come back when it is one's turn; OverloadedError if that won't be soon."""
        if self._running < self._room.running:
            self._running += 1
            return
        self.check()
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            async with asyncio.timeout(self._room.patience_s):
                await place
        except BaseException as error:
            if place.done() and not place.cancelled():
                self.give()  # the turn came at the very moment of giving up
            elif place in self._waiting:
                self._waiting.remove(place)
            if isinstance(error, TimeoutError):
                raise _refusal() from None
            raise

    def give(self) -> None:
        """Hand the turn to whoever has waited longest."""
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._running -= 1


def _refusal() -> OverloadedError:
    return OverloadedError("Too much of this kind of work is waiting. Ask again in a moment.")
