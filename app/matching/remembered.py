"""Methods whose answers are kept as long as their object, and don't keep it alive themselves.

A cache in an object around one of its own bound methods is a circle, which only the garbage
collector undoes; a service that freezes what it has built would hold every old vocabulary for ever.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar, cast
from weakref import WeakMethod

Method = TypeVar("Method", bound=Callable[..., object])


def remembered(method: Method, most: int) -> Method:
    """The method with its last answers kept, at most so many; for its own object to hold."""
    found = WeakMethod(method)

    @lru_cache(maxsize=most)
    def ask(*asked: object) -> object:
        own = found()
        if own is None:
            raise ReferenceError("the object whose answers these are is gone")
        return own(*asked)

    return cast(Method, ask)
