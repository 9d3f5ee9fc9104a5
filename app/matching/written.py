"""The words of a request as they were written there."""

import re
from collections.abc import Iterable, Iterator, Mapping

from app.matching.terms import words
from app.matching.types import Need, Query
from app.matching.vocabulary import Vocabulary

_INSIDE = re.compile(r"[^\W_]+")
_EDGES = "\"'“”‘’«»()[]{}<>.,;:!?。、·/"


def written_words(query: Query, vocabulary: Vocabulary) -> Mapping[str, str]:
    """How the request writes each of its words, by the form in which they are compared; what it
    says in Korean also finds the words of its English label."""
    found: dict[str, str] = {}
    for text in _texts(query, vocabulary):
        for chunk in text.split():
            for word, written in _of_chunk(chunk):
                found.setdefault(word, written)
    return found


def _of_chunk(chunk: str) -> Iterator[tuple[str, str]]:
    whole = words(chunk)
    if len(whole) == 1:
        yield whole[0], _plain(whole[0], chunk.strip(_EDGES))
        return
    for part in _INSIDE.findall(chunk):
        for word in words(part)[:1]:
            yield word, _plain(word, part)


def _plain(word: str, written: str) -> str:
    # A Korean word is read without its particle.
    return word if word in written and "가" <= word[-1] <= "힣" else written or word


def _texts(query: Query, vocabulary: Vocabulary) -> Iterable[str]:
    yield query.text or ""
    for need in query.needs:
        yield from _of_need(need, vocabulary)
    for mention in vocabulary.find(query.text) if query.text and not query.text.isascii() else ():
        yield from _labels(mention.concepts, vocabulary)


def _of_need(need: Need, vocabulary: Vocabulary) -> Iterator[str]:
    fields = (need.service, need.modality, need.platform, need.therapeutic_area, *need.quality)
    for field in fields:
        if field is not None:
            yield field.text
            yield from _labels(field.concepts, vocabulary)


def _labels(concepts: Iterable[str], vocabulary: Vocabulary) -> Iterator[str]:
    for concept in concepts:
        known = vocabulary.concepts.get(concept)
        if known is not None:
            yield known.labels.get("en", "")
