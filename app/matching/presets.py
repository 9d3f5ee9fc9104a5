"""Weights: ready-made sets, each with its source. Surveys found no consensus, so callers choose."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preset:
    """A named set of weights; only their proportions matter."""

    name: str
    text: str
    source: str
    weights: Mapping[str, float]


def _weights(**changes: float) -> Mapping[str, float]:
    return {**_BALANCED, **changes}


_BALANCED: Mapping[str, float] = {
    "service": 2.0,
    "modality": 1.4,
    "platform": 0.6,
    "stage": 0.4,
    "therapeutic_area": 0.5,
    "quality": 0.4,
    "scale": 0.8,
    "time": 0.6,
    "wording": 4.5,
    "place": 1.4,
    "market": 0.4,
    "language": 0.3,
    "ownership": 0.4,
    "freshness": 0.2,
}

PRESETS = (
    Preset(
        "balanced",
        "What is done and with what counts most; rare words of the request weigh heavily.",
        "Our own, set by `make quality` on real deals (tests/quality/README.md).",
        _BALANCED,
    ),
    Preset(
        "quality_first",
        "Standards held at the site count as much as the work itself.",
        "After CDMO Signal's public method, which gives quality compliance 35 of 100 "
        "(https://cdmosignal.com/methodology).",
        _weights(quality=3.5, market=1.2, freshness=0.6),
    ),
    Preset(
        "capacity_first",
        "Scale and the date weigh most among the conditions.",
        "After SciRank's 20 of 100 for manufacturing capability and the surveys that put "
        "on-time delivery first (https://thescirank.com/scoring-methodology).",
        _weights(scale=2.5, time=2.5),
    ),
    Preset(
        "close_by",
        "Place and language weigh most among the conditions.",
        "Our own, for teams that want to visit often or file locally.",
        _weights(place=3.5, language=1.5),
    ),
)
BY_NAME = {preset.name: preset for preset in PRESETS}
DEFAULT = "balanced"
