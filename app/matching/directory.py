"""The words of the catalogue as people search it: by name, by what is done, and by place.

One index per snapshot: every word, as NFD so that Korean is compared by jamo, with the providers
that use it and how much it says of them there. Names stand in it a second time without white
space, because Korean is written both ways.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.matching.columns import Column
from app.matching.knowledge import table
from app.matching.romanise import romanised
from app.matching.terms import OPERAND, near, normalise, words
from app.matching.types import STAGES, Candidate

# How much a word says of a provider, by where it stands.
NAME, SERVICE, METHOD, PLACE, AREA, KIND, COUNTRY = 80, 40, 36, 32, 30, 28, 26
SITE, ASSURANCE = 24, 20
# What is left of that, in percent, when the word is not the very one.
EXACT, BEGINNING, INSIDE, MISSPELLED = 100, 80, 70, 60
# A whole name says more than its words.
WHOLE, WHOLE_BEGINNING, WHOLE_MISSPELLED, WHOLE_LONG_MISSPELLED = 10_000, 1_000, 4_000, 9_000
# From so many letters or jamo on, what is nearly a name is one, and no word that means something.
LONG_NAME = 16

_LAST = "\U0010ffff"

Scores = NDArray[np.int32]


class Postings:
    """Sorted terms, and for each the numbers of those that use it, with a weight."""

    def __init__(self, entries: Iterable[dict[str, int]], size: int) -> None:
        self.size = size
        found: dict[str, tuple[list[int], list[int]]] = {}
        for number, entry in enumerate(entries):
            for term, weight in entry.items():
                who, weights = found.setdefault(term, ([], []))
                who.append(number)
                weights.append(weight)
        self.terms = sorted(found)
        lists = [found[term] for term in self.terms]
        self._starts = [0]
        for who, _ in lists:
            self._starts.append(self._starts[-1] + len(who))
        self._who = np.array([number for who, _ in lists for number in who], dtype=np.int32)
        self._weights = np.array([w for _, weights in lists for w in weights], dtype=np.int32)
        self._korean = [(place, term) for place, term in enumerate(self.terms) if _is_korean(term)]

    def zeros(self) -> Scores:
        """A score of 0 for everybody."""
        return np.zeros(self.size, dtype=np.int32)

    def exact(self, apart: str) -> Scores:
        """The scores of those that use this very term."""
        scores, (first, last) = self.zeros(), self._range(apart)
        if first < last and self.terms[first] == apart:
            self._raise(scores, first, first + 1, EXACT)
        return scores

    def beginning(self, apart: str) -> Scores:
        """The scores of those that use a term which begins so, the very term counting most."""
        scores, (first, last) = self.exact(apart), self._range(apart)
        self._raise(scores, first, last, BEGINNING)
        return scores

    def inside(self, apart: str) -> Scores:
        """The scores of those that use a Korean term which contains this one."""
        scores = self.zeros()
        for place, term in self._korean:
            if apart in term:
                self._raise(scores, place, place + 1, INSIDE)
        return scores

    def like(self, word: str) -> Scores:
        """The scores of those that use a term like this word, as far as no letter is wrong."""
        apart = _apart(word)
        korean = _is_korean(apart)
        if len(word) < (2 if korean else 3):
            return self.exact(apart)
        scores = self.beginning(apart)
        if korean:
            np.maximum(scores, self.inside(apart), out=scores)
            for latin in romanised(word):
                np.maximum(scores, self.exact(latin), out=scores)
        return scores

    def misspelled(self, apart: str) -> Scores:
        """The scores of those that use a term of which this is a misspelling."""
        scores = self.zeros()
        for place in near(apart, self.terms):
            self._raise(scores, place, place + 1, MISSPELLED)
        return scores

    def _range(self, apart: str) -> tuple[int, int]:
        return bisect_left(self.terms, apart), bisect_left(self.terms, apart + _LAST)

    def _raise(self, scores: Scores, first: int, last: int, percent: int) -> None:
        part = slice(self._starts[first], self._starts[last])
        np.maximum.at(scores, self._who[part], self._weights[part] * percent)


@dataclass(frozen=True)
class Directory:
    """What lists of providers are searched and counted by; candidates by their number."""

    words: Postings
    names: Postings
    countries: Postings  # of each distinct value of the label
    labels: dict[str, Column[tuple[str, ...]]]  # filter → what each provider stands under

    @classmethod
    def of(cls, candidates: Sequence[Candidate]) -> "Directory":
        """Index the candidates of a catalogue, in its order.

        Takes about 0.1 ms per provider; words already met in an earlier snapshot cost a look-up.
        """
        size = len(candidates)
        countries = Column.of(map(_countries, candidates))
        return cls(
            words=Postings(map(_words_of, candidates), size),
            names=Postings((dict.fromkeys(_whole_names(c), 1) for c in candidates), size),
            countries=Postings(map(_country_words, countries.values), len(countries.values)),
            labels={
                "kind": Column.of((c.kind,) for c in candidates),
                "country": countries,
                "ownership": Column.of((c.ownership,) for c in candidates),
                "stage": Column.of(_stages(c) for c in candidates),
                "operating": Column.of((c.operating,) for c in candidates),
            },
        )

    def word(self, word: str, *, misspelled: bool = False, is_term: bool = False) -> Scores:
        """How much a word of `words()` says of each provider; 0 where nothing is like it.

        A Korean word is looked for in Latin letters too, as most places are written. A word of a
        known term (`is_term`) is whole: "CHO" doesn't begin "cholera". Spelling is repaired where
        the catalogue has no such word, or at once on request.
        """
        country = self.labels["country"].codes
        apart = _apart(word)
        if is_term and not _is_korean(apart):
            scores = np.maximum(self.words.exact(apart), self.countries.exact(apart)[country])
        else:
            scores = np.maximum(self.words.like(word), self.countries.like(word)[country])
        if misspelled or not scores.any():
            np.maximum(scores, self.words.misspelled(apart), out=scores)
            np.maximum(scores, self.countries.misspelled(apart)[country], out=scores)
        return scores

    def country(self, code: str) -> Scores:
        """How much the code of a country says of each provider."""
        return self.countries.exact(code.lower())[self.labels["country"].codes]

    def name(self, q: str, *, misspelled: bool = False) -> Scores:
        """How much a text taken as a whole name, or as the beginning of one, says of each.

        Slips are repaired in long names that nobody's begins with, or at once on request.
        """
        whole = compact(q)
        if len(whole) < 2:
            return self.names.zeros()
        begun = self.names.beginning(whole) if len(whole) >= 3 else self.names.exact(whole)
        scores = np.where(begun >= EXACT, WHOLE, np.where(begun > 0, WHOLE_BEGINNING, 0))
        is_long = len(whole) >= LONG_NAME
        if misspelled or (is_long and not begun.any()):
            slips = self.names.misspelled(whole)
            repaired = WHOLE_LONG_MISSPELLED if is_long else WHOLE_MISSPELLED
            scores = np.maximum(scores, np.where(slips > 0, repaired, 0))
        return scores.astype(np.int32)


@lru_cache(maxsize=65_536)
def compact(text: str) -> str:
    """The letters and digits of a text alone, decomposed: one form however it is spaced."""
    return "".join(c for c in _apart(normalise(text)) if c.isalnum() or _is_jamo(c))[:OPERAND]


def _apart(text: str) -> str:
    return unicodedata.normalize("NFD", text)[:OPERAND]


def _is_jamo(character: str) -> bool:
    return "\u1100" <= character <= "\u11ff"


def _is_korean(apart: str) -> bool:
    return any(map(_is_jamo, apart))


@lru_cache(maxsize=65_536)
def _terms(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_apart, words(text))))


def _names(candidate: Candidate) -> Iterator[str]:
    for name in (candidate.name, candidate.native_name, *candidate.aliases):
        if name:
            yield name


def _whole_names(candidate: Candidate) -> set[str]:
    """Names without white space, and without what stands in brackets."""
    found = {compact(name) for name in _names(candidate)}
    found |= {compact(name.partition("(")[0]) for name in _names(candidate)}
    return {name for name in found if len(name) >= 2}


def _words_of(candidate: Candidate) -> dict[str, int]:
    entry: dict[str, int] = {}
    for text, weight in _texts(candidate):
        for term in _terms(text):
            entry[term] = max(weight, entry.get(term, 0))
    return entry | dict.fromkeys(_whole_names(candidate), NAME)


def _texts(candidate: Candidate) -> Iterator[tuple[str, int]]:
    """Every text that is searched, with what its words say."""
    said: list[tuple[str | None, int]] = [(name, NAME) for name in _names(candidate)]
    said += [(candidate.city, PLACE), (candidate.region, PLACE)]
    said.append((candidate.kind.replace("_", " "), KIND))
    said += [(area, AREA) for area in candidate.areas]
    for offer in candidate.offers:
        said += [(offer.service, SERVICE), (offer.modality, METHOD), (offer.platform, METHOD)]
        said.append((offer.quality, ASSURANCE))
    for site in candidate.sites:
        said += [(site.city, PLACE), (site.name, SITE)]
    for proof in candidate.proofs:
        said += [(proof.authority, ASSURANCE), (proof.standard, ASSURANCE)]
    return ((text, weight) for text, weight in said if text)


def _country_words(codes: tuple[str, ...]) -> dict[str, int]:
    """What people call countries, in English and Korean, and the regions they belong to."""
    kept = table("places")
    forms: list[str] = []
    for code in codes:
        country = kept["countries"].get(code, {})
        for names in ("names", "korean", "demonyms"):
            forms += country.get(names, ())
    for region in kept["regions"].values():
        if not set(codes).isdisjoint(region["countries"]):
            forms += region["forms"]
    # Codes stand as they are: as words, US and IT would be left out.
    terms = {code.lower() for code in codes}.union(*map(_terms, forms))
    return dict.fromkeys(terms, COUNTRY)


def _countries(candidate: Candidate) -> tuple[str, ...]:
    countries = {candidate.country, *(site.country for site in candidate.sites)}
    return tuple(sorted(country for country in countries if country))


def _stages(candidate: Candidate) -> tuple[str, ...]:
    stages = {stage for offer in candidate.offers for stage in offer.stages}
    return tuple(stage for stage in STAGES if stage in stages)
