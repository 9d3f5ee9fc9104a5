"""The resampled catalogues are repeatable, of the wanted size, and as varied as growth would be."""

import pytest

from tests.benchmarks.resample import FIELDS, growth, growths, resampled
from tests.matching import shipped

SIZE = 1_000


def test_growth_recovers_the_extremes() -> None:
    every_one_new = [[f"a{i}", f"b{i}"] for i in range(100)]
    assert growth(every_one_new).exponent == pytest.approx(1)
    always_the_same = [["a", "a"] for _ in range(100)]
    assert growth(always_the_same).exponent == pytest.approx(0, abs=1e-9)


def test_the_same_seed_gives_the_same_catalogue_and_a_larger_one_begins_with_it() -> None:
    real = shipped.catalogue().candidates
    small, large = list(resampled(real, 300)), list(resampled(real, 600))
    assert len(small) == 300
    assert small == large[:300]
    assert small != list(resampled(real, 300, seed=1))


def test_copies_have_ids_and_slugs_of_their_own() -> None:
    copies = [copy for _, copy in resampled(shipped.catalogue().candidates, SIZE)]
    assert len({copy.id for copy in copies}) == len({copy.slug for copy in copies}) == SIZE
    offers = [offer.id for copy in copies for offer in copy.offers]
    assert len(set(offers)) == len(offers)


@pytest.mark.parametrize("field", FIELDS)
def test_distinct_wordings_grow_as_the_law_says(field: str) -> None:
    real = shipped.catalogue().candidates
    stated = [
        wording
        for _, copy in resampled(real, SIZE)
        for offer in copy.offers
        if (wording := getattr(offer, field))
    ]
    expected = growths(real)[field].distinct(len(stated))
    assert len(set(stated)) == pytest.approx(expected, rel=0.02)
