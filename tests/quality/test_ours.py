"""What our ranking has reached, held: a change that loses it has to say so here."""

from collections.abc import Callable

import pytest

from tests.quality import baselines, ours, understanding
from tests.quality.deals import Rank, places, read_deals, recall


@pytest.mark.parametrize("with_needs", [False, True], ids=["text", "text and needs"])
def test_more_chosen_providers_are_in_the_first_ten_than_bm25_finds(with_needs: bool) -> None:
    def found(ranker: Callable[[], Rank]) -> float:
        return recall(places(ranker(), read_deals(), with_needs=with_needs), 10)

    assert found(ours.ranker) >= found(baselines.bm25) + 0.05


def test_no_look_alike_is_fully_met() -> None:
    assert understanding.mistaken_look_alikes() == []


def test_every_decoy_is_seen_as_such() -> None:
    assert understanding.decoys_taken_for_needs() == []


def test_most_pairs_and_needs_are_read() -> None:
    assert len(understanding.missed_pairs()) <= 6
    assert len(understanding.misread_needs()) <= 5
