from typing import Any

import pytest

from tests.prove.overload import goodput, misses

SOUND: dict[str, Any] = {
    "goodput": 0.95,
    "statuses": {200: 90, 429: 1, 503: 90},
    "unmarked": 0,
    "broken": 0,
    "health_p99_ms": 20.0,
    "health": {200: 10},
    "reads": {200: 10},
}


def test_what_is_sound_is_passed() -> None:
    assert misses({"2x": SOUND, "5x": SOUND}) == []


@pytest.mark.parametrize(
    ("changed", "missed"),
    [
        ({"goodput": 0.89}, "goodput >= 0.9"),
        ({"statuses": {200: 1, 500: 1}}, "refused with 429 or 503 alone"),
        ({"unmarked": 1}, "every refusal says when to ask again"),
        ({"broken": 1}, "no connection broken"),
        ({"health_p99_ms": 101.0}, "health within 100 ms"),
        ({"health": {200: 9, 503: 1}}, "health always answers"),
        ({"reads": {200: 9, 503: 1}}, "reads go on"),
    ],
)
def test_every_target_can_be_missed(changed: dict[str, Any], missed: str) -> None:
    assert misses({"2x": SOUND, "5x": SOUND | changed}) == [f"5x: {missed}"]


def test_goodput_is_of_the_capacity_around_it() -> None:
    capacity = [10.0, 20.0, 10.0, 10.0, 30.0, 10.0]
    assert goodput([15.0, 5.0, 18.0], capacity, step=2) == 0.9
    assert goodput([12.0, 10.0], capacity[1:], step=2) == pytest.approx((0.8 + 0.5) / 2)
