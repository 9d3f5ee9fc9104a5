"""Which of overlapping stretches of words are taken, in many phrases at once."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.matching.batches import Ints, Mask
from app.matching.scene import Scene

_ONE = np.uint64(1)
Taken = NDArray[np.uint64]  # of each phrase the words that are taken, as bits


def chosen(
    scene: Scene, first: Ints, last: Ints, worth: NDArray[np.float64], order: Ints
) -> tuple[Mask, Taken]:
    """Which stretches are taken, the most worth first, then the foremost, then by `order`, where
    nothing is taken yet; and the words that are taken."""
    owners = scene.batch.phrases[first]
    ranked = np.lexsort((order, first, -worth, owners))
    bits = _bit(last - scene.begins[owners]) - _bit(first - scene.begins[owners])
    bits = bits[ranked]
    counts = np.bincount(owners, minlength=len(scene.begins))
    begins = np.cumsum(counts) - counts
    taken = np.zeros(len(counts), dtype=np.uint64)
    found = np.zeros(len(first), dtype=np.bool_)
    # The best one of each phrase, then the second best of each that has a second, and so on.
    left, place = np.flatnonzero(counts), 0
    while len(left):
        at = begins[left] + place
        is_free = (taken[left] & bits[at]) == 0
        found[ranked[at[is_free]]] = True
        taken[left[is_free]] |= bits[at[is_free]]
        place += 1
        left = left[counts[left] > place]
    return found, taken


def is_taken(scene: Scene, words: NDArray[np.integer[Any]], taken: Taken) -> Mask:
    """Which of some words are taken."""
    owners = scene.batch.phrases[words]
    found: Mask = (taken[owners] & _bit(words - scene.begins[owners])) != 0
    return found


def _bit(number: NDArray[np.integer[Any]]) -> Taken:
    return _ONE << number.astype(np.uint64)
