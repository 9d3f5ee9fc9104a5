"""Small catalogues, and who is listed of one."""

from datetime import date

from app.matching.catalogue import Catalogue
from app.matching.listing import Wanted, listing
from app.matching.types import Candidate, Offer
from tests.matching import shipped

TODAY = date(2026, 11, 22)


def provider(slug: str, *services: str, name: str = "", **fields: object) -> Candidate:
    offers = tuple(Offer(id=f"{slug}-{i}", service=s) for i, s in enumerate(services))
    given = {"kind": "cdmo", "offers": offers} | fields
    return Candidate(id=slug, slug=slug, name=name or slug.title(), **given)  # type: ignore[arg-type] # fields of any kind


def catalogue(*candidates: Candidate) -> Catalogue:
    return Catalogue.build(candidates, shipped.vocabulary(), 1)


def slugs(found: Catalogue, **wanted: object) -> list[str]:
    numbers = listing(found, Wanted(**wanted), TODAY).numbers  # type: ignore[arg-type] # likewise
    return [found.candidates[number].slug for number in numbers]
