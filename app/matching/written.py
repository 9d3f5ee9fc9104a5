"""The words of a request as they were written there."""

import re
from collections.abc import Iterator, Mapping

from app.matching.terms import words
from app.matching.types import Need, Query, Understanding
from app.matching.vocabulary import Vocabulary

_INSIDE = re.compile(r"[^\W_]+")
_EDGES = "\"'“”‘’«»()[]{}<>.,;:!?。、·/"


def written_words(query: Query, vocabulary: Vocabulary) -> Mapping[str, str]:
    """How the request writes each of its words, by the form in which they are compared; what it
    says in Korean also finds the words of its English label."""
    found: dict[str, str] = {}
    for text in (*_own_texts(query), *_labels(query, vocabulary)):
        for chunk in text.split():
            for word, written in _of_chunk(chunk):
                found.setdefault(word, written)
    return found


def own_words(query: Query) -> frozenset[str]:
    """The words of the request itself, in the form in which they are compared."""
    chunks = (chunk for text in _own_texts(query) for chunk in text.split())
    return frozenset(word for chunk in chunks for word, _ in _of_chunk(chunk))


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


def _own_texts(query: Query) -> Iterator[str]:
    yield query.text or ""
    # In an order of their own: the needs may come in any.
    yield from sorted(field.text for need in query.needs for field in _fields(need))


def _fields(need: Need) -> Iterator[Understanding]:
    fields = (need.service, need.modality, need.platform, need.therapeutic_area, *need.quality)
    yield from (field for field in fields if field is not None)


def _labels(query: Query, vocabulary: Vocabulary) -> Iterator[str]:
    """The English names of what the request was read as, as they stand within a sentence."""
    named = sorted({concept for n in query.needs for f in _fields(n) for concept in f.concepts})
    if query.text and not query.text.isascii():
        named += [c for mention in vocabulary.find(query.text) for c in mention.concepts]
    for concept in dict.fromkeys(named):
        known = vocabulary.concepts.get(concept)
        label = known.labels.get("en", "") if known is not None else ""
        yield label[:1].lower() + label[1:] if label[1:2].islower() else label
