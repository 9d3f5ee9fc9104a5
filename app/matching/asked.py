"""What each criterion is asked about, gathered from the fields of a need."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.matching.clauses import Outline, Zone
from app.matching.dates import needed_from
from app.matching.place import spans_of_places
from app.matching.terms import WEAK_WORDS, tokens, words
from app.matching.types import Need, Understanding
from app.matching.vocabulary import Vocabulary

# A phrase put in the wrong field counts under the facet of its concept.
_CRITERION_OF = {
    "service": "service",
    "modality": "modality",
    "platform": "platform",
    "equipment": "platform",
    "therapeutic_area": "therapeutic_area",
    "quality": "quality",
}
WEAK_SHARE = 0.25  # chance hits on words like "company" or "new"
# What the work is for tells half as much as the work itself; who asks tells nothing.
ZONE_SHARES: Mapping[Zone, float] = {"request": 1.0, "context": 0.5, "self": 0.0}
# Beside a text the words of a given field mostly repeat it in a form's language.
FIELD_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Asked:
    """The words under one criterion and the concepts they were read as (none: not understood)."""

    text: str
    concepts: tuple[str, ...]
    unread: int = 0  # how many of its fields were not understood


def asked_of(need: Need, vocabulary: Vocabulary) -> Mapping[str, Asked]:
    """For each criterion that compares concepts, what the need asks; criteria not asked are
    left out. A criterion whose own field was understood takes nothing from other fields. Whoever
    asks for a technology as a service ("ampoules") asks for the work with it as well."""
    own: dict[str, Asked] = {}
    strayed: list[tuple[str, str, str]] = []
    for criterion, field in _fields(need):
        targets = [(_target(concept, vocabulary), concept) for concept in field.concepts]
        mine = [concept for target, concept in targets if target == criterion]
        others = [(t, field.text, c) for t, c in targets if t is not None and t != criterion]
        strayed += others
        if criterion == "service" and not mine and all(t == "platform" for t, *_ in others):
            mine = [concept for _, _, concept in others]
        if mine or not others:
            for concept in mine or (None,):
                _add(own, criterion, field.text, concept)
    found = dict(own)
    for target, text, concept in strayed:
        if not (target in own and own[target].concepts):
            _add(found, target, text, concept)
    if "modality" in found:
        found["modality"] = _narrowed(found["modality"], vocabulary)
    return found


def _narrowed(asked: Asked, vocabulary: Vocabulary) -> Asked:
    """Without what another concept of the field is a kind of: who asks for a "psychedelic small
    molecule" isn't served by just any small molecule."""
    named = set(asked.concepts)
    wide = {above for concept in named for above in vocabulary.broader(concept)[1:]}
    return replace(asked, concepts=tuple(c for c in asked.concepts if c not in wide))


def _target(concept: str, vocabulary: Vocabulary) -> str | None:
    known = vocabulary.concepts.get(concept)
    return _CRITERION_OF.get(known.facet) if known else None


def _fields(need: Need) -> list[tuple[str, Understanding]]:
    single = [
        ("service", need.service),
        ("modality", need.modality),
        ("platform", need.platform),
        ("therapeutic_area", need.therapeutic_area),
    ]
    return [
        *((name, field) for name, field in single if field is not None),
        *(("quality", field) for field in need.quality),
    ]


def _add(found: dict[str, Asked], criterion: str, text: str, concept: str | None) -> None:
    before = found.get(criterion, Asked("", ()))
    texts = before.text.split("; ") if before.text else []
    joined = before.text if text in texts else "; ".join([*texts, text])
    concepts = before.concepts if concept is None else (*before.concepts, concept)
    unread = before.unread + (concept is None)
    found[criterion] = Asked(joined, tuple(dict.fromkeys(concepts)), unread)


def weighted_words(
    need: Need, around: Mapping[str, float], vocabulary: Vocabulary
) -> Mapping[str, float]:
    """The informative words of a need, and those of the text around it, each with its weight."""
    weights: dict[str, float] = {}
    for _, field in _fields(need):
        weights |= _weighted(field.text)
        for concept in field.concepts:
            weights |= _translated(field.text, concept, vocabulary)
    share = FIELD_SHARE if around else 1.0
    return {**{word: share * weight for word, weight in weights.items()}, **around}


def text_words(text: str | None, vocabulary: Vocabulary) -> Mapping[str, float]:
    """The informative words of a text, each with its weight: what is asked counts in full, what
    it is for by half; who asks, where, and from when, are no words of the work."""
    if not text:
        return {}
    outline, found = Outline(text), tokens(text)
    left_out = list(spans_of_places(text, found))
    left_out += [(span.start, span.end) for span in needed_from(text)[1]]
    weights: dict[str, float] = {}

    def add(words: Mapping[str, float], at: int) -> None:
        share = ZONE_SHARES[outline.zone(at)]
        for word, weight in words.items():
            weights[word] = max(weights.get(word, 0.0), share * weight)

    for match in re.finditer(r"\S+", text):
        if not any(low < match.end() and match.start() < high for low, high in left_out):
            add(_weighted(match[0]), match.start())
    if not text.isascii():
        for mention in vocabulary.find(text):
            for concept in mention.concepts:
                add(_translated(mention.text, concept, vocabulary), mention.start)
    told = {word: weight for word, weight in weights.items() if weight > 0}
    return told or _weighted(text)


def _weighted(text: str) -> Mapping[str, float]:
    return {word: WEAK_SHARE if word in WEAK_WORDS else 1.0 for word in words(text)}


def _translated(text: str, concept: str, vocabulary: Vocabulary) -> Mapping[str, float]:
    # Records are written in English; a Korean phrase finds their words by what it means.
    known = vocabulary.concepts.get(concept)
    if known is None or not any("가" <= letter <= "힣" for letter in text):
        return {}
    return _weighted(known.labels.get("en", ""))
