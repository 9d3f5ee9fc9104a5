"""The service's own matching on catalogues of any size."""

import gc
import statistics
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from types import FunctionType, ModuleType

import numpy as np

from app.matching.catalogue import Catalogue
from app.matching.types import Candidate, Offer
from app.matching.vocabulary import Vocabulary
from app.models.match import MatchData
from app.services.match import match_json
from tests.benchmarks.queries import Question
from tests.benchmarks.timing import Run, timed
from tests.matching import shipped

NAME = "ours"
CHANGES = 9
# What the candidates hold anyway, the vocabulary, and what isn't data.
_NOT_COUNTED = (str, Candidate, Offer, Vocabulary, type, FunctionType, ModuleType)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is told of ours beside its times."""

    size: int
    offers: int
    held_bytes: int  # by the catalogue, beside the vocabulary and the candidates with their texts
    changed: float  # seconds until a change of one provider is in the next match

    @property
    def bytes_each(self) -> float:
        """Bytes held per capability."""
        return self.held_bytes / self.offers


def measure(
    candidates: Sequence[Candidate], asked: Sequence[Question], budget: float
) -> tuple[Run, Figures]:
    """Build a catalogue, ask it everything that fits into `budget` seconds, and change it."""
    # Not the shared one: it would remember the phrases of the size before.
    vocabulary = shipped.vocabulary.__wrapped__()
    gc.collect()
    gc.freeze()  # as the service does with a catalogue, which it builds without the collector
    gc.disable()
    try:
        started = time.perf_counter()
        catalogue = Catalogue.build(candidates, vocabulary, 1)
        build = time.perf_counter() - started
        gc.freeze()
        gc.enable()
        asks = [partial(answer, question, catalogue) for question in asked]
        asks[0]()  # what is laid out when it is first asked for belongs to no query
        times, complete = timed(asks, budget)
        held = held_bytes(catalogue)
        changed = time_of_change(catalogue, asked[:CHANGES])
    finally:
        gc.enable()
        gc.unfreeze()
    offers = sum(max(1, len(candidate.offers)) for candidate in candidates)
    note = "" if complete else f"past the budget after {len(times)} queries"
    figures = Figures(len(candidates), offers, held, changed)
    return Run(NAME, len(candidates), build, times, note), figures


def warm(asked: Sequence[Question]) -> None:
    """Ask everything once of the shipped catalogue, for what a process remembers: otherwise the
    smallest size would pay for the others."""
    for question in asked:
        answer(question, shipped.catalogue())


def answer(question: Question, catalogue: Catalogue) -> bytes:
    """The whole answer as it goes out, from the request as it comes in."""
    return match_json(MatchData.model_validate(question.body), catalogue)[0]


def time_of_change(catalogue: Catalogue, asked: Sequence[Question]) -> float:
    """Median seconds until a change of one provider is in the next match: how much longer the
    change and a match take together than the match alone. The changes follow on each other."""
    waits = []
    step = max(1, len(catalogue.candidates) // len(asked))
    moved = catalogue.candidates[::step]
    for question, candidate in zip(asked, moved, strict=False):
        alone = _seconds(question, catalogue)
        started = time.perf_counter()
        changes = {candidate.id: replace(candidate, city="Incheon")}
        catalogue = catalogue.changed(changes, catalogue.revision + 1)
        answer(question, catalogue)
        waits.append(time.perf_counter() - started - alone)
    return max(0.0, statistics.median(waits))


def _seconds(question: Question, catalogue: Catalogue) -> float:
    started = time.perf_counter()
    answer(question, catalogue)
    return time.perf_counter() - started


def held_bytes(catalogue: object) -> int:
    """The bytes of everything that can be reached from a catalogue and that is its own."""
    seen: set[int] = set()
    waiting = [catalogue]
    total = 0
    while waiting:
        value = waiting.pop()
        if id(value) in seen or isinstance(value, _NOT_COUNTED):
            continue
        seen.add(id(value))
        total += sys.getsizeof(value)
        waiting.extend(_parts(value))
    return total


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, np.ndarray):
        # A view doesn't count what it shows; its base does.
        shown = [] if value.base is None else [value.base]
        return [*shown, *value.ravel()] if value.dtype == object else shown
    if is_dataclass(value):
        kept = [getattr(value, field.name) for field in fields(value)]
        return [*kept, *getattr(value, "__dict__", {}).values()]
    return gc.get_referents(value)
