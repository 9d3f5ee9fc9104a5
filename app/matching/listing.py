"""The providers that a search and its filters leave, in order, and counts to narrow or widen it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from app.matching.availability import COMING, Availability, confirmed, judge
from app.matching.catalogue import Catalogue
from app.matching.columns import Column
from app.matching.directory import Scores, compact
from app.matching.offer_columns import IS_SILENT
from app.matching.search import Mask, any_offer, holders, in_force, search, under
from app.matching.terms import OPERAND, normalise, words
from app.matching.types import Candidate, Proof, Site
from app.matching.vocabulary import Vocabulary
from app.period import Period


@dataclass(frozen=True)
class Wanted:
    """A search with its filters: one of the values of each filter, and all filters together."""

    q: str = ""
    labels: Mapping[str, Collection[str]] = field(default_factory=dict)  # by filter, as Directory's
    concepts: tuple[str, ...] = ()
    narrower: bool = True
    certificates: tuple[str, ...] = ()
    operational_by: Period | None = None


@dataclass(frozen=True)
class Listing:
    """Numbers of candidates, best first, with their scores, and counts for each filter's values."""

    numbers: NDArray[np.int64]
    scores: Scores
    facets: Mapping[str, tuple[tuple[str, int], ...]]

    def after(self, score: int, number: int) -> "Listing":
        """What follows a place: lower scores, or the same score from candidate `number` on."""
        later = (self.scores < score) | ((self.scores == score) & (self.numbers >= number))
        return Listing(self.numbers[later], self.scores[later], self.facets)


def listing(catalogue: Catalogue, wanted: Wanted, as_of: date) -> Listing:
    """Search and filter the catalogue; without `q`, in order of slug.

    `as_of` is the day from which plans are seen and after which certificates have run out.
    """
    scores = search(catalogue, wanted.q, as_of) if wanted.q.strip() else _everybody(catalogue)
    kept = scores > 0
    if wanted.concepts:
        ids: set[str] = set(wanted.concepts)
        if wanted.narrower:
            ids = ids.union(*map(catalogue.vocabulary.narrower, wanted.concepts))
        kept &= holders(catalogue, ids, as_of)
    if wanted.certificates:
        kept &= _certified(catalogue, wanted.certificates, as_of)
    if wanted.operational_by is not None:
        kept &= _running(catalogue, wanted.operational_by, as_of)
    columns = catalogue.directory.labels
    masks = {name: under(columns[name], values) for name, values in wanted.labels.items() if values}
    facets = {
        name: _counts(column, _all(kept, (m for other, m in masks.items() if other != name)))
        for name, column in columns.items()
    }
    numbers = np.flatnonzero(_all(kept, masks.values()))
    numbers = numbers[np.lexsort((numbers, -scores[numbers]))]
    return Listing(numbers, scores[numbers], facets)


def _everybody(catalogue: Catalogue) -> Scores:
    return np.ones(len(catalogue.candidates), dtype=np.int32)


def _all(kept: Mask, masks: Iterable[Mask]) -> Mask:
    left: Mask = np.logical_and.reduce([kept, *masks])
    return left


def _counts(column: Column[tuple[str, ...]], kept: Mask) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    each = np.bincount(column.codes[kept], minlength=len(column.values)).tolist()
    for labels, count in zip(column.values, each, strict=True):
        for label in labels:
            counts[label] = counts.get(label, 0) + count
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((label, count) for label, count in ranked if count)


def _certified(catalogue: Catalogue, asked: Iterable[str], as_of: date) -> Mask:
    """Who has a certificate that is one of those asked for and hasn't run out."""
    known: dict[tuple[str | None, str], bool] = {}
    wanted = tuple(asked)

    def fits(proof: Proof) -> bool:
        if not in_force(proof.expires_on, as_of):
            return False
        key = (proof.authority, proof.standard)
        if key not in known:
            text = " ".join(filter(None, key))
            known[key] = any(_proves(catalogue.vocabulary, text, one) for one in wanted)
        return known[key]

    return np.array([any(map(fits, c.proofs)) for c in catalogue.candidates], dtype=np.bool_)


def _proves(vocabulary: Vocabulary, proof: str, asked: str) -> bool:
    """Whether all that is asked for stands on a certificate, by word or by meaning."""
    said = set(words(proof))
    held = set(vocabulary.resolve(proof, "quality").concepts)
    text = normalise(asked)[:OPERAND]
    reading = vocabulary.resolve(text, "quality")
    if not reading.mentions and not reading.rest:  # WHO, which is a stop word elsewhere
        return bool(text) and compact(text) in map(compact, proof.split())
    for mention in reading.mentions:
        ids = mention.concepts or mention.readings
        below = set().union(*map(vocabulary.narrower, ids))
        if held.isdisjoint(below) and not said.issuperset(words(mention.text) or (mention.text,)):
            return False
    return said.issuperset(reading.rest)


def _running(catalogue: Catalogue, by: Period, as_of: date) -> Mask:
    """Who has a capability or a facility that runs by then, or is planned to and has time."""
    last = Period.of_day(by.last)
    column = catalogue.offers.availabilities
    judged = [_runs(found, last, as_of) for found in column.values]
    by_offer = np.array(judged, dtype=np.bool_)[column.codes]
    by_offer &= (catalogue.offers.marks & IS_SILENT) == 0
    by_site = [
        any(_runs(found, last, as_of) for found in _of_sites(candidate))
        for candidate in catalogue.candidates
    ]
    return any_offer(catalogue, by_offer) | np.array(by_site, dtype=np.bool_)


def _runs(found: Availability, by: Period, as_of: date) -> bool:
    # What runs without a date runs today; whether it did at an earlier day nobody knows.
    known = found.start is not None or by.last >= as_of
    return known and judge(found, by, as_of).reason in ("running", "planned")


def _of_sites(candidate: Candidate) -> Iterator[Availability]:
    for site in (confirmed(site, candidate.proofs) for site in candidate.sites):
        if _is_dated(site):
            planned, stopped = site.lifecycle in COMING, site.lifecycle == "closed"
            yield Availability(planned, site.operational_from, stopped)


def _is_dated(site: Site) -> bool:
    return site.lifecycle != "unknown" or site.operational_from is not None
