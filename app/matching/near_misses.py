"""Near misses: what would make a provider fit, and which condition costs most candidates.

A provider's changes are one for each hard condition that it doesn't plainly meet, so together they
are the smallest set that makes it eligible; a single one is a near miss. Who does none of the work
is no near miss and has none: a request that drops all it asks for is none. Where the record is
silent or close the provider would have to show something; where it says otherwise, the need would
have to give way, and by no more than it must.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.matching.availability import Availability, judge
from app.matching.change_sentences import name_change, say_changes, say_costliest
from app.matching.phrasing import (
    countries_in_words,
    country_in_words,
    listed,
    period_in_words,
    stages_in_words,
)
from app.matching.quantity import TOO_LARGE, compare, words
from app.matching.types import Gate, Match, Need, NeedMatch, Offer, Point, Quantity, Query
from app.period import Period

Who = Literal["you", "provider"]
Label = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would have to change, and who would have to change it."""

    who: Who
    need: str | None  # None: a wish of the whole
    criterion: str
    asked: str | None
    instead: str | None  # what would do in the place of `asked`; None: nothing, or to be shown
    say: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A hard condition of a request, and which of the candidates considered fail it."""

    need: str | None
    criterion: str
    asked: str
    missed: NDArray[np.bool_]
    is_outside: bool = False  # of countries that are ruled out
    is_whole: bool = False  # without it nothing would be asked for


@dataclass(frozen=True, slots=True)
class Costliest:
    """The condition without which most candidates more would fit."""

    need: str | None
    criterion: str
    asked: str
    alone: int  # candidates that fail this condition and, as far as is known, no other
    total: int  # candidates that fail it
    considered: int
    say: str


def changes(query: Query, match: Match, label: Label = str) -> tuple[Change, ...]:
    """What would make this provider fit: a change for each of its open gates, in their order.
    `label` gives the name of a concept."""
    if match.eligibility == "eligible":
        return ()
    by_need = {need.id: need for need in query.needs}
    served = {need.id: need for need in match.needs}
    found: list[Change] = []
    for gate in match.gates:
        if gate.need is None:
            found.append(_place(query, match))
        else:
            need = by_need[gate.need]
            found.append(_Gap(query, match, need, served[need.id], gate, label).change())
    dropped = {c.need for c in found if (c.who, c.criterion) == ("you", "service")}
    if dropped == by_need.keys():
        return ()
    together = _latest_once(found)
    sentences = say_changes(query.lang, [change.say for change in together])
    return tuple(
        replace(change, say=said) for change, said in zip(together, sentences, strict=True)
    )


def costliest(
    conditions: Sequence[Condition], considered: int, lang: str = "en"
) -> Costliest | None:
    """The condition without which most candidates could fit that don't now, or, where each fails
    several, the one that most of them fail; None where nobody is ruled out. Among equals the first.
    The conditions tell of those who may do the work, and may leave open how someone stands who
    fails another anyway; `considered` counts everybody."""
    if not conditions:
        return None
    if not conditions:
        return None
    missed = np.array([condition.missed for condition in conditions])
    totals = missed.sum(axis=1)
    alone = (missed & (missed.sum(axis=0) == 1)).sum(axis=1)
    droppable = [n for n, each in enumerate(conditions) if totals[n] and not each.is_whole]
    if not droppable:
        return None
    at = max(droppable, key=lambda n: (int(alone[n]), int(totals[n]), -n))
    worst = conditions[at]
    counts = int(alone[at]), int(totals[at])
    said = say_costliest(
        lang,
        "outside" if worst.is_outside else worst.criterion,
        asked=worst.asked,
        alone=counts[0],
        total=counts[1],
        among=missed.shape[1],
        considered=considered,
    )
    return Costliest(worst.need, worst.criterion, worst.asked, *counts, considered, said)


def asked_in_words(query: Query, need: Need | None, criterion: str, label: Label = str) -> str:
    """How a condition is named to the one who set it: in their own words, or, where those name it
    only in their context ("manufacturing"), by what they were read as."""
    if need is None or criterion == "place":
        wishes = query.wishes
        return countries_in_words(
            query.lang, wishes.countries_required or wishes.countries_excluded
        )
    if criterion == "time":
        return period_in_words(query.lang, _needed(query))
    if criterion == "quality":
        return listed(query.lang, (quality.text for quality in need.quality))
    field = {
        "service": need.service,
        "modality": need.modality,
        "stage": need.stage,
        "scale": need.scale,
    }[criterion]
    if field is None:
        return ""
    if need.is_named_in_context(field) and field.concepts:
        return listed(query.lang, (label(concept) for concept in field.concepts))
    return field.text


@dataclass(frozen=True, slots=True)
class _Gap:
    """A gate of a need beside what the provider offers for it."""

    query: Query
    match: Match
    need: Need
    served: NeedMatch
    gate: Gate
    label: Label

    def change(self) -> Change:
        criterion, verdict = self.gate.criterion, self.gate.verdict
        if criterion == "time":
            return self._time()
        if criterion == "scale":
            return self._scale()
        if criterion == "stage" and verdict != "unknown":
            return self._stage()
        if verdict == "missed":
            return self._give_way()
        if criterion == "quality" and self._site:
            return self._made("provider", "show_site", site=self._site)
        can_include = criterion in ("service", "modality") and self._line.offered
        if verdict == "partly" and can_include:
            return self._made("provider", "include", offered=self._line.offered or "")
        return self._made("provider", "show")

    def _give_way(self) -> Change:
        offered = self._line.offered
        if offered and self.gate.criterion in ("modality", "quality"):
            return self._made("you", "instead", offered=offered, instead=offered)
        return self._made("you", "drop")

    def _stage(self) -> Change:
        offered = self._offer.stages if self._offer else ()
        covered = [stage for stage in self.need.stages if stage in offered]
        fits = covered or offered
        joint = "and" if covered else "or"
        said = stages_in_words(self.query.lang, fits, joint)
        reason = "part" if covered else "instead"
        return self._made("you", reason, offered=said, instead=", ".join(fits))

    def _scale(self) -> Change:
        enough = self._enough()
        if enough is None:
            return self._made("provider", "show")
        reason, quantity = enough
        said = words(quantity)
        return self._made("you", reason, offered=said, instead=said)

    def _enough(self) -> tuple[str, Quantity] | None:
        """The quantity next to the one asked for that the offer plainly covers."""
        asked, offer = self.need.quantity, self._offer
        if asked is None or offer is None:
            return None
        found = compare(asked, offer.quantities)
        if found.verdict not in ("near", "missed") or found.offered is None:
            return None
        low, high = found.offered.minimum, found.offered.maximum
        if asked.kind == "exposure_limit":
            limit = low if low is not None else high
            return ("limit", _just(asked, limit)) if limit else None
        top = asked.maximum if asked.maximum is not None else asked.minimum
        if top is not None and high is not None and high < top:
            return ("less", _just(asked, high)) if high else None
        return ("more", _just(asked, low / TOO_LARGE)) if low else None

    def _time(self) -> Change:
        needed = _needed(self.query)
        found = Availability.of(self._offer, self.match.candidate) if self._offer else None
        if found is None:
            return self._made("provider", "undated")
        reason, start = judge(found, needed, self.query.as_of).reason, found.start
        said = period_in_words(self.query.lang, start) if start else ""
        if start and reason in ("late", "tight"):
            coarse = reason == "tight" or start.first != start.last
            told = "wait_end" if coarse and len(start.text) == len("2027") else "wait"
            return self._made("you", told, offered=said, instead=start.text)
        undated = "undated" if self.query.wishes.needed_from else "undated_now"
        told = reason if reason in ("planned", "unconfirmed", "stopped") else undated
        return self._made("provider", told, offered=said)

    def _made(
        self,
        who: Who,
        reason: str,
        offered: str = "",
        instead: str | None = None,
        site: str = "",
    ) -> Change:
        criterion, lang = self.gate.criterion, self.query.lang
        said = name_change(
            lang,
            (who, criterion, reason),
            self._work,
            asked=asked_in_words(self.query, self.need, criterion, self.label),
            offered=offered,
            site=site,
            needed=period_in_words(lang, _needed(self.query)),
        )
        return Change(who, self.need.id, criterion, self._line.asked, instead, said)

    @property
    def _work(self) -> str:
        """What the need asks for, where there are several."""
        if len(self.query.needs) < 2:
            return ""
        asked = (
            asked_in_words(self.query, self.need, name, self.label)
            for name in ("service", "modality")
        )
        return next(filter(None, asked), "")

    @property
    def _line(self) -> Point:
        return next(line for line in self.served.ledger if line.criterion == self.gate.criterion)

    @property
    def _offer(self) -> Offer | None:
        offers = self.match.candidate.offers
        return next((offer for offer in offers if offer.id == self.served.offer_id), None)

    @property
    def _site(self) -> str:
        sites = self.match.candidate.sites
        return next((site.name for site in sites if site.id == self.served.site_id), "")


def _place(query: Query, match: Match) -> Change:
    """The change for the one hard wish of the whole: the countries required or ruled out."""
    wishes, there = query.wishes, match.candidate.country
    codes = wishes.countries_required or wishes.countries_excluded
    show, instead = ("show", "instead") if wishes.countries_required else ("outside", "allow")
    asked = asked_in_words(query, None, "place")
    if there is None:
        said = name_change(query.lang, ("provider", "place", show), asked=asked)
        return Change("provider", None, "place", ", ".join(codes), None, said)
    offered = country_in_words(query.lang, there)
    said = name_change(query.lang, ("you", "place", instead), asked=asked, offered=offered)
    return Change("you", None, "place", ", ".join(codes), there, said)


def _latest_once(found: Sequence[Change]) -> list[Change]:
    """One date for all needs: who waits for the last of them has waited for the others."""
    waits = [c for c in found if c.criterion == "time" and c.who == "you" and c.instead]
    if len(waits) < 2:
        return list(found)
    last = max(waits, key=lambda change: Period.parse(change.instead or "").last)
    kept = replace(last, need=None)
    return [kept if c is last else c for c in found if c is last or c not in waits]


def _needed(query: Query) -> Period:
    return query.wishes.needed_from or Period.of_day(query.as_of)


def _just(asked: Quantity, amount: float | None) -> Quantity:
    return replace(asked, minimum=amount, maximum=amount, text="")
