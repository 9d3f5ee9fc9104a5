"""What an experiment is: a measurement with a target, and the defects that it must catch."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from tests.prove.place import Place

SEED = 20261126


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was measured, beside what was wanted; `details` name what went wrong."""

    figure: str
    target: str
    is_met: bool
    details: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Size:
    """How much an experiment does: whole as the issue asks, or short for `make test`."""

    is_short: bool

    def of(self, whole: int, short: int) -> int:
        """One of two numbers."""
        return short if self.is_short else whole


Measure = Callable[[Place, Size], Outcome]


@dataclass(frozen=True, slots=True)
class Experiment:
    """A row of the table. `defects` are planted by name around the measurement, which then must
    miss its target: an experiment that can't fail shows nothing."""

    name: str
    measure: Measure
    defects: dict[str, Callable[[], AbstractContextManager[Any]]] = field(default_factory=dict)
    is_short: bool = True  # whether it has a short form


def line(name: str, outcome: Outcome, seconds: float) -> str:
    """The one line that an experiment prints."""
    verdict = "pass" if outcome.is_met else "MISS"
    return f"{verdict}  {name:<12}{outcome.figure}  (wanted: {outcome.target}; {seconds:.0f} s)"


def told(details: Sequence[str], most: int = 12) -> Iterator[str]:
    """The first of what went wrong."""
    yield from (f"      {each}" for each in details[:most])
    if len(details) > most:
        yield f"      … and {len(details) - most} more"
