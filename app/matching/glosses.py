"""Short forms that a phrase spells out: `HCP (host cell protein)` or `host cell protein (HCP)`.

Whoever spells a short form out says which of its meanings is meant, and it may be one that the
vocabulary doesn't know: `HCP (healthcare professional)` is no assay.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_BRACKET = re.compile(r"\(([^()]{1,80})\)")
_SHORT = re.compile(r"(?<![^\W_])([A-Z][A-Za-z]{0,6}[A-Z])s?\s*$")
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 12  # letters and spaces of a short form before its bracket
_FAR = 120  # letters within which a bracket may follow on the words that it shortens
_SKIPPED = frozenset(("of", "the", "and", "for", "in", "to", "with", "on", "a", "an"))


class Gloss(NamedTuple):
    """Where a phrase has a short form and the words that spell it out."""

    short: tuple[int, int]
    words: tuple[int, int]


def glosses(phrase: str) -> Iterator[Gloss]:
    """The short forms of a phrase that it spells out, in its order."""
    for bracket in _BRACKET.finditer(phrase):
        opened = bracket.start()
        if short := _SHORT.search(phrase, max(0, opened - _LONGEST), opened):
            if _spells(short[1], _WORD.findall(bracket[1])):
                yield Gloss(short.span(1), bracket.span(1))
        elif short := _SHORT.fullmatch(bracket[1]):
            words = list(_WORD.finditer(phrase, max(0, opened - _FAR), opened))
            first = opened + 1
            for size in range(2, min(len(words), 2 * len(short[1])) + 1):
                if _spells(short[1], [word[0] for word in words[-size:]]):
                    yield Gloss(
                        (first, first + len(short[1])), (words[-size].start(), words[-1].end())
                    )
                    break


def _spells(short: str, words: Sequence[str]) -> bool:
    """Whether the letters of a short form are the first letters of several words, in their order,
    with more letters of the same words between: `ADA` of `adenosine deaminase`."""
    if not 2 <= len(words) <= 2 * len(short):
        return False
    letters = short.lower()
    reached = {0}  # how many letters may be told by the words so far
    for word in map(str.lower, words):
        further = set(reached) if word in _SKIPPED else set()
        for at in reached:
            if letters[at : at + 1] == word[0]:
                further.update(_told(letters, at, word))
        reached = further
    return len(letters) in reached


def _told(letters: str, at: int, word: str) -> Iterator[int]:
    """How far a word tells the letters that go on here with its first one."""
    left = iter(word[1:])
    yield at + 1
    for end in range(at + 1, len(letters)):
        if letters[end] not in left:
            return
        yield end + 1
