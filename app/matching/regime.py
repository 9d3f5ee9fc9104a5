"""The kind of work that a service is, and whether an offer takes on the whole of it.

A trial, an animal study, a batch and a dossier are done by different people under different rules;
what is said about one of them says little about another.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.matching.types import Candidate, Offer
from app.matching.vocabulary import Vocabulary

# By the service concept nearest above what is named.
_OF_SERVICE: Mapping[str, str] = {
    "clinical-services": "clinical",
    "nonclinical-services": "nonclinical",
    "discovery-services": "discovery",
    "cro-chemistry": "discovery",
    "regulatory-consulting": "regulatory",
    "consultant-gmp": "consulting",
    "cmc-consulting": "consulting",
    "manufacturing": "making",
    "process-development": "making",
    "formulation-development": "making",
    "product-development": "making",
    "device-development": "making",
    "tech-transfer": "making",
    "cell-banking": "making",
    "cmc": "making",
    "cdmo": "making",
    "cmo": "making",
    "cdo": "making",
    "public-cdmo": "making",
    "hospital-gmp-unit": "making",
    "qc-testing": "testing",
    "analytical-development": "testing",
    "bioanalysis": "testing",
    "batch-release": "testing",
    "clinical-supply": "logistics",
    "clinical-packaging": "logistics",
    "commercial-packaging": "logistics",
    "storage-service": "logistics",
    "distribution-logistics": "logistics",
    "facility-services": "engineering",
    "incubator": "engineering",
    "supplier-equipment": "supply",
    "supplier-materials": "supply",
}
# Where an offer's own words don't tell. A research institute or an association does any of them.
_OF_KIND: Mapping[str, str] = {
    "cdmo": "making",
    "public_cdmo": "making",
    "cro_clinical": "clinical",
    "hospital": "clinical",
    "cro_nonclinical": "nonclinical",
    "cro_discovery": "discovery",
    "consultant": "consulting",
    "testing_lab": "testing",
    "supplier": "supply",
    "logistics": "logistics",
    "cluster": "engineering",
}
_MAKERS = frozenset(("cdmo", "cmo", "cdo", "public-cdmo"))
_WHOLE = re.compile(
    r"\b(?:full[- ]service|phases? (?:i|1) ?(?:-|to|through) ?(?:iv|4)|all phases|end[- ]to[- ]end"
    r"|one[- ]stop|turnkey|full range"
    r"|(?:early )?development to commercial|development\b.*\bmanufactur|cdmo)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Work:
    """The kinds of work an offer is (none: nobody can tell), and whether it covers them whole."""

    regimes: frozenset[str]
    is_whole: bool


def regimes_of(concepts: Iterable[str], vocabulary: Vocabulary) -> frozenset[str]:
    """The kinds of work that service concepts belong to; empty where none of them tells."""
    lines = (vocabulary.broader(concept) for concept in concepts)
    told = (next((_OF_SERVICE[c] for c in line if c in _OF_SERVICE), None) for line in lines)
    return frozenset(regime for regime in told if regime)


def work_of(
    candidate: Candidate, offer: Offer, concepts: Iterable[str], vocabulary: Vocabulary
) -> Work:
    """What kind of work an offer is, by its own words and else by the kind of provider."""
    named = tuple(concepts)
    return work(
        candidate.kind, regimes_of(named, vocabulary), says_whole(offer) or names_maker(named)
    )


@lru_cache(maxsize=1024)
def work(kind: str, regimes: frozenset[str], is_whole: bool) -> Work:
    """The work of these regimes, else of what a kind of provider does; equal ones are one."""
    return Work(regimes or frozenset(filter(None, (_OF_KIND.get(kind),))), is_whole)


def says_whole(offer: Offer) -> bool:
    """Whether an offer says in words that it takes on the whole of a work."""
    said = f"{offer.service} {offer.note}" if offer.note else offer.service
    return _may_say_whole(said) and bool(_WHOLE.search(said))


def _may_say_whole(said: str) -> bool:
    """A quick look before a long one: without one of these letters nothing is said."""
    text = said.lower()
    return (
        "cdmo" in text
        or "phase" in text
        or "development" in text
        or "full" in text
        or "to-end" in text
        or "to end" in text
        or "stop" in text
        or "turnkey" in text
        or not said.isascii()
    )


def names_maker(concepts: Iterable[str]) -> bool:
    """Whether one of these concepts says that everything up to a product is done."""
    return not _MAKERS.isdisjoint(concepts)
