"""Misspelt Korean words of a text, written as one or apart."""

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from app.matching.hangul import eojeols
from app.matching.terms import Speller, Token, without_particle

MOST_REPAIRS = 80  # words of one text whose spelling is looked at; beyond that a text is noise

Slip = tuple[int, int, str]  # from which syllable to which (exclusive), and what is meant


_DENYING = "무비불미"  # "without" and "non-" are no slip before a word


def korean_slips(
    speller: Speller, found: Sequence[Token], covered: Collection[int]
) -> Iterator[Slip]:
    """The misspelt words among the syllables that nothing known covers, without overlap."""
    repaired: set[int] = set()
    looked = 0
    for first, last in eojeols(found):
        if any(i in covered for i in range(first, last)) or looked >= MOST_REPAIRS:
            continue
        looked += 1
        bare = without_particle("".join(token.word for token in found[first:last]))
        word = speller.repair(bare)
        if word and not (bare[0] in _DENYING and bare[1:] == word):
            repaired.update(range(first, last))
            yield first, first + len(bare), word
    yield from _pairs(speller, found, repaired.union(covered))


def _pairs(speller: Speller, found: Sequence[Token], covered: Collection[int]) -> Iterator[Slip]:
    """Two words that are one misspelt together: 동결 건죠 for 동결건조."""
    free = 0
    for (first, middle), (second, last) in pairwise(eojeols(found)):
        if first < free or middle != second or any(i in covered for i in range(first, last)):
            continue
        bare = without_particle("".join(token.word for token in found[first:last]))
        word = speller.sounding(bare)
        if word and len(bare) > middle - first:
            free = last
            yield first, first + len(bare), word
