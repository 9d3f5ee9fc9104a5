"""What many phrases name, worked out side by side: what `Vocabulary.resolve` would say of each, in
a fraction of the time.

Words and forms are looked up in arrays for all phrases at once. What has something special is
looked at by itself, with the functions that read one phrase: forms that go on over words between,
readings that the words around decide, glosses in brackets. Phrases that are special as a whole
(other scripts, misspellings) are left to `Vocabulary.resolve`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.matching.batches import KINDS, Ints, Layout, Mask
from app.matching.choice import Taken, chosen, is_taken
from app.matching.hits import Hit
from app.matching.known_words import Mark
from app.matching.lexicon import Lexicon
from app.matching.readings import Judge
from app.matching.scene import Scene
from app.matching.stretches import CUT, STEM, Finder, Stretches, codes_of
from app.matching.terms import Token
from app.matching.types import Concept, Mention

Finish = Callable[[str, Sequence[Token], tuple[Mention, ...], str | None], tuple[Mention, ...]]
Value = tuple[tuple[str, ...], tuple[str, ...]]  # concepts and open readings
Row = tuple[int, int, int, int]  # of a stretch: its first and last word, node and kind
_LOOKED_AT = 3  # the kind of a hit that was found by itself: its node is its place among them
_MAKING = ("manufacturing",)


class Named:
    """What phrases name: for each its concepts, None for one to read by itself."""

    def __init__(self, phrases: Sequence[str], bounds: list[int], said: "_Said") -> None:
        self.concepts: list[tuple[str, ...] | None] = [None] * len(phrases)
        self._phrases, self._bounds, self._said = phrases, bounds, said
        self._finished: dict[int, tuple[Mention, ...]] = {}

    def finish(self, number: int, mentions: tuple[Mention, ...]) -> None:
        """What a phrase mentions after all."""
        self.concepts[number] = tuple(dict.fromkeys(c for m in mentions for c in m.concepts))
        self._finished[number] = mentions

    def mentioned(self, number: int) -> tuple[str, ...]:
        """The words of each mention of a phrase."""
        kept = self._finished.get(number)
        if kept is not None:
            return tuple(mention.text for mention in kept)
        phrase, said = self._phrases[number], self._said
        own = slice(*self._bounds[number : number + 2])
        places = zip(said.starts[own], said.ends[own], strict=True)
        return tuple(phrase[start:end] for start, end in places)

    def mentions(self, number: int) -> tuple[Mention, ...]:
        """The mentions of a phrase, whose `how` isn't told: they count as exact."""
        kept = self._finished.get(number)
        if kept is None:
            phrase, said = self._phrases[number], self._said
            own = slice(*self._bounds[number : number + 2])
            kept = self._finished[number] = tuple(
                Mention(phrase[start:end], start, end, concepts, "exact", readings)
                for start, end, (concepts, readings) in zip(
                    said.starts[own], said.ends[own], said.values[own], strict=True
                )
            )
        return kept


class _Said(NamedTuple):
    """All that some phrases mention, one after the other."""

    starts: list[int]
    ends: list[int]
    values: list[Value]


class Many:
    """Reads many phrases at once for one vocabulary, and remembers their words; `finish` says what
    they mention where one mention may change another."""

    def __init__(
        self,
        lexicon: Lexicon,
        judge: Judge,
        concepts: Mapping[str, Concept],
        finder: Finder,
        finish: Finish,
    ) -> None:
        self.lexicon, self.judge, self.concepts, self.finish = lexicon, judge, concepts, finish
        self.finder = finder
        self._layout, self._words = Layout(), finder.known_words()
        self.values: list[Value] = []
        self._numbers: dict[Value, int] = {}
        self._of_forms: dict[tuple[int, str], int] = {}

    def read(self, phrases: Sequence[str], facet: str) -> Named:
        """What these phrases of a field name."""
        batch = self._layout.batch(phrases)
        names = list(self._layout.words)
        scene = Scene(phrases, batch, self._words.of(names, batch.words))
        return _Reader(self, facet, scene, names).named()

    def number(self, value: Value) -> int:
        """The number of a value, which it keeps."""
        number = self._numbers.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number

    def traits(self, number: int) -> tuple[bool, bool, bool, bool]:
        """Whether a value says anything, may be a service, is making, and is something else."""
        concepts, readings = self.values[number]
        facets = [self.concepts[c].facet for c in (*concepts, *readings)]
        others = any(self.concepts[c].facet != "service" for c in concepts)
        return bool(facets), "service" in facets, concepts == _MAKING, others

    def value_of_form(self, node: int, kind: int, facet: str) -> int:
        """The number of what a form says whatever is around it, -1 where that counts."""
        known = (node * _LOOKED_AT + kind, facet)
        if known not in self._of_forms:
            key, concepts = self.form(node, kind)
            value = self.judge.settled(key, concepts, facet)
            # The words that a stem was met by may be those of another reading.
            if kind == STEM and any(self.concepts[c].is_decoy for c in concepts):
                value = None
            self._of_forms[known] = -1 if value is None else self.number(value)
        return self._of_forms[known]

    def form(self, node: int, kind: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The words of a form (of a stem: their stems) and its concepts."""
        tree = self.finder.stems if kind == STEM else self.finder.exact
        concepts = tree.concepts[node]
        if kind == CUT:
            concepts = tuple(c for c in concepts if c not in self.lexicon.units)
        return tree.keys[node], concepts


class _Reader:
    """One batch of phrases on its way to what they name."""

    def __init__(self, many: Many, facet: str, scene: Scene, names: list[str]) -> None:
        self._many, self._facet, self._scene = many, facet, scene
        self._phrases = scene.phrases
        self._names = names
        self._bounds: list[int] = scene.batch.bounds.tolist()
        self._tokens: dict[int, list[Token]] = {}
        self._hits: list[Hit] = []  # those looked at by themselves

    def named(self) -> Named:
        """What the phrases name."""
        scene = self._scene
        forms = self._many.finder.found(scene)
        spread = self._spread()
        forms = forms.where(~((forms.kinds == STEM) & np.isin(codes_of(forms), codes_of(spread))))
        forms = forms.joined(spread)
        kept, taken = self._chosen(forms)
        misspelt = np.flatnonzero(scene.known.are(Mark.MISSPELT))
        owners = scene.batch.phrases[misspelt[~is_taken(scene, misspelt, taken)]]
        scene.is_special[owners] = True
        apart = self._apart(forms.where(kept))
        if len(apart.first):
            forms = forms.joined(apart)
            kept, _ = self._chosen(forms)
        forms = forms.where(kept & ~scene.is_special[scene.batch.phrases[forms.first]])
        return self._read(forms.where(np.argsort(forms.first)))

    def _chosen(self, forms: Stretches) -> tuple[Mask, Taken]:
        batch = self._scene.batch
        worth = (batch.ends[forms.last - 1] - batch.starts[forms.first]).astype(np.float64)
        worth[forms.kinds == STEM] *= 0.6
        order = np.where(forms.kinds == STEM, 2, 0)
        looked_at = np.flatnonzero(forms.kinds == _LOOKED_AT)
        for place, number in zip(looked_at.tolist(), forms.nodes[looked_at].tolist(), strict=True):
            hit = self._hits[number]
            worth[place] = hit.size if hit.how == "apart" else worth[place] + 0.5
            order[place] = 3 if hit.how == "apart" else 1
        return chosen(self._scene, forms.first, forms.last, worth, order)

    def _spread(self) -> Stretches:
        """Forms that go on over words between."""
        found: list[tuple[int, Hit]] = []
        done = self._done()
        words = self._many.finder.spread(self._scene)
        owners = self._scene.batch.phrases[words]
        for word, phrase in zip(words.tolist(), owners.tolist(), strict=True):
            if not done[phrase]:
                first = word - self._bounds[phrase]
                text, told = self._phrases[phrase], self._told(phrase)
                hits = self._many.lexicon.spread(text, told, first, self._facet)
                found += ((phrase, hit) for hit in hits)
        return self._looked_at(found)

    def _apart(self, named: Stretches) -> Stretches:
        """Phrases whose parts stand apart and that say more than what is named beside them."""
        many, bounds = self._many, self._bounds
        apart = many.finder.apart.found(self._scene)
        owners = self._scene.batch.phrases[apart.first]
        told = named.where(np.argsort(named.first))
        limits, rows = np.searchsorted(told.first, self._scene.batch.bounds).tolist(), told.rows()
        found: list[tuple[int, Hit]] = []
        done = self._done()
        for phrase, first, last, number, size in zip(
            owners.tolist(), *apart.columns(), strict=True
        ):
            if done[phrase]:
                continue
            concept = many.finder.apart.concepts[number]
            if not self._is_named(concept, first, last, rows[limits[phrase] : limits[phrase + 1]]):
                begin, tokens = bounds[phrase], self._told(phrase)
                place = (first - begin, last - begin, size, concept)
                hits = many.lexicon.told_apart(self._phrases[phrase], tokens, place, self._facet)
                found += ((phrase, hit) for hit in hits)
        return self._looked_at(found)

    def _is_named(self, concept: str, first: int, last: int, beside: Sequence[Row]) -> bool:
        """Whether a concept is named by several words among these, as `Lexicon.gives_way` asks."""
        for begin, end, node, kind in beside:
            if begin < last and first < end:
                if kind == _LOOKED_AT:
                    key, concepts = self._hits[node].key, self._hits[node].concepts
                else:
                    key, concepts = self._many.form(node, kind)
                if concept in concepts and len(key) > 1:
                    return True
        return False

    def _done(self) -> list[bool]:
        """The phrases that nothing more is looked for in."""
        done: list[bool] = (self._scene.is_special | self._scene.is_settled).tolist()
        return done

    def _looked_at(self, found: Sequence[tuple[int, Hit]]) -> Stretches:
        before = len(self._hits)
        self._hits += (hit for _, hit in found)
        begins = [self._bounds[phrase] for phrase, _ in found]
        return Stretches(
            np.array(
                [b + hit.first for b, (_, hit) in zip(begins, found, strict=True)], dtype=np.int32
            ),
            np.array(
                [b + hit.last for b, (_, hit) in zip(begins, found, strict=True)], dtype=np.int32
            ),
            np.arange(before, len(self._hits), dtype=np.int32),
            np.full(len(found), _LOOKED_AT, dtype=np.int8),
        )

    def _told(self, phrase: int) -> list[Token]:
        """The words of a phrase one by one."""
        kept = self._tokens.get(phrase)
        if kept is None:
            batch, names = self._scene.batch, self._names
            part = slice(*self._bounds[phrase : phrase + 2])
            told = zip(
                batch.words[part].tolist(),
                batch.starts[part].tolist(),
                batch.ends[part].tolist(),
                batch.kinds[part].tolist(),
                strict=True,
            )
            kept = [Token(names[word], start, end, KINDS[kind]) for word, start, end, kind in told]
            self._tokens[phrase] = kept
        return kept

    def _hit(self, phrase: int, first: int, last: int, node: int, kind: int) -> Hit:
        """One of some forms, as `Lexicon` would tell it."""
        if kind == _LOOKED_AT:
            return self._hits[node]
        first, last = first - self._bounds[phrase], last - self._bounds[phrase]
        key, concepts = self._many.form(node, kind)
        told = self._told(phrase)
        if kind == STEM:
            key = tuple(token.word for token in told[first:last])
        how = "stem" if kind == STEM else "exact"
        return Hit(first, last, told[first].start, told[last - 1].end, key, concepts, how)

    def _read(self, forms: Stretches) -> Named:
        """What chosen forms say, given in their order."""
        numbers = self._values(forms)
        many, batch = self._many, self._scene.batch
        values = [many.traits(value) for value in range(len(many.values))]
        traits = np.array(values, dtype=np.bool_).reshape(-1, 4)[numbers]
        says = traits[:, 0]
        forms, numbers, traits = forms.where(says), numbers[says], traits[says]
        owners = batch.phrases[forms.first]
        bounds = np.searchsorted(owners, np.arange(len(self._phrases) + 1)).tolist()
        told = numbers.tolist()
        said_all = _Said(
            batch.starts[forms.first].tolist(),
            batch.ends[forms.last - 1].tolist(),
            [many.values[value] for value in told],
        )
        named = Named(self._phrases, bounds, said_all)
        known: dict[tuple[int, ...], tuple[str, ...]] = {}
        for number in np.flatnonzero(~self._scene.is_special).tolist():
            said = tuple(told[bounds[number] : bounds[number + 1]])
            concepts = known.get(said)
            if concepts is None:
                each = (c for value in said for c in many.values[value][0])
                concepts = known[said] = tuple(dict.fromkeys(each))
            named.concepts[number] = concepts
        for number in self._unfinished(owners, traits):
            text, found = self._phrases[number], self._told(number)
            named.finish(number, many.finish(text, found, named.mentions(number), self._facet))
        return named

    def _unfinished(self, owners: Ints, traits: NDArray[np.bool_]) -> list[int]:
        """The phrases in which one mention may change another."""
        scene, size = self._scene, len(self._phrases)
        has = np.zeros((4, size), dtype=np.bool_)
        for trait in range(4):
            has[trait, owners[traits[:, trait]]] = True
        is_open = has[2] & has[3]
        telling, opening = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
        opening[scene.phrases_with(scene.known.are(Mark.OPENING))] = True
        is_open |= opening & has[0]
        if self._facet == "service":
            telling[scene.phrases_with(scene.known.are(Mark.TELLING))] = True
            is_open |= telling & ~has[1]
        return np.flatnonzero(is_open & ~scene.is_special).tolist()

    def _values(self, forms: Stretches) -> Ints:
        """The number of the value that each form has in its place."""
        codes = forms.nodes.astype(np.int64) * (_LOOKED_AT + 1) + forms.kinds
        distinct, places = np.unique(codes, return_inverse=True)
        values = []
        for code in distinct.tolist():
            node, kind = divmod(code, _LOOKED_AT + 1)
            is_form = kind != _LOOKED_AT
            values.append(self._many.value_of_form(node, kind, self._facet) if is_form else -1)
        numbers: Ints = np.array(values, dtype=np.int32)[places.reshape(-1)]
        owners = self._scene.batch.phrases[forms.first]
        unclear = np.flatnonzero(numbers < 0)
        rows = zip(
            unclear.tolist(), owners[unclear].tolist(), forms.where(unclear).rows(), strict=True
        )
        for place, phrase, row in rows:
            hit = self._hit(phrase, *row)
            written = self._phrases[phrase][hit.start : hit.end]
            concepts, _, readings = self._many.judge.decide(
                hit, written, self._told(phrase), self._facet
            )
            numbers[place] = self._many.number((concepts, readings))
        return numbers
