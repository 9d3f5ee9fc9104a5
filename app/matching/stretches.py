"""Where the written forms of concepts stand in many phrases, found side by side."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.matching.apart_phrases import ApartPhrases
from app.matching.batches import BAR, NUMBER, WORD, Ints, Mask
from app.matching.known_words import KnownWords, Mark, marked
from app.matching.lexicon import Lexicon
from app.matching.scene import MOST_WORDS, Scene
from app.matching.trees import Tree
from app.matching.trie import FURTHEST, HEAD

EXACT, CUT, STEM = 0, 1, 2  # as written, as written without the units among its concepts, by stem


@dataclass(frozen=True, slots=True)
class Stretches:
    """Stretches of words that are a form, each with the node that says which one."""

    first: Ints
    last: Ints  # exclusive
    nodes: Ints
    kinds: NDArray[np.int8]  # EXACT, CUT or STEM

    def where(self, which: NDArray[Any]) -> "Stretches":
        """Some of them."""
        return Stretches(self.first[which], self.last[which], self.nodes[which], self.kinds[which])

    def rows(self) -> list[tuple[int, int, int, int]]:
        """Each with its first and last word, node and kind."""
        columns = (self.first, self.last, self.nodes, self.kinds)
        return list(zip(*(column.tolist() for column in columns), strict=True))

    def joined(self, other: "Stretches") -> "Stretches":
        """These, then others."""
        return Stretches(
            np.concatenate((self.first, other.first)),
            np.concatenate((self.last, other.last)),
            np.concatenate((self.nodes, other.nodes)),
            np.concatenate((self.kinds, other.kinds)),
        )


class Finder:
    """Finds forms as `Lexicon.hits` does; what needs a closer look is marked special."""

    def __init__(self, lexicon: Lexicon, telling: Iterable[str]) -> None:
        self._lexicon = lexicon
        self.exact, self.stems = Tree(lexicon.root), Tree(lexicon.stem_root)
        self.apart = ApartPhrases(lexicon.phrases)
        self._telling = frozenset(telling)
        self._stands_anywhere = marked(self.exact.keys, lexicon.anywhere)
        self._weak = marked(self.exact.keys, lexicon.weak)
        self._weak_stems = marked(self.stems.keys, lexicon.weak_stems)
        units = [lexicon.units.intersection(ids) for ids in self.exact.concepts]
        self._has_unit = np.array([bool(found) for found in units])
        self._only_units = self._has_unit & np.array(
            [len(found) == len(ids) for found, ids in zip(units, self.exact.concepts, strict=True)]
        )
        self._is_code = np.array([lexicon.is_code(key) for key in self.exact.keys])
        self._is_one = np.array([len(ids) == 1 for ids in self.stems.concepts])
        self._unit_stems = np.array([not lexicon.units.isdisjoint(i) for i in self.stems.concepts])

    def known_words(self) -> KnownWords:
        """What is known of words, to be filled with those of one layout."""
        return KnownWords(self._lexicon, self.exact, self.stems, self.apart.numbers, self._telling)

    def found(self, scene: Scene) -> Stretches:
        """All forms as written, and those met by their stems only."""
        every = np.arange(len(scene.batch.words), dtype=np.int32)
        exact = self._walked(self.exact, scene.known.exact, every, scene, EXACT)
        wholes = self._wholes(exact, scene)
        accepted = self._accepted(
            exact.where(~scene.is_settled[scene.batch.phrases[exact.first]]), scene
        )
        every = every[~scene.is_settled[scene.batch.phrases]]
        stems = self._walked(self.stems, scene.known.stems, every, scene, STEM)
        size = stems.last - stems.first
        telling = self._is_one[stems.nodes] & (
            (size > 1) | scene.known.are(Mark.ENDED)[stems.first]
        )
        # Where a form as written ends, its stem says nothing more.
        new = ~np.isin(codes_of(stems), codes_of(accepted))
        stems = self._accepted_stems(stems.where(telling & new), scene)
        return wholes.joined(accepted).joined(stems)

    def _walked(self, tree: Tree, words: Ints, places: Ints, scene: Scene, kind: int) -> Stretches:
        places = places[words[places] >= 0]
        first, last, nodes = tree.forms(words, places, scene.end_of[places])
        return Stretches(first, last, nodes, np.full(len(first), kind, dtype=np.int8))

    def _wholes(self, exact: Stretches, scene: Scene) -> Stretches:
        """Phrases that are a form as a whole, which settles them: with their bars, else without."""
        owners = scene.batch.phrases[exact.first]
        whole = (exact.first == scene.begins[owners]) & (exact.last == scene.ends[owners])
        found = self._settled(exact.where(whole), scene)
        return found.joined(self._settled(self._without_bars(scene), scene))

    def _settled(self, wholes: Stretches, scene: Scene) -> Stretches:
        # In a field that is no scale a unit doesn't settle anything.
        kept = ~self._only_units[wholes.nodes]
        kept &= ~scene.is_settled[scene.batch.phrases[wholes.first]]
        wholes = wholes.where(kept)
        scene.is_settled[scene.batch.phrases[wholes.first]] = True
        kinds = np.where(self._has_unit[wholes.nodes], np.int8(CUT), np.int8(EXACT))
        return Stretches(wholes.first, wholes.last, wholes.nodes, kinds)

    def _without_bars(self, scene: Scene) -> Stretches:
        """Phrases that are a form without their bars, from their first word to their last."""
        batch = scene.batch
        is_bar = batch.kinds == BAR
        barred = np.zeros(len(scene.begins), dtype=np.bool_)
        barred[scene.phrases_with(is_bar)] = True
        kept = np.flatnonzero(~is_bar & barred[batch.phrases]).astype(np.int32)
        owners = batch.phrases[kept]
        firsts = np.searchsorted(owners, np.unique(owners)).astype(np.int32)
        ends = np.searchsorted(owners, np.unique(owners), side="right").astype(np.int32)
        first, last, nodes = self.exact.forms(scene.known.exact[kept], firsts, ends)
        whole = last == ends[np.searchsorted(firsts, first)]
        owners = owners[first[whole]]
        kinds = np.full(len(owners), EXACT, dtype=np.int8)
        return Stretches(scene.begins[owners], scene.ends[owners], nodes[whole], kinds)

    def _accepted(self, forms: Stretches, scene: Scene) -> Stretches:
        """As `Lexicon` accepts forms as written."""
        free = self._stands_anywhere[forms.nodes]
        bad = self._is_out_of_place(forms, self._weak[forms.nodes], ~free, scene)
        bad |= self._is_code[forms.nodes] & self._is_in_name(forms, scene)
        cut = ~free & self._has_unit[forms.nodes] & ~_after_number(forms, scene)
        kinds = np.where(cut, np.int8(CUT), np.int8(EXACT))
        forms = Stretches(forms.first, forms.last, forms.nodes, kinds)
        return forms.where(free | ~(bad | (cut & self._only_units[forms.nodes])))

    def _accepted_stems(self, forms: Stretches, scene: Scene) -> Stretches:
        """As `Lexicon` accepts stems, which have one concept each."""
        every = np.ones(len(forms.first), dtype=np.bool_)
        bad = self._is_out_of_place(forms, self._weak_stems[forms.nodes], every, scene)
        units = self._unit_stems[forms.nodes] & ~_after_number(forms, scene)
        return forms.where(~(bad | units))

    def _is_out_of_place(self, forms: Stretches, weak: Mask, looked_at: Mask, scene: Scene) -> Mask:
        """Weak words beside others, short forms that go on as the name of a gene, and such as count
        only in capitals."""
        batch, known = scene.batch, scene.known
        owners = batch.phrases[forms.first]
        whole = (forms.first == scene.begins[owners]) & (forms.last == scene.ends[owners])
        single = forms.last - forms.first == 1
        following = np.minimum(forms.last, len(batch.words) - 1)
        letter = known.are(Mark.LETTER)[following] & (batch.kinds[following] == WORD)
        goes_on = (forms.last < scene.ends[owners]) & batch.is_glued[forms.first]
        goes_on &= (batch.kinds[following] == NUMBER) | letter
        weak &= ~whole
        doubt = single & known.are(Mark.CASED)[forms.first] & ~whole & ~weak & looked_at
        for place in np.flatnonzero(doubt).tolist():
            written = scene.written(int(forms.first[place]))
            weak[place] = written == written.lower()
        found: Mask = weak | (single & known.are(Mark.SHORT)[forms.first] & goes_on)
        return found

    def _is_in_name(self, forms: Stretches, scene: Scene) -> Mask:
        """Letters or numbers joined to a form, before or behind it."""
        batch = scene.batch
        owners = batch.phrases[forms.first]
        letter = scene.known.are(Mark.LETTER) & (batch.kinds == WORD) | (batch.kinds == NUMBER)
        before = np.maximum(forms.first - 1, 0)
        after = np.minimum(forms.last, len(batch.words) - 1)
        found: Mask = (forms.first > scene.begins[owners]) & batch.is_glued[before] & letter[before]
        found |= (forms.last < scene.ends[owners]) & batch.is_glued[forms.last - 1] & letter[after]
        return found

    def spread(self, scene: Scene) -> Ints:
        """The words at which a form begins that goes on over words between."""
        known, found = scene.known, [_NONE]
        every = np.arange(len(scene.batch.words), dtype=np.int32)
        some = known.exact >= 0
        walks = self.exact.walk(known.exact, every[some], scene.end_of[some])
        for (first, last, nodes), _ in zip(walks, range(HEAD), strict=False):
            end = scene.end_of[first]
            room = last <= end - 2
            first, last, nodes, end = first[room], last[room], nodes[room], end[room]
            steps = known.are(Mark.PRODUCT)[last]
            found.append(self._resumed(first[steps], last[steps] + 1, nodes[steps], scene))
            joins = known.are(Mark.JOINT)[last]
            found += self._after_joint(first[joins], last[joins], nodes[joins], scene)
        return np.unique(np.concatenate(found))

    def _after_joint(self, first: Ints, joint: Ints, nodes: Ints, scene: Scene) -> Iterator[Ints]:
        is_joint, is_comma = scene.known.are(Mark.JOINT), scene.known.are(Mark.COMMA)
        is_bar = (scene.batch.kinds == BAR) & ~is_comma
        for step in range(1, FURTHEST + 1):
            open_ = joint + step < scene.end_of[first]
            first, joint, nodes = first[open_], joint[open_], nodes[open_]
            open_ = ~is_bar[joint + step]
            first, joint, nodes = first[open_], joint[open_], nodes[open_]
            if step > 1:
                may = ~is_joint[joint + step]
                yield self._resumed(first[may], joint[may] + step, nodes[may], scene)

    def _resumed(self, first: Ints, at: Ints, nodes: Ints, scene: Scene) -> Ints:
        """Those of `first` whose form ends within four words from `at` on."""
        ends = np.minimum(at + 4, scene.end_of[first])
        found = [_NONE]
        for place in range(4):
            open_ = at + place < ends
            first, at, ends = first[open_], at[open_], ends[open_]
            nodes = self.exact.below(nodes[open_], scene.known.exact[at + place])
            on = nodes >= 0
            first, at, ends, nodes = first[on], at[on], ends[on], nodes[on]
            found.append(first[self.exact.is_form[nodes]])
        return np.concatenate(found)


def _after_number(forms: Stretches, scene: Scene) -> Mask:
    owners = scene.batch.phrases[forms.first]
    before = np.maximum(forms.first - 1, 0)
    is_number = scene.batch.kinds[before] == NUMBER
    found: Mask = (forms.first > scene.begins[owners]) & is_number
    return found


def codes_of(forms: Stretches) -> NDArray[np.int64]:
    """One number for where each begins and ends."""
    return forms.first.astype(np.int64) * (MOST_WORDS + 1) + (forms.last - forms.first)


_NONE = np.zeros(0, dtype=np.int32)
