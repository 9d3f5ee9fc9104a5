import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching import terms
from app.matching.terms import (
    LIMIT,
    Completer,
    Speller,
    aligned,
    normalise,
    tokens,
    without_particle,
    words,
)
from app.matching.wordforms import canonical, stem

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
HOSTILE = (
    "\ufdfa" * 4000,
    "a" + "\u0301\u0323" * 2000,
    "\u1100" * 4000,
    "\u200b" * 4000,
    "㍿" * 4000,
)


# Words and signs that change how what stands beside them is cut.
PIECES = st.sampled_from(
    (
        *("phase", "Phase", "ph", "i", "II", "iii/IV", "Ib", "pre", "non-", "non", "Pre-", "anti"),
        *("clinical", "GMP", "-", "&", "'s", "client's", "CAR-T", "IL-2", "C++", "CD3+", "1,000"),
        *(
            "2.5",
            ".",
            ",",
            "(",
            ")",
            "|",
            "\n",
            "\t",
            "\x07",
            "tumours",
            "a",
            "백신을",
            "é",
            "x" * 41,
        ),
    )
)
WRITTEN = st.lists(st.tuples(PIECES, st.sampled_from((" ", " ", "  ", "")))).map(
    lambda parts: "".join(piece + gap for piece, gap in parts)
) | st.text(st.characters(max_codepoint=0x7F), max_size=60)


class TestQuickWays:
    """Texts are cut chunk by chunk where that gives what cutting them as a whole does."""

    @given(WRITTEN)
    def test_tokens_are_those_of_the_whole_text(self, text: str) -> None:
        assert tokens(text) == terms._tokens(*aligned(text))

    @given(WRITTEN)
    def test_words_are_those_of_the_whole_text(self, text: str) -> None:
        assert words(text) == terms._words(normalise(text).replace("'s", ""))


class TestNormalise:
    @pytest.mark.parametrize(
        ("written", "plain"),
        [
            ("ＧＭＰ", "gmp"),
            ("m\u200bRNA", "mrna"),
            ("Fill–Finish", "fill-finish"),
            ("manufacturer’s  “bank”", 'manufacturer\'s "bank"'),
            (unicodedata.normalize("NFD", "백신 원액"), "백신 원액"),
            ("Straße", "strasse"),
            ("㎏", "kg"),
            ("a\x00b\tc", "a b c"),
        ],
    )
    def test_gives_one_spelling(self, written: str, plain: str) -> None:
        assert normalise(written) == plain

    @given(TEXT)
    def test_a_normalised_text_stays_as_it_is(self, text: str) -> None:
        once = normalise(text)
        assert normalise(once) == once

    @pytest.mark.parametrize("text", HOSTILE)
    def test_is_capped_and_fast_on_hostile_text(self, text: str) -> None:
        start = time.thread_time()
        assert len(normalise(text)) <= LIMIT
        assert time.thread_time() - start < 0.5

    @given(TEXT)
    def test_every_character_comes_from_a_place_in_the_original(self, text: str) -> None:
        plain, starts, ends = aligned(text)
        assert len(plain) == len(starts) == len(ends)
        assert all(0 <= low < high <= len(text) for low, high in zip(starts, ends, strict=True))


class TestWords:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("Tumours and centres", ("tumor", "center")),
            ("pre-clinical, preclinical and pre clinical", ("preclinical",) * 3),
            ("Fill/finish of CAR-T", ("fill", "finish", "cart")),
            ("H5N1 in COVID-19", ("h5n1", "covid19")),
            ("백신을 생산하여 시험의 평가", ("백신", "생산하여", "시험", "평가")),
            ("the and of a", ()),
            ("", ()),
        ],
    )
    def test_are_canonical_and_without_stop_words(self, text: str, found: tuple[str, ...]) -> None:
        assert words(text) == found

    @given(TEXT)
    def test_are_the_same_each_time(self, text: str) -> None:
        assert words(text) == words(text)


class TestWordForms:
    @pytest.mark.parametrize(
        ("written", "kept"),
        [
            ("lyophilisation", "lyophilization"),
            ("analyses", "analysis"),
            ("viruses", "virus"),
            ("batches", "batch"),
            ("vaccines", "vaccine"),
            ("species", "species"),
            ("exercise", "exercise"),
            ("paediatric", "pediatric"),
            ("labelled", "labeled"),
            ("gmp", "gmp"),
        ],
    )
    def test_canonical(self, written: str, kept: str) -> None:
        assert canonical(written) == kept

    def test_stem_joins_verb_and_noun(self) -> None:
        assert stem("filling") == stem("filled") == "fill"
        assert stem("formulation") == stem("formulated") == "formulat"

    def test_stem_keeps_look_alikes_apart(self) -> None:
        assert len({stem(w) for w in ("toxin", "toxoid", "toxicology")}) == 3

    @pytest.mark.parametrize(
        ("word", "bare"), [("백신을", "백신"), ("평가", "평가"), ("허가", "허가")]
    )
    def test_without_particle(self, word: str, bare: str) -> None:
        assert without_particle(word) == bare


class TestTokens:
    def test_keep_their_places_where_normalising_changes_lengths(self) -> None:
        text = "㎏ of ﬁll"
        assert [(t.word, text[t.start : t.end]) for t in tokens(text)] == [
            ("kg", "㎏"),
            ("of", "of"),
            ("fill", "ﬁll"),
        ]

    def test_read_roman_phases_as_numbers(self) -> None:
        assert [t.word for t in tokens("Phase I/IIa")] == ["phase", "1", "2"]


class TestSpeller:
    speller = Speller(["mrna", "sirna", "lyophilization", "topical", "tropical", "동결건조"])

    def test_repairs_a_slip(self) -> None:
        assert self.speller.repair("lyophilzation") == "lyophilization"

    def test_repairs_korean_by_its_letters(self) -> None:
        assert self.speller.repair("동걸건조") == "동결건조"

    @pytest.mark.parametrize("word", ["mrna", "sirna", "mirna", "topical", "tropical", "a" * 500])
    def test_leaves_known_short_and_overlong_words(self, word: str) -> None:
        assert self.speller.repair(word) is None


class TestCompleter:
    completer = Completer(["fill finish", "finished product", "mrna", "동결건조"])

    def test_puts_the_beginning_before_a_later_word(self) -> None:
        assert self.completer.complete("fin", 5) == ["finished product", "fill finish"]

    def test_forgives_a_slip(self) -> None:
        assert self.completer.complete("fil finsh", 1) == ["fill finish"]

    def test_gives_nothing_for_nothing(self) -> None:
        assert self.completer.complete("  ", 5) == []
