"""The vocabulary: what a phrase names, what a text mentions, and how alike two concepts are."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.matching.distinctions import ALIKE, Groups, named_in
from app.matching.glosses import glosses
from app.matching.graph import Graph
from app.matching.hits import Hit
from app.matching.knowledge import table, words_of
from app.matching.lexicon import Lexicon
from app.matching.many import Many
from app.matching.once import once
from app.matching.readings import Judge
from app.matching.remembered import remembered
from app.matching.stretches import Finder
from app.matching.terms import LIMIT, Completer, Token, normalise, tokens, words
from app.matching.types import Concept, Mention, Reading

_MAKER_WORDS = words_of("short_forms", "makers")  # what makes a product's name a service
_TESTING_WORDS = words_of("short_forms", "testing")
_TESTED: Mapping[str, str] = table("short_forms")["tested"]
_TELLING = _MAKER_WORDS | _TESTED.keys()
_FORMS = frozenset(table("families")["forms"])
_LANGUAGES = ("en", "ko", "fr", "de")


class Vocabulary:
    """An immutable set of concepts, indexed once; all answers depend on nothing else."""

    def __init__(self, concepts: Iterable[Concept], version: int) -> None:
        kept = {concept.id: concept for concept in concepts}
        self.version = version
        self.concepts: Mapping[str, Concept] = MappingProxyType(kept)
        self._graph = Graph(kept)
        self.ids = self._graph.ids
        self.position: Mapping[str, int] = MappingProxyType(self._graph.position)
        self._lexicon = Lexicon(kept.values())
        self._judge = Judge(kept, self._graph, self._lexicon)
        self._by_form: dict[str, list[tuple[str, str, bool]]] = {}
        for text, readings in self._lexicon.written.items():
            for concept, is_label in readings:
                self._by_form.setdefault(normalise(text), []).append((concept, text, is_label))
        self._completer = Completer(self._by_form)
        self._relation = remembered(self._related, 32_768)
        self._told = remembered(self._tell, 8192)
        self._resolved = remembered(self._resolve, 32_768)
        self._written = remembered(self._write, 8192)
        self.groups = Groups(kept, self._graph.broader)
        self._distinguishing = remembered(self._distinguish, 32_768)
        self._meant = remembered(self._means, 8192)

    def resolve(self, phrase: str, facet: str | None = None) -> Reading:
        """What a field of a capability or need says; `facet` is the field's, to settle readings."""
        return self._resolved(phrase[:LIMIT], "scale_unit" if facet == "scale" else facet)

    def named(self, phrase: str, facet: str | None = None) -> tuple[str, ...]:
        """The concepts of `resolve` alone, for whoever reads many phrases once."""
        mentions = self._mentioned(phrase[:LIMIT], "scale_unit" if facet == "scale" else facet)
        return tuple(dict.fromkeys(c for mention in mentions for c in mention.concepts))

    def _resolve(self, phrase: str, facet: str | None) -> Reading:
        mentions = self._mentioned(phrase, facet)
        return Reading(phrase, mentions, self._rest(phrase, mentions))

    def _mentioned(self, phrase: str, facet: str | None) -> tuple[Mention, ...]:
        found = tokens(phrase)
        exact = self._lexicon.exact(found)
        if exact and facet != "scale_unit":
            exact = self._without_units(exact, facet)
        if exact:
            key, concepts = exact
            whole = Hit(0, len(found), found[0].start, found[-1].end, key, concepts, "exact")
            hits = [whole]
        else:
            hits = self._lexicon.hits(phrase, found, facet)
        return self._finished(phrase, found, self._mentions(phrase, found, hits, facet), facet)

    def _finished(
        self, phrase: str, found: Sequence[Token], mentions: tuple[Mention, ...], facet: str | None
    ) -> tuple[Mention, ...]:
        """What is meant in view of all that is mentioned. A whole with its gloss that the
        vocabulary knows as nothing for this field is nothing here: `potency (tablet strength)`."""
        if facet and "(" in phrase and facet != "scale_unit":
            exact = self._lexicon.exact(found)
            if exact and not self._without_units(exact, facet):
                return ()
        mentions = self._composed(self._unglossed(phrase, mentions))
        if facet in (None, "service"):
            mentions = self._by_maker(phrase, found, mentions)
        return mentions

    def many(self) -> Many:
        """A reader of many phrases at once, which says of each what `named` says."""
        return Many(self._lexicon, self._judge, self.concepts, self._finder, self._finished)

    @once
    def _finder(self) -> Finder:
        return Finder(self._lexicon, _TELLING)

    def find(self, text: str) -> tuple[Mention, ...]:
        """Everything a text of up to 4,000 characters mentions, in its order, without overlap."""
        text = text[:LIMIT]
        found = tokens(text)
        mentions = self._mentions(text, found, self._lexicon.hits(text, found), None)
        return self._spelled_out(text, mentions)

    def parts(self, phrase: str) -> tuple[Mention, ...]:
        """What is named inside a phrase, apart from the reading of the phrase as a whole."""
        found = tokens(phrase)
        return self._mentions(phrase, found, self._lexicon.within(phrase, found), None)

    def is_written_in(self, concept: str, text: str) -> bool:
        """Whether a label or synonym of a concept stands in a text to the letter, which is told
        far sooner than what the text says."""
        return any(map(text.casefold().__contains__, self._written(concept)))

    def _write(self, concept: str) -> tuple[str, ...]:
        known = self.concepts[concept]
        return tuple(form.casefold() for form in (*known.labels.values(), *known.synonyms) if form)

    def distinguishing(self, phrase: str) -> tuple[str, ...]:
        """What a service's phrase bears beside the service itself that tells it from others of the
        same name, as `distinctions` groups it."""
        return self._distinguishing(phrase[:LIMIT])

    def _distinguish(self, phrase: str) -> tuple[str, ...]:
        mentions = self.resolve(phrase, "service").mentions
        inner = (c for m in mentions for c in (*m.concepts, *self.borne(m.text)))
        return self.groups.telling((*inner, *named_in(phrase)))

    def standing(self, asked: Sequence[str], names: Iterable[str]) -> list[int]:
        """How names that tell works apart stand to those asked, as `Groups.standing` tells it."""
        return self.groups.standing(asked, names, self.fits)

    def borne(self, text: str) -> tuple[str, ...]:
        """What the words of a mention name beside a service."""
        found = tokens(text)
        named = self._mentions(text, found, self._lexicon.borne(text, found), None)
        return tuple(dict.fromkeys(c for mention in named for c in mention.concepts))

    def fits(self, asked: str, offered: str) -> bool:
        """Whether an offer for one thing isn't held against a wish for the other: it is the same, a
        kind of it, a wider one that may include it, or nearly so."""
        if asked == offered or offered in self.broader(asked):
            return True
        return self.likeness(asked, offered) >= ALIKE

    def likeness(self, asked: str, offered: str) -> float:
        """0 to 1: how far an offer of one concept answers a wish for another."""
        return self._graph.likeness(asked, offered)

    def closest(self, asked: Sequence[str], offered: Sequence[int]) -> tuple[float, str, str]:
        """The likeness of the closest pair of an asked concept and an offered one, given by its
        position, and their ids; 0 and the first asked one (or nothing) where none is alike."""
        best = (0.0, asked[0] if asked else "", "")
        for concept in asked:
            row = self._graph.row(concept)
            for position in offered:
                if row[position] > best[0]:
                    best = (row[position], concept, self.ids[position])
        return best

    def relation(self, asked: tuple[str, ...], offered: tuple[int, ...]) -> tuple[str, str, str]:
        """How the closest pair of an asked concept and an offered one (given by its position)
        stands: same, narrower, broader, related or none; and their ids."""
        return self._relation(asked, offered)

    def _related(self, asked: tuple[str, ...], offered: tuple[int, ...]) -> tuple[str, str, str]:
        likeness, mine, theirs = self.closest(asked, offered)
        if likeness <= 0:
            return "none", mine, ""
        if mine == theirs:
            return "same", mine, theirs
        if theirs in self.narrower(mine):
            return "narrower", mine, theirs
        return "broader" if mine in self.narrower(theirs) else "related", mine, theirs

    def likeness_from(self, asked: Sequence[str]) -> NDArray[np.float32]:
        """For every concept of `ids` as the offer, the best likeness to any asked concept."""
        return self._graph.likeness_from(asked)

    def narrower(self, concept: str) -> frozenset[str]:
        """The concept itself and everything below it; empty for an unknown id."""
        return self._graph.narrower(concept) if concept in self.concepts else frozenset()

    def broader(self, concept: str) -> tuple[str, ...]:
        """The concept itself, then everything above it, nearest first; empty for an unknown id."""
        return self._graph.broader(concept) if concept in self.concepts else ()

    def is_form(self, concept: str) -> bool:
        """Whether a modality is a step or a form (tablet, drug substance) that any medicine can
        take, and not a medicine itself."""
        return not _FORMS.isdisjoint(self.broader(concept))

    def told(
        self, offered: tuple[int, ...], facets: tuple[str, ...]
    ) -> tuple[tuple[str, ...], frozenset[str]]:
        """What an offer's concepts, given by their positions, name in these facets, but for forms
        that any medicine can take; and all that is broader."""
        return self._told(offered, facets)

    def _tell(
        self, offered: tuple[int, ...], facets: tuple[str, ...]
    ) -> tuple[tuple[str, ...], frozenset[str]]:
        named = tuple(
            concept
            for concept in (self.ids[position] for position in offered)
            if self.concepts[concept].facet in facets and not self.is_form(concept)
        )
        return named, frozenset(above for concept in named for above in self.broader(concept))

    def making(self, products: Iterable[str]) -> str | None:
        """The service that makes the first of these products whose making has a name."""
        makes = table("short_forms")["makes"]
        for product in products:
            for above in self.broader(product):
                if makes.get(above) in self.concepts:
                    return str(makes[above])
        return None

    def suggest(self, q: str, limit: int, facet: str | None = None) -> list[tuple[str, str]]:
        """Concepts for what someone is typing, each with the form that matched, best first."""
        found: dict[str, str] = {}
        for form in self._completer.complete(q, limit * 6):
            ranked = sorted(self._by_form[form], key=lambda entry: not entry[2])
            for concept, text, _ in ranked:
                kept = self.concepts[concept]
                if not kept.is_decoy and facet in (None, kept.facet):
                    found.setdefault(concept, text)
        return list(found.items())[:limit]

    def _without_units(
        self, exact: tuple[tuple[str, ...], tuple[str, ...]], facet: str | None
    ) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        key, concepts = exact
        kept = (self.concepts[c] for c in concepts)
        others = tuple(c.id for c in kept if c.facet != "scale_unit" or c.is_decoy)
        if others:
            return key, others
        return None if facet else exact

    def _mentions(
        self, text: str, found: Sequence[Token], hits: Iterable[Hit], facet: str | None
    ) -> tuple[Mention, ...]:
        mentions = []
        for hit in hits:
            written = text[hit.start : hit.end]
            concepts, how, readings = self._judge.decide(hit, written, found, facet)
            if concepts or readings:
                mentions.append(Mention(written, hit.start, hit.end, concepts, how, readings))
        return tuple(mentions)

    def _unglossed(self, phrase: str, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
        """Without what a bracket says against the words before it: `IP licensing (기술이전)`."""
        opened = phrase.find("(")
        if opened < 0:
            return mentions
        mentions = self._spelled_out(phrase, mentions)
        outside = [c for m in mentions if m.end <= opened for c in m.concepts]
        return tuple(
            m
            for m in mentions
            if not outside
            or m.start < opened
            or not any(self._graph.apart(o, c) for o in outside for c in m.concepts)
        )

    def _spelled_out(self, text: str, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
        """Without a short form that the text spells out as something else, wherever it stands."""
        told: dict[str, str] = {}
        for short, said in glosses(text):
            told.setdefault(text[slice(*short)], text[slice(*said)])
        if not told:
            return mentions
        return tuple(
            mention
            for mention in mentions
            if mention.text not in told
            or self._meant(told[mention.text], (*mention.concepts, *mention.readings))
        )

    def _means(self, said: str, meant: tuple[str, ...]) -> bool:
        """Whether the words that spell out a short form may mean what it is read as: they name
        something like it, or hold a word of it."""
        named = [c for mention in self.find(said) for c in (*mention.concepts, *mention.readings)]
        if any(self.fits(one, other) or self.fits(other, one) for one in meant for other in named):
            return True
        known = (self.concepts[c] for c in meant)
        forms = (form for c in known for form in (*c.labels.values(), *c.synonyms))
        return not set(words(said)).isdisjoint(word for form in forms for word in words(form))

    def _composed(self, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
        """Making something together with what is made names a service: `AAV production`."""
        if all(m.concepts != ("manufacturing",) for m in mentions):
            return mentions
        products = [c for m in mentions for c in m.concepts if self.concepts[c].facet != "service"]
        service = self.making(products)
        if service is None:
            return mentions
        return tuple(
            Mention(m.text, m.start, m.end, (service,), "context")
            if m.concepts == ("manufacturing",)
            else m
            for m in mentions
        )

    def _by_maker(
        self, phrase: str, found: Sequence[Token], mentions: tuple[Mention, ...]
    ) -> tuple[Mention, ...]:
        """Where no service is named: a product and its facility, or testing and its target."""
        if all(token.word not in _TELLING for token in found):
            return mentions
        ids = [c for m in mentions for c in (*m.concepts, *m.readings)]
        if any(self.concepts[c].facet == "service" for c in ids):
            return mentions
        tells = dict.fromkeys(_MAKER_WORDS, self.making(ids) or "")
        if any(token.word in _TESTING_WORDS for token in found):
            tells.update(_TESTED)
        for token in found:
            service = tells.get(token.word)
            free = all(m.end <= token.start or token.end <= m.start for m in mentions)
            if service in self.concepts and service and free:
                written = phrase[token.start : token.end]
                told = Mention(written, token.start, token.end, (service,), "context")
                return tuple(sorted((*mentions, told), key=lambda m: m.start))
        return mentions

    def _rest(self, phrase: str, mentions: Sequence[Mention]) -> tuple[str, ...]:
        """The words of a phrase that no mention covers."""
        left, at = [], 0
        for mention in mentions:
            left.append(phrase[at : mention.start])
            at = mention.end
        left.append(phrase[at:])
        return words(" | ".join(left))


def concepts_from_records(lines: Iterable[Mapping[str, Any]]) -> list[Concept]:
    """Concepts from records in the shape of app/data/vocabulary.jsonl."""
    return [
        Concept(
            id=line["id"],
            facet=line["facet"],
            labels={
                language: line[f"label_{language}"]
                for language in _LANGUAGES
                if line.get(f"label_{language}")
            },
            synonyms=tuple(line.get("synonyms") or ()),
            broader=line.get("broader"),
            related=tuple(line.get("related") or ()),
            not_same_as=tuple(line.get("not_same_as") or ()),
            codes={key: line[key] for key in ("exact_match", "close_match") if line.get(key)},
            is_decoy=bool(line.get("is_decoy")),
        )
        for line in lines
    ]
