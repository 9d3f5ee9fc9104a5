import numpy as np
import pytest

from app.matching.wording import WordIndex, words_of, words_of_offer
from tests.matching.builders import candidate, offer, site

TEXTS = [["lnp", "mrna"], ["lnp", "lnp", "vial"], []]


def test_a_text_with_every_word_reaches_the_greatest_exactly() -> None:
    words = {f"w{n}": 0.1 * n for n in range(1, 30)}
    sums, greatest = WordIndex.of([list(words), ["other"]], k1=0.0).sums(words)
    assert sums.tolist() == [greatest, 0.0]


def test_rare_words_count_more_and_unused_ones_most() -> None:
    index = WordIndex.of(TEXTS)
    assert index.rarity("lnp") < index.rarity("mrna") == index.rarity("vial") < index.rarity("x")


def test_repeating_a_word_counts_only_where_repetition_does() -> None:
    once, _ = WordIndex.of(TEXTS, k1=0.0).sums({"lnp": 1.0})
    often, _ = WordIndex.of(TEXTS).sums({"lnp": 1.0})
    assert once[0] == once[1]
    assert often[0] < often[1]


def test_a_weight_scales_a_words_part() -> None:
    full, whole = WordIndex.of(TEXTS).sums({"mrna": 1.0})
    quarter, part = WordIndex.of(TEXTS).sums({"mrna": 0.25})
    assert quarter.tolist() == pytest.approx((full / 4).tolist())
    assert part == pytest.approx(whole / 4)


def test_rarity_counts_rows_and_not_distinct_texts() -> None:
    shared = WordIndex.of([["lnp"], ["vial"]], copies=np.array([3, 1]))
    apart = WordIndex.of([["lnp"], ["lnp"], ["lnp", "x"], ["vial"]])
    assert shared.rarity("lnp") == apart.rarity("lnp")


def test_half_of_a_short_request_is_all_that_can_be_expected() -> None:
    index = WordIndex.of(TEXTS, k1=0.0)
    assert index.share({"mrna": 1.0, "vial": 1.0}).tolist() == [1.0, 1.0, 0.0]


def test_of_a_long_request_two_rare_words_are_expected() -> None:
    texts = [[f"w{n}"] for n in range(50)]
    index = WordIndex.of(texts, k1=0.0)
    shares = index.share({f"w{n}": 1.0 for n in range(20)})
    assert shares[0] == pytest.approx(index.rarity("w0") / (2 * index.rarity("")))
    assert shares[20] == 0.0


def test_found_words_stand_in_the_order_asked() -> None:
    index = WordIndex.of(TEXTS)
    assert index.found(["vial", "x", "mrna", "lnp"], 1) == ("vial", "lnp")
    assert index.found(["vial"], 2) == ()


def test_no_texts_have_no_words() -> None:
    sums, greatest = WordIndex.of([]).sums({"lnp": 1.0})
    assert sums.tolist() == []
    assert greatest > 0


def test_the_words_of_a_record_are_what_it_does_and_where() -> None:
    who = candidate(
        "acme",
        offer("LNP formulation", modality="mRNA", platform="T-mixer", quality="GMP", note="pilot"),
        description="Makes vaccines",
        areas=("oncology",),
        city="Hwasun",
        region="Jeonnam",
        successor="Other Name",
        sites=(site(),),
    )
    found = set(words_of(who))
    assert {"lnp", "formulation", "mrna", "gmp", "pilot", "oncology", "hwasun", "jeonnam"} <= found
    assert found.isdisjoint({"other", "name", "acme"})


def test_the_words_of_an_offer_are_its_own() -> None:
    made = offer(
        "LNP formulation", modality="mRNA", platform="T-mixer", quality="GMP", note="pilot"
    )
    assert list(words_of_offer(made)) == ["lnp", "formulation", "mrna", "tmixer", "gmp", "pilot"]
