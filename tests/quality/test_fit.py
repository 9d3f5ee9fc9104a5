import numpy as np
from scipy.optimize import check_grad  # type: ignore[import-untyped] # scipy ships no types

from tests.matching import shipped
from tests.quality import fit
from tests.quality.deals import read_deals


def test_the_slope_is_that_of_the_loss() -> None:
    seeded = np.random.default_rng(0)
    tables = [(seeded.random((7, 4)), chosen) for chosen in (0, 3, 6)]
    wrong = check_grad(
        lambda weights: fit._loss(weights, tables)[0],
        lambda weights: fit._loss(weights, tables)[1],
        np.array([0.5, 1.0, 0.0, 2.0]),
    )
    assert wrong < 1e-6


def test_a_deal_is_laid_out_by_criterion() -> None:
    catalogue = shipped.catalogue()
    made = fit.case(read_deals()[0], catalogue, with_needs=True)
    shapes = {shares.shape for _, shares in made.needs}
    assert shapes == {(len(catalogue.offers.marks), len(fit.BY_NEED))}
    assert made.wishes.shape == (len(catalogue.candidates), len(fit.BY_WISH))
    assert catalogue.candidates[made.chosen].slug == read_deals()[0].chosen
    assert fit.rank(made, np.zeros(len(fit.NAMES)), catalogue) == made.chosen + 1
