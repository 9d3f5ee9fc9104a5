"""What the run has to reach, in plain text and in the README."""

import pytest

from tests.benchmarks.load import Answered, Stall
from tests.benchmarks.ours import Figures
from tests.benchmarks.page import END, START, block, written
from tests.benchmarks.targets import Measured, lines, targets
from tests.benchmarks.timing import Run


def measured() -> Measured:
    return Measured(
        runs=[
            Run("ours", 10_000, 1.0, (0.004,)),
            Run("ours", 100_000, 16.0, (0.010, 0.010, 0.030)),
            Run("SQLite FTS5", 100_000, 2.0, (0.090,)),
            Run("tantivy", 100_000, 2.0, (0.005,)),
            Run("PostgreSQL pg_trgm", 100_000, 9.0, (), "past the budget after 0 queries", 20.0),
        ],
        figures=[Figures(100_000, 500_000, 100_000_000, 0.0501)],
        answered=[
            Answered(2, None, 10.0, (0.01,) * 1010, 0),
            Answered(2, 50.0, 20.0, (0.02,) * 980 + (0.2,) * 20, 0),
        ],
        stall=Stall(1.0, 20_000_000, 0.010, 0.080, 100),
        growths={"needs": 0.75, "markets": 0.01},
    )


def test_every_target_says_what_was_found_and_whether_that_is_enough() -> None:
    assert [(t.wanted, t.found, t.verdict) for t in targets(measured())] == [
        ("≤ 5 ms", "4.0 ms", "reached"),
        ("≤ 20 ms", "10.0 ms", "reached"),
        ("≤ 200 ms", None, "not measured"),
        ("≤ 0.9", "0.40", "reached"),
        ("≤ n^1.3", "n^0.75 (needs)", "reached"),
        ("≥ 50 x", "> 2,000.0 x", "reached"),
        ("≥ 10 x", "9.0 x", "not reached"),
        ("≤ 4 x its time", "2.0 x its time", "reached"),
        ("≤ 200 bytes", "200 bytes", "reached"),
        ("≤ 15 s", "16.0 s", "not reached"),
        ("≤ 50 ms", "50.1 ms", "not reached"),
        ("≥ 100 matches/s", "101 matches/s", "reached"),
        ("≤ 100 ms", "200 ms", "not reached"),
        ("≤ 100 ms", "70 ms", "reached"),
    ]


def test_nothing_measured_is_nothing_reached() -> None:
    assert {target.verdict for target in targets(Measured())} == {"not measured"}
    assert len(list(lines(Measured()))) == len(targets(measured()))


def test_the_page_keeps_everything_but_the_tables_of_the_last_run() -> None:
    page = f"above\n{START}\nold\n{END}\nbelow\n"
    found = written(page, measured())
    assert found.startswith(f"above\n{START}\nMilliseconds for 5 needs")
    assert found.endswith(f"\n{END}\nbelow\n")
    assert "old" not in found
    assert written(found, measured()) == found
    with pytest.raises(ValueError, match="to write between"):
        written("no marks", measured())


def test_the_tables_have_a_cell_for_every_ranker_and_size() -> None:
    rows = [row for row in block(measured()) if row.startswith("| ")]
    assert rows[0] == "| ranker | 10,000 | 100,000 | grows with |"
    assert "| SQLite FTS5 | - | 90.0 / 90.0 | - |" in rows
    assert "| PostgreSQL pg_trgm | - | past the budget after 0 queries | - |" in rows
    assert "| 2 workers, 50 asked a second | 50 | 20 | 200 |" in rows
