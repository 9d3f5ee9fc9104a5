"""The ledgers of the chosen providers: every line with its points and words."""

from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple, Self

import numpy as np

from app.matching.brief import Ask
from app.matching.columns import Rows
from app.matching.criteria import Criterion
from app.matching.explain import (
    Words,
    country_question,
    fits_from,
    gate_question,
    sameness,
    wording_words,
    words_of,
)
from app.matching.offered import Offered, Scene
from app.matching.once import once
from app.matching.panel import Panel
from app.matching.points import MET, VERDICTS, Judgement, tally
from app.matching.scoring import Scoring, verdict_of
from app.matching.types import Eligibility, Gate, Match, NeedMatch, Offer, Point
from app.matching.written import own_words, written_words
from app.period import Period

_UNPROVEN = (None, None)  # no evidence, seen on no day


class Told(NamedTuple):
    """What is told of an offer before a need, whatever else is asked: the words of its lines, but
    of the line of wording, which speaks of the whole request; and from when the offer fits."""

    offer: Offer
    words: tuple[Words, ...]
    start: Period | None


class Line(NamedTuple):
    """A line of a ledger, whoever it is about."""

    criterion: str
    prior: float
    possible: int


class Lines(NamedTuple):
    """The lines that a need, or the wishes, have: for each of some providers and each line
    hundredths won and unknown, and the verdict."""

    heads: Sequence[Line]
    of_offers: int  # how many there are before the line of wording, which comes last
    won: list[list[int]]
    unknown: list[list[int]]
    verdicts: list[list[int]]

    @classmethod
    def of(
        cls, criteria: Sequence[Criterion], asks: Sequence[Ask], scoring: Scoring, judged: Judgement
    ) -> list[Self]:
        """The lines of each need; `judged` has shares by provider, need and criterion."""
        possible = np.array([scoring.possible[c.name] for c in criteria], dtype=np.float32).T
        counted, found = tally(judged, possible), []
        for number, ask in enumerate(asks):
            asked = [at for at, criterion in enumerate(criteria) if criterion.is_asked(ask)]
            heads = [
                Line(criteria[at].name, criteria[at].prior, int(possible[number, at]))
                for at in asked
            ]
            columns = [
                values[:, number].take(asked, axis=1).tolist()
                for values in (counted.won, counted.unknown, judged.verdicts)
            ]
            of_offers = sum(head.criterion != "wording" for head in heads)
            found.append(cls(heads, of_offers, *columns))
        return found

    def points(self, place: int, words: Sequence[Words], offer: Offer | None) -> tuple[Point, ...]:
        """The ledger of the provider at this place; what an offer wins has its evidence."""
        proof = (offer.evidence, offer.seen_on) if offer else _UNPROVEN
        return tuple(
            [
                tuple.__new__(  # half the time of calling Point, a thousand times a request
                    Point,
                    (
                        criterion,
                        possible,
                        won,
                        unknown,
                        possible - won - unknown,
                        prior,
                        VERDICTS[verdict],
                        *said,
                        *(proof if won else _UNPROVEN),
                    ),
                )
                for (criterion, prior, possible), won, unknown, verdict, said in zip(
                    self.heads,
                    self.won[place],
                    self.unknown[place],
                    self.verdicts[place],
                    words,
                    strict=True,
                )
            ]
        )


class Ledgers:
    """The ledgers of chosen providers, given by their rows, those of their best offers for each
    need, and what these win and leave unknown by criterion."""

    def __init__(
        self, scoring: Scoring, chosen: Rows, best: Rows, lines: Mapping[str, Judgement]
    ) -> None:
        self._scoring = scoring
        self._brief, self._catalogue = scoring.brief, scoring.brief.catalogue
        self._chosen, self._best = chosen, best
        self._providers: list[int] = chosen.tolist()
        self._rows: list[list[int]] = best.tolist()
        self._judged = lines
        asks, lang = self._brief.asks, self._brief.query.lang
        self._kept = self._catalogue.memory.told(
            [(lang, ask.meaning) for ask in asks] + [(lang, asks[0].as_of, asks[0].wishes)]
        )
        self._alike: dict[Hashable, Words] = {}

    def match(self, place: int, eligibility: Eligibility, *, tied_with_previous: bool) -> Match:
        """The match of the provider chosen at this place (the first is 0)."""
        needs, gates, starts = [], [], []
        for number, lines in enumerate(self._of_needs):
            told = self._told(place, number)
            words = told.words
            if lines.of_offers < len(lines.heads):
                words = (*words, self._wording(place, number))
            ledger = lines.points(place, words, told.offer)
            name = self._brief.asks[number].need.id
            needs.append(NeedMatch(name, told.offer.id or None, told.offer.site_id, ledger))
            gates += self._gates(ledger, place, number)
            if told.start is not None and self._serves[place][number]:
                starts.append(told.start)
        gates += self._country_gate(place)
        return Match(
            rank=place + 1,
            tied_with_previous=tied_with_previous,
            candidate=self._catalogue.rows[self._providers[place]],
            eligibility=eligibility,
            fits_from=_latest(starts),
            needs=tuple(needs),
            wishes=self._wishes(place),
            gates=tuple(gates),
        )

    @once
    def _of_needs(self) -> list[Lines]:
        asked = self._scoring.asked
        judged = [self._judged[c.name] for c in asked]
        return Lines.of(asked, self._brief.asks, self._scoring, _side_by_side(judged))

    @once
    def _of_wishes(self) -> Lines:
        panel = Panel(self._brief, self._chosen, self._chosen)
        wished, tables = self._scoring.wished, self._scoring.tables
        judged = _side_by_side([tables[c.name].judged(panel) for c in wished])
        return Lines.of(wished, self._brief.asks[:1], self._scoring, judged)[0]

    def _told(self, place: int, number: int) -> Told:
        """What is told of the best offer of a provider for a need; the same as the last time that
        the need was asked, whatever was asked beside it."""
        lines, kept = self._of_needs[number], self._kept[number]
        verdicts = lines.verdicts[place][: lines.of_offers]
        key = (self._rows[place][number], *verdicts)
        told: Told | None = kept.get(key)
        if told is None:
            scene = self._scene(place, number)
            words = self._words(scene, lines.heads, verdicts, number)
            told = kept[key] = Told(scene.offer, words, fits_from(scene))
        return told

    def _words(
        self, scene: Scene, heads: Sequence[Line], verdicts: Sequence[int], number: int
    ) -> tuple[Words, ...]:
        found = []
        for head, verdict in zip(heads, verdicts, strict=False):
            alike = sameness(scene, head.criterion)
            key = (head.criterion, number, verdict, alike)
            words = self._alike.get(key) if alike is not None else None
            if words is None:
                words = words_of(scene, head.criterion, VERDICTS[verdict])
                self._alike[key] = words
            found.append(words)
        return tuple(found)

    def _wishes(self, place: int) -> tuple[Point, ...]:
        lines, kept = self._of_wishes, self._kept[-1]
        verdicts = lines.verdicts[place]
        key = (self._providers[place], *verdicts)
        words: tuple[Words, ...] | None = kept.get(key)
        if words is None:
            words = self._words(self._scene(place, 0), lines.heads, verdicts, 0)
            kept[key] = words
        return lines.points(place, words, None)

    def _wording(self, place: int, number: int) -> Words:
        found, written = self._found[place], self._written
        own: dict[str, None] = {}
        others: dict[str, None] = {}
        for word in self._telling[number]:
            if word in found:
                (own if word in self._own else others)[written.get(word, word)] = None
        return wording_words(self._brief.query.lang, list(own), list(others))

    def _gates(self, ledger: Sequence[Point], place: int, number: int) -> list[Gate]:
        return [
            gate_question(self._scene(place, number), self._brief.asks[number].need.id, line)
            for line in (ledger[at] for at in self._hard[number])
            if line.verdict != "met" and (line.criterion != "time" or self._serves[place][number])
        ]

    @once
    def _hard(self) -> list[list[int]]:
        """Which lines of each need are hard conditions."""
        hard = self._scoring.hard
        return [
            [at for at, head in enumerate(lines.heads) if hard[head.criterion][number]]
            for number, lines in enumerate(self._of_needs)
        ]

    def _country_gate(self, place: int) -> list[Gate]:
        wishes = self._brief.query.wishes
        if not wishes.has_place:
            return []
        column = self._catalogue.providers.places
        verdict = verdict_of(column.values[int(column.codes[self._providers[place]])], wishes)
        return (
            [] if verdict == MET else [country_question(self._scene(place, 0), VERDICTS[verdict])]
        )

    def _scene(self, place: int, number: int) -> Scene:
        provider, row = self._providers[place], self._rows[place][number]
        return Scene(
            self._catalogue.vocabulary,
            self._brief.asks[number],
            self._catalogue.rows[provider],
            self._offered[row],
            self._brief.query.lang,
        )

    @once
    def _offered(self) -> Mapping[int, Offered]:
        """The best offers by row."""
        rows, at = np.unique(self._best, return_index=True)
        return Offered.of(self._catalogue, self._chosen.take(at // self._best.shape[1]), rows)

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
    def _telling(self) -> list[list[str]]:
        """The words of each need, the most telling first."""
        rarity = self._catalogue.providers.usage.rarity
        found = []
        for ask in self._brief.asks:
            worth = [(-rarity(word) * weight, word) for word, weight in ask.words.items()]
            found.append([word for _, word in sorted(worth)])
        return found

    @once
    def _written(self) -> Mapping[str, str]:
        """How the request writes its words."""
        return written_words(self._brief.query, self._catalogue.vocabulary)

    @once
    def _own(self) -> frozenset[str]:
        """The words that the request itself holds, not only the English of what it was read as."""
        return own_words(self._brief.query)

    @once
    def _found(self) -> list[set[str]]:
        """Which of the request's words stand in each chosen provider's record."""
        found: list[set[str]] = [set() for _ in self._providers]
        for word in {word for ask in self._brief.asks for word in ask.words}:
            rows = self._catalogue.providers.by_word.rows(word)
            if len(rows):
                at = rows.searchsorted(self._chosen)
                for place in np.flatnonzero(rows.take(at, mode="clip") == self._chosen).tolist():
                    found[place].add(word)
        return found


def _side_by_side(judged: Sequence[Judgement]) -> Judgement:
    """Judgements of the same rows before the same needs, with a third axis for the criteria."""
    won = [each.spread(each.won) for each in judged]
    unknown = [each.spread(each.unknown) for each in judged]
    return Judgement(np.stack(won, axis=2), np.stack(unknown, axis=2))


def _latest(starts: Sequence[Period]) -> str | None:
    """The last of the days from which offers fit, as it is written."""
    return max(starts, key=lambda start: start.last).text if starts else None
