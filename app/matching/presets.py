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
    "service": 1.5,
    "modality": 0.8,
    "platform": 0.5,
    "stage": 0.5,
    "therapeutic_area": 0.4,
    "quality": 0.3,
    "scale": 0.6,
    "time": 0.45,
    "wording": 4.5,
    "place": 1.5,
    "market": 0.3,
    "language": 0.25,
    "ownership": 0.3,
    "freshness": 0.15,
}

PRESETS = (
    Preset(
        "balanced",
        "The request's own words count most, rare ones above all; then the work and the place.",
        "Our own, set by `make quality` on real deals (tests/quality/README.md).",
        _BALANCED,
    ),
    Preset(
        "quality_first",
        "Standards held at the site weigh more than any other condition.",
        "After CDMO Signal's public method, which gives quality compliance 35 of 100 "
        "(https://cdmosignal.com/methodology).",
        _weights(quality=2.7, market=0.9, freshness=0.45),
    ),
    Preset(
        "capacity_first",
        "Scale and the date weigh most among the conditions.",
        "After SciRank's 20 of 100 for manufacturing capability and the surveys that put "
        "on-time delivery first (https://thescirank.com/scoring-methodology).",
        _weights(scale=1.9, time=1.9),
    ),
    Preset(
        "close_by",
        "Place and language weigh most among the conditions.",
        "Our own, for teams that want to visit often or file locally.",
        _weights(place=3.5, language=1.2),
    ),
)
BY_NAME = {preset.name: preset for preset in PRESETS}
DEFAULT = "balanced"
