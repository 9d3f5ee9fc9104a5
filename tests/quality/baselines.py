"""Rankers that understand nothing: chance, fuzzy ratios and BM25."""

import random
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from bm25s import BM25  # type: ignore[import-untyped]  # bm25s ships no types
from bm25s.stopwords import STOPWORDS_EN  # type: ignore[import-untyped]  # likewise
from numpy.typing import NDArray
from rapidfuzz import process, utils

from tests.quality.deals import Need, Rank, Record, read_providers

Scorer = Callable[..., float]
NEED_WORDS = ("service", "modality", "stage", "therapeutic_area", "quality", "scale")
OFFER_WORDS = ("service", "modality", "platform")
ALL_OFFER_WORDS = (*OFFER_WORDS, "stages", "scale", "quality", "note")
STOP = frozenset(STOPWORDS_EN)


def words_of(record: Record | Need, fields: Sequence[str]) -> str:
    """The stated ones of the fields, as one phrase."""
    stated = (record[name] for name in fields if record.get(name))
    return " ".join(" ".join(value) if isinstance(value, list) else str(value) for value in stated)


def ordered(scores: NDArray[Any]) -> list[str]:
    """Slugs by falling score; equal scores stay in the order of slug."""
    providers = read_providers()
    return [str(providers[i]["slug"]) for i in np.argsort(-scores, kind="stable")]


def chance(seed: int = 0) -> Rank:
    """A shuffle, the same for the same seed and text."""
    slugs = [str(record["slug"]) for record in read_providers()]

    def rank(text: str | None, needs: list[Need] | None) -> list[str]:
        return random.Random(f"{seed} {text} {needs}").sample(slugs, len(slugs))

    return rank


def best_capability(
    scorer: Scorer,
    need_fields: Sequence[str] = NEED_WORDS,
    offer_fields: Sequence[str] = OFFER_WORDS,
) -> Rank:
    """Each need scored by a provider's best capability, then summed; a bare text is one need."""
    capabilities = [
        (owner, utils.default_process(words_of(capability, offer_fields)))
        for owner, record in enumerate(read_providers())
        for capability in record["capabilities"]
    ]
    owners = np.array([owner for owner, _ in capabilities])
    phrases = [phrase for _, phrase in capabilities]

    def rank(text: str | None, needs: list[Need] | None) -> list[str]:
        asked = [words_of(need, need_fields) for need in needs] if needs else [text or ""]
        queries = [utils.default_process(query) for query in asked]
        total = np.zeros(len(read_providers()))
        for likeness in process.cdist(queries, phrases, scorer=scorer):
            best = np.zeros_like(total)
            np.maximum.at(best, owners, likeness)
            total += best
        return ordered(total)

    return rank


def tokens(text: str) -> list[str]:
    """Lower-case words of two letters or more, without stop words and the plural's s."""
    words = [word for word in re.findall(r"\w\w+", text.lower()) if word not in STOP]
    return [re.sub(r"(?<=\w\w[^s])s$", "", word) for word in words]


def document(record: Record) -> str:
    """A provider's text without its names, and without its track record.

    The record of past work may tell of the very deal that is measured.
    """
    offers = (words_of(capability, OFFER_WORDS) for capability in record["capabilities"])
    return " ".join((record["description"] or "", *offers))


def bm25() -> Rank:
    """BM25 (Lucene's form, k1 1.5, b 0.75) over one document per provider."""
    index = BM25(k1=1.5, b=0.75, method="lucene")
    index.index([tokens(document(record)) for record in read_providers()], show_progress=False)

    def rank(text: str | None, needs: list[Need] | None) -> list[str]:
        query = " ".join((text or "", *(words_of(need, NEED_WORDS) for need in needs or ())))
        known = index.get_tokens_ids(tokens(query))
        return ordered(index.get_scores_from_ids(known))

    return rank
