"""Wordings that the vocabulary doesn't understand, so that curators can see what it lacks."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.matching.many import Many
from app.matching.terms import normalise, words
from app.matching.types import Candidate
from app.matching.vocabulary import Vocabulary

_AT_ONCE = 16_384  # texts that are read side by side


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A wording that no concept explains, where it stood, and who wrote it."""

    phrase: str
    field: str
    slugs: tuple[str, ...]  # of the providers, in order


def of_catalogue(candidates: Iterable[Candidate], vocabulary: Vocabulary) -> Sequence[Unmatched]:
    """What providers wrote that no concept explains: the wordings of most providers first."""
    written: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for candidate in candidates:
        for field, text in _wordings(candidate, vocabulary):
            written[field][text].add(candidate.slug)
    many = vocabulary.many()
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for field, by_text in written.items():
        texts = [text for text in by_text if words(text)]
        for start in range(0, len(texts), _AT_ONCE):
            some = texts[start : start + _AT_ONCE]
            for text, mentions in zip(some, _mentions(some, field, many, vocabulary), strict=True):
                if not mentions:
                    found[field, normalise(text)] |= by_text[text]
    listed = [
        Unmatched(phrase, field, tuple(sorted(slugs))) for (field, phrase), slugs in found.items()
    ]
    return sorted(listed, key=lambda each: (-len(each.slugs), each.phrase, each.field))


def closest(phrase: str, field: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """The concept that a phrase comes nearest to, with the form that matched: of the whole
    phrase, else of its longest words. A hint for a curator, never a reading."""
    facet = None if field == "text" else field
    longest = sorted(set(words(phrase)), key=lambda word: (-len(word), word))
    for typed in (phrase, *longest):
        found = vocabulary.suggest(typed, 1, facet)
        if found:
            return found[0]
    return None


def _wordings(candidate: Candidate, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    for offer in candidate.offers:
        settled = _facets(offer.pinned, vocabulary)
        for field, text in (
            ("service", offer.service),
            ("modality", offer.modality),
            ("platform", offer.platform),
            ("quality", offer.quality),
        ):
            if text and field not in settled:
                yield field, text
    for area in candidate.areas:
        yield "therapeutic_area", area


def _facets(pinned: Sequence[str], vocabulary: Vocabulary) -> set[str]:
    """The fields that a curator has settled by pinning concepts."""
    return {vocabulary.concepts[c].facet for c in pinned if c in vocabulary.concepts}


def _mentions(
    texts: Sequence[str], field: str, many: Many, vocabulary: Vocabulary
) -> Iterator[bool]:
    """Whether each text of a field mentions anything, be it with several readings."""
    named = many.read(texts, field)
    for number, text in enumerate(texts):
        if named.concepts[number] is None:
            yield bool(vocabulary.resolve(text, field).mentions)
        else:
            yield bool(named.mentioned(number))
