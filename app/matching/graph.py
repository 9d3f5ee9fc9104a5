"""How alike two concepts are: the same, narrower, broader, related, or kept apart."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from app.matching.knowledge import table
from app.matching.remembered import remembered
from app.matching.types import Concept

_BROADER = (1.0, 0.6, 0.4, 0.25, 0.15)  # the offer is 0, 1, 2 … steps broader than what is asked
# Whoever names a whole class of medicines works with most of it.
_BROADER_MODALITY = (1.0, 0.7, 0.5, 0.4)
_RELATED = 0.3
_SIBLING = 0.15
_FAMILY = 0.4  # another medicine of the same family, made by the same people and plant


class Graph:
    """Likeness over the links of a vocabulary: `broader`, `related` and `not_same_as`."""

    def __init__(self, concepts: Mapping[str, Concept]) -> None:
        self._concepts = concepts
        self.ids = tuple(concepts)
        self.position = {concept: index for index, concept in enumerate(self.ids)}
        self._up = {concept: self._climb(concept) for concept in concepts}
        down: dict[str, set[str]] = {concept: {concept} for concept in concepts}
        for concept, line in self._up.items():
            for above in line:
                down[above].add(concept)
        self._down = {concept: frozenset(below) for concept, below in down.items()}
        self._apart: dict[str, set[str]] = {concept: set() for concept in concepts}
        self._related: dict[str, set[str]] = {concept: set() for concept in concepts}
        for each in concepts.values():
            for links, kept in ((each.not_same_as, self._apart), (each.related, self._related)):
                for other in set(links).intersection(concepts):
                    kept[each.id].add(other)
                    kept[other].add(each.id)
        self._families: dict[str, set[str]] = {}
        for name, members in table("families")["modality"].items():
            for concept in {c for m in members if m in concepts for c in down[m]}:
                self._families.setdefault(concept, set()).add(name)
        self._near = self._told_near()
        self._row = remembered(self._compute_row, 1024)
        self._rows = remembered(self._best_row, 2048)
        self._plain = remembered(self._plain_row, 1024)

    def _told_near(self) -> Mapping[str, Mapping[str, float]]:
        """What speaks for each concept by the table: equipment for its work, making for a product.

        The making of a product speaks for it and for its kinds, as far as no narrower kind has a
        making of its own.
        """
        told: dict[str, dict[str, float]] = {}
        for one, other, share in table("near")["pairs"]:
            told.setdefault(one, {})[other] = share
            told.setdefault(other, {})[one] = share
        makes: Mapping[str, str] = table("short_forms")["makes"]
        for concept in self._concepts:
            making = next((makes[up] for up in self._up[concept] if up in makes), "")
            if making in self._concepts and self._concepts[concept].facet != "service":
                told.setdefault(concept, {}).setdefault(making, table("near")["making"])
                told.setdefault(making, {}).setdefault(concept, table("near")["making"])
        return told

    def _climb(self, concept: str) -> tuple[str, ...]:
        """The concept, then everything broader, nearest first; a loop in the data ends it."""
        line = [concept]
        while (above := self._concepts[line[-1]].broader) in self._concepts and above not in line:
            line.append(above)  # type: ignore[arg-type]  # a key of the mapping is no None
        return tuple(line)

    def broader(self, concept: str) -> tuple[str, ...]:
        """The concept itself, then everything broader, nearest first."""
        return self._up[concept]

    def narrower(self, concept: str) -> frozenset[str]:
        """The concept itself and everything below it."""
        return self._down[concept]

    def apart(self, one: str, other: str) -> bool:
        """Whether the two are known look-alikes, themselves or through something broader."""
        if one == other:
            return False
        if other in self._apart[one]:
            return True
        ups, others = self._up[one], self._up[other]
        if one in others or other in ups:
            return False
        return any(not self._apart[up].isdisjoint(others) for up in ups)

    def likeness(self, asked: str, offered: str) -> float:
        """0 to 1: how far an offer of `offered` answers a wish for `asked`."""
        if asked not in self.position or offered not in self.position:
            return 0.0
        return float(self._row(asked)[self.position[offered]])

    def row(self, asked: str) -> Sequence[float]:
        """How far an offer of each concept of `ids` answers a wish for this one."""
        return self._plain(asked)

    def _plain_row(self, asked: str) -> tuple[float, ...]:
        return tuple(self._row(asked).tolist())

    def likeness_from(self, asked: Sequence[str]) -> NDArray[np.float32]:
        """For every concept of `ids` as the offer, the best likeness to any asked concept."""
        return self._rows(tuple(a for a in dict.fromkeys(asked) if a in self.position))

    def _best_row(self, asked: tuple[str, ...]) -> NDArray[np.float32]:
        best = np.zeros(len(self.ids), dtype=np.float32)
        for concept in asked:
            np.maximum(best, self._row(concept), out=best)
        best.flags.writeable = False
        return best

    def _compute_row(self, asked: str) -> NDArray[np.float32]:
        row = np.zeros(len(self.ids), dtype=np.float32)
        if not self._concepts[asked].is_decoy:
            for offered, value in self._neighbours(asked).items():
                if not self._concepts[offered].is_decoy and not self.apart(asked, offered):
                    row[self.position[offered]] = value
        row[self.position[asked]] = 1.0
        row.flags.writeable = False
        return row

    def _neighbours(self, asked: str) -> dict[str, float]:
        """Everything with a link to `asked`, the weakest kind first so that the best one stays."""
        line = self._up[asked]
        near: dict[str, float] = {}
        if len(line) > 1:
            siblings = self._down[line[1]] - {line[1]}
            near.update(dict.fromkeys(siblings, _SIBLING))
        for steps in range(min(len(line), 2)):
            for other in self._related[line[steps]]:
                for below in self._down[other]:
                    near[below] = max(near.get(below, 0.0), _RELATED * (0.5**steps))
        broader: tuple[float, ...] = _BROADER
        if self._concepts[asked].facet == "modality":
            broader = _BROADER_MODALITY
            for other in self._family(asked):
                near[other] = max(near.get(other, 0.0), _FAMILY)
        told = self._near.get(asked, {})
        for other, share in told.items():
            # What speaks for all of a kind speaks for no other of its kind.
            for below in (other,) if other in line else self._down.get(other, ()):
                near[below] = max(near.get(below, 0.0), share)
        for steps, above in enumerate(line):
            near[above] = max(broader[min(steps, len(broader) - 1)], told.get(above, 0.0))
        near.update(dict.fromkeys(self._down[asked], 1.0))
        return near

    def _family(self, asked: str) -> list[str]:
        """The medicines that are made alike."""
        own = self._families.get(asked, set())
        return [other for other, names in self._families.items() if names & own]
