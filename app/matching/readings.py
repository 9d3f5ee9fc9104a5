"""Which of several readings a written form has, judged by the field and the words around it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from math import log

from app.matching.graph import Graph
from app.matching.hits import Hit
from app.matching.knowledge import names_of, table
from app.matching.lexicon import Lexicon
from app.matching.remembered import remembered
from app.matching.terms import Token, words
from app.matching.trie import Key
from app.matching.types import Concept, How
from app.matching.wordforms import canonical, stem

_WINDOW = 9  # tokens on either side that speak for a reading
_CURATED = 4.0  # what one cue of the table weighs against one word of a concept's own wording
_LEAD = 1.5  # by how much the best reading must lead


class Judge:
    """Decides between readings; says `ambiguous` where nothing does."""

    def __init__(self, concepts: Mapping[str, Concept], graph: Graph, lexicon: Lexicon) -> None:
        self._concepts = concepts
        self._graph = graph
        self._lexicon = lexicon
        self._cues = {
            (tuple(form.split()) if form.isascii() else tuple(form), concept): _stems(cues)
            for form, readings in table("short_forms")["readings"].items()
            for concept, cues in readings.items()
        }
        self._glosses = {place: _stems(cues) for place, cues in lexicon.cues.items()}
        self._profiles: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {}
        self._scored = remembered(self._score_of, 8192)
        self._settled = remembered(self._settle, 8192)
        self._are_apart = remembered(self._any_apart, 8192)
        counts = Counter(word for concept in concepts for word in self._own(concept))
        self._rarity = {word: log(1 + len(concepts) / n) / 6 for word, n in counts.items()}

    def decide(
        self, hit: Hit, written: str, found: Sequence[Token], facet: str | None
    ) -> tuple[tuple[str, ...], How, tuple[str, ...]]:
        """The concepts of a form in its place, how they were found, and the readings if unclear."""
        whole = hit.first == 0 and all(token.kind == "bar" for token in found[hit.last :])
        how: How = "spelling" if hit.how == "spelling" else "exact" if whole else "phrase"
        ids = hit.concepts
        if len(ids) == 1:
            return (ids, how, ()) if self._supported(hit, ids[0], found) else ((), how, ())
        spelled = self._lexicon.spelled(hit.key, ids, written)
        if spelled:
            return (spelled,), how, ()
        if self._are_apart(ids):
            told = self._by_context(hit, ids, found)
            if told:
                return self._narrowed(hit.key, told), "context", ()
        settled, unclear = self._settled(hit.key, ids, facet)
        return settled, "ambiguous" if unclear else how, unclear

    def settled(
        self, key: Key, ids: tuple[str, ...], facet: str | None
    ) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """What a form says whatever its capitals and the words around it, and its readings if
        unclear; None where these count."""
        if len(ids) == 1:
            is_plain = (key, ids[0]) not in self._lexicon.cues
            return (ids, ()) if is_plain or not self._concepts[ids[0]].is_decoy else None
        if self._lexicon.may_be_spelled(key, ids) or self._are_apart(ids):
            return None
        return self._settled(key, ids, facet)

    def _settle(
        self, key: Key, ids: tuple[str, ...], facet: str | None
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What a form says wherever it stands, or the readings between which that leaves it."""
        ids = self._of_facet(ids, facet)
        if len(ids) == 1:
            return ids, ()
        ids = self._without_decoys(ids)
        ids = self._labelled(key, ids) or self._narrowed(key, ids)
        return ((), ids) if self._are_apart(ids) else (ids, ())

    def _any_apart(self, ids: tuple[str, ...]) -> bool:
        return any(self._graph.apart(a, b) for a in ids for b in ids)

    def _supported(self, hit: Hit, concept: str, found: Sequence[Token]) -> bool:
        """A decoy that only a gloss tells from everyday words needs a word in its favour."""
        if (hit.key, concept) not in self._lexicon.cues or not self._concepts[concept].is_decoy:
            return True
        if hit.last - hit.first == len(found):
            return True
        return self._scored(hit.key, concept, *_around(hit, found)) > 0

    def _of_facet(self, ids: tuple[str, ...], facet: str | None) -> tuple[str, ...]:
        kept = tuple(i for i in ids if self._concepts[i].facet == facet)
        return kept or ids

    def _by_context(self, hit: Hit, ids: Sequence[str], found: Sequence[Token]) -> tuple[str, ...]:
        """The reading the words around speak for, with those that don't contradict it."""
        around, korean = _around(hit, found)
        scores = {concept: self._scored(hit.key, concept, around, korean) for concept in ids}
        best = max(ids, key=lambda concept: scores[concept])
        allied = [i for i in ids if i == best or self._allied(best, i)]
        rival = max((scores[i] for i in ids if i not in allied), default=0.0)
        if scores[best] <= 0 or scores[best] < _LEAD * rival:
            return ()
        return tuple(i for i in allied if scores[i] > 0)

    def _allied(self, one: str, other: str) -> bool:
        """Whether one reading is a kind of the other, so that both may hold."""
        return other in self._graph.broader(one) or one in self._graph.broader(other)

    def _score_of(self, key: Key, concept: str, around: frozenset[str], korean: str) -> float:
        curated = self._cues.get((key, concept), frozenset())
        curated = curated | self._glosses.get((key, concept), frozenset())
        profile, korean_profile = self._profile(concept)
        score = _CURATED * len(curated & around)
        score += _CURATED * sum(1 for cue in curated if _within(cue, korean))
        score += sum(self._rarity.get(word, 0.0) for word in profile & around)
        if korean:
            score += sum(self._rarity.get(w, 0.0) for w in korean_profile if w in korean)
        return score

    def _without_decoys(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        real = tuple(i for i in ids if not self._concepts[i].is_decoy)
        return real or ids

    def _labelled(self, key: Key, ids: tuple[str, ...]) -> tuple[str, ...]:
        """The one reading that a form of several words is the label of; Korean stays open."""
        labelled = tuple(i for i in ids if (key, i) in self._lexicon.labels)
        return labelled if len(labelled) == 1 and len(key) > 1 and key[0].isascii() else ()

    def _narrowed(self, key: Key, ids: tuple[str, ...]) -> tuple[str, ...]:
        """Of a line of broader and narrower readings the labelled one, else the narrowest."""
        labelled = tuple(i for i in ids if (key, i) in self._lexicon.labels)
        if len(labelled) == 1 and not any(self._graph.apart(labelled[0], i) for i in ids):
            facet = self._concepts[labelled[0]].facet
            ids = tuple(i for i in ids if i == labelled[0] or self._concepts[i].facet != facet)
        return tuple(
            i for i in ids if not any(j != i and j in self._graph.narrower(i) for j in ids)
        )

    def _own(self, concept: str) -> frozenset[str]:
        kept = self._concepts[concept]
        written = [*kept.labels.values(), *kept.synonyms, *names_of(concept)]
        return frozenset(stem(word) for text in written if text for word in words(text))

    def _profile(self, concept: str) -> tuple[frozenset[str], tuple[str, ...]]:
        """The words of a concept and of those it is linked to; the Korean ones again apart."""
        if concept not in self._profiles:
            near = {*self._graph.broader(concept), *self._concepts[concept].related}
            known = [self._own(other) for other in sorted(near) if other in self._concepts]
            spoken = frozenset[str]().union(*known)
            korean = tuple(sorted(w for w in spoken if _within(w, w)))
            self._profiles[concept] = (spoken, korean)
        return self._profiles[concept]


def _stems(cues: Collection[str]) -> frozenset[str]:
    return frozenset(stem(canonical(cue)) for cue in cues)


def _around(hit: Hit, found: Sequence[Token]) -> tuple[frozenset[str], str]:
    """Stems of the words near a form, and the Korean near it, without the form's own."""
    low, high = max(0, hit.first - _WINDOW), min(len(found), hit.last + _WINDOW)
    near = [found[index] for index in range(low, high) if not hit.first <= index < hit.last]
    korean = "".join(token.word for token in near if token.kind == "hangul")
    return frozenset(stem(token.word) for token in near if token.kind != "hangul"), korean


def _within(word: str, korean: str) -> bool:
    return len(word) > 1 and "가" <= word[0] <= "힣" and word in korean
