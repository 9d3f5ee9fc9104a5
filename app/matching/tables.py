"""Criteria as lines of points: of offers one by one, or of a column's values, each judged once."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from app.matching.brief import Ask
from app.matching.catalogue import Catalogue
from app.matching.columns import Column, Rows, distinct
from app.matching.criteria import Asking, Criterion
from app.matching.panel import Panel
from app.matching.pauses import pause
from app.matching.points import Floats, Ints, Judgement, scores

_FEW = 512  # values that are all judged at once, which the memory mostly spares


class Line(NamedTuple):
    """What a criterion found, in shares and in hundredths."""

    judged: Judgement
    scores: Ints  # of each value and need


class Table:
    """One criterion before the needs of a brief, with the points it is worth to each."""

    def __init__(
        self, criterion: Criterion, asks: Sequence[Ask], catalogue: Catalogue, worth: Sequence[int]
    ) -> None:
        self.criterion = criterion
        self._worth, self._memory = worth, catalogue.memory
        if criterion.column is None:
            return
        self._column: Column[Any] = criterion.column(catalogue)
        asked = [criterion.judge(ask) if criterion.is_asked(ask) else None for ask in asks]
        self._asked: Sequence[Asking | None] = asked
        size = len(self._column.values)
        self._is_whole = size <= _FEW
        if self._is_whole:
            self._won, self._unknown, self._scores = self._judged(np.arange(size))
            return
        shape = size, len(asks)
        self._is_known = np.zeros(size, dtype=np.bool_)
        self._won = np.zeros(shape, np.float32, order="F")
        self._unknown = np.zeros_like(self._won)
        self._scores = np.zeros_like(self._won, dtype=np.int32)

    def line(self, panel: Panel) -> Line:
        """What the criterion finds of a panel's offers, or of its providers."""
        judged = self.judged(panel)
        if self.criterion.column is not None:
            return Line(judged, self._scores)
        return Line(judged, scores(judged, self._worth, self.criterion.prior))

    def judged(self, panel: Panel) -> Judgement:
        """The same in shares alone."""
        if self.criterion.column is None:
            found: Judgement = self.criterion.judge(panel)
            return found
        rows = panel.rows if self.criterion.scope == "need" else panel.providers
        codes = self._column.codes.take(rows)
        if not self._is_whole:
            new = codes[~self._is_known.take(codes)]
            if len(new):
                self._learn(distinct(new, len(self._is_known)))
        return Judgement(self._won, self._unknown, codes)

    def _learn(self, values: Rows) -> None:
        found = self._judged(values)
        for kept, new in zip((self._won, self._unknown, self._scores), found, strict=True):
            kept.T[:, values] = new.T
        self._is_known[values] = True

    def _judged(self, values: Rows) -> tuple[Floats, Floats, Ints]:
        """Shares won and unknown of these values, and hundredths."""
        won = np.zeros((len(self._asked), len(values)), dtype=np.float32)
        unknown = np.zeros_like(won)
        for number, asked in enumerate(self._asked):
            if asked is not None:
                pause()
                shares = self._memory.shares(asked[0], self._column, values, asked[1])
                won[number], unknown[number] = shares.T
        counted = scores(Judgement(won.T, unknown.T), self._worth, self.criterion.prior)
        return won.T, unknown.T, counted
