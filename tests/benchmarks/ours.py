"""The service's own matching on catalogues of any size."""

import gc
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial

import numpy as np

from app.matching.catalogue import Catalogue
from app.matching.rank import shortlist
from app.matching.types import Candidate, Shortlist
from app.models.match import MatchData
from app.services.match import query_of
from tests.benchmarks.queries import Question
from tests.benchmarks.timing import Run, timed
from tests.matching import shipped

NAME = "ours"


@dataclass(frozen=True, slots=True)
class Figures:
    """What is told of ours beside its times."""

    size: int
    offers: int
    profiles: int
    array_bytes: int  # of the columns, beside the texts
    changed: float  # seconds until a change of one provider is in a catalogue


def measure(
    candidates: Sequence[Candidate], asked: Sequence[Question], budget: float
) -> tuple[Run, Figures]:
    """Build a catalogue, ask it everything that fits into `budget` seconds, and change it once."""
    # Not the shared one: it would remember the phrases of the size before.
    vocabulary = shipped.vocabulary.__wrapped__()
    started = time.perf_counter()
    catalogue = Catalogue.build(candidates, vocabulary, 1)
    build = time.perf_counter() - started
    gc.freeze()  # as the service does with the catalogue that it starts with
    try:
        asks = [partial(answer, question, catalogue) for question in asked]
        times, complete = timed(asks, budget)
        changed = time_of_change(catalogue)
    finally:
        gc.unfreeze()
    figures = Figures(
        size=len(candidates),
        offers=len(catalogue.offers),
        profiles=len(catalogue.profiles.values),
        array_bytes=array_bytes(catalogue),
        changed=changed,
    )
    note = "" if complete else f"past the budget after {len(times)} queries"
    return Run(NAME, len(candidates), build, times, note), figures


def warm(asked: Sequence[Question]) -> None:
    """Ask everything once of the shipped catalogue, for what a process remembers: otherwise the
    smallest size would pay for the others."""
    for question in asked:
        answer(question, shipped.catalogue())


def answer(question: Question, catalogue: Catalogue) -> Shortlist:
    """The shortlist with its ledgers, from the request as it comes in."""
    query, _ = query_of(MatchData.model_validate(question.body), catalogue.vocabulary)
    return shortlist(query, catalogue)


def time_of_change(catalogue: Catalogue) -> float:
    """Seconds until a change of one provider is in a catalogue that can be asked."""
    candidate = catalogue.candidates[len(catalogue.candidates) // 2]
    moved = replace(candidate, city="Incheon")
    started = time.perf_counter()
    catalogue.changed({candidate.id: moved}, catalogue.revision + 1)
    return time.perf_counter() - started


def array_bytes(value: object) -> int:
    """The bytes of all arrays in a dataclass and the dataclasses in it."""
    if isinstance(value, np.ndarray):
        return int(value.nbytes)
    if is_dataclass(value):
        return sum(array_bytes(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, dict):
        return sum(array_bytes(part) for part in value.values())
    if isinstance(value, tuple) and value and isinstance(value[0], np.ndarray):
        return sum(array_bytes(part) for part in value)
    return 0


def traced_bytes(candidates: Sequence[Candidate]) -> int:
    """The bytes that a catalogue holds beside its candidates, by tracemalloc: slow to take."""
    vocabulary = shipped.vocabulary()
    return _traced(lambda: Catalogue.build(candidates, vocabulary, 1))


def _traced(make: Callable[[], object]) -> int:
    make()  # fills the caches, which aren't the catalogue's
    gc.collect()
    tracemalloc.start()
    try:
        kept = make()
        gc.collect()
        now, _ = tracemalloc.get_traced_memory()
        del kept
        return now
    finally:
        tracemalloc.stop()
