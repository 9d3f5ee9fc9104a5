"""Finds names from a table (places, regulators, diseases) in a text."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from app.matching.hangul import is_syllable
from app.matching.terms import Token, tokens

_END = ""


class Named(NamedTuple):
    """A stretch of a text that is a name of `value`; `first` and `last` count tokens."""

    value: str
    start: int
    end: int
    first: int
    last: int


class Gazetteer:
    """Names and what they stand for; the longest name wins."""

    def __init__(
        self,
        names: Iterable[tuple[str, str]],
        capitals: Collection[str] = (),
        inside: bool = False,
    ) -> None:
        """`names` are (written form, value); `capitals` are words that need a capital to count.

        With `inside`, a Korean name of several syllables may also end a longer word.
        """
        self._inside = inside
        self._root: dict[str, Any] = {}
        self._capitals = frozenset(capitals)
        for form, value in names:
            key = [token.word for token in tokens(form) if token.kind != "bar"]
            if not key:
                continue
            node = self._root
            for word in key:
                node = node.setdefault(word, {})
            needs_capitals = form.isupper() and form.isascii() and len(form) <= 6
            node.setdefault(_END, (value, needs_capitals))

    def find(self, text: str, found: Sequence[Token]) -> list[Named]:
        """All names in a text, in its order and without overlap."""
        names: list[Named] = []
        first = 0
        while first < len(found):
            name = self._longest(text, found, first)
            if name is not None:
                names.append(name)
            first = name.last if name is not None else first + 1
        return names

    def _longest(self, text: str, found: Sequence[Token], first: int) -> Named | None:
        start = found[first].start
        if not self._inside and is_syllable(text, start - 1) and is_syllable(text, start):
            return None
        node, best = self._root, None
        for last in range(first, len(found)):
            if found[last].kind == "bar" and last > first:
                continue  # "U.S. site": the dot belongs to the name
            node = node.get(found[last].word)  # type: ignore[assignment]  # None ends the walk
            if node is None:
                break
            if _END in node and self._counts(text, found, first, last, node[_END][1]):
                best = Named(node[_END][0], start, found[last].end, first, last + 1)
        return best

    def _counts(
        self, text: str, found: Sequence[Token], first: int, last: int, needs_capitals: bool
    ) -> bool:
        written = text[found[first].start : found[last].end]
        if (
            first == last
            and found[first].kind == "hangul"
            and not _stands_alone(text, found[first])
        ):
            return False
        letters = [c for c in written if c.isalpha()]
        if needs_capitals:
            return (
                bool(letters)
                and letters[0].isupper()
                and letters[min(1, len(letters) - 1)].isupper()
            )
        return not (written.islower() and written in self._capitals)


def _stands_alone(text: str, token: Token) -> bool:
    """Whether a Korean word of one syllable is a word by itself, but for a particle."""
    if is_syllable(text, token.start - 1):
        return False
    return not is_syllable(text, token.end) or not is_syllable(text, token.end + 1)
