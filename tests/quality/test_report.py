from dataclasses import replace
from pathlib import Path

from tests.quality.report import Measured, changes, keep, misses, table
from tests.quality.test_deals import DEAL


class TestChanges:
    def test_names_the_deals_that_enter_and_leave_the_first_ten(self, tmp_path: Path) -> None:
        deals = [replace(DEAL, id=f"d{i}") for i in range(4)]
        before = Measured("mine", {"text": [10, 11, None, 3]}, 0.0)
        after = Measured("mine", {"text": [11, 10, 12, 1]}, 0.0)
        kept = tmp_path / "ranks.json"
        keep([before], kept)
        assert list(changes(kept, after, deals)) == [
            "",
            "mine, text: 1 gained, 1 lost",
            "gained  d1  11 to 10  b",
            "lost    d0  10 to 11  b",
        ]

    def test_says_so_when_the_ranker_was_not_kept(self, tmp_path: Path) -> None:
        kept = tmp_path / "ranks.json"
        keep([], kept)
        assert list(changes(kept, Measured("mine", {"text": [1]}, 0.0), [DEAL])) == [
            "",
            "mine: not in the kept ranks",
        ]


class TestReport:
    def test_table(self) -> None:
        measured = Measured("mine", {"text": [1, 4], "text and needs": [None, 2]}, 1.25)
        title, *_, line = table("one deal", [measured], [1])
        assert title == "one deal"
        assert line.split() == [
            "mine",
            *("1.000", "1.000", "1.000", "0.250"),
            *("1.000", "1.000", "1.000", "0.500"),
            "1.2",
        ]

    def test_misses_name_deal_rank_and_chosen(self) -> None:
        measured = Measured("mine", {"text": [11, None, 10]}, 0.0)
        assert list(misses(measured, [DEAL, DEAL, DEAL])) == [
            "",
            "mine, text: 2 below rank 10",
            "d1      11  b",
            "d1  absent  b",
        ]
