"""The budget that a text names."""

import pytest

from app.matching.budget import budget_of
from app.matching.intake import understand
from tests.matching import shipped


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("GMP tablets, budget of USD 2 million", "USD 2 million"),
        ("Budget: EUR 1.5m", "EUR 1.5m"),
        ("our budget is around $250,000 for the GLP study", "around $250,000"),
        ("our budget is 500k", "500k"),
        ("we have a $2M budget", "$2M"),
        ("the total budget is between 1 and 2 million USD", "between 1 and 2 million USD"),
        ("we can spend at most 300,000 dollars", "at most 300,000 dollars"),
        ("half a million dollars budget", "half a million dollars"),
        ("Budget von rund 1,5 Mio. Euro", "rund 1,5 Mio. Euro"),
        ("예산 5억원", "5억원"),
        ("예산은 약 3억 5천만 원입니다", "약 3억 5천만 원"),
        ("예산 10억 이내로 부탁드립니다", "10억 이내"),
        ("사업비 20억 원 규모", "20억 원"),
    ],
)
def test_reads_it_as_it_is_written(text: str, budget: str) -> None:
    found = budget_of(text)
    assert found is not None
    assert found.text == budget
    assert text[found.start : found.end] == budget


@pytest.mark.parametrize(
    "text",
    [
        "We raised $20 million last year",
        "budget for 3 batches of 50 L",
        "budget 2027",
        "negotiate the site budget",
        "10억 도즈",
    ],
)
def test_other_sums_are_no_budget(text: str) -> None:
    assert budget_of(text) is None


def test_a_budget_is_understood_and_no_scale() -> None:
    found = understand(
        "Fill-finish of 20,000 vials with a budget of USD 2 million", shipped.vocabulary()
    )
    assert found.wishes.budget == "USD 2 million"
    assert found.not_understood == ()
    (need,) = found.needs
    assert need.quantity is not None
    assert (need.quantity.kind, need.quantity.maximum) == ("vials", 20_000)
