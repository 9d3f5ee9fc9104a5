"""Long work in pieces: between two of them others may go first, if whoever runs it lets them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import local


class _Thread(local):
    between: Callable[[], None] | None = None


_thread = _Thread()


def pause() -> None:
    """The end of a piece of work that takes milliseconds; nothing may be locked here."""
    if _thread.between is not None:
        _thread.between()


@contextmanager
def pausing(between: Callable[[], None]) -> Iterator[None]:
    """Call `between` at every pause of what this thread does meanwhile."""
    before, _thread.between = _thread.between, between
    try:
        yield
    finally:
        _thread.between = before
