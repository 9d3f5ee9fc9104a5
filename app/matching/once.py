"""Values that an object works out when they are first asked for.

`functools.cached_property` holds one lock for all objects of a class while it works (until Python
3.12), so that one long match would keep all others of the process waiting. Here two threads may
work the same out side by side, which only costs time: the objects of a match have one thread.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Value = TypeVar("Value")


class once(Generic[Value]):  # noqa: N801 # it stands where `property` does
    """Like `property`, worked out once for each object."""

    def __init__(self, work: Callable[[Any], Value]) -> None:
        self._work = work
        self.__doc__ = work.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        """Keep the name under which the object will hold the value."""
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "once[Value]": ...

    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...

    def __get__(self, instance: object | None, owner: type) -> "once[Value] | Value":
        """The value; from the second time on the object itself has it."""
        if instance is None:
            return self
        value = instance.__dict__[self._name] = self._work(instance)
        return value
