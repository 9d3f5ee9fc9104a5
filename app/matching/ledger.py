"""The ledgers of the chosen providers: every line with its points and words."""

from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from app.matching.columns import Rows
from app.matching.criteria import Criterion
from app.matching.explain import (
    Offered,
    Scene,
    country_question,
    fits_from,
    gate_question,
    sameness,
    words_of,
)
from app.matching.offer_columns import EVERY_MODALITY
from app.matching.once import once
from app.matching.panel import Panel
from app.matching.points import MET, VERDICTS, Judgement, tally
from app.matching.scoring import Scoring, verdict_of
from app.matching.types import Candidate, Eligibility, Gate, Match, NeedMatch, Point
from app.period import Period


class Lines(NamedTuple):
    """One criterion's lines: for each row and each need hundredths won and unknown, and verdict."""

    criterion: str
    prior: float
    is_of_offer: bool
    possible: tuple[int, ...]
    won: list[list[int]]
    unknown: list[list[int]]
    verdicts: list[list[int]]

    @classmethod
    def of(cls, criterion: Criterion, possible: tuple[int, ...], judged: Judgement) -> "Lines":
        """A judgement of rows in points."""
        counted = tally(judged, possible)
        columns = (counted.won, counted.unknown, judged.verdicts)
        won, unknown, verdicts = (each.tolist() for each in columns)
        is_of_offer = criterion.scope == "need"
        return cls(criterion.name, criterion.prior, is_of_offer, possible, won, unknown, verdicts)


class Ledgers:
    """The ledgers of chosen providers, given by their rows, those of their best offers for each
    need, and what these win and leave unknown by criterion."""

    def __init__(
        self, scoring: Scoring, chosen: Rows, best: Rows, lines: Mapping[str, Judgement]
    ) -> None:
        self._scoring = scoring
        self._brief, self._catalogue = scoring.brief, scoring.brief.catalogue
        self._chosen, self._best = chosen, best
        self._rows: list[list[int]] = best.tolist()
        possible, asks = scoring.possible, scoring.brief.asks
        told = {c: Lines.of(c, possible[c.name], lines[c.name]) for c in scoring.asked}
        self._of_needs = [[each for c, each in told.items() if c.is_asked(ask)] for ask in asks]
        self._told: dict[Hashable, Point] = {}

    def match(self, place: int, eligibility: Eligibility, *, tied_with_previous: bool) -> Match:
        """The match of the provider chosen at this place (the first is 0)."""
        candidate = self._catalogue.rows[int(self._chosen[place])]
        needs, gates, starts = [], [], []
        scenes = [self._scene(place, number, candidate) for number in range(len(self._of_needs))]
        for number, scene in enumerate(scenes):
            ledger = [self._point(lines, scene, place, number) for lines in self._of_needs[number]]
            offer = scene.offer
            name = scene.ask.need.id
            needs.append(NeedMatch(name, offer.id or None, offer.site_id, tuple(ledger)))
            gates += self._gates(scene, ledger, place, number)
            start = fits_from(scene)
            if start is not None and self._serves[place][number]:
                starts.append(start)
        wishes = tuple(self._point(lines, scenes[0], place, 0) for lines in self._of_wishes)
        gates += self._country_gate(scenes[0], place)
        return Match(
            rank=place + 1,
            tied_with_previous=tied_with_previous,
            candidate=candidate,
            eligibility=eligibility,
            fits_from=_latest(starts),
            needs=tuple(needs),
            wishes=wishes,
            gates=tuple(gates),
        )

    def _scene(self, place: int, number: int, candidate: Candidate) -> Scene:
        found = self._found[place]
        return Scene(
            self._catalogue.vocabulary,
            self._brief.asks[number],
            candidate,
            self._offered[self._rows[place][number]],
            [word for word in self._telling[number] if word in found],
            self._brief.query.lang,
        )

    def _point(self, lines: Lines, scene: Scene, place: int, number: int) -> Point:
        won, unknown = lines.won[place][number], lines.unknown[place][number]
        verdict, offer = lines.verdicts[place][number], scene.offer
        is_shown = won > 0 and lines.is_of_offer
        evidence, seen_on = (offer.evidence, offer.seen_on) if is_shown else (None, None)
        said = sameness(scene, lines.criterion)
        key = (lines.criterion, number, said, won, unknown, verdict, evidence, seen_on)
        point = self._told.get(key) if said is not None else None
        if point is None:
            possible, name = lines.possible[number], VERDICTS[verdict]
            point = Point(
                lines.criterion,
                possible,
                won,
                unknown,
                possible - won - unknown,
                lines.prior,
                name,
                *words_of(scene, lines.criterion, name),
                evidence,
                seen_on,
            )
            if said is not None:
                self._told[key] = point
        return point

    def _gates(self, scene: Scene, ledger: Sequence[Point], place: int, number: int) -> list[Gate]:
        hard = self._scoring.hard
        return [
            gate_question(scene, scene.ask.need.id, line)
            for line in ledger
            if line.verdict != "met"
            and hard[line.criterion][number]
            and (line.criterion != "time" or self._serves[place][number])
        ]

    def _country_gate(self, scene: Scene, place: int) -> list[Gate]:
        wanted = frozenset(self._brief.query.wishes.countries_required)
        column = self._catalogue.providers.places
        found = column.values[int(column.codes[self._chosen[place]])]
        verdict = verdict_of(found, wanted) if wanted else MET
        return [] if verdict == MET else [country_question(scene, VERDICTS[verdict])]

    @once
    def _of_wishes(self) -> list[Lines]:
        panel = Panel(self._brief, self._chosen, self._chosen)
        possible, lines = self._scoring.possible, []
        for criterion in self._scoring.wished:
            judged = self._scoring.tables[criterion.name].line(panel).judged
            everybody = Judgement(judged.spread(judged.won), judged.spread(judged.unknown))
            lines.append(Lines.of(criterion, possible[criterion.name], everybody))
        return lines

    @once
    def _serves(self) -> list[list[bool]]:
        """Whether each best offer does the work of its need; of a must, every offer counts."""
        rows, needs = self._best.ravel(), self._best.shape[1]
        panel = Panel(self._brief, np.repeat(self._chosen, needs), rows)
        all_needs = panel.serves | self._scoring.musts
        own = all_needs.reshape(*self._best.shape, needs).diagonal(axis1=1, axis2=2)
        found: list[list[bool]] = own.tolist()
        return found

    @once
    def _offered(self) -> Mapping[int, Offered]:
        """The best offers by row."""
        offers = self._catalogue.offers
        rows, at = np.unique(self._best, return_index=True)
        owners = self._chosen[at // self._best.shape[1]]
        columns = (offers.works, offers.assurances, offers.availabilities, offers.areas)
        codes = (column.codes[rows].tolist() for column in columns)
        marks = offers.marks[rows].tolist()
        return {
            row: Offered(
                self._catalogue.offer(owner, row),
                tuple(offers.concepts.at(row)),
                offers.areas.values[area],
                bool(mark & EVERY_MODALITY),
                offers.works.values[work],
                offers.assurances.values[assurance],
                assurance,
                offers.availabilities.values[availability],
            )
            for row, owner, mark, work, assurance, availability, area in zip(
                rows.tolist(), owners.tolist(), marks, *codes, strict=True
            )
        }

    @once
    def _telling(self) -> list[list[str]]:
        """The words of each need, the most telling first."""
        rarity = self._catalogue.providers.usage.rarity
        found = []
        for ask in self._brief.asks:
            worth = [(-rarity(word) * weight, word) for word, weight in ask.words.items()]
            found.append([word for _, word in sorted(worth)])
        return found

    @once
    def _found(self) -> list[set[str]]:
        """Which of the request's words stand in each chosen provider's record."""
        found: list[set[str]] = [set() for _ in self._chosen]
        for word in {word for ask in self._brief.asks for word in ask.words}:
            rows = self._catalogue.providers.by_word.rows(word)
            if len(rows):
                at = np.minimum(np.searchsorted(rows, self._chosen), len(rows) - 1)
                for place in np.flatnonzero(rows[at] == self._chosen).tolist():
                    found[place].add(word)
        return found


def _latest(starts: Sequence[Period]) -> str | None:
    """The last of the days from which offers fit, as it is written."""
    return max(starts, key=lambda start: start.last).text if starts else None
