"""What a text names, where it names it, and how far that is from something else."""

from dataclasses import dataclass

from app.matching.types import How


@dataclass(frozen=True, slots=True)
class Found:
    """A concept named in the text."""

    concepts: tuple[str, ...]
    start: int
    end: int
    how: How
    readings: tuple[str, ...] = ()


def gap(low: int, high: int, start: int, end: int) -> int:
    """Characters between two stretches; 0 where they touch or overlap."""
    return max(0, start - high, low - end)


def distance(found: Found, start: int, end: int) -> float:
    """Characters between what was found and a stretch."""
    return float(gap(found.start, found.end, start, end))
