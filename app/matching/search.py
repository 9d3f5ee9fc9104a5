"""A search of the catalogue in anybody's words: names, what is done, places, and meanings.

Every word has to be found: as it is, as the beginning of a word, by what it means, or with its
spelling repaired.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date

import numpy as np
from numpy.typing import NDArray

from app.matching.assurance import Assurance
from app.matching.catalogue import Catalogue
from app.matching.columns import Column
from app.matching.directory import Scores
from app.matching.knowledge import table
from app.matching.stage import stages_of
from app.matching.terms import OPERAND, STOP_WORDS, words
from app.matching.types import Mention
from app.matching.vocabulary import Vocabulary
from app.period import Period

MEANT, MEANT_NARROWER = 3_500, 3_000  # against 4,000 for the very word in the name of a service

_LONE_LETTER = re.compile(r"(?<!\S)[A-Za-z](?!\S)")

Mask = NDArray[np.bool_]


def search(catalogue: Catalogue, q: str, as_of: date) -> Scores:
    """How well each candidate answers a search; 0 where a word of it finds nothing.

    Where nobody has all words, the spelling of known words is doubted as well.
    """
    text = q.strip()[:OPERAND]
    for misspelled in (False, True):
        whole = catalogue.directory.name(text, misspelled=misspelled)
        by_word = _by_word(catalogue, text, misspelled, as_of)
        if whole.any() or by_word.any():
            # Whoever is named keeps its place, even where a word of the name says nothing.
            return whole + by_word
    return catalogue.directory.words.zeros()


def holders(catalogue: Catalogue, concepts: Iterable[str], as_of: date) -> Mask:
    """Which candidates have an offer of one of these very concepts, or hold it as a standard."""
    vocabulary, ids = catalogue.vocabulary, set(concepts)
    standards = {c for c in ids if c in vocabulary.concepts and _is_standard(vocabulary, c)}
    found = np.zeros(len(catalogue.rows), dtype=np.bool_)
    for concept in ids.intersection(vocabulary.position):
        found[catalogue.providers.by_concept.rows(vocabulary.position[concept])] = True
    listed: Mask = found[catalogue.listed]
    if standards:
        column = catalogue.offers.assurances
        held = [_has_standard(found, standards, as_of) for found in column.values]
        listed |= any_offer(catalogue, np.array(held, dtype=np.bool_)[column.codes])
    return listed


def _by_word(catalogue: Catalogue, text: str, misspelled: bool, as_of: date) -> Scores:
    """The sum of what every word and every mention of a concept finds; 0 where one finds nothing.

    Words that mean something are met by providers of what they mean, whatever they call it.
    """
    total = catalogue.directory.words.zeros()
    found: Mask | None = None
    for scores in _parts(catalogue, text, misspelled, as_of):
        total += scores
        found = scores > 0 if found is None else found & (scores > 0)
        if not found.any():  # what the remaining words find, which may take long, can't help
            break
    return total if found is None else np.where(found, total, 0)


def _parts(catalogue: Catalogue, text: str, misspelled: bool, as_of: date) -> Iterator[Scores]:
    reading = catalogue.vocabulary.resolve(text)
    for word in reading.rest:
        yield _of_word(catalogue, word, misspelled, as_of)
    for mention in reading.mentions:
        scores = _meant(catalogue, mention, as_of)
        if not _LONE_LETTER.search(mention.text):  # "car" is no part of "CAR T"
            asked = words(mention.text)
            np.maximum(scores, _of_words(catalogue, asked, misspelled, is_term=True), out=scores)
        yield scores
    yield from _of_capitals(catalogue, text)


def _of_word(catalogue: Catalogue, word: str, misspelled: bool, as_of: date) -> Scores:
    """What a word finds; beside others it may mean less to the vocabulary than by itself."""
    scores = _of_words(catalogue, (word,), misspelled)
    for mention in catalogue.vocabulary.resolve(word).mentions:
        if mention.text == word:
            np.maximum(scores, _meant(catalogue, mention, as_of), out=scores)
    return scores


def _of_capitals(catalogue: Catalogue, text: str) -> list[Scores]:
    """What codes of countries find that would be stop words in small letters: US, IT."""
    if text.isupper() and len(text) > 2:
        return []
    codes = [word for word in text.split() if len(word) == 2 and word.isupper()]
    found = [catalogue.directory.country(c) for c in codes if c.lower() in STOP_WORDS]
    return [scores for scores in found if scores.any()]


def _of_words(
    catalogue: Catalogue, asked: tuple[str, ...], misspelled: bool, *, is_term: bool = False
) -> Scores:
    """The mean over words that all must be found, so that many words don't outweigh one."""
    directory = catalogue.directory
    scores = [directory.word(word, misspelled=misspelled, is_term=is_term) for word in asked]
    if not scores:
        return catalogue.directory.words.zeros()
    stacked = np.stack(scores)
    return np.where((stacked > 0).all(axis=0), stacked.mean(axis=0), 0).astype(np.int32)


def _meant(catalogue: Catalogue, mention: Mention, as_of: date) -> Scores:
    vocabulary = catalogue.vocabulary
    ids = {c for c in mention.concepts or mention.readings if not vocabulary.concepts[c].is_decoy}
    if not ids:
        return catalogue.directory.words.zeros()
    below = ids.union(*map(vocabulary.narrower, ids))
    makes = table("short_forms")["makes"]  # who makes a product is found by its name
    below |= {makes[concept] for concept in below if makes.get(concept) in vocabulary.concepts}
    scores = np.where(holders(catalogue, below, as_of), MEANT_NARROWER, 0)
    scores = np.where(holders(catalogue, ids, as_of), MEANT, scores)
    if any(vocabulary.concepts[concept].facet == "stage" for concept in ids):
        covered = under(catalogue.directory.labels["stage"], stages_of(mention.text))
        scores = np.where(covered, MEANT, scores)
    return scores.astype(np.int32)


def _has_standard(found: Assurance, standards: Collection[str], as_of: date) -> bool:
    """Whether an offer says that it holds one of the standards, or a certificate that is in force
    says so of its provider."""
    certificates = (*found.at_site, *found.unplaced, *found.elsewhere)
    return any(
        claim.strength == "held" and claim.concept in standards for claim in found.claims
    ) or any(
        certificate.concept in standards and in_force(certificate.expires_on, as_of)
        for certificate in certificates
    )


def in_force(expires_on: Period | None, as_of: date) -> bool:
    """Whether a certificate holds on a day; one without an end does."""
    return expires_on is None or expires_on.last >= as_of


def _is_standard(vocabulary: Vocabulary, concept: str) -> bool:
    return vocabulary.concepts[concept].facet == "quality"


def any_offer(catalogue: Catalogue, by_offer: Mask) -> Mask:
    """Which candidates have an offer of which this is true."""
    if not catalogue.rows:
        return np.zeros(0, dtype=np.bool_)
    found: Mask = np.logical_or.reduceat(by_offer, catalogue.providers.bounds[:-1])
    return found[catalogue.listed]


def under(column: Column[tuple[str, ...]], values: Collection[str]) -> Mask:
    """Which candidates stand under one of these values."""
    found = [not set(values).isdisjoint(labels) for labels in column.values]
    return np.array(found, dtype=np.bool_)[column.codes]
