"""Ways of asking whose words stand apart: `put our liquid into vials`, `read the scans blinded`."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from app.matching.terms import Token, tokens
from app.matching.wordforms import stem

Choice = tuple[
    str, ...
]  # the stems of words, or the syllables of a Korean word, that stand together
Part = Mapping[str, Sequence[Choice]]  # one of these stands at this place; by first word
Phrase = tuple[tuple[Part, ...], str]

_GAP = 3  # words that may stand between two parts
_KOREAN_GAP = 6  # syllables
_BREAKS = frozenset(("and", "or", "but", "not", "no", "without", "then"))


class Phrases:
    """Phrases of several parts, each the name of a concept, found by their stems and in order."""

    def __init__(self, phrases: Mapping[str, Sequence[str]], known: Collection[str]) -> None:
        # By the first word of the first part, then by one of the second, so that few are tried;
        # each with its place, for what begins at a word comes in the order of the table.
        self._by_first: dict[str, dict[str, list[tuple[int, Phrase]]]] = {}
        self._reach: dict[str, int] = {}  # by first word: how far off the second part may begin
        self.all: list[Phrase] = []
        for concept, written in phrases.items():
            for text in written if concept in known else ():
                parts = tuple(_choices(part) for part in text.split())
                self.all.append((parts, concept))
                place = len(self.all)
                for first in parts[0]:
                    reach = reach_of(parts, first) + 1
                    self._reach[first] = max(reach, self._reach.get(first, 0))
                    by_second = self._by_first.setdefault(first, {})
                    for second in parts[1] if len(parts) > 1 else ("",):
                        by_second.setdefault(second, []).append((place, (parts, concept)))
        self.begins = frozenset(self._by_first)  # the stems that a phrase may begin with

    def starting(
        self, found: Sequence[Token], stems: Sequence[str], first: int
    ) -> Iterator[tuple[int, int, str]]:
        """Every phrase that begins at a token: where it ends, how long its own words are, what."""
        by_second = self._by_first.get(stems[first])
        if by_second is None:
            return
        within = stems[first + 1 : first + self._reach[stems[first]]]
        near = by_second.keys() & ("", *within)
        if not near:
            return
        tried = {place: phrase for second in near for place, phrase in by_second[second]}
        for place in sorted(tried):
            parts, concept = tried[place]
            matched = _matched(parts, found, stems, first)
            if matched is not None:
                yield *matched, concept


def _choices(part: str) -> Part:
    """The choices `a|b` of one part, each as stems; the words of `a_b` stand together."""
    written = (option.replace("_", " ") for option in part.split("|"))
    choices: dict[str, list[Choice]] = {}
    for option in written:
        choice = tuple(stem(token.word) for token in tokens(option))
        if choice and choice not in choices.setdefault(choice[0], []):
            choices[choice[0]].append(choice)
    return choices


def _matched(
    parts: Sequence[Part], found: Sequence[Token], stems: Sequence[str], first: int
) -> tuple[int, int] | None:
    """Where the phrase that begins at `first` ends (exclusive) and its letters, or None."""
    at, size = first, 0
    for number, part in enumerate(parts):
        for start in range(at, min(len(found), at + (gap_before(part) if number else 0) + 1)):
            choices = part.get(stems[start], ())
            choice = next((c for c in choices if tuple(stems[start : start + len(c)]) == c), None)
            if choice is not None:
                at = start + len(choice)
                size += found[at - 1].end - found[start].start + (number > 0)
                break
            if breaks(found[start], found[start - 1] if start else None):
                return None
        else:
            return None
    return at, size


def reach_of(parts: Sequence[Part], first: str) -> int:
    """How far at most from a word that begins the first part the second one begins."""
    return max(map(len, parts[0][first])) + (gap_before(parts[1]) if len(parts) > 1 else 0)


def gap_before(part: Part) -> int:
    """How many words may stand before a part."""
    return _KOREAN_GAP if "가" <= next(iter(part))[0] <= "힣" else _GAP


def breaks(token: Token, before: Token | None) -> bool:
    """Whether a phrase can't go on over this token. It goes on over a gloss, the stroke of `I/II`
    and the point of `E. coli`."""
    if token.kind == "bar":
        initial = token.word == "." and before is not None and len(before.word) == 1
        return token.word not in ("(", ")", "/") and not initial
    return token.word in _BREAKS
