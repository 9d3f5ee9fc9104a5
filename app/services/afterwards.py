"""What is noted beside an answer takes turns: one connection of a worker, however many requests."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_turn = Lock()


@contextmanager
def turn(patience_s: float = 0.0) -> Iterator[bool]:
    """Whether it is one's turn, for which one waits no longer than this."""
    is_ours = _turn.acquire(timeout=patience_s) if patience_s else _turn.acquire(blocking=False)
    try:
        yield is_ours
    finally:
        if is_ours:
            _turn.release()
