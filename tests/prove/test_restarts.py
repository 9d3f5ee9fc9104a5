from typing import Any

import pytest

from tests.prove.restarts import misses

SOUND: dict[str, Any] = {
    "statuses": {200: 90, 201: 9, 503: 5},
    "back_s": 0.1,
    "longest_s": 2.5,
    "wrong": 0,
    "lost": 0,
    "doubled": 0,
}


def test_what_is_sound_is_passed() -> None:
    assert misses(SOUND) == []


@pytest.mark.parametrize(
    ("changed", "missed"),
    [
        ({"statuses": {200: 1, 500: 1}}, "200, 201 and 503 alone"),
        ({"wrong": 1}, "every 503 says when to ask again"),
        ({"lost": 1}, "nothing lost, nothing doubled"),
        ({"doubled": 1}, "nothing lost, nothing doubled"),
        ({"back_s": 2.1}, "well within 2 s"),
        ({"longest_s": 5.1}, "no request longer than 5 s"),
    ],
)
def test_every_target_can_be_missed(changed: dict[str, Any], missed: str) -> None:
    assert misses(SOUND | changed) == [missed]
