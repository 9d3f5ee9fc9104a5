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
_SKIPPED = frozenset(("of", "the", "and", "for", "in", "to", "with", "on", "a", "an"))


class Gloss(NamedTuple):
    """Where a phrase has a short form and the words that spell it out."""

    short: tuple[int, int]
    words: tuple[int, int]


def glosses(phrase: str) -> Iterator[Gloss]:
    """The short forms of a phrase that it spells out, in its order."""
    for bracket in _BRACKET.finditer(phrase):
        before, inside = phrase[: bracket.start()], bracket[1]
        if short := _SHORT.search(before):
            if _spells(short[1], _WORD.findall(inside)):
                yield Gloss(short.span(1), bracket.span(1))
        elif (short := _SHORT.fullmatch(inside)) and (at := _spelled_before(short[1], before)) >= 0:
            first = bracket.start(1)
            yield Gloss((first, first + len(short[1])), (at, len(before.rstrip())))


def _spelled_before(short: str, before: str) -> int:
    """Where the last words begin that spell a short form out; -1 where none do."""
    found = list(_WORD.finditer(before))
    for size in range(2, min(len(found), 2 * len(short)) + 1):
        if _spells(short, [word[0] for word in found[-size:]]):
            return found[-size].start()
    return -1


def _spells(short: str, words: Sequence[str]) -> bool:
    """Whether the letters of a short form are the first letters of several words, in their order,
    with more letters of the same words between: `ADA` of `adenosine deaminase`."""
    if not 2 <= len(words) <= 2 * len(short):
        return False
    return _goes_on(short.lower(), [word.lower() for word in words])


def _goes_on(letters: str, words: Sequence[str]) -> bool:
    if not words or not letters:
        return not words and not letters
    word, rest = words[0], words[1:]
    if word in _SKIPPED and _goes_on(letters, rest):
        return True
    if letters[0] != word[0]:
        return False
    return any(
        _is_within(letters[1:size], word[1:]) and _goes_on(letters[size:], rest)
        for size in range(1, len(letters) + 1)
    )


def _is_within(letters: str, word: str) -> bool:
    left = iter(word)
    return all(letter in left for letter in letters)
