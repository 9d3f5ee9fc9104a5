"""The time of a whole match grows no worse than n^1.3 in whatever a request may hold more of."""

import pytest

from app.models.match import MatchData
from app.services.match import match_json
from tests.benchmarks.inputs import INPUTS, Body, Input, growth
from tests.benchmarks.queries import AS_OF
from tests.benchmarks.targets import MOST_GROWTH
from tests.matching import shipped


def _ask(body: Body) -> None:
    data = MatchData.model_validate({"as_of": AS_OF.isoformat(), **body})
    match_json(data, shipped.catalogue())


@pytest.mark.parametrize("given", INPUTS, ids=lambda given: given.name)
def test_time_grows_in_step_with_an_input_at_most(given: Input) -> None:
    # A law that doesn't hold fails every time; a processor taken away, once.
    assert any(growth(given, _ask, requests=3) <= MOST_GROWTH for _ in range(3))


def test_what_grows_with_the_square_is_seen() -> None:
    doubling = Input("counted", 2_000, lambda size, _: {"size": size})

    def ask(body: Body) -> None:
        sum(1 for _ in range(body["size"]) for _ in range(body["size"] // 4))

    assert growth(doubling, ask, requests=3) > MOST_GROWTH
