"""Requests and catalogues drawn at random, for the laws of a ranking."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from app.matching.types import STAGES, Candidate, Quantity, Query
from tests.matching.builders import (
    WEIGHTS,
    candidate,
    need,
    offer,
    period,
    proof,
    query,
    site,
    wishes,
)

# Machines of tests are shared, so no deadline.
law = settings(max_examples=50, deadline=None)

SERVICES = ("LNP formulation", "Formulation", "Vial filling", "fill of lipids", "Toxicology", "xyz")
MODALITIES = ("mRNA", "nucleic acid", "Antibody", "all", "lipids")
PLATFORMS = ("CHO", "E. coli", "T-mixer")
AREAS = ("cancer", "Infectious diseases", "golf")
STANDARDS = ("GMP", "EU GMP", "GLP", "designed to cGMP, BL2", "non-GMP", "GMP planned", "BL2")
DATES = ("2024", "2025-Q3", "2026-11", "2027-Q2", "2028")
COUNTRIES = ("KR", "FR")
QUANTITIES = (Quantity(None, 50.0, "L", "volume"), Quantity(None, 900.0, "m2", "area"))


def maybe(values: Any) -> st.SearchStrategy[Any]:
    return st.none() | st.sampled_from(values)


stages = st.lists(st.sampled_from(STAGES), unique=True, max_size=3).map(tuple)
periods = maybe(DATES).map(period)
offers = st.builds(
    offer,
    st.sampled_from(SERVICES),
    modality=maybe(MODALITIES),
    platform=maybe(PLATFORMS),
    stages=stages,
    quality=maybe(STANDARDS),
    quantities=st.lists(st.sampled_from(QUANTITIES), max_size=1).map(tuple),
    status=st.sampled_from(("offered", "planned", "paused")),
    flag=maybe(("general_knowledge",)),
    available_from=periods,
    site_id=maybe(("s1", "s2")),
)
sites = st.builds(
    site,
    st.sampled_from(("planned", "licensed", "operating", "closed", "unknown")),
    opens=maybe(DATES),
    country=maybe(COUNTRIES),
)
proofs = st.builds(
    proof,
    st.sampled_from(("GMP", "EU GMP", "GLP")),
    maybe(("s1", "s2")),
    authority=maybe(("MFDS", "FDA")),
    expires_on=periods,
)


@st.composite
def candidates(draw: st.DrawFn, slug: str = "acme") -> Candidate:
    made = draw(st.lists(offers, max_size=3))
    return candidate(
        slug,
        *(replace(each, id=f"{slug}-{number}") for number, each in enumerate(made)),
        country=draw(maybe(COUNTRIES)),
        ownership=draw(st.sampled_from(("public", "private", "unknown"))),
        operating=draw(st.sampled_from(("active", "unknown", "closed"))),
        languages=draw(st.sampled_from(((), ("ko",), ("en", "fr")))),
        areas=draw(st.lists(st.sampled_from(AREAS), max_size=1).map(tuple)),
        assured_on=draw(maybe((date(2026, 1, 1), date(2024, 11, 22)))),
        sites=tuple(draw(st.lists(sites, max_size=1))),
        proofs=tuple(draw(st.lists(proofs, max_size=2))),
    )


@st.composite
def catalogues(draw: st.DrawFn) -> tuple[Candidate, ...]:
    number = draw(st.integers(1, 5))
    return tuple(draw(candidates(f"p{n}")) for n in range(number))


needs = st.builds(
    need,
    maybe((*SERVICES, "LNP formulation and vial filling")),
    modality=maybe(MODALITIES),
    platform=maybe(PLATFORMS),
    area=maybe(AREAS),
    stages=stages,
    quality=st.lists(st.sampled_from(("GMP", "EU GMP", "BL2", "house rules")), max_size=2).map(
        tuple
    ),
    litres=maybe((10.0, 55.0, 5000.0)),
    must=st.booleans(),
    weight=st.sampled_from((0.0, 0.3, 1.0, 1.0, 7.0)),
)


@st.composite
def queries(draw: st.DrawFn, most: int = 4) -> Query:
    made = draw(st.lists(needs, min_size=1, max_size=most))
    wish = wishes(
        draw(maybe(DATES)),
        countries_required=draw(st.sampled_from(((), ("KR",)))),
        countries_preferred=draw(st.sampled_from(((), ("FR",), ("KR", "FR")))),
        countries_excluded=draw(st.sampled_from(((), ("FR",), ("FR", "KR")))),
        markets=draw(st.sampled_from(((), ("MFDS",), ("MFDS", "FDA", "TGA")))),
        ownership=draw(st.sampled_from(((), ("public",)))),
        languages=draw(st.sampled_from(((), ("ko",)))),
    )
    weights = {name: draw(st.sampled_from((0.0, 1.0, 3.3, 20.0))) for name in WEIGHTS}
    weights["time"] = draw(st.sampled_from((1.0, 20.0)))
    weights["freshness"] = 2.0
    return query(
        *(replace(each, id=f"n{number}") for number, each in enumerate(made)),
        wishes=wish,
        weights=weights,
        text=draw(maybe(("lipids for mRNA, filled in Korea", "xyz"))),
        lang=draw(st.sampled_from(("en", "ko"))),
    )
