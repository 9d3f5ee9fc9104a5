"""Catalogues of any size from the shipped one, with as many distinct wordings as growth brings.

Plain copies would flatter a ranking that judges equal wordings once. So each field's wordings are
counted in ever larger samples of the real catalogue, Heaps' law `distinct = base * offers **
exponent` is fitted, and a copied offer gets a new wording, spliced from two real ones, whenever
its field has fewer distinct ones than the law says.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from uuid import UUID

import numpy as np

from app.matching.types import Candidate, Offer

FIELDS = ("service", "modality", "platform", "quality")
_SHARES = (0.25, 0.4, 0.55, 0.7, 0.85, 1.0)  # of the catalogue, in the samples that are counted
_SAMPLES = 8  # of each size
_TRIES = 8


@dataclass(frozen=True, slots=True)
class Growth:
    """How many distinct wordings a number of stated ones holds."""

    base: float
    exponent: float

    def distinct(self, stated: int) -> float:
        """The expected number of distinct wordings."""
        return float(self.base * stated**self.exponent)


def growth(wordings: Sequence[Sequence[str]], seed: int = 0) -> Growth:
    """Heaps' law fitted to wordings, grouped by provider: least squares over the logarithms."""
    chance = random.Random(seed)
    stated, distinct = [], []
    for share in _SHARES:
        for _ in range(_SAMPLES):
            groups = chance.sample(wordings, max(1, round(share * len(wordings))))
            found = [wording for group in groups for wording in group]
            if found:
                stated.append(len(found))
                distinct.append(len(set(found)))
    exponent, base = np.polyfit(np.log(stated), np.log(distinct), 1)
    return Growth(float(np.exp(base)), float(exponent))


def growths(candidates: Sequence[Candidate]) -> Mapping[str, Growth]:
    """The growth of each field's wordings, and of whole profiles under "profile"."""
    found = {
        field: growth(
            [
                [wording for offer in candidate.offers if (wording := getattr(offer, field))]
                for candidate in candidates
            ]
        )
        for field in FIELDS
    }
    profiles = [
        [f"{offer.service}|{offer.modality}|{offer.platform}" for offer in candidate.offers]
        for candidate in candidates
    ]
    return {**found, "profile": growth(profiles)}


class Wordings:
    """The wordings that one field has had so far, and the next new one."""

    def __init__(self, real: Sequence[str], law: Growth, chance: random.Random) -> None:
        self._real = [wording.split() for wording in real]
        self._law = law
        self._chance = chance
        self._seen: set[str] = set()
        self._stated = 0

    def next(self, own: str | None) -> str | None:
        """The offer's own wording, or a new one where the law asks for more distinct ones."""
        if not own:
            return own
        self._stated += 1
        wording = own
        if own in self._seen and len(self._seen) < self._law.distinct(self._stated):
            wording = self._new(own)
        self._seen.add(wording)
        return wording

    def _new(self, own: str) -> str:
        wording, head = own, own.split()
        for _ in range(_TRIES):
            tail = self._other()
            kept, left = self._below(len(head)) + 1, self._below(len(tail))
            wording = " ".join((*head[:kept], *tail[left:]))
            if wording not in self._seen:
                return wording
        # Few words to splice: a third phrase makes a longer wording, as people's are.
        return f"{wording}, {' '.join(self._other())}"

    def _other(self) -> list[str]:
        return self._real[self._below(len(self._real))]

    def _below(self, number: int) -> int:
        # A third of the time of `randrange`, which counts where there are millions.
        return int(self._chance.random() * number)


def resampled(
    candidates: Sequence[Candidate], size: int, seed: int = 0
) -> Iterator[tuple[int, Candidate]]:
    """`size` candidates drawn from `candidates`, each with the index of its original.

    The same seed gives the same ones, and a larger catalogue begins with the smaller one.
    """
    chance = random.Random(seed)
    laws = growths(candidates)
    offers = [offer for candidate in candidates for offer in candidate.offers]
    fields = {}
    for field in FIELDS:
        real = sorted({wording for offer in offers if (wording := getattr(offer, field))})
        fields[field] = Wordings(real, laws[field], chance)
    for number in range(size):
        source = chance.randrange(len(candidates))
        yield source, _copy(candidates[source], number, fields)


def numbered(known: str, number: int) -> str:
    """The id that stands for `known` in the copy of this number; ids keep their order."""
    digits = f"{_as_number(known) ^ number:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


@cache
def _as_number(known: str) -> int:
    return UUID(known).int


def _copy(candidate: Candidate, number: int, fields: Mapping[str, Wordings]) -> Candidate:
    return replace(
        candidate,
        id=numbered(candidate.id, number),
        slug=f"{candidate.slug}-{number}",
        offers=tuple(_offer(offer, number, fields) for offer in candidate.offers),
    )


def _offer(offer: Offer, number: int, fields: Mapping[str, Wordings]) -> Offer:
    return replace(
        offer,
        id=numbered(offer.id, number),
        service=fields["service"].next(offer.service) or offer.service,
        modality=fields["modality"].next(offer.modality),
        platform=fields["platform"].next(offer.platform),
        quality=fields["quality"].next(offer.quality),
    )
