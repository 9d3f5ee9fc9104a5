"""The most that each provider can score, from postings alone: who can't reach the shortlist is
never looked at closely.

A ceiling is never below the score; how far above decides only how much work is saved.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.matching.availability import judge as judge_timing
from app.matching.columns import Rows
from app.matching.criteria import BY_NAME, OF_NEEDS, WORDS_SHARE
from app.matching.offer_columns import EVERY_MODALITY, FACETS
from app.matching.panel import Panel
from app.matching.points import GRAIN
from app.matching.scoring import INELIGIBLE, Fates, Scoring, serves

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
_STEPS = 16  # likenesses are rounded up to one of so many


@dataclass(frozen=True)
class Ceilings:
    """What can be told of every provider without looking at its offers."""

    scoring: Scoring

    @cached_property
    def totals(self) -> Floats:
        """The most that each provider can score, in hundredths."""
        brief, possible = self.scoring.brief, self.scoring.possible
        total = self.scoring.wishes.astype(np.float32)
        rounding = 0.0
        for criterion in OF_NEEDS:
            for number, points in enumerate(possible[criterion.name]):
                if not points:
                    continue
                rounding += 1 + GRAIN / 2 * criterion.prior
                if criterion.name == "wording":
                    total += np.float32(points) * brief.wording[:, number]
                elif criterion.name in ("service", "modality", "platform"):
                    share = self._shares(criterion.name, number)
                    total += np.float32(points) * share
                else:
                    total += np.float32(points)
        return total + np.float32(rounding)

    @cached_property
    def fates(self) -> Fates:
        """The best fate that each provider can have: INELIGIBLE where it can't do a must."""
        scoring, asks = self.scoring, self.scoring.brief.asks
        fates = np.zeros(len(scoring.wishes), dtype=np.int8)
        for number in np.flatnonzero(scoring.musts).tolist():
            for name in ("service", "modality"):
                if name in asks[number].asked:
                    fates[self._shares(name, number) <= 0] = INELIGIBLE
        if scoring.brief.query.wishes.countries_required:
            fates = np.maximum(fates, scoring.places)
        return fates

    @cached_property
    def is_open(self) -> Mask:
        """Whose fate can only be told from its offers."""
        scoring = self.scoring
        if scoring.musts.any():
            return self.fates < INELIGIBLE
        late = self._late
        found = np.zeros(len(scoring.wishes), dtype=np.bool_)
        if scoring.brief.query.wishes.needed_from is None:
            owners, rows = late
            late = owners[serves(Panel(scoring.brief, owners, rows)).any(axis=1)], rows
        found[late[0]] = True
        return found

    @property
    def _late(self) -> tuple[Rows, Rows]:
        """The offers that don't plainly run by then: their providers, and their rows."""
        catalogue, needed = self.scoring.brief.catalogue, self.scoring.brief.asks[0].needed
        as_of = self.scoring.brief.query.as_of
        column = catalogue.offers.availabilities

        def work() -> Rows:
            timings = [judge_timing(value, needed, as_of) for value in column.values]
            is_late = np.array([timing.won < 1.0 for timing in timings], dtype=np.bool_)
            rows = np.flatnonzero(is_late[column.codes])
            owners = np.searchsorted(catalogue.providers.bounds, rows, side="right") - 1
            return np.stack((owners, rows))

        owners, rows = catalogue.memory.rows(("late", needed, as_of), work)
        return owners, rows

    def _shares(self, name: str, number: int) -> Floats:
        """The greatest part of the points of a field that an offer of each provider can get, with
        what counts of the unknown."""
        ask, prior = self.scoring.brief.asks[number], np.float32(BY_NAME[name].prior)
        won = self._likeness(name, number)
        place = self.scoring.brief.phrases.column.get((name, number))
        if place is not None:
            won = np.maximum(won, np.float32(WORDS_SHARE) * self._overlaps[:, place])
        won = np.minimum(won, np.float32(1.0))
        is_unknown = self._unsaid(name) | (not ask.asked[name].concepts)
        share = np.where(is_unknown, won + prior * (1 - won), won)
        if name == "modality":
            share[self.scoring.brief.catalogue.providers.marks & EVERY_MODALITY != 0] = 1.0
        return share

    def _unsaid(self, name: str) -> Mask:
        bit = 1 << FACETS.index(name)
        found: Mask = (self.scoring.brief.catalogue.providers.marks & bit) != 0
        return found

    def _likeness(self, name: str, number: int) -> Floats:
        """The likeness of each provider's best concept, rounded up."""
        brief = self.scoring.brief
        concepts = brief.asks[number].asked[name].concepts
        postings = brief.catalogue.providers.by_concept

        def work() -> NDArray[np.uint8]:
            found = np.zeros(len(self.scoring.wishes), dtype=np.uint8)
            steps = np.ceil(brief.catalogue.vocabulary.likeness_from(concepts) * _STEPS)
            for step in np.unique(steps[steps > 0]).tolist():  # ascending: the best one stays
                which = np.flatnonzero(steps == step).tolist()
                found[np.concatenate([postings.rows(concept) for concept in which])] = step
            return found

        if not concepts:
            return np.zeros(len(self.scoring.wishes), dtype=np.float32)
        return brief.catalogue.memory.rows(concepts, work) * np.float32(1 / _STEPS)

    @cached_property
    def _overlaps(self) -> Floats:
        phrases, providers = self.scoring.brief.phrases, self.scoring.brief.catalogue.providers
        return providers.by_word.sums(phrases.words, phrases.weights, bare=True)
