"""Text as it is compared: normalised, cut into words, and with misspellings repaired."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from app.matching.knowledge import table, words_of
from app.matching.korean_sounds import by_sound, sound_of
from app.matching.remembered import remembered
from app.matching.wordforms import canonical, stem

LIMIT = 4_000  # characters of a free text that are looked at, before and after normalising
REMEMBERED = 40  # characters of a chunk between spaces whose reading is kept
OPERAND = 160  # longest text that rapidfuzz ever sees: its cost grows steeply with length

STOP_WORDS = words_of("words", "stop")
WEAK_WORDS = words_of("words", "weak")

_DASHES = "‐‑‒–—―−﹘﹣－⁃"
_SIGNS = str.maketrans(
    {**dict.fromkeys(_DASHES, "-"), **dict.fromkeys("‘’‛′`´ʼ", "'"), **dict.fromkeys("“”„«»″", '"')}
)
_JAMO = re.compile("[\u1100-\u115f][\u1160-\u11a7]?[\u11a8-\u11ff]?")
_LEAD = 5  # percent of shared letters by which one of two repairs must lead
_MARKS = 8  # combining marks kept on one letter; more is noise that only costs time
BARS = frozenset(".,;:!?()[]{}|•\n")  # what may stand between words and part them
_TOKEN = re.compile(
    r"(?<=\w)'s\b|(?P<hangul>[가-힣])|(?P<han>[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff])"
    r"|(?P<word>[^\W\d_가-힣\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+)"
    r"|(?P<number>\d+(?:[.,]\d+)*)|(?P<plus>(?<=[a-z0-9])\+(?![a-z0-9]))|(?P<and>&)"
    r"|(?P<bar>[.,;:!?](?=\s|$)|[()\[\]{}|•\n])"
)
_SPLIT = re.compile(r"[가-힣]+|[^\W_가-힣]+(?:[.,]\d+)*")
_PREFIXES = words_of("words", "prefixes")
_SPACED_PREFIXES = words_of("words", "spaced_prefixes")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_PHASED = re.compile(r"(i{1,3}|iv)[ab]?")
_NUMERAL = re.compile(rf"(?<![a-z]){_PHASED.pattern}(?![a-z])")
_PARTICLES = tuple(table("words")["korean_particles"])
# Words that end in a syllable which only looks like a particle.
_WHOLE_ENDINGS = tuple(table("words")["korean_whole_endings"])


class Token(NamedTuple):
    """A word as compared, with its place in the original text."""

    word: str
    start: int
    end: int
    kind: str  # word, number, hangul, han, plus, bar


def normalise(text: str) -> str:
    """One spelling of a text: NFKC, no invisible characters, casefolded, plain dashes and quotes.

    At most LIMIT characters are read and given.
    """
    text = text[:LIMIT]
    if text.isascii() and text.isprintable():  # as most are: the places aren't needed
        return " ".join(text.lower().split())
    return " ".join(aligned(text)[0].split())[:LIMIT]


def aligned(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """The normalised text, and for each of its characters where the original starts and ends."""
    text = text[:LIMIT]
    if text.isascii():
        if not text.isprintable():
            text = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
        return text.lower(), range(len(text)), range(1, len(text) + 1)
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for begin, end in _clusters(text):
        piece = _fold(text[begin : min(end, begin + _MARKS)])
        pieces.append(piece)
        starts.extend([begin] * len(piece))
        ends.extend([end] * len(piece))
        if len(starts) > LIMIT:
            break
    return "".join(pieces)[:LIMIT], starts[:LIMIT], ends[:LIMIT]


def _clusters(text: str) -> Iterable[tuple[int, int]]:
    """Each letter with its marks, each Korean syllable written in parts."""
    at, size = 0, len(text)
    while at < size:
        end = at + 1
        if "\u1100" <= text[at] <= "\u115f" and (found := _JAMO.match(text, at)):
            end = found.end()
        while end < size and text[end] > "\u02ff" and unicodedata.combining(text[end]):
            end += 1
        yield at, end
        at = end


@lru_cache(maxsize=16_384)
def _fold(cluster: str) -> str:
    kept = "".join(
        " " if unicodedata.category(c) in ("Cc", "Cs") and c != "\n" else c
        for c in cluster
        if unicodedata.category(c) != "Cf"
    )
    folded = unicodedata.normalize("NFKC", kept).translate(_SIGNS).casefold()
    return unicodedata.normalize("NFKC", folded).translate(_SIGNS)


@lru_cache(maxsize=16_384)
def _without_accents(word: str) -> str:
    apart = unicodedata.normalize("NFD", word)
    return "".join(c for c in apart if not unicodedata.combining(c))


def tokens(text: str) -> list[Token]:
    """The words of a text in their canonical form, Korean by syllable, with original places."""
    plain, starts, ends = aligned(text)
    if not text.isascii():
        return _tokens(plain, starts, ends)
    found: list[Token] = []
    at = 0
    for chunk in plain.split(" "):
        # Of long chunks nothing is gained, and a sender of many would fill the memory.
        read = tokens_apart if len(chunk) <= REMEMBERED else tokens_apart.__wrapped__
        apart = read(chunk)
        if apart is None:
            return _tokens(plain, starts, ends)
        found += [Token(word, at + start, at + end, kind) for word, start, end, kind in apart]
        at += len(chunk) + 1
    return found


@lru_cache(maxsize=65_536)
def tokens_apart(chunk: str) -> tuple[Token, ...] | None:
    """The words of a chunk between spaces, which texts repeat; None where its neighbours count."""
    found = _tokens(chunk, range(len(chunk)), range(1, len(chunk) + 1))
    if _NUMERAL.search(chunk) or (found and found[-1].word in _PREFIXES):
        return None
    return tuple(found)


def _tokens(plain: str, starts: Sequence[int], ends: Sequence[int]) -> list[Token]:
    found: list[Token] = []
    for match in _TOKEN.finditer(plain):
        kind = match.lastgroup
        if kind is None:
            continue
        begin, end = match.span()
        word = match.group()
        if kind == "and":
            kind, word = "word", "and"
        elif kind == "word":
            word = word if word.isascii() else _without_accents(word)
            if found and _joins(found[-1], plain, begin, starts):
                previous = found.pop()
                joined = canonical(previous.word + word)
                found.append(Token(joined, previous.start, ends[end - 1], "word"))
                continue
            word = _numeral(word, found) or canonical(word)
        found.append(Token(word, starts[begin], ends[end - 1], kind))
    return found


def _joins(previous: Token, plain: str, begin: int, starts: Sequence[int]) -> bool:
    """Whether the word before is a prefix of this one: `pre-clinical`, `non GMP`."""
    if previous.word not in _PREFIXES or begin < 2 or previous.start == starts[begin]:
        return False
    between = plain[begin - 1]
    if not plain[begin - 2].isalpha():
        return False
    return between == "-" or (between == " " and previous.word in _SPACED_PREFIXES)


def _numeral(word: str, before: Sequence[Token]) -> str | None:
    """A Roman numeral as a digit, where a phase is numbered."""
    match = _PHASED.fullmatch(word)
    if match is None or not before:
        return None
    near = [token.word for token in before[-4:]]
    return _ROMAN[match[1]] if "phase" in near or "ph" in near else None


def words(text: str) -> tuple[str, ...]:
    """The words of a text for comparing wording: canonical, without stop words, in order."""
    plain = normalise(text).replace("'s", "")
    found: list[str] = []
    for chunk in plain.split(" "):
        read = words_apart if len(chunk) <= REMEMBERED else words_apart.__wrapped__
        apart = read(chunk)
        if apart is None:
            return _words(plain)
        found += apart
    return tuple(found)


@lru_cache(maxsize=65_536)
def words_apart(chunk: str) -> tuple[str, ...] | None:
    """The words of a chunk between spaces, which texts repeat; None where the next one counts."""
    parts = _SPLIT.findall(chunk)
    return None if parts and parts[-1] in _SPACED_PREFIXES else _words(chunk)


def _words(plain: str) -> tuple[str, ...]:
    found: list[str] = []
    parts = list(_SPLIT.finditer(plain))
    skip = -1
    for index, match in enumerate(parts):
        if index == skip:
            continue
        word = match.group()
        if "가" <= word[0] <= "힣":
            word = without_particle(word)
        else:
            following = parts[index + 1] if index + 1 < len(parts) else None
            if following and _hyphenated(word, match.end(), following, plain):
                word += following.group()
                skip = index + 1
            word = canonical(word if word.isascii() else _without_accents(word))
        if len(word) > 1 and word not in STOP_WORDS:
            found.append(word)
    return tuple(found)


def _hyphenated(word: str, end: int, following: re.Match[str], plain: str) -> bool:
    """Whether a hyphen binds two parts into one word: `pre-clinical`, `CAR-T`, `IL-2`."""
    if following.start() != end + 1:
        return False
    if plain[end] == " ":
        return word in _SPACED_PREFIXES and following.group().isalpha()
    if plain[end] != "-":
        return False
    after = following.group()
    return word in _PREFIXES or len(after) == 1 or len(word) == 1 or after.isdigit()


@lru_cache(maxsize=65_536)
def without_particle(word: str) -> str:
    """A Korean word without the particle it ends in: `백신을` gives `백신`."""
    if word.endswith(_WHOLE_ENDINGS):
        return word
    for particle in _PARTICLES:
        if word.endswith(particle) and len(word) - len(particle) >= 2:
            return word[: -len(particle)]
    return word


class Speller:
    """Repairs misspelled words towards a fixed set of known ones; a known word is never changed."""

    def __init__(
        self, known: Collection[str], common: Collection[str] = (), parts: Collection[str] = ()
    ) -> None:
        """`common` words are right as they stand; `parts` are Korean words inside known phrases,
        which only a slip that sounds alike is repaired towards."""
        self._known = frozenset(known)
        self._common = frozenset(common) | STOP_WORDS | WEAK_WORDS
        self._by_initial: dict[str, list[str]] = {}
        for word in sorted(self._known):
            if len(word) >= 5 and word.isascii():
                self._by_initial.setdefault(word[0], []).append(word)
        self._jamo = {
            word: unicodedata.normalize("NFD", word)
            for word in sorted(self._known)
            if len(word) >= 3 and "가" <= word[0] <= "힣"
        }
        self._sounding = by_sound({*self._jamo, *(part for part in parts if len(part) >= 3)})
        # Records repeat their words, misspelt or not.
        self.repair = remembered(self._repair, 16_384)

    def _repair(self, word: str) -> str | None:
        """The one known word this is a misspelling of, or None."""
        if len(word) > OPERAND or word in self._known or word in self._common:
            return None
        if "가" <= word[0] <= "힣":
            return self._repair_korean(word)
        if len(word) < 6 or not word.isascii() or not word.isalpha():
            return None
        allowed = 1 if len(word) < 9 else 2
        near = [
            (distance, candidate)
            for candidate in self._by_initial.get(word[0], ())
            if abs(len(candidate) - len(word)) <= allowed
            and (distance := OSA.distance(word, candidate, score_cutoff=allowed)) <= allowed
            and stem(candidate) != stem(word)
        ]
        near.sort(key=lambda hit: (hit[0], -fuzz.ratio(word, hit[1]), hit[1]))
        if not near or (len(near) > 1 and _tied(word, near[0], near[1])):
            return None
        return near[0][1]

    def sounding(self, word: str) -> str | None:
        """The one known Korean word that sounds like this one, which is none itself."""
        if word in self._known or not 3 <= len(word) <= 20:
            return None
        alike = self._sounding.get(sound_of(word), ())
        return alike[0] if len(alike) == 1 and alike[0] != word else None

    def _repair_korean(self, word: str) -> str | None:
        if not 3 <= len(word) <= 20:
            return None
        if alike := self.sounding(word):
            return alike
        parts = unicodedata.normalize("NFD", word)
        best = process.extract(parts, self._jamo, scorer=fuzz.ratio, score_cutoff=88, limit=2)
        best = [hit for hit in best if abs(len(hit[2]) - len(word)) <= 1]
        if not best:
            # In a short word one slip is a large share of its letters.
            return self._one_slip(word, parts)
        if not best or (len(best) > 1 and best[0][1] == best[1][1]):
            return None
        return str(best[0][2])

    def _one_slip(self, word: str, parts: str) -> str | None:
        """The one known word of as many syllables of which a single letter differs."""
        near = [
            known
            for known, jamo in self._jamo.items()
            if len(known) == len(word) and OSA.distance(parts, jamo, score_cutoff=1) <= 1
        ]
        return near[0] if len(near) == 1 else None


def _tied(word: str, first: tuple[int, str], second: tuple[int, str]) -> bool:
    """Whether two known words are as near to a misspelt one: as many slips, as many letters."""
    lead = fuzz.ratio(word, first[1]) - fuzz.ratio(word, second[1])
    return first[0] == second[0] and lead < _LEAD


class Completer:
    """Written forms that begin like what someone types, then those that are nearly so."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._forms = sorted(set(forms))
        tails = {
            (form[at:], form) for form in self._forms for at in _word_starts(form) if len(form) > at
        }
        self._tails = sorted(tails)
        self._apart = [unicodedata.normalize("NFD", form)[:OPERAND] for form in self._forms]

    def complete(self, typed: str, limit: int) -> list[str]:
        """At most `limit` forms, best first: exact, by beginning, by a later word, by likeness."""
        typed = normalise(typed)[:OPERAND]
        if not typed:
            return []
        found: list[tuple[int, int, str]] = []
        at = bisect_left(self._tails, (typed, ""))
        while at < len(self._tails) and self._tails[at][0].startswith(typed) and len(found) < 500:
            tail, form = self._tails[at]
            found.append((0 if form == typed else 1 if tail == form else 2, len(form), form))
            at += 1
        ranked = list(dict.fromkeys(form for *_, form in sorted(found)))
        if len(ranked) < limit and len(typed) >= 3:
            ranked += [form for form in self._near(typed, limit) if form not in ranked]
        return ranked[:limit]

    def _near(self, typed: str, limit: int) -> list[str]:
        apart = unicodedata.normalize("NFD", typed)
        hits = process.extract(apart, self._apart, scorer=fuzz.ratio, score_cutoff=72, limit=limit)
        if not hits and len(apart) >= 5:
            # The slip may be in a word that isn't typed to its end: "lyofil".
            heads = {
                place: form[: len(apart) + 1]
                for place, form in enumerate(self._apart)
                if form.startswith(apart[0])
            }
            hits = process.extract(apart, heads, scorer=fuzz.ratio, score_cutoff=76, limit=limit)
        return [self._forms[index] for _, _, index in hits]


def _word_starts(form: str) -> list[int]:
    return [m.start() for m in re.finditer(r"(?<![^\W_])[^\W_]", form)]


def near(apart: str, among: Sequence[str]) -> list[int]:
    """The places in `among` of the other words nearest to this one, as far as a misspelling goes.

    All are given as NFD, so that Korean is compared by jamo: one slip in four letters or jamo,
    two from eight on. Words with digits are never taken for one another.
    """
    size = len(apart)
    if not 4 <= size <= OPERAND or any(c.isdigit() for c in apart):
        return []
    hits = process.extract(
        apart, among, scorer=OSA.distance, score_cutoff=1 if size < 8 else 2, limit=None
    )
    hits = [hit for hit in hits if hit[1] and not any(c.isdigit() for c in hit[0])]
    least = min((distance for _, distance, _ in hits), default=0)
    return sorted(place for _, distance, place in hits if distance == least)
