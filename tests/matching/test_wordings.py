"""Wordings from general knowledge: look-alikes stay apart, the same thing is recognised."""

import json
from pathlib import Path

from tests.quality.understanding import ledger

HERE = Path(__file__).parent
# What no general rule reads: a wording whose meaning lies in no word of its own.
UNREAD = 4


def pairs(name: str) -> list[list[str]]:
    found: list[list[str]] = json.loads((HERE / f"{name}.json").read_text("utf-8"))["pairs"]
    return found


def is_met(asked: str, offered: str) -> bool:
    return any(line.verdict == "met" for line in ledger(asked, offered))


def is_recognised(asked: str, offered: str) -> bool:
    lines = ledger(asked, offered)
    return 2 * sum(line.won for line in lines) >= max(1, sum(line.possible for line in lines))


def test_look_alikes_are_never_met() -> None:
    assert [pair for pair in pairs("look_alikes") if is_met(*pair)] == []


def test_the_same_thing_in_other_words_wins_half_of_its_points() -> None:
    missed = [pair for pair in pairs("same_things") if not is_recognised(*pair)]
    assert len(missed) <= UNREAD, missed
