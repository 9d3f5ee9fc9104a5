"""Stretches of a text that are written forms of concepts, and which of them stand."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.matching.terms import Token
from app.matching.trie import Key


class Hit(NamedTuple):
    """A stretch of tokens that is a written form of some concepts."""

    first: int
    last: int  # exclusive, in tokens
    start: int
    end: int  # in characters of the original text
    key: Key
    concepts: tuple[str, ...]
    how: str  # exact, spread (over words between), stem, apart (a phrase's parts) or spelling
    size: int = 0  # letters of its own words, where others stand between


def is_in_name(hit: Hit, text: str, found: Sequence[Token]) -> bool:
    """Whether letters or numbers are joined to a form: the N1 of H1N1."""
    before = found[hit.first - 1] if hit.first else None
    after = found[hit.last] if hit.last < len(found) else None
    return bool(
        (before and _is_letter(before) and text[before.end : hit.start] in ("", "-"))
        or (after and _is_letter(after) and text[hit.end : after.start] in ("", "-"))
    )


def _is_letter(token: Token) -> bool:
    return token.kind == "number" or (token.kind == "word" and len(token.word) == 1)


def without_overlap(candidates: Iterable[Hit]) -> list[Hit]:
    """Those that are preferred, of any that share a character."""
    chosen: list[Hit] = []
    taken = 0  # the characters, as bits
    for hit in sorted(candidates, key=_preference):
        places = (1 << hit.end) - (1 << hit.start)
        if hit.start < hit.end and not taken & places:
            taken |= places
            chosen.append(hit)
    return chosen


def _preference(hit: Hit) -> tuple[float, int]:
    """The longest first; a form met only through its stem counts as a little shorter."""
    how, size = hit.how, hit.end - hit.start
    if how == "stem":
        return -0.6 * size, hit.start
    return -(size + 0.5 if how == "spread" else hit.size if how == "apart" else size), hit.start
