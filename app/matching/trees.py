"""A trie laid out in arrays, so that many places of a text are walked at once."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from app.matching.trie import END, Trie

Ints = NDArray[np.int32]
Walks = tuple[Ints, Ints, Ints]  # where each begins, where it ends (exclusive), its node


class Tree:
    """The nodes of a trie by number, the root being 0, and the step from one to the next."""

    def __init__(self, root: Trie) -> None:
        self.numbers: dict[str, int] = {}
        self.keys: list[tuple[str, ...]] = [()]  # the words that lead to each node
        self.concepts: list[tuple[str, ...]] = [()]  # of the form that ends at each node
        edges: list[tuple[int, int, int]] = []
        waiting = [(0, root)]
        while waiting:
            number, node = waiting.pop()
            for word, below in node.items():
                if word == END:
                    self.concepts[number] = below
                    continue
                edges.append(
                    (number, self.numbers.setdefault(word, len(self.numbers)), len(self.keys))
                )
                waiting.append((len(self.keys), below))
                self.keys.append((*self.keys[number], word))
                self.concepts.append(())
        self._width = len(self.numbers) + 1
        # One that nobody asks for stands last, so that every look-up has a place to end at.
        edges.append((len(self.keys), 0, -1))
        steps = np.array(edges, dtype=np.int64)
        codes = steps[:, 0] * self._width + steps[:, 1]
        order = np.argsort(codes)
        self._steps, self._below = codes[order], steps[order, 2].astype(np.int32)
        self.is_form = np.array([bool(ids) for ids in self.concepts], dtype=np.bool_)

    def words(self, words: Sequence[str]) -> Ints:
        """The numbers that these words have in the tree; -1 for one that it doesn't know."""
        return np.array([self.numbers.get(word, -1) for word in words], dtype=np.int32)

    def below(self, nodes: Ints, words: Ints) -> Ints:
        """For each node the one that a word leads to, -1 if it leads nowhere."""
        wanted = nodes.astype(np.int64) * self._width + words
        places = np.searchsorted(self._steps[:-1], wanted)
        is_there = (self._steps[places] == wanted) & (words >= 0)
        return np.where(is_there, self._below[places], np.int32(-1))

    def walk(self, words: Ints, places: Ints, ends: Ints) -> Iterator[Walks]:
        """Step by step, the walks from each of `places` that go on, up to the end of its phrase."""
        nodes = np.zeros(len(places), dtype=np.int32)
        last = places
        while True:
            open_ = last < ends
            places, last, ends, nodes = places[open_], last[open_], ends[open_], nodes[open_]
            nodes = self.below(nodes, words[last])
            on = nodes >= 0
            places, last, ends, nodes = places[on], last[on] + 1, ends[on], nodes[on]
            if not len(places):
                return
            yield places, last, nodes

    def forms(self, words: Ints, places: Ints, ends: Ints) -> Walks:
        """All forms that begin at `places`."""
        found = []
        for each in self.walk(words, places, ends):
            is_form = self.is_form[each[2]]
            found.append(tuple(part[is_form] for part in each))
        none = np.zeros(0, dtype=np.int32)
        first, last, nodes = (
            np.concatenate(parts) for parts in zip((none,) * 3, *found, strict=True)
        )
        return first, last, nodes
