"""What is asked: queries of five needs each, drawn from the development deals."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.quality.baselines import NEED_WORDS, words_of
from tests.quality.deals import read_deals

NEEDS = 5
MATCHES = 20
AS_OF = date(2026, 11, 21)  # answers depend on the day


@dataclass(frozen=True, slots=True)
class Question:
    """One query: the request for ours, and each need as a bare phrase for the others."""

    body: Mapping[str, Any]
    phrases: tuple[str, ...]


def questions(count: int, seed: int = 0) -> Sequence[Question]:
    """`count` queries, the same ones for the same seed."""
    chance = random.Random(seed)
    needs = [need for deal in read_deals() for need in deal.needs]
    found = []
    for _ in range(count):
        drawn = chance.sample(needs, NEEDS)
        stated = [{name: words for name, words in need.items() if words} for need in drawn]
        body = {"needs": stated, "as_of": AS_OF.isoformat(), "limit": MATCHES}
        found.append(Question(body, tuple(words_of(need, NEED_WORDS) for need in drawn)))
    return found
