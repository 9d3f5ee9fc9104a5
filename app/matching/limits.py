"""What is taken back of the likeness of offers: where their service is for something else than a
need asks, and where their words rule out what it asks."""

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.matching.catalogue import Catalogue
from app.matching.columns import Codes, Column, Rows, distinct
from app.matching.distinctions import AT_MOST
from app.matching.pauses import pause

if TYPE_CHECKING:  # a brief holds its limits
    from app.matching.brief import Ask

_FEW = 512  # values that are all judged at once, which the memory mostly spares
Floats = NDArray[np.float32]
Names = tuple[str, ...]
# What is asked of a column's values: equal things have equal keys, and are judged once.
Test = tuple[Hashable, Callable[[Names], tuple[float, float]]]


class _Tested:
    """A test before the values of a column, each judged when a row has it."""

    def __init__(
        self, column: Column[Names], test: Test, failing: float, catalogue: Catalogue
    ) -> None:
        self._column, self._test, self._memory = column, test, catalogue.memory
        self._failing = np.float32(failing)
        size = len(column.values)
        self._is_whole = size <= _FEW
        if self._is_whole:
            self._left = self._all()
            return
        self._left = np.ones(size, dtype=np.float32)
        self._is_known = np.zeros(size, dtype=np.bool_)

    def left(self, codes: Codes) -> Floats:
        """What is left at most to rows with these values."""
        if not self._is_whole:
            new = codes[~self._is_known.take(codes)]
            if len(new):
                self._learn(distinct(new, len(self._is_known)))
        return self._left.take(codes)

    def _all(self) -> Floats:
        key, judge = self._test
        values = self._column.values

        def work(first: int) -> Floats:
            fails = np.array([judge(value)[0] for value in values[first:]], dtype=np.float32)
            return np.where(fails > 0, self._failing, np.float32(1.0))

        return self._memory.best(key, len(values), work)

    def _learn(self, values: Rows) -> None:
        pause()
        key, judge = self._test
        fails = self._memory.shares(key, self._column, values, judge)[:, 0] > 0
        self._left[values[fails]] = self._failing
        self._is_known[values] = True


class Limits:
    """What the needs of a brief take back, field by field as they are compared."""

    def __init__(self, asks: Sequence["Ask"], names: Sequence[str], catalogue: Catalogue) -> None:
        offers = catalogue.offers
        self._offers = offers
        # By the row of shares, field after field and in each need after need, the test before it.
        self._apart: dict[int, _Tested] = {}
        self._denied: dict[int, _Tested] = {}
        may_be, position = _ruled_out_by_any(catalogue), catalogue.vocabulary.position
        for row, (name, ask) in enumerate((name, ask) for name in names for ask in asks):
            if name == "service" and ask.distinguishing:
                column = offers.distinguishing
                self._apart[row] = _Tested(column, _apart(ask), AT_MOST, catalogue)
            asked = ask.asked[name].concepts if name in ask.asked else ()
            # Hardly anything that is asked is ruled out by anybody.
            if asked and all(may_be[position[concept]] for concept in asked):
                denial = _denial(name, ask, asked)
                self._denied[row] = _Tested(offers.ruled_out, denial, 0.0, catalogue)

    def apply(self, won: Floats, unknown: Floats, rows: Rows) -> None:
        """Take it from the shares of these offers, a column each; it is lost, not unknown."""
        for row, test in self._apart.items():
            own = won[row]
            which = np.flatnonzero(own > AT_MOST)  # nothing can be taken of the others
            if len(which):
                left = test.left(self._offers.distinguishing.codes.take(rows.take(which)))
                own[which] = np.minimum(own.take(which), left)
        if self._denied:
            codes = self._offers.ruled_out.codes.take(rows)
            which = np.flatnonzero(codes)
            for row, test in self._denied.items():
                left = test.left(codes.take(which))
                won[row, which] *= left
                unknown[row, which] *= left


def _apart(ask: "Ask") -> Test:
    stands_apart = ask.vocabulary.stands_apart(ask.distinguishing)
    return ("apart", ask.distinguishing), lambda value: (float(stands_apart(value)), 0.0)


def _denial(name: str, ask: "Ask", concepts: Names) -> Test:
    return ("ruled out", concepts), lambda value: (float(ask.is_ruled_out(name, value)), 0.0)


def _ruled_out_by_any(catalogue: Catalogue) -> NDArray[np.bool_]:
    """By position which concepts the words of any offer rule out."""
    vocabulary = catalogue.vocabulary

    def work() -> NDArray[np.bool_]:
        found = np.zeros(len(vocabulary.ids), dtype=np.bool_)
        for value in catalogue.offers.ruled_out.values:
            for concept in value:
                found[[vocabulary.position[below] for below in vocabulary.narrower(concept)]] = True
        return found

    return catalogue.memory.rows("ruled out", work)
