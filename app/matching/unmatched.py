"""Wordings that the vocabulary doesn't understand, so that curators can see what it lacks."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.matching.terms import normalise, words
from app.matching.types import Candidate
from app.matching.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A wording that no concept explains, where it stood, and who wrote it."""

    phrase: str
    field: str
    slugs: tuple[str, ...]  # of the providers, in order


def of_catalogue(candidates: Iterable[Candidate], vocabulary: Vocabulary) -> list[Unmatched]:
    """What providers wrote that no concept explains: the wordings of most providers first."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for candidate in candidates:
        for field, text in _wordings(candidate, vocabulary):
            if _is_unread(text, field, vocabulary):
                found[field, normalise(text)].add(candidate.slug)
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


def _is_unread(text: str, field: str, vocabulary: Vocabulary) -> bool:
    return bool(words(text)) and not vocabulary.resolve(text, field).mentions
