"""What is taken back of the likeness of offers: where their service is for something else than a
need asks, and where their words rule out what it asks."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.matching.catalogue import Catalogue
from app.matching.columns import Rows
from app.matching.distinctions import AT_MOST

if TYPE_CHECKING:  # a brief holds its limits
    from app.matching.brief import Ask

Floats = NDArray[np.float32]
Names = tuple[str, ...]


class Limits:
    """What the needs of a brief take back, field by field as they are compared."""

    def __init__(self, asks: Sequence["Ask"], names: Sequence[str], catalogue: Catalogue) -> None:
        self._offers = catalogue.offers
        # By the row of shares, which has field after field and in each need after need: of what
        # offers name how it stands to what is asked, and what is left by value of `ruled_out`.
        self._standing: dict[int, Floats] = {}
        self._left: dict[int, Floats] = {}
        may_be, position = _ruled_out_by_any(catalogue), catalogue.vocabulary.position
        for row, (name, ask) in enumerate((name, ask) for name in names for ask in asks):
            if name == "service" and ask.distinguishing:
                self._standing[row] = _standing(ask, catalogue)
            asked = ask.asked[name].concepts if name in ask.asked else ()
            # Hardly anything that is asked is ruled out by anybody.
            if asked and all(may_be[position[concept]] for concept in asked):
                self._left[row] = _left(name, ask, asked, catalogue)

    def apply(self, won: Floats, unknown: Floats, rows: Rows) -> None:
        """Take it from the shares of these offers, a column each; it is lost, not unknown."""
        for row, standing in self._standing.items():
            which = np.flatnonzero(won[row] > AT_MOST)  # nothing can be taken of the others
            if len(which):
                won[row, which[self._stand_apart(standing, rows.take(which))]] = AT_MOST
        if self._left:
            codes = self._offers.ruled_out.codes.take(rows)
            which = np.flatnonzero(codes)
            for row, left in self._left.items():
                kept = left.take(codes.take(which))
                won[row, which] *= kept
                unknown[row, which] *= kept

    def _stand_apart(self, standing: Floats, rows: Rows) -> NDArray[np.bool_]:
        """Which offers bear something of a group that is asked, and nothing in it that fits."""
        lists = self._offers.distinguishing
        entries, lengths = lists.entries(rows)
        found = standing.take(lists.flat.take(entries))
        owners = np.repeat(np.arange(len(rows)), lengths)
        apart = np.zeros(len(rows), dtype=np.bool_)
        for group in range(1, int(np.abs(standing).max(initial=0)) + 1):
            bears, fits = np.zeros_like(apart), np.zeros_like(apart)
            bears[owners[found == -group]] = True
            fits[owners[found == group]] = True
            apart |= bears & ~fits
        return apart


def _standing(ask: "Ask", catalogue: Catalogue) -> Floats:
    """How all that tells offers apart stands to a need, as `Groups.standing` gives it."""
    names = list(catalogue.offers.names)

    def work(first: int) -> Floats:
        return np.array(ask.vocabulary.standing(ask.distinguishing, names[first:]), np.float32)

    return catalogue.memory.best(("standing", ask.distinguishing), len(names), work)


def _left(name: str, ask: "Ask", concepts: Names, catalogue: Catalogue) -> Floats:
    """What is left to offers, by the value of what they rule out."""
    values = catalogue.offers.ruled_out.values

    def work(first: int) -> Floats:
        return np.array([not ask.is_ruled_out(name, v) for v in values[first:]], dtype=np.float32)

    return catalogue.memory.best(("ruled out", concepts), len(values), work)


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
