"""Where Korean words begin and end: they take particles on, and are written without hyphens."""

from collections.abc import Iterator, Sequence

from app.matching.terms import Token

_PARTICLES = ("을", "를", "은", "는", "이", "가", "의", "에")


def is_syllable(text: str, at: int) -> bool:
    """Whether a Korean syllable stands at a place of a text; there may be none."""
    return 0 <= at < len(text) and "가" <= text[at] <= "힣"


def is_word(text: str, start: int, end: int, *, begins: bool) -> bool:
    """Whether the syllables from `start` to `end` stand where a word can begin and end; `begins`
    tells that something known ends right before them."""
    begins = begins or not is_syllable(text, start - 1)
    if end - start == 1:
        tail = end
        while is_syllable(text, tail):
            tail += 1
        rest = text[end:tail]
        return begins and (not rest or rest in _PARTICLES)
    return begins or end - start >= 4


def eojeols(found: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Runs of Korean syllables written together, as token ranges."""
    first = 0
    while first < len(found):
        last = first + 1
        if found[first].kind == "hangul":
            while (
                last < len(found)
                and found[last].kind == "hangul"
                and found[last].start == found[last - 1].end
            ):
                last += 1
            yield first, last
        first = last
