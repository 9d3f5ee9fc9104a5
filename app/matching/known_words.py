"""What a vocabulary knows of single words, in arrays for many of them at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntFlag, auto

import numpy as np
from numpy.typing import NDArray

from app.matching.batches import Ints, Mask
from app.matching.lexicon import Lexicon, ends_telling
from app.matching.phrases import breaks
from app.matching.terms import BARS, Token
from app.matching.trees import Tree
from app.matching.trie import JOINTS
from app.matching.wordforms import stem


class Mark(IntFlag):
    """What a word is."""

    MISSPELT = auto()  # a misspelling of a known one
    CASED = auto()  # a short form that counts only where it is written in capitals
    SHORT = auto()  # three letters at most, and no product
    LETTER = auto()  # a single letter or digit
    JOINT = auto()  # stands between two beginnings that share an end
    PRODUCT = auto()  # names a product, which may step between the words of a form
    COMMA = auto()
    POINT = auto()
    OPENING = auto()  # a bracket
    BREAK = auto()  # phrases whose parts stand apart don't go on over it
    TELLING = auto()  # tells a service together with a product
    ENDED = auto()  # its ending tells work, so that its stem alone says enough


@dataclass(frozen=True, slots=True)
class Known:
    """For each word of some texts its numbers in the trees (-1 for none), and what it is."""

    exact: Ints
    stems: Ints
    parts: Ints  # of phrases whose parts stand apart
    _marks: Ints

    def are(self, mark: Mark) -> Mask:
        """Which words are so."""
        found: Mask = (self._marks & mark) != 0
        return found


class KnownWords:
    """What is known of the words of a layout, each looked up once."""

    def __init__(
        self,
        lexicon: Lexicon,
        exact: Tree,
        stems: Tree,
        parts: Mapping[str, int],
        telling: Collection[str],
    ) -> None:
        self._lexicon, self._exact, self._stems = lexicon, exact, stems
        self._parts, self._telling = parts, telling
        self._table: NDArray[np.int32] = np.zeros((0, 4), dtype=np.int32)

    def of(self, words: Sequence[str], numbers: Ints) -> Known:
        """What is known of the words of these numbers, given all words that have one."""
        new = words[len(self._table) :]
        if new:
            told = np.array([self._told(word) for word in new], dtype=np.int32)
            self._table = np.concatenate((self._table, told))
        exact, stems, parts, marks = self._table.T
        return Known(exact[numbers], stems[numbers], parts[numbers], marks[numbers])

    def _told(self, word: str) -> tuple[int, int, int, int]:
        lexicon, stemmed = self._lexicon, stem(word)
        marks = {
            Mark.MISSPELT: lexicon.may_be_misspelt(word) and bool(lexicon.speller.repair(word)),
            Mark.CASED: word in lexicon.cased,
            Mark.SHORT: len(word) <= 3 and word not in lexicon.products,
            Mark.LETTER: len(word) == 1,
            Mark.JOINT: word in JOINTS,
            Mark.PRODUCT: word in lexicon.products and word not in JOINTS,
            Mark.COMMA: word == ",",
            Mark.POINT: word == ".",
            Mark.OPENING: word == "(",
            Mark.BREAK: breaks(Token(word, 0, 0, "bar" if word in BARS else "word"), None),
            Mark.TELLING: word in self._telling,
            Mark.ENDED: ends_telling(word),
        }
        return (
            self._exact.numbers.get(word, -1),
            self._stems.numbers.get(stemmed, -1),
            self._parts.get(stemmed, -1),
            sum(mark for mark, is_so in marks.items() if is_so),
        )


def marked(keys: Iterable[tuple[str, ...]], among: Collection[tuple[str, ...]]) -> Mask:
    """Which of some forms are among others."""
    return np.array([key in among for key in keys], dtype=np.bool_)
