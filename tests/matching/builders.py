"""What tests of the matching core are made of: a small vocabulary, and words with defaults."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from app.matching.brief import Brief
from app.matching.catalogue import Catalogue
from app.matching.criteria import BY_NAME
from app.matching.panel import Panel
from app.matching.quantity import from_range
from app.matching.rank import shortlist
from app.matching.tables import Table
from app.matching.types import (
    Candidate,
    Concept,
    Match,
    Need,
    Offer,
    Point,
    Proof,
    Query,
    Shortlist,
    Site,
    Understanding,
    Wishes,
)
from app.matching.vocabulary import Vocabulary
from app.period import Period

TODAY = date(2026, 11, 22)
NO_WISHES = Wishes()
WEIGHTS = {
    "service": 30.0,
    "modality": 20.0,
    "regime": 10.0,
    "breadth": 5.0,
    "platform": 10.0,
    "stage": 10.0,
    "therapeutic_area": 5.0,
    "quality": 10.0,
    "scale": 10.0,
    "time": 10.0,
    "wording": 20.0,
    "place": 10.0,
    "market": 5.0,
    "language": 5.0,
    "ownership": 5.0,
    "freshness": 5.0,
}

# id, facet, label, broader, synonyms, related, not the same as
_CONCEPTS: tuple[tuple[str, str, str, str | None, str, str, str], ...] = (
    ("formulation", "service", "Formulation", None, "", "", ""),
    ("lnp-formulation", "service", "LNP formulation", "formulation", "", "", ""),
    ("fill-finish", "service", "Fill and finish", None, "fill-finish", "formulation", ""),
    ("vial-filling", "service", "Vial filling", "fill-finish", "", "", ""),
    ("nonclinical-services", "service", "Nonclinical services", None, "", "", ""),
    ("toxicology", "service", "Toxicology", "nonclinical-services", "", "", ""),
    ("nucleic-acid", "modality", "Nucleic acid", None, "", "", ""),
    ("mrna", "modality", "mRNA", "nucleic-acid", "", "", ""),
    ("plasmid", "modality", "Plasmid DNA", "nucleic-acid", "", "", ""),
    ("antibody", "modality", "Antibody", None, "antibodies", "", ""),
    ("drug-product", "modality", "Finished form", None, "", "", ""),
    ("tablet", "modality", "Tablet", "drug-product", "", "", ""),
    ("cho", "platform", "CHO cells", None, "CHO", "", ""),
    ("e-coli", "platform", "E. coli", None, "Escherichia coli", "", ""),
    ("isolator", "equipment", "Isolator", None, "", "fill-finish", ""),
    ("oncology", "therapeutic_area", "Oncology", None, "cancer", "", ""),
    ("infectious", "therapeutic_area", "Infectious diseases", None, "", "", ""),
    ("gxp", "quality", "GxP", None, "", "", ""),
    ("cgmp", "quality", "GMP", "gxp", "cGMP", "", "glp gcp gclp"),
    ("gmp-eu", "quality", "EU GMP", "cgmp", "EU-GMP", "", ""),
    ("kgmp", "quality", "KGMP", "cgmp", "", "", ""),
    ("glp", "quality", "GLP", "gxp", "", "", "cgmp gcp gclp"),
    ("oecd-glp", "quality", "OECD GLP", "glp", "", "", ""),
    ("gcp", "quality", "GCP", "gxp", "", "", ""),
    ("gclp", "quality", "GCLP", "gxp", "", "", ""),
    ("non-gmp", "quality", "non-GMP", None, "", "", ""),
    ("gmp-like", "quality", "GMP-like", None, "", "", ""),
    ("bsl-containment", "quality", "Biosafety level", None, "", "", ""),
    ("bsl-2", "quality", "BSL-2", "bsl-containment", "BL2", "", "bsl-3"),
    ("bsl-3", "quality", "BSL-3", "bsl-containment", "BL3", "", "bsl-2"),
    ("mfds", "quality", "MFDS", None, "", "", "fda"),
    ("fda", "quality", "FDA", None, "", "", "mfds"),
)


@cache
def vocabulary() -> Vocabulary:
    """Concepts of every facet that the core compares."""
    concepts = [
        Concept(
            id=name,
            facet=facet,
            labels={"en": label, "ko": f"{label}(한)"},
            synonyms=tuple(filter(None, synonyms.split("; "))),
            broader=broader,
            related=tuple(related.split()),
            not_same_as=tuple(apart.split()),
        )
        for name, facet, label, broader, synonyms, related, apart in _CONCEPTS
    ]
    return Vocabulary(concepts, version=1)


def period(text: str | None) -> Period | None:
    return Period.parse(text) if text else None


def offer(service: str = "LNP formulation", *, id: str = "o1", **others: Any) -> Offer:
    return Offer(id=id, service=service, **others)


def candidate(slug: str = "acme", *offers: Offer, **others: Any) -> Candidate:
    given = {"id": f"id-{slug}", "name": slug.title(), "kind": "cdmo", "operating": "active"}
    return Candidate(slug=slug, offers=offers, **{**given, **others})


def site(
    lifecycle: str = "operating",
    *,
    id: str = "s1",
    opens: str | None = None,
    country: str | None = None,
) -> Site:
    return Site(
        id=id, name="Plant", country=country, lifecycle=lifecycle, operational_from=period(opens)
    )


def proof(standard: str = "GMP", site_id: str | None = None, **others: Any) -> Proof:
    return Proof(standard=standard, site_id=site_id, **others)


def read(phrase: str | None, facet: str) -> Understanding | None:
    """A field of a need as it is understood."""
    if phrase is None:
        return None
    return Understanding(phrase, concepts=vocabulary().resolve(phrase, facet).concepts)


def need(
    service: str | None = None,
    *,
    id: str = "n1",
    modality: str | None = None,
    platform: str | None = None,
    area: str | None = None,
    stages: tuple[str, ...] = (),
    quality: str | tuple[str, ...] = (),
    litres: float | None = None,
    must: bool = False,
    weight: float = 1.0,
) -> Need:
    """A need from words, each read by the small vocabulary."""
    standards = (quality,) if isinstance(quality, str) else quality
    return Need(
        id=id,
        service=read(service, "service"),
        modality=read(modality, "modality"),
        platform=read(platform, "platform"),
        therapeutic_area=read(area, "therapeutic_area"),
        stage=Understanding(" to ".join(stages)) if stages else None,
        stages=stages,
        quality=tuple(found for text in standards if (found := read(text, "quality"))),
        scale=Understanding(f"{litres:g} L") if litres is not None else None,
        quantity=from_range(litres, litres, "L") if litres is not None else None,
        importance="must" if must else "should",
        weight=weight,
    )


def query(
    *needs: Need,
    weights: Mapping[str, float] = WEIGHTS,
    wishes: Wishes = NO_WISHES,
    **others: Any,
) -> Query:
    given: dict[str, Any] = {"as_of": TODAY, "limit": 100, "include_ineligible": True}
    return Query(needs=needs, wishes=wishes, weights=weights, **{**given, **others})


def wishes(needed_from: str | None = None, **others: Any) -> Wishes:
    return Wishes(needed_from=period(needed_from), **others)


def catalogue(*candidates: Candidate) -> Catalogue:
    return Catalogue.build(candidates, vocabulary(), revision=1)


def answer(request: Query, *candidates: Candidate) -> Shortlist:
    return shortlist(request, catalogue(*candidates))


def only(request: Query, one: Candidate) -> Match:
    """How the one candidate of a catalogue fares."""
    found = answer(request, one)
    (match,) = found.matches
    return match


def line(found: Match, criterion: str) -> Point:
    """The one line of this criterion in a ledger."""
    (point,) = (point for point in found.lines if point.criterion == criterion)
    return point


def shares(
    criterion: str, made: Need, who: Candidate, wish: Wishes = NO_WISHES, *, text: str | None = None
) -> tuple[float, float]:
    """Shares of a criterion's points that the first offer of the one provider wins and leaves
    unknown."""
    known = catalogue(who)
    brief = Brief.of(query(made, wishes=wish, text=text), known)
    panel = Panel.of_all(brief, np.zeros(1, dtype=np.int64))
    found = Table(BY_NAME[criterion], brief.asks, known, [0]).line(panel).judged
    won, unknown = found.spread(found.won)[0, 0], found.spread(found.unknown)[0, 0]
    return round(float(won), 3), round(float(unknown), 3)


def slugs(matches: Iterable[Match]) -> list[str]:
    return [match.candidate.slug for match in matches]
