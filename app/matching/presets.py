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
    "service": 1.9,
    "modality": 1.8,
    "regime": 1.2,
    "breadth": 0.9,
    "platform": 1.5,
    "stage": 2.1,
    "therapeutic_area": 0.4,
    "quality": 1.1,
    "scale": 2.0,
    "time": 1.0,
    "wording": 9.0,
    "place": 4.0,
    "market": 0.7,
    "language": 0.6,
    "ownership": 0.7,
    "freshness": 0.3,
}

PRESETS = (
    Preset(
        "balanced",
        "The request's own words count most, rare ones above all; then the work and the place.",
        "Our own, fitted to real deals by `python -m tests.quality.fit`, rounded "
        "(tests/quality/README.md).",
        _BALANCED,
    ),
    Preset(
        "quality_first",
        "Standards held at the site weigh more than any other condition.",
        "Leaning on CDMO Signal's public method, which puts quality compliance first "
        "(https://cdmosignal.com/methodology).",
        _weights(quality=6.5, market=2.2, freshness=1.1),
    ),
    Preset(
        "capacity_first",
        "Scale and the date weigh most among the conditions.",
        "Leaning on SciRank's 20 of 100 for manufacturing capability and the surveys that put "
        "on-time delivery first (https://thescirank.com/scoring-methodology).",
        _weights(scale=5.5, time=4.5),
    ),
    Preset(
        "close_by",
        "Place and language weigh most among the conditions.",
        "Our own, for teams that want to visit often or file locally.",
        _weights(place=9.0, language=3.0),
    ),
)
BY_NAME = {preset.name: preset for preset in PRESETS}
DEFAULT = "balanced"
