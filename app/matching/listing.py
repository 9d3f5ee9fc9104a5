"""The providers that a search and its filters leave, in order, with counts to narrow or widen it.

Every word of a search must be found: as it is, as the beginning of a word, by what it means, or
with its spelling repaired.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from app.matching.availability import COMING, Availability, confirmed, judge
from app.matching.catalogue import SILENT, Catalogue
from app.matching.columns import Column
from app.matching.directory import Scores, compact
from app.matching.knowledge import table
from app.matching.terms import OPERAND, normalise, words
from app.matching.types import Candidate, Mention, Proof, Site
from app.matching.vocabulary import Vocabulary
from app.period import Period

MEANT, MEANT_NARROWER = 3_500, 3_000  # against 4,000 for the very word in the name of a service

Mask = NDArray[np.bool_]


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
    scores = search(catalogue, wanted.q) if wanted.q.strip() else _everybody(catalogue)
    kept = scores > 0
    if wanted.concepts:
        ids: set[str] = set(wanted.concepts)
        if wanted.narrower:
            ids = ids.union(*map(catalogue.vocabulary.narrower, wanted.concepts))
        kept &= holders(catalogue, ids)
    if wanted.certificates:
        kept &= _certified(catalogue, wanted.certificates, as_of)
    if wanted.operational_by is not None:
        kept &= _running(catalogue, wanted.operational_by, as_of)
    columns = catalogue.directory.labels
    masks = {
        name: _under(columns[name], values) for name, values in wanted.labels.items() if values
    }
    facets = {
        name: _counts(column, _all(kept, (m for other, m in masks.items() if other != name)))
        for name, column in columns.items()
    }
    numbers = np.flatnonzero(_all(kept, masks.values()))
    numbers = numbers[np.lexsort((numbers, -scores[numbers]))]
    return Listing(numbers, scores[numbers], facets)


def search(catalogue: Catalogue, q: str) -> Scores:
    """How well each candidate answers a search; 0 where a word of it finds nothing.

    Where nobody has all words, the spelling of known words is doubted as well.
    """
    text = normalise(q)[:OPERAND]
    for misspelled in (False, True):
        whole = catalogue.directory.name(text, misspelled=misspelled)
        by_word = _by_word(catalogue, text, misspelled)
        if whole.any() or by_word.any():
            # Whoever is named keeps its place, even where a word of the name says nothing.
            return whole + by_word
    return catalogue.directory.words.zeros()


def holders(catalogue: Catalogue, concepts: Iterable[str]) -> Mask:
    """Which candidates have an offer of one of these very concepts, or a proof of a standard."""
    vocabulary, ids = catalogue.vocabulary, set(concepts)
    asked = np.zeros(len(vocabulary.ids), dtype=np.float32)
    asked[[vocabulary.position[concept] for concept in ids if concept in vocabulary.position]] = 1
    standards = {c for c in ids if c in vocabulary.concepts and _is_standard(vocabulary, c)}
    by_offer = (catalogue.concepts.best(asked) > 0)[catalogue.profiles.codes]
    by_offer |= (catalogue.area_concepts.best(asked) > 0)[catalogue.areas.codes]
    if standards:
        held = [
            not standards.isdisjoint(c.concept for c in (*a.at_site, *a.unplaced))
            or any(c.strength == "held" and c.concept in standards for c in a.claims)
            for a in catalogue.assurances.values
        ]
        by_offer |= np.array(held, dtype=np.bool_)[catalogue.assurances.codes]
    return _any_offer(catalogue, by_offer)


def _by_word(catalogue: Catalogue, text: str, misspelled: bool) -> Scores:
    """The sum of what every word and every mention of a concept finds; 0 where one finds nothing.

    Words that mean something are met by providers of what they mean, whatever they call it.
    """
    reading = catalogue.vocabulary.resolve(text)
    total = catalogue.directory.words.zeros()
    found: Mask | None = None
    parts = [_of_words(catalogue, (word,), misspelled) for word in reading.rest]
    for mention in reading.mentions:
        scores = _of_words(catalogue, words(mention.text), misspelled)
        parts.append(np.maximum(scores, _meant(catalogue, mention)))
    for scores in parts:
        total += scores
        found = scores > 0 if found is None else found & (scores > 0)
    return total if found is None else np.where(found, total, 0).astype(np.int32)


def _of_words(catalogue: Catalogue, asked: tuple[str, ...], misspelled: bool) -> Scores:
    """The mean over words that all must be found, so that many words don't outweigh one."""
    scores = [catalogue.directory.word(word, misspelled=misspelled) for word in asked]
    if not scores:
        return catalogue.directory.words.zeros()
    stacked = np.stack(scores)
    return np.where((stacked > 0).all(axis=0), stacked.mean(axis=0), 0).astype(np.int32)


def _meant(catalogue: Catalogue, mention: Mention) -> Scores:
    vocabulary = catalogue.vocabulary
    ids = {c for c in mention.concepts or mention.readings if not vocabulary.concepts[c].is_decoy}
    if not ids:
        return catalogue.directory.words.zeros()
    below = ids.union(*map(vocabulary.narrower, ids))
    makes = table("short_forms")["makes"]  # who makes a product is found by its name
    below |= {makes[concept] for concept in below if makes.get(concept) in vocabulary.concepts}
    scores = np.where(holders(catalogue, below), MEANT_NARROWER, 0)
    return np.where(holders(catalogue, ids), MEANT, scores).astype(np.int32)


def _is_standard(vocabulary: Vocabulary, concept: str) -> bool:
    return vocabulary.concepts[concept].facet == "quality"


def _everybody(catalogue: Catalogue) -> Scores:
    return np.ones(len(catalogue.candidates), dtype=np.int32)


def _any_offer(catalogue: Catalogue, by_offer: Mask) -> Mask:
    if not len(catalogue.starts):
        return np.zeros(0, dtype=np.bool_)
    found: Mask = np.logical_or.reduceat(by_offer, catalogue.starts)
    return found


def _all(kept: Mask, masks: Iterable[Mask]) -> Mask:
    left: Mask = np.logical_and.reduce([kept, *masks])
    return left


def _under(column: Column[tuple[str, ...]], values: Collection[str]) -> Mask:
    found = [not set(values).isdisjoint(labels) for labels in column.values]
    return np.array(found, dtype=np.bool_)[column.codes]


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
        if proof.expires_on is not None and proof.expires_on.last < as_of:
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
    judged = [_runs(found, last, as_of) for found in catalogue.availabilities.values]
    by_offer = np.array(judged, dtype=np.bool_)[catalogue.availabilities.codes]
    by_offer &= np.array([offer is not SILENT for offer in catalogue.offers], dtype=np.bool_)
    by_site = [
        any(_runs(found, last, as_of) for found in _of_sites(candidate))
        for candidate in catalogue.candidates
    ]
    return _any_offer(catalogue, by_offer) | np.array(by_site, dtype=np.bool_)


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
