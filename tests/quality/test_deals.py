from dataclasses import replace

import pytest

from tests.quality.deals import (
    HERE,
    Deal,
    Need,
    Score,
    mean_reciprocal_rank,
    place,
    places,
    read_deals,
    read_lines,
    read_providers,
    recall,
    score,
)

DEAL = Deal(
    id="d1",
    side="mfg",
    sponsor_country="KR",
    text="plasmid at 50 L",
    needs=[{"service": "plasmid manufacture", "modality": None}],
    chosen="b",
    year=None,
)


class TestPlace:
    def test_counts_from_one(self) -> None:
        assert [place(["a", "b", "c"], slug) for slug in "abc"] == [1, 2, 3]

    def test_is_none_when_left_out(self) -> None:
        assert place(["a", "b"], "c") is None

    def test_refuses_a_provider_named_twice(self) -> None:
        with pytest.raises(ValueError, match="twice"):
            place(["a", "a", "b"], "b")


class TestPlaces:
    def test_gives_the_needs_only_in_that_mode(self) -> None:
        def rank(text: str | None, needs: list[Need] | None) -> list[str]:
            return ["a", "b"] if needs is None else ["b", "a"]

        assert places(rank, [DEAL, replace(DEAL, chosen="c")], with_needs=False) == [2, None]
        assert places(rank, [DEAL, replace(DEAL, chosen="a")], with_needs=True) == [1, 2]


class TestScore:
    def test_recall_includes_the_depth_itself(self) -> None:
        assert [recall([5, 6, None, 1], depth) for depth in (4, 5, 6)] == [0.25, 0.5, 0.75]

    def test_mean_reciprocal_rank_counts_one_left_out_as_nothing(self) -> None:
        assert mean_reciprocal_rank([1, 2, 4, None]) == (1 + 0.5 + 0.25) / 4

    def test_of_ranks_at_the_edges(self) -> None:
        assert score([1, 10, 20, None]) == Score((0.25, 0.5, 0.75), (1 + 0.1 + 0.05) / 4)


class TestData:
    @pytest.mark.parametrize(
        ("name", "count"), [("deals", 150), ("needs", 59), ("pairs", 35), ("traps", 68)]
    )
    def test_count(self, name: str, count: int) -> None:
        assert len(read_lines(HERE / f"{name}_dev.jsonl")) == count

    def test_every_chosen_provider_is_in_the_catalogue(self) -> None:
        slugs = {record["slug"] for record in read_providers()}
        assert len(slugs) == 369
        assert [deal.id for deal in read_deals() if deal.chosen not in slugs] == []

    def test_sides(self) -> None:
        sides = [deal.side for deal in read_deals()]
        assert {side: sides.count(side) for side in set(sides)} == {"cro": 92, "mfg": 58}
