"""Every ranker that is measured, by the name it has in the table."""

from collections.abc import Callable
from functools import partial

from rapidfuzz import fuzz

from tests.quality import baselines, ours
from tests.quality.deals import Rank

RANKERS: dict[str, Callable[[], Rank]] = {
    "random": baselines.chance,
    "WRatio": partial(baselines.best_capability, fuzz.WRatio),
    "WRatio, services": partial(
        baselines.best_capability,
        fuzz.WRatio,
        need_fields=("service",),
        offer_fields=("service",),
    ),
    "token_set_ratio": partial(
        baselines.best_capability, fuzz.token_set_ratio, offer_fields=baselines.ALL_OFFER_WORDS
    ),
    "BM25": baselines.bm25,
    "CDMO Match": ours.ranker,
}
