"""Words that say nearly the same in requests and records: a request's word looks for them too."""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import permutations

from app.matching.knowledge import table

ALIKE, WIDER = 0.5, 0.3  # what finding another word is worth beside finding the word itself


@cache
def _table() -> Mapping[str, Mapping[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for word, other, share in _pairs():
        kept = found.setdefault(word, {})
        kept[other] = max(share, kept.get(other, 0.0))
    return found


def _pairs() -> Iterator[tuple[str, str, float]]:
    for group in table("thesaurus")["alike"]:
        for word, other in permutations(group.split(), 2):
            yield word, other, ALIKE
    for narrow, wide in table("thesaurus")["wider"]:
        for word in narrow.split():
            for other in wide.split():
                if word != other:
                    yield word, other, WIDER


def others(word: str) -> Mapping[str, float]:
    """The words that may stand for this one in a record, each with its share of 0 to 1."""
    return _table().get(word, {})
