"""How the time of a whole match grows with each thing that a request may hold more of."""

import gc
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.matching.catalogue import Catalogue
from app.matching.knowledge import table
from app.models.match import MATCH_LIMIT, MatchData
from app.models.need import MATCH_NEEDS
from app.services.match import match_json
from tests.benchmarks.queries import AS_OF
from tests.benchmarks.timing import exponent
from tests.quality.deals import read_deals

REQUESTS = 5  # of each size, in other words each, for what a process remembers of words
LONGEST_TEXT = 4_000
_FIELDS = ("service", "modality", "platform", "therapeutic_area")

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that a request may hold more of, up to what is allowed."""

    name: str
    most: int
    body: Callable[[int, random.Random], Body]  # a request with so much of it

    @property
    def sizes(self) -> tuple[int, int, int]:
        """What is measured: the steepest part is at the top, where fixed costs count least."""
        return self.most // 4, self.most // 2, self.most


def growths(catalogue: Catalogue) -> dict[str, float]:
    """By input the power of its size that the time of a match with full ledgers grows with."""

    def ask(body: Body) -> None:
        match_json(MatchData.model_validate({"as_of": AS_OF.isoformat(), **body}), catalogue)

    return {each.name: growth(each, ask) for each in INPUTS}


def growth(given: Input, ask: Callable[[Body], None], requests: int = REQUESTS) -> float:
    """The power of an input's size that the time of the median request grows with."""
    times: dict[int, list[float]] = {size: [] for size in given.sizes}
    gc.collect()
    gc.disable()
    try:
        for seed in range(-1, requests):
            for size in given.sizes:  # in turns, so that a slow spell meets all of them
                body = given.body(size, random.Random(seed))
                # Time of the processor, which others' work on this machine lengthens little.
                started = time.process_time()
                ask(body)
                if seed >= 0:  # the first lays out what belongs to no request
                    times[size].append(time.process_time() - started)
    finally:
        gc.enable()
    found = exponent(given.sizes, [statistics.median(times[size]) for size in given.sizes])
    return found or 0.0


@cache
def _stated() -> Sequence[Mapping[str, str]]:
    needs = [need for deal in read_deals() for need in deal.needs]
    return [{name: words for name, words in need.items() if words} for need in needs]


def _needs(count: int, chance: random.Random, musts: int = 0) -> list[Body]:
    drawn = chance.sample(_stated(), count)
    return [
        {**need, "importance": "must" if number < musts else "should"}
        for number, need in enumerate(drawn)
    ]


def _of_needs(size: int, chance: random.Random) -> Body:
    return {"needs": _needs(size, chance)}


def _of_musts(size: int, chance: random.Random) -> Body:
    return {"needs": _needs(MATCH_NEEDS, chance, musts=size), "include_ineligible": True}


def _of_text(size: int, chance: random.Random) -> Body:
    texts = [deal.text for deal in read_deals()]
    chance.shuffle(texts)
    return {"text": " ".join(texts)[:size]}


def _of_words(size: int, chance: random.Random) -> Body:
    known = {word for need in _stated() for text in need.values() for word in text.split()}
    short = sorted(word for word in known if 3 <= len(word) <= 8)
    return {"needs": [{name: " ".join(chance.sample(short, size)) for name in _FIELDS}]}


def _of_qualities(size: int, chance: random.Random) -> Body:
    names = ["GMP", "GLP", "GCP", "ISO 13485", "ISO 9001", "ISO 17025", "BSL-2", "FDA approved"]
    return {"needs": [{**need, "quality": names[:size]} for need in _needs(4, chance)]}


def _of_countries(size: int, chance: random.Random) -> Body:
    codes = chance.sample(sorted(table("places")["countries"]), size)
    countries = {"required": codes, "preferred": codes}
    return {"needs": _needs(4, chance), "wishes": {"countries": countries}}


def _of_markets(size: int, chance: random.Random) -> Body:
    names = sorted(table("regulators")["regulators"])
    return {"needs": _needs(4, chance), "wishes": {"markets": chance.sample(names, size)}}


def _of_limit(size: int, chance: random.Random) -> Body:
    return {"needs": _needs(4, chance), "limit": size, "include_ineligible": True}


INPUTS = (
    Input("needs", MATCH_NEEDS, _of_needs),
    Input("needs that must be met", MATCH_NEEDS, _of_musts),
    Input("characters of the text", LONGEST_TEXT, _of_text),
    Input("words of a field", 16, _of_words),
    Input("standards of a need", 8, _of_qualities),
    Input("countries", 64, _of_countries),
    Input("markets", 16, _of_markets),
    Input("matches returned", MATCH_LIMIT, _of_limit),
)
