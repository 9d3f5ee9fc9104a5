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
    """Tests before the values of a column, each value judged when a row has it: what is left, by
    row of the table a test (none: nothing is taken)."""

    def __init__(
        self,
        column: Column[Names],
        tests: Sequence[Test | None],
        failing: float,
        catalogue: Catalogue,
    ) -> None:
        self._column, self._tests, self._memory = column, tests, catalogue.memory
        self._failing = np.float32(failing)
        size = len(column.values)
        self._is_whole = size <= _FEW
        if self._is_whole:
            every = np.ones(size, dtype=np.float32)
            self._left: Floats = np.stack([every if t is None else self._all(t) for t in tests])
            return
        self._left = np.ones((len(tests), size), dtype=np.float32)
        self._is_known = np.zeros(size, dtype=np.bool_)

    def left(self, codes: Codes) -> Floats:
        """What is left to rows with these values, column by column."""
        if not self._is_whole:
            new = codes[~self._is_known.take(codes)]
            if len(new):
                self._learn(distinct(new, len(self._is_known)))
        found: Floats = self._left.take(codes, axis=1)
        return found

    def _all(self, test: Test) -> Floats:
        key, judge = test
        values = self._column.values

        def work(first: int) -> Floats:
            fails = np.array([judge(value)[0] for value in values[first:]], dtype=np.float32)
            return np.where(fails > 0, self._failing, np.float32(1.0))

        return self._memory.best(key, len(values), work)

    def _learn(self, values: Rows) -> None:
        for number, test in enumerate(self._tests):
            if test is not None:
                pause()
                fails = self._memory.shares(test[0], self._column, values, test[1])[:, 0] > 0
                self._left[number, values[fails]] = self._failing
        self._is_known[values] = True


class Limits:
    """What the needs of a brief take back, field by field as they are compared."""

    def __init__(self, asks: Sequence["Ask"], names: Sequence[str], catalogue: Catalogue) -> None:
        self._offers = catalogue.offers
        self._service: slice | None = None
        if "service" in names and any(ask.distinguishing for ask in asks):
            at = names.index("service") * len(asks)
            self._service = slice(at, at + len(asks))
            apart = [_apart(ask) for ask in asks]
            self._apart = _Tested(self._offers.distinguishing, apart, AT_MOST, catalogue)
        may_be = _ruled_out_by_any(catalogue)
        position = catalogue.vocabulary.position
        # Hardly anything that is asked is ruled out by anybody.
        self._may_rule_out = any(
            all(may_be[position[concept]] for concept in ask.asked[name].concepts)
            for name in names
            for ask in asks
            if name in ask.asked and ask.asked[name].concepts
        )
        if self._may_rule_out:
            denied = [_denial(name, ask) for name in names for ask in asks]
            self._denied = _Tested(self._offers.ruled_out, denied, 0.0, catalogue)

    def apply(self, won: Floats, unknown: Floats, rows: Rows) -> None:
        """Take it from the shares of these offers, a column each; it is lost, not unknown."""
        if self._service is not None:
            codes = self._offers.distinguishing.codes.take(rows)
            own = won[self._service]
            np.minimum(own, self._apart.left(codes), out=own)
        if self._may_rule_out:
            codes = self._offers.ruled_out.codes.take(rows)
            which = np.flatnonzero(codes)
            if len(which):
                left = self._denied.left(codes.take(which))
                won[:, which] *= left
                unknown[:, which] *= left


def _apart(ask: "Ask") -> Test | None:
    if not ask.distinguishing:
        return None
    stands_apart = ask.vocabulary.stands_apart(ask.distinguishing)
    return ("apart", ask.distinguishing), lambda value: (float(stands_apart(value)), 0.0)


def _denial(name: str, ask: "Ask") -> Test | None:
    asked = ask.asked.get(name)
    if asked is None or not asked.concepts:
        return None
    return ("ruled out", asked.concepts), lambda value: (float(ask.is_ruled_out(name, value)), 0.0)


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
