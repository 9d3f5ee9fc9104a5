import numpy as np
import pytest

from app.matching.wording import (
    OFFER_B,
    OFFER_WORDS,
    RECORD_B,
    RECORD_WORDS,
    MoreUsage,
    Usage,
    impacts,
    words_of,
    words_of_offer,
)
from tests.matching import shipped
from tests.matching.builders import candidate, offer, site


def impact(times: int, length: int, b: float = 0.75) -> int:
    return int(impacts(np.array([times]), np.array([length]), b, 10)[0])


def test_repeating_a_word_counts_more_and_less_each_time() -> None:
    once, twice, often = (impact(n, n, b=0.0) for n in (1, 2, 9))
    assert once < twice < often < 255
    assert twice - once > impact(3, 3, b=0.0) - twice


def test_a_word_counts_less_in_a_longer_text_and_never_nothing() -> None:
    assert impact(1, 1) > impact(1, 51)
    assert impact(1, 4001, b=1.0) == 1


def test_rare_words_count_more_and_unused_ones_most() -> None:
    usage = Usage(10, {"mrna": 1, "gmp": 9})
    assert usage.rarity("gmp") < usage.rarity("mrna") < usage.rarity("nobody")


def test_usage_follows_rows_that_come_and_go() -> None:
    more = MoreUsage(Usage(2, {"lnp": 2, "vial": 1}))
    more.add(1, {"lnp": 1, "mrna": 1})
    more.remove(["lnp", "vial"])
    assert more.usage() == Usage(2, {"lnp": 2, "vial": 0, "mrna": 1})


def test_of_a_short_request_half_is_all_that_can_be_expected() -> None:
    weights = Usage(10, {"mrna": 1, "lnp": 1}).weights({"mrna": 1.0, "lnp": 1.0})
    assert weights == pytest.approx({"mrna": 1.0, "lnp": 1.0})


def test_of_a_long_request_two_words_that_nobody_uses_are() -> None:
    usage = Usage(10, {})
    asked = dict.fromkeys((f"w{n}" for n in range(20)), 1.0)
    assert usage.weights(asked)["w0"] == pytest.approx(0.5)
    assert usage.weights({}) == {}


def test_typical_lengths_are_those_of_the_shipped_catalogue() -> None:
    known = shipped.catalogue()
    records = [len(words_of(who)) for who in known.candidates]
    offers = [len(words_of_offer(o)) for who in known.candidates for o in who.offers]
    assert sum(records) / len(records) == pytest.approx(RECORD_WORDS, rel=0.1)
    assert sum(offers) / len(offers) == pytest.approx(OFFER_WORDS, rel=0.1)
    assert 0 < OFFER_B < RECORD_B < 1


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


def test_the_words_of_an_offer_begin_with_what_is_done_with_what() -> None:
    made = offer("LNP formulation", modality="mRNA", quality="GMP", note="pilot")
    assert list(words_of_offer(made)) == ["lnp", "formulation", "mrna", "gmp", "pilot"]
