import numpy as np
from numpy.typing import NDArray

from app.matching.columns import Column, packed
from app.matching.memory import Memory

LETTERS = Column.of("abcab")


def test_each_value_is_judged_once_for_all_who_ask_the_same() -> None:
    judged: list[str] = []

    def judge(value: str) -> tuple[float, float]:
        judged.append(value)
        return float(ord(value) - ord("a")), 0.5

    memory = Memory()
    assert memory.shares("x", LETTERS, np.array([1]), judge).tolist() == [[1.0, 0.5]]
    assert memory.shares("x", LETTERS, np.array([1, 2]), judge).tolist() == [[1.0, 0.5], [2.0, 0.5]]
    assert judged == ["b", "c"]
    memory.shares("y", LETTERS, np.arange(3), judge)
    assert judged == ["b", "c", "a", "b", "c"]
    assert memory.shares("y", LETTERS, np.arange(3), judge)[:, 0].tolist() == [0.0, 1.0, 2.0]


def test_what_is_worked_out_for_all_rows_is_kept() -> None:
    memory, asked = Memory(), iter((7, 8))

    def work() -> NDArray[np.int64]:
        return np.full(3, next(asked))

    assert memory.rows("x", work).tolist() == memory.rows("x", work).tolist() == [7, 7, 7]
    assert memory.rows("y", work).tolist() == [8, 8, 8]


def test_the_oldest_is_forgotten_before_it_grows_too_large() -> None:
    memory = Memory()
    for number in range(600):
        memory.shares(number, LETTERS, np.array([0]), lambda _: (1.0, 0.0))
    assert len(memory._shares) <= 256


def test_what_was_told_is_there_for_the_next_who_asks_the_same() -> None:
    memory = Memory()
    first, second = memory.told(["x", "y"])
    first[7] = "seven"
    assert memory.told(["y", "x"]) == [{}, {7: "seven"}]
    assert second == {}


def test_all_that_was_told_is_forgotten_before_it_grows_too_large() -> None:
    memory = Memory()
    for number in range(80):
        (told,) = memory.told([number])
        told.update(dict.fromkeys(range(1000)))
    assert sum(map(len, memory._told.values())) < 34_000


def test_members_are_numbered_once_and_go_on_where_a_column_grows() -> None:
    sets = Column.of([packed([0]), packed([2, 1, 2])])
    memory = Memory()
    assert memory.members("x", sets).at(0) == [0]
    grown = Column.of([*sets.values, packed([1])])
    later = memory.passed_on().members("x", grown)
    assert [later.at(row) for row in range(3)] == [[0], [1, 2], [1]]
    assert len(memory.members("x", sets).bounds) == 3


def test_the_best_of_values_goes_on_where_a_column_grows() -> None:
    asked: list[int] = []

    def work(first: int) -> NDArray[np.float32]:
        asked.append(first)
        return np.arange(first, 4, dtype=np.float32)

    memory = Memory()
    memory._best["x"] = np.zeros(2, dtype=np.float32)
    assert memory.best("x", 4, work).tolist() == [0.0, 0.0, 2.0, 3.0]
    assert memory.best("x", 4, work).tolist() == [0.0, 0.0, 2.0, 3.0]
    assert asked == [2]
