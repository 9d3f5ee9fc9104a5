"""Words that count although no concept explains them: rare ones much, common ones little.

Measured on real deals, concepts alone rank worse than plain BM25. A record's words are weighed by
BM25 (Robertson & Zaragoza 2009, k1 and b below).
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.postings import FULL
from app.matching.terms import words
from app.matching.types import Candidate, Offer

K1 = 1.2
RECORD_B, OFFER_B = 0.75, 0.5  # a capability is a line or two: its length says less than a record's
# The mean lengths of the shipped records and offers. BM25 compares with the mean of the collection;
# a fixed one lets a record change without touching what is known of all others.
RECORD_WORDS, OFFER_WORDS = 74, 9
WORDS_EXPECTED = 2.0  # rare words, each at full share


def impacts(
    times: NDArray[np.int64], lengths: NDArray[np.int64], b: float, typical: int
) -> NDArray[np.uint8]:
    """How much words count that stand so often in texts of so many words, saturating with their
    number: 1 to 255."""
    norms = K1 * (1 - b + b * lengths / typical)
    found: NDArray[np.uint8] = np.maximum(1, np.rint(FULL * times / (times + norms))).astype(
        np.uint8
    )
    return found


@dataclass(frozen=True, slots=True)
class Usage:
    """How many of some rows use each word."""

    rows: int
    seen: Mapping[str, int]

    def rarity(self, word: str) -> float:
        """BM25's inverse document frequency; a word that nobody uses is the rarest."""
        seen = self.seen.get(word, 0)
        return math.log(1.0 + (self.rows - seen + 0.5) / (seen + 0.5))

    def weights(self, asked: Mapping[str, float]) -> dict[str, float]:
        """The words asked, each with its weight by rarity, so that what can be expected adds up
        to 1: two words' worth that hardly any other text uses, which takes four or five of them in
        passing; of a short request half of what it says."""
        values = {word: weight * self.rarity(word) for word, weight in asked.items()}
        expected = min(WORDS_EXPECTED * self.rarity(""), sum(values.values()) / 2)
        return {word: value / expected for word, value in values.items()} if expected else {}


class MoreUsage:
    """A usage while rows come and go."""

    def __init__(self, before: Usage) -> None:
        self._rows = before.rows
        self._seen = dict(before.seen)

    def add(self, rows: int, counts: Mapping[str, int]) -> None:
        """That many more rows, and how many of them use each word."""
        self._rows += rows
        seen = self._seen
        for word, count in counts.items():
            seen[word] = seen.get(word, 0) + count

    def remove(self, words: Iterable[str]) -> None:
        """One row less, with each of its words once."""
        self._rows -= 1
        for word in words:
            self._seen[word] -= 1

    def usage(self) -> Usage:
        """The usage of the rows that are left."""
        return Usage(self._rows, self._seen)


def words_of(candidate: Candidate) -> list[str]:
    """The words of a record."""
    said = [*texts_of(candidate), *(text for o in candidate.offers for text in texts_of_offer(o))]
    return [word for text in said if text for word in words(text)]


def texts_of(candidate: Candidate) -> Iterator[str | None]:
    """What a record says beside its capabilities: what it does, where, and for whom; not its
    history."""
    yield candidate.description
    yield from candidate.areas
    yield candidate.city
    yield candidate.region
    for site in candidate.sites:
        yield from (site.name, site.city, site.notes)


def words_of_offer(offer: Offer) -> list[str]:
    """The words of one capability."""
    return [word for text in texts_of_offer(offer) if text for word in words(text)]


def texts_of_offer(offer: Offer) -> tuple[str | None, ...]:
    """What one capability says: first what is done, how, and with what."""
    return offer.service, offer.modality, offer.platform, offer.quality, offer.note
