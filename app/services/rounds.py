"""Rounds: threads that compute take turns, so that a short piece of work needn't wait for a long
one, and no two compute at once.

One interpreter runs all threads of a worker. Two that compute at once wrest it from each other at
every operation on arrays, and both together take a fifth longer than one after the other.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import perf_counter

from app.matching.pauses import pausing


class Rounds:
    """Lets one thread compute at a time, in the order in which they came; one that has had
    `first_s` seconds goes to the end of those who wait at its next pause, and after `next_s` each
    time that it comes again."""

    def __init__(self, first_s: float, next_s: float) -> None:
        self._first_s, self._next_s = first_s, next_s
        self._lock = Lock()  # of what follows; never held while waiting
        self._is_taken = False
        self._waiting: deque[Lock] = deque()  # each held until it is its thread's turn
        self._until = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and compute."""
        with self._lock:
            place = self._queue() if self._is_taken else None
            self._is_taken = True
        if place is not None:
            place.acquire()
        self._until = perf_counter() + self._first_s
        try:
            with pausing(self._give_way):
                yield
        finally:
            with self._lock:
                self._is_taken = bool(self._waiting)
                self._call_next()

    def _give_way(self) -> None:
        if not self._waiting or perf_counter() < self._until:
            return
        with self._lock:
            place = self._queue()
            self._call_next()
        place.acquire()
        self._until = perf_counter() + self._next_s

    def _queue(self) -> Lock:
        place = Lock()
        place.acquire()
        self._waiting.append(place)
        return place

    def _call_next(self) -> None:
        if self._waiting:
            self._waiting.popleft().release()
