"""Many values in few statements: a statement takes only so many."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
_AT_ONCE = 500


def of(values: Iterable[T]) -> Iterator[list[T]]:
    """The values in batches that one statement takes."""
    rest = iter(values)
    while batch := list(islice(rest, _AT_ONCE)):
        yield batch
