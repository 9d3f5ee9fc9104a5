"""Words that count although no concept explains them: rare ones much, common ones little.

Measured on real deals, concepts alone rank worse than plain BM25. The share won is BM25's sum
(Robertson & Zaragoza 2009, k1 and b below) over the greatest sum those words could reach.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.matching.terms import words
from app.matching.types import Candidate, Offer

K1 = 1.2
B = 0.75
WORDS_EXPECTED = 2.0  # rare words, each at full share
OFFER_B = 0.5  # a capability is a line or two: its length says less than a record's


@dataclass(frozen=True)
class WordIndex:
    """For each word the texts that use it, with BM25's saturated share of 0..1."""

    size: int
    postings: Mapping[str, tuple[NDArray[np.int32], NDArray[np.float32]]]
    rows: int
    seen: Mapping[str, int]  # for each word the number of rows that use it

    @classmethod
    def of(
        cls,
        texts: Sequence[Sequence[str]],
        k1: float = K1,
        b: float = B,
        copies: NDArray[np.int64] | None = None,
    ) -> "WordIndex":
        """Index texts given as words; with `k1` 0 a word counts once however often it stands.

        `copies` tells how many rows share each text, where that isn't one: rarity counts rows, so
        that a word's rarity doesn't move when a row's other words do.
        """
        mean = sum(map(len, texts)) / len(texts) if texts else 0.0
        found: dict[str, tuple[list[int], list[float]]] = {}
        for number, text in enumerate(texts):
            norm = k1 * (1 - b + b * len(text) / mean) if mean else k1
            for word, count in Counter(text).items():
                who, share = found.setdefault(word, ([], []))
                who.append(number)
                share.append(count / (count + norm))
        postings = {
            word: (np.array(who, dtype=np.int32), np.array(share, dtype=np.float32))
            for word, (who, share) in found.items()
        }
        if copies is None:
            copies = np.ones(len(texts), np.int64)
        seen = {word: int(copies[who].sum()) for word, (who, _) in postings.items()}
        return cls(len(texts), postings, int(copies.sum()), seen)

    def rarity(self, word: str) -> float:
        """BM25's inverse document frequency; a word that nobody uses is the rarest."""
        seen = self.seen.get(word, 0)
        return math.log(1.0 + (self.rows - seen + 0.5) / (seen + 0.5))

    def share(self, weights: Mapping[str, float]) -> NDArray[np.float64]:
        """For each text how much of what can be expected it has: two words' worth that hardly
        any other text uses, which takes four or five of them in passing; of a short request half
        of what it says."""
        sums, greatest = self.sums(weights)
        expected = min(WORDS_EXPECTED * self.rarity(""), greatest / 2)
        return sums / expected if expected else sums

    def sums(self, weights: Mapping[str, float]) -> tuple[NDArray[np.float64], float]:
        """The weighted sum for each text, and the greatest that could be reached."""
        sums = np.zeros(self.size)
        greatest = 0.0
        for word, weight in weights.items():
            value = weight * self.rarity(word)
            greatest += value
            if word in self.postings:
                who, share = self.postings[word]
                # In double precision: a text that has every word reaches the greatest exactly.
                sums[who] += np.multiply(share, value, dtype=np.float64)
        return sums, greatest

    def found(self, weights: Iterable[str], number: int) -> tuple[str, ...]:
        """Which of the words text `number` uses."""
        return tuple(word for word in weights if self._uses(word, number))

    def _uses(self, word: str, number: int) -> bool:
        if word not in self.postings:
            return False
        who = self.postings[word][0]  # in ascending order
        at = int(who.searchsorted(number))
        return at < len(who) and int(who[at]) == number


# A change of one record lays the catalogue out anew; the texts of the others are known.
_words_of_text = lru_cache(maxsize=65_536)(words)


def words_of(candidate: Candidate) -> Iterable[str]:
    """The words of a record: what it says it does, where, and for whom; not its history."""
    for text in (candidate.description, *candidate.areas, candidate.city, candidate.region):
        yield from _words_of_text(text or "")
    for offer in candidate.offers:
        yield from words_of_offer(offer)
    for site in candidate.sites:
        for text in (site.name, site.city, site.notes):
            yield from _words_of_text(text or "")


def words_of_offer(offer: Offer) -> Iterable[str]:
    """The words of one capability."""
    for text in (offer.service, offer.modality, offer.platform, offer.quality, offer.note):
        yield from _words_of_text(text or "")
