"""What is told of a catalogue beside its times."""

from dataclasses import dataclass

import numpy as np

from tests.benchmarks.ours import held_bytes
from tests.matching.builders import candidate


@dataclass(frozen=True, slots=True)
class Two:
    first: object
    second: object


def test_arrays_count_once_and_views_not_at_all() -> None:
    array = np.zeros(10_000, dtype=np.int32)
    assert 40_000 < held_bytes(Two(array, None)) < 41_000
    assert 40_000 < held_bytes(Two(array, array)) < 41_000
    assert 40_000 < held_bytes(Two(array[5:], array[:5])) < 41_000


def test_texts_and_candidates_do_not_count() -> None:
    assert held_bytes(Two("a" * 10_000, candidate())) == held_bytes(Two(None, None)) - 16
