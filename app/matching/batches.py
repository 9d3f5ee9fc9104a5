"""The words of many phrases side by side in arrays, so that they are looked up all at once."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.matching.terms import LIMIT, REMEMBERED, Token, tokens, tokens_apart

Ints = NDArray[np.int32]
Mask = NDArray[np.bool_]
KINDS = ("word", "number", "plus", "bar")  # of ASCII texts
WORD, NUMBER, _, BAR = range(4)


@dataclass(frozen=True, slots=True)
class Batch:
    """The words of phrases, one after the other, each with its place in its phrase."""

    bounds: Ints  # phrase p has the words bounds[p] to bounds[p + 1]
    phrases: Ints  # of each word
    words: Ints  # numbers of the words
    kinds: NDArray[np.int8]
    starts: Ints  # in characters of the phrase
    ends: Ints
    is_glued: Mask  # nothing or a hyphen stands between a word and the next one
    is_told: Mask  # of each phrase: whether its words are here


class Layout:
    """Cuts phrases into words, each chunk between spaces once."""

    def __init__(self) -> None:
        self.words: dict[str, int] = {}
        self._chunks: dict[str, int] = {}
        self._sizes = array("i")  # how many words each chunk has; -1: its neighbours count
        self._widths = array("i")
        self._first = array("i")  # where the words of each chunk begin in the arrays below
        self._words = array("i")
        self._kinds = array("b")
        self._starts = array("i")
        self._ends = array("i")
        self._glued = array("b")

    def batch(self, phrases: Sequence[str]) -> Batch:
        """The words of phrases; of one that isn't plain ASCII, none."""
        counts, numbers = array("i"), array("i")
        chunks, sizes = self._chunks, self._sizes
        for phrase in phrases:
            if len(phrase) > LIMIT or not (phrase.isascii() and phrase.isprintable()):
                counts.append(0)
                continue
            cut = phrase.lower().split(" ")
            try:
                row = [chunks[chunk] for chunk in cut]
            except KeyError:
                row = [chunks[c] if c in chunks else self._add_chunk(c) for c in cut]
            if min(map(sizes.__getitem__, row)) < 0:
                row = [self._add(phrase, tokens(phrase))]
            counts.append(len(row))
            numbers.extend(row)
        return self._laid_out(_ints(counts), _ints(numbers))

    def _add_chunk(self, chunk: str) -> int:
        read = tokens_apart(chunk) if len(chunk) <= REMEMBERED else None
        number = self._chunks[chunk] = self._add(chunk, read)
        return number

    def _add(self, text: str, read: Sequence[Token] | None) -> int:
        self._sizes.append(-1 if read is None else len(read))
        self._widths.append(len(text) + 1)
        self._first.append(len(self._words))
        following = [token.start for token in (read or ())[1:]]
        for place, token in enumerate(read or ()):
            self._words.append(self.words.setdefault(token.word, len(self.words)))
            self._kinds.append(KINDS.index(token.kind))
            self._starts.append(token.start)
            self._ends.append(token.end)
            last = place == len(following)
            self._glued.append(not last and text[token.end : following[place]] in ("", "-"))
        return len(self._sizes) - 1

    def _laid_out(self, counts: Ints, chunks: Ints) -> Batch:
        owners = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        sizes, widths = _ints(self._sizes)[chunks], _ints(self._widths)[chunks]
        # Where each chunk begins: in its phrase, and its words in the arrays.
        before = np.cumsum(widths) - widths
        begins = np.append(before, 0)[np.cumsum(counts) - counts]
        offsets = np.repeat((before - begins[owners]).astype(np.int32), sizes)
        where = np.repeat(_ints(self._first)[chunks] - (np.cumsum(sizes) - sizes), sizes)
        where += np.arange(len(where))
        phrases = np.repeat(owners, sizes)
        lengths = np.bincount(phrases, minlength=len(counts))
        return Batch(
            bounds=np.concatenate(([0], np.cumsum(lengths))).astype(np.int32),
            phrases=phrases,
            words=_ints(self._words)[where],
            kinds=np.array(self._kinds, dtype=np.int8)[where],
            starts=_ints(self._starts)[where] + offsets,
            ends=_ints(self._ends)[where] + offsets,
            is_glued=np.array(self._glued, dtype=np.bool_)[where],
            is_told=counts > 0,
        )


def _ints(values: "array[int]") -> NDArray[Any]:
    return np.array(values, dtype=np.int32)
