"""Answers that are kept, and objects that are freed all the same."""

import gc
import weakref

import pytest

from app.matching.remembered import remembered


class Adder:
    def __init__(self) -> None:
        self.asked = 0
        self.plus = remembered(self._plus, 2)

    def _plus(self, one: int, other: int) -> int:
        self.asked += 1
        return one + other


def test_the_same_is_worked_out_once() -> None:
    adder = Adder()
    assert [adder.plus(1, 2), adder.plus(1, 2), adder.plus(2, 2)] == [3, 3, 4]
    assert adder.asked == 2


def test_an_object_is_freed_when_nobody_holds_it() -> None:
    gc.disable()
    try:
        adder = Adder()
        adder.plus(1, 2)
        gone, plus = weakref.ref(adder), adder.plus
        del adder
        assert gone() is None
        assert plus(1, 2) == 3
        with pytest.raises(ReferenceError):
            plus(2, 3)
    finally:
        gc.enable()
