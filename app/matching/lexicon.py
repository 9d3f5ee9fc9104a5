"""Finds the written forms of concepts in a text: longest first, then with spelling repaired."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

from app.matching import hangul
from app.matching.forms import forms_of, keys_of
from app.matching.hits import Hit, is_in_name, without_overlap
from app.matching.knowledge import table, words_of
from app.matching.korean_slips import MOST_REPAIRS, korean_slips
from app.matching.phrases import Phrases
from app.matching.right_words import right_words
from app.matching.terms import Speller, Token
from app.matching.trie import HEAD, JOINTS, Key, trie_of, walk, walk_over
from app.matching.types import Concept
from app.matching.wordforms import stem


class Lexicon:
    """All written forms of a vocabulary, ready to be found."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.cues: dict[tuple[Key, str], set[str]] = {}
        self.labels: set[tuple[Key, str]] = set()
        self.written: dict[str, list[tuple[str, bool]]] = {}  # suggestion text → concepts
        self._forms: dict[Key, list[str]] = {}
        self._spellings: dict[tuple[Key, str], set[str]] = {}
        self._stems: dict[Key, list[str]] = {}
        for concept in concepts:
            self._index(concept)
        self.units = frozenset(c.id for c in concepts if c.facet == "scale_unit" and not c.is_decoy)
        facets = {c.id: c.facet for c in concepts}
        self._decoys = frozenset(c.id for c in concepts if c.is_decoy)
        self.products = frozenset(
            key[0]
            for key, ids in self._forms.items()
            if len(key) == 1 and any(facets[i] in ("modality", "platform") for i in ids)
        )
        self.between = self.products | JOINTS
        self.root = trie_of(self._forms)
        self.stem_root = trie_of(self._stems)
        self._services = frozenset(c for c, facet in facets.items() if facet == "service")
        self.phrases = Phrases(table("request_phrases")["phrases"], facets)
        self.known = frozenset(word for key in self._forms for word in key)
        self.weak = frozenset(key for w in words_of("short_forms", "weak") for key in keys_of(w))
        self.weak_stems = frozenset(tuple(stem(word) for word in key) for key in self.weak)
        self.cased = words_of("short_forms", "cased")
        korean = {"".join(k) for k in self._forms if all("가" <= w[0] <= "힣" for w in k)}
        self.speller = Speller(self.known | korean, right_words(), self._korean_parts())
        self.units_only = frozenset(
            k for k, ids in self._forms.items() if self.units.issuperset(ids)
        )
        self.anywhere = frozenset(key for key in self._forms if self._stands_anywhere(key))

    def _index(self, concept: Concept) -> None:
        for form in forms_of(concept):
            self.written.setdefault(form.text, []).append((concept.id, form.is_label))
            for key in keys_of(form.text):
                _append(self._forms, key, concept.id)
                self._spellings.setdefault((key, concept.id), set()).add(form.text)
                if form.is_label:
                    self.labels.add((key, concept.id))
                if form.cues:
                    self.cues.setdefault((key, concept.id), set()).update(form.cues)
                stems = tuple(stem(word) for word in key)
                if sum(map(len, stems)) >= 5:
                    _append(self._stems, stems, concept.id)

    def _korean_parts(self) -> set[str]:
        """The words of Korean forms of several, such as 바이러스 of 바이러스 벡터."""
        parts = {word for text in self.written for word in text.split()}
        return {word for word in parts if all("가" <= letter <= "힣" for letter in word)}

    def spelled(self, key: Key, ids: Sequence[str], written: str) -> str | None:
        """The one concept written with just these capitals, as in `cART` against `CAR-T`. Small
        letters tell only what lies outside the field: `car production` is none of CARs."""
        spellings = [(concept, self._spellings.get((key, concept), ())) for concept in ids]
        exact = [concept for concept, known in spellings if written in known]
        if len(exact) != 1 or (written.islower() and exact[0] not in self._decoys):
            return None
        low = written.casefold()
        folded = [c for c, known in spellings if any(s.casefold() == low for s in known)]
        return exact[0] if len(folded) > 1 else None

    def may_be_spelled(self, key: Key, ids: Sequence[str]) -> bool:
        """Whether capitals may tell which of some concepts a form means."""
        folded = [{s.casefold() for s in self._spellings.get((key, i), ())} for i in ids]
        return len(set().union(*folded)) < sum(map(len, folded))

    def exact(self, found: Sequence[Token]) -> tuple[Key, tuple[str, ...]] | None:
        """The concepts whose written form is the whole of these tokens."""
        for key in (
            tuple(t.word for t in found),
            tuple(t.word for t in found if t.kind != "bar"),
        ):
            if key in self._forms:
                return key, tuple(self._forms[key])
        return None

    def within(self, text: str, found: Sequence[Token]) -> list[Hit]:
        """The forms inside a phrase that is a form itself, without overlap."""
        inner = [h for h in self._candidates(text, found, None) if h.last - h.first < len(found)]
        return sorted(without_overlap(inner), key=lambda hit: hit.start)

    def borne(self, text: str, found: Sequence[Token]) -> list[Hit]:
        """The forms in a text that are something else than a service, without overlap; as such the
        whole of it may be one as well."""
        candidates = (
            hit._replace(concepts=others)
            for hit in self._candidates(text, found, None)
            if (others := tuple(c for c in hit.concepts if c not in self._services))
        )
        return sorted(without_overlap(candidates), key=lambda hit: hit.start)

    def hits(self, text: str, found: Sequence[Token], facet: str | None = None) -> list[Hit]:
        """The forms in a text, in its order and without overlap, the longest taken first."""
        chosen = self._chosen(
            (*self._candidates(text, found, facet), *self.apart(text, found, facet)), facet
        )
        if text.isascii() and not any(self._is_odd(token) for token in found):
            return sorted(chosen, key=attrgetter("start"))
        covered = {i for hit in chosen for i in range(hit.first, hit.last)}
        repaired = self._repaired(found, covered)
        if repaired:
            again = [
                hit._replace(how="spelling")
                if any(hit.first <= i < hit.last for i in repaired)
                else hit
                for hit in self._candidates(text, _with(found, repaired), facet)
            ]
            chosen = self._chosen((*again, *self.apart(text, _with(found, repaired), facet)), facet)
            covered = {i for hit in chosen for i in range(hit.first, hit.last)}
        chosen += self._korean_repairs(text, found, covered)
        return sorted(chosen, key=attrgetter("start"))

    def _candidates(self, text: str, found: Sequence[Token], facet: str | None) -> Iterator[Hit]:
        ends: set[int] = set()
        stems = [stem(token.word) for token in found]
        plain = [token.word for token in found]
        over = [place for place, word in enumerate(plain) if word in self.between]
        spread = {first for place in over for first in range(place - HEAD, place)}
        for first, word in enumerate(plain):
            if word not in self.root and stems[first] not in self.stem_root:
                continue
            seen: set[int] = set()
            start = found[first].start
            forms = [
                (last, tuple(plain[first:last]), ids, "exact")
                for last, ids in walk(self.root, plain, first)
            ]
            if first in spread:
                forms += self._spread(found, plain, first)
            forms += [
                (last, tuple(plain[first:last]), ids, "stem")
                for last, ids in walk(self.stem_root, stems, first)
                if _telling_stem(word, last - first, ids)
            ]
            for last, key, ids, how in forms:
                # Where a form as written has been seen to end, its stem says nothing more.
                if how == "stem" and last in seen:
                    continue
                hit = Hit(first, last, start, found[last - 1].end, key, ids, how)
                kept = self._acceptable(hit, text, found, ends, facet)
                if kept:
                    seen.add(last)
                    ends.add(last)
                    yield kept

    def _spread(
        self, found: Sequence[Token], plain: Sequence[str], first: int
    ) -> Iterator[tuple[int, Key, tuple[str, ...], str]]:
        """The forms that begin at a token and go on over words between."""
        for last, key, concepts in walk_over(self.root, found, first, self.products):
            own = self._forms.get(tuple(plain[first:last]), ())
            yield last, key, tuple(dict.fromkeys((*concepts, *own))), "spread"

    def spread(
        self, text: str, found: Sequence[Token], first: int, facet: str | None
    ) -> Iterator[Hit]:
        """The forms that begin at a token and go on over words between."""
        start = found[first].start
        for last, key, ids, how in self._spread(found, [t.word for t in found], first):
            hit = Hit(first, last, start, found[last - 1].end, key, ids, how)
            kept = self._acceptable(hit, text, found, (), facet)
            if kept:
                yield kept

    def _chosen(self, candidates: Iterable[Hit], facet: str | None) -> list[Hit]:
        """The best hits without overlap; a phrase told apart gives way where its concept is named,
        and in a free text that names any service.

        In `GMP audit of our supplier` the audit is named, so that its words say no more than that.
        """
        found = list(candidates)
        if all(h.how != "apart" for h in found):
            return without_overlap(found)
        named = without_overlap(h for h in found if h.how != "apart")
        told = [h for h in found if h.how == "apart" and self.gives_way(h, named, facet)]
        return without_overlap(h for h in found if h not in told)

    def gives_way(self, hit: Hit, named: Iterable[Hit], facet: str | None) -> bool:
        """Whether a phrase told apart says no more than what is named beside it."""
        beside = [n for n in named if n.first < hit.last and hit.first < n.last]
        if any(hit.concepts[0] in n.concepts for n in beside if len(n.key) > 1):
            return True
        return facet is None and any(not self._services.isdisjoint(n.concepts) for n in named)

    def apart(self, text: str, found: Sequence[Token], facet: str | None) -> Iterator[Hit]:
        """The phrases whose parts stand apart; they begin at any word, known or not."""
        stems = [stem(token.word) for token in found]
        begins = self.phrases.begins
        for first in [place for place, word in enumerate(stems) if word in begins]:
            for last, size, concept in self.phrases.starting(found, stems, first):
                yield from self.told_apart(text, found, (first, last, size, concept), facet)

    def told_apart(
        self,
        text: str,
        found: Sequence[Token],
        told: tuple[int, int, int, str],
        facet: str | None,
    ) -> Iterator[Hit]:
        """Such a phrase, if its place allows it: its first and last word, letters and concept."""
        first, last, size, concept = told
        key = tuple(each.word for each in found[first:last])
        # The unit of an amount belongs to that: of `50 kg/year API` only the product is named.
        begin = last - 1 if _after_number(found, first) and self._is_unit(found[first]) else first
        place = found[begin].start, found[last - 1].end
        hit = Hit(first, last, *place, key, (concept,), "apart", size)
        kept = self._acceptable(hit, text, found, (), facet)
        if kept:
            yield kept

    def _acceptable(
        self, hit: Hit, text: str, found: Sequence[Token], ends: Collection[int], facet: str | None
    ) -> Hit | None:
        """The hit, without readings that its surroundings rule out; None if nothing stays."""
        if hit.how == "exact" and hit.key in self.anywhere:
            return hit
        whole = hit.first == 0 and hit.last == len(found)
        if not whole and self._is_weak(hit):
            return None
        if len(hit.key) == 1 and hit.key[0] in self.cased and not whole:
            written = text[hit.start : hit.end]
            if written == written.lower():
                return None
        if len(hit.key) == 1 and self._is_part_of_name(hit, text, found):
            return None
        if self.is_code(hit.key) and is_in_name(hit, text, found):
            return None
        if found[hit.first].kind == "hangul" and not hangul.is_word(
            text, hit.start, hit.end, begins=hit.first in ends
        ):
            return None
        if (
            self.units.isdisjoint(hit.concepts)
            or (whole and facet in ("scale_unit", None))
            or _after_number(found, hit.first)
        ):
            return hit
        kept = tuple(c for c in hit.concepts if c not in self.units)
        return hit._replace(concepts=kept) if kept else None

    def _stands_anywhere(self, key: Key) -> bool:
        """Whether a form as written says the same whatever surrounds it."""
        word = key[0]
        if key in self.weak or "가" <= word[0] <= "힣":
            return False
        if len(key) == 1 and (word in self.cased or (len(word) <= 3 and word not in self.products)):
            return False
        return self.units.isdisjoint(self._forms[key]) and not self.is_code(key)

    def is_code(self, key: Key) -> bool:
        """Whether a form is a letter and a number, as Q7 is, which may be a part of a name."""
        if len(key) != 2 or key in self.units_only:
            return False
        return len(key[0]) == 1 and key[0].isalpha() and key[1].isdigit()

    def _is_part_of_name(self, hit: Hit, text: str, found: Sequence[Token]) -> bool:
        """Whether a short form goes on as a gene's or protein's name: PD-1, CD19, PD-L1."""
        if len(hit.key[0]) > 3 or hit.last >= len(found) or hit.key[0] in self.products:
            return False
        following = found[hit.last]
        between = text[hit.end : following.start]
        continues = following.kind == "number" or len(following.word) == 1
        return between in ("", "-") and continues and following.kind in ("number", "word")

    def _is_unit(self, token: Token) -> bool:
        return (token.word,) in self.units_only

    def _is_weak(self, hit: Hit) -> bool:
        """Whether this is an everyday word that decides nothing beside others."""
        if hit.how == "stem":
            return tuple(stem(word) for word in hit.key) in self.weak_stems
        return hit.key in self.weak

    def _is_odd(self, token: Token) -> bool:
        return token.kind == "word" and self.may_be_misspelt(token.word)

    def may_be_misspelt(self, word: str) -> bool:
        """Whether a word is long enough to be told from another, and not known."""
        return len(word) >= 6 and word not in self.known

    def _repaired(self, found: Sequence[Token], covered: Collection[int]) -> dict[int, str]:
        repaired: dict[int, str] = {}
        looked = 0
        for index, token in enumerate(found):
            if not self._is_odd(token) or index in covered or looked >= MOST_REPAIRS:
                continue
            looked += 1
            word = self.speller.repair(token.word)
            if word:
                repaired[index] = word
        for first, end, word in korean_slips(self.speller, found, covered):
            # Of as many syllables as written: what stands around may belong to the same phrase.
            if end - first == len(word):
                written = enumerate(found[first:end])
                repaired |= {first + n: word[n] for n, token in written if token.word != word[n]}
        return repaired

    def _korean_repairs(
        self, text: str, found: Sequence[Token], covered: Collection[int]
    ) -> list[Hit]:
        return [
            Hit(
                first,
                end,
                found[first].start,
                found[end - 1].end,
                tuple(word),
                tuple(self._forms[tuple(word)]),
                "spelling",
            )
            for first, end, word in korean_slips(self.speller, found, covered)
            if tuple(word) in self._forms
        ]


def _telling_stem(word: str, size: int, concepts: Sequence[str]) -> bool:
    """Whether a stem tells enough: of one concept, and not a noun such as `commission` alone."""
    if len(concepts) > 1:
        return False
    return size > 1 or ends_telling(word)


def ends_telling(word: str) -> bool:
    """Whether the ending of a word says that work is meant."""
    return word.endswith(("ing", "ed")) and not word.endswith("ified")


def _append(forms: dict[Key, list[str]], key: Key, concept: str) -> None:
    kept = forms.setdefault(key, [])
    if concept not in kept:
        kept.append(concept)


def _with(found: Sequence[Token], repaired: Mapping[int, str]) -> list[Token]:
    return [
        token._replace(word=repaired[index]) if index in repaired else token
        for index, token in enumerate(found)
    ]


def _after_number(found: Sequence[Token], first: int) -> bool:
    return first > 0 and found[first - 1].kind == "number"
