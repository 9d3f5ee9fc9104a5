"""Which facts are tied to which line of a ledger."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.models.match import CriterionName
from app.models.run_diff import Fact
from app.services import run_diff_ties

OFFER, OTHER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
SAME = (OFFER, OFFER)

State = dict[str, Any] | None


def fact(action: str, before: State, after: State) -> Fact:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    return Fact(id=7, at=at, action=action, before=before, after=after, revision=3)


def lines_of(told: Fact, offers: tuple[str | None, str | None] = SAME) -> set[str]:
    """The criteria whose lines a fact is tied to."""
    names = [name.value for name in CriterionName]
    return {name for name in names if run_diff_ties.ids_of([told], name, offers) == [7]}


ALL = {name.value for name in CriterionName}


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("languages", {"language"}),
        ("website", set()),
        ("assured_on", {"freshness"}),
        ("country", {"place"}),
        ("ownership", {"ownership"}),
        ("operating", {"time", "quality"}),
        ("description", {"breadth", "therapeutic_area", "wording"}),
    ],
)
def test_a_field_of_the_provider(name: str, lines: set[str]) -> None:
    assert lines_of(fact("updated", {name: "a"}, {name: "b"})) == lines


class TestCapability:
    def test_of_the_best_offer_moves_what_is_judged_by_the_field(self) -> None:
        told = fact("capability-updated", {"id": OFFER, "stages": []}, {"id": OFFER, "stages": [1]})
        assert lines_of(told) == {"stage"}

    def test_of_another_offer_moves_only_what_is_read_of_all(self) -> None:
        told = fact(
            "capability-updated",
            {"id": OTHER, "stages": [], "service": "a"},
            {"id": OTHER, "stages": ["phase1"], "service": "b"},
        )
        assert lines_of(told) == {"breadth", "therapeutic_area", "wording"}

    @pytest.mark.parametrize("offers", [(OTHER, OFFER), (OFFER, OTHER), (None, OFFER)])
    def test_that_became_or_ceased_to_be_the_best_moves_the_whole_need(
        self, offers: tuple[str | None, str | None]
    ) -> None:
        before, after = {"id": OFFER, "scale": "1 L"}, {"id": OFFER, "scale": "9 L"}
        assert lines_of(fact("capability-updated", before, after), offers) == ALL
        assert lines_of(fact("capability-created", None, after), offers) == ALL
        assert lines_of(fact("capability-deleted", before, None), offers) == ALL


class TestFacility:
    def test_a_new_one_by_what_it_states(self) -> None:
        new = {"id": OTHER, "name": "Hall", "country": "KR", "lifecycle": "unknown", "notes": None}
        assert lines_of(fact("facility-created", None, new)) == {"place", "wording"}

    def test_one_removed_says_nothing_of_the_offers_that_stay(self) -> None:
        gone = {"id": OTHER, "name": "Hall", "certificates": [{}], "capabilities": [OFFER]}
        told = fact("facility-deleted", gone, None)
        assert lines_of(told) == {"quality", "market", "wording"}


def test_every_criterion_is_judged_by_something() -> None:
    everything = {name: 1 for names in run_diff_ties._JUDGED_BY.values() for name in names}
    assert lines_of(fact("imported", dict.fromkeys(everything, 0), everything)) == ALL
