"""Words that count although no concept explains them: rare ones much, common ones little.

Measured on real deals, concepts alone rank worse than plain BM25. A record's words are weighed by
BM25 (Robertson & Zaragoza 2009, k1 and b below).
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.matching.postings import FULL
from app.matching.types import Candidate

K1 = 1.2
B = 0.75
# The mean length of the shipped records. BM25 compares with the mean of the collection; a fixed
# one lets a record change without touching what is known of all others.
TYPICAL_WORDS = 74


def impacts(texts: Iterable[str]) -> Mapping[str, int]:
    """How much each word of a record counts there, saturating with its number: 1 to 255."""
    counts = Counter(texts)
    norm = K1 * (1 - B + B * counts.total() / TYPICAL_WORDS)
    return {word: max(1, round(FULL * n / (n + norm))) for word, n in counts.items()}


@dataclass(frozen=True, slots=True)
class Usage:
    """How many of some rows use each word."""

    rows: int
    seen: Mapping[str, int]

    def rarity(self, word: str) -> float:
        """BM25's inverse document frequency; a word that nobody uses is the rarest."""
        seen = self.seen.get(word, 0)
        return math.log(1.0 + (self.rows - seen + 0.5) / (seen + 0.5))


class MoreUsage:
    """A usage while rows come and go."""

    def __init__(self, before: Usage) -> None:
        self._rows = before.rows
        self._seen = dict(before.seen)

    def add(self, words: Iterable[str]) -> None:
        """One more row, with each of its words once."""
        self._rows += 1
        for word in words:
            self._seen[word] = self._seen.get(word, 0) + 1

    def remove(self, words: Iterable[str]) -> None:
        """One row less, with each of its words once."""
        self._rows -= 1
        for word in words:
            self._seen[word] -= 1

    def usage(self) -> Usage:
        """The usage of the rows that are left."""
        return Usage(self._rows, self._seen)


def words_of(candidate: Candidate, words: Callable[[str | None], tuple[str, ...]]) -> Iterator[str]:
    """The words of a record: what it says it does, where, and for whom; not its history.

    `words` gives the informative words of a text.
    """
    for text in (candidate.description, *candidate.areas, candidate.city, candidate.region):
        yield from words(text)
    for offer in candidate.offers:
        for text in (offer.service, offer.modality, offer.platform, offer.quality, offer.note):
            yield from words(text)
    for site in candidate.sites:
        for text in (site.name, site.city, site.notes):
            yield from words(text)
