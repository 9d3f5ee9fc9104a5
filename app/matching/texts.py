"""The words of many texts as numbers, and how much each counts in the rows that hold them."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.terms import LIMIT, REMEMBERED, normalise, words, words_apart
from app.matching.wording import impacts

Ints = NDArray[np.int64]


class Texts(dict[str | None, int]):
    """Numbers of texts, given when they are first asked for; a missing text says what an empty one
    does. Equal texts are cut into words once."""

    def __init__(self) -> None:
        super().__init__({None: 0, "": 0})
        self.words: dict[str, int] = {}
        self._chunks: dict[str, tuple[int, ...]] = {}
        self._ends = array("i", (0, 0))  # text t has the words from _ends[t] to _ends[t + 1]
        self._flat = array("i")

    def __missing__(self, text: str) -> int:
        """The number of a text that wasn't met before."""
        number = self[text] = len(self._ends) - 1
        self._flat.extend(self._cut(text))
        self._ends.append(len(self._flat))
        return number

    def _cut(self, text: str) -> list[int]:
        chunks = self._chunks
        found: list[int] = []
        # As `terms.words` cuts, with what it gives for each chunk as numbers.
        if text.isascii() and text.isprintable() and "'" not in text and len(text) <= LIMIT:
            cut = text.lower().split()
        else:
            cut = normalise(text).replace("'s", "").split(" ")
        for chunk in cut:
            kept = chunks.get(chunk)
            if kept is None:
                apart = words_apart(chunk) if len(chunk) <= REMEMBERED else None
                if apart is None:
                    return self._numbers(words(text))
                kept = chunks[chunk] = tuple(self._numbers(apart))
            found += kept
        return found

    def _numbers(self, read: Iterable[str]) -> list[int]:
        numbers = self.words
        return [numbers.setdefault(word, len(numbers)) for word in read]

    def laid_out(self, texts: Ints) -> tuple[Ints, Ints]:
        """The words of some texts, one after the other, and how many each has."""
        ends = np.frombuffer(self._ends, dtype=np.int32)
        begins, lengths = ends[texts].astype(np.int64), np.diff(ends)[texts].astype(np.int64)
        before = np.cumsum(lengths) - lengths
        places = np.arange(int(lengths.sum())) + np.repeat(begins - before, lengths)
        if not len(places):
            return places, lengths
        return np.frombuffer(self._flat, dtype=np.int32)[places].astype(np.int64), lengths


@dataclass(frozen=True, slots=True)
class Counted:
    """The words of some rows, each once and in order of first appearance, row after row."""

    words: Ints
    rows: Ints  # the row of each word
    impacts: NDArray[np.uint8]
    sizes: Ints  # how many words each row has
    heads: Ints  # how many of them stand in its first texts


def counted(
    texts: Texts, rows: Ints, sizes: Ints, b: float, typical: int, head: int = 0
) -> Counted:
    """Count the words of rows, given as the numbers of their texts, row after row, and how many
    texts each has."""
    each, lengths = texts.laid_out(rows)
    owner_of_text = np.repeat(np.arange(len(sizes)), sizes)
    owners = np.repeat(owner_of_text, lengths)
    first, times = _grouped(owners * max(1, len(texts.words)) + each)
    in_order = np.zeros(len(each), dtype=np.int64)
    in_order[first] = times
    is_first = in_order > 0
    found = owners[is_first]
    totals = np.bincount(owners, minlength=len(sizes))
    begins = np.cumsum(sizes) - sizes
    in_head = np.repeat(np.arange(len(rows)) - begins[owner_of_text] < head, lengths)[is_first]
    return Counted(
        words=each[is_first],
        rows=found,
        impacts=impacts(in_order[is_first], totals[found], b, typical),
        sizes=np.bincount(found, minlength=len(sizes)),
        heads=np.bincount(found[in_head], minlength=len(sizes)),
    )


def greatest(keys: Ints, values: NDArray[np.uint8], among: Ints) -> NDArray[np.uint8]:
    """For each of `among`, which ascend, the greatest value of its key; 0 where there is none."""
    both = np.sort((keys << 8) | values)
    last = np.append(both[1:] >> 8 != both[:-1] >> 8, True)[: len(both)]
    found = np.zeros(len(among), dtype=np.uint8)
    found[np.searchsorted(among, both[last] >> 8)] = both[last] & 0xFF
    return found


def _grouped(keys: Ints) -> tuple[Ints, Ints]:
    """For each distinct key where it stands first, and how often."""
    if not len(keys):
        return keys, keys
    # Keys with their places are sorted as plain numbers, which is faster than sorting places.
    bits = len(keys).bit_length()
    both = np.sort((keys << bits) | np.arange(len(keys)))
    groups = both >> bits
    begins = np.flatnonzero(np.append(True, groups[1:] != groups[:-1]))
    times = np.diff(np.append(begins, len(keys)))
    return both[begins] & ((1 << bits) - 1), times
