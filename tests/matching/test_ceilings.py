"""A ceiling is never below what looking closely gives, nor its fate worse."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.matching.brief import Brief
from app.matching.ceilings import Ceilings, _rounding
from app.matching.criteria import OF_NEEDS, Criterion
from app.matching.points import Judgement, scores
from app.matching.rank import Search
from app.matching.scoring import Scoring
from app.matching.types import Query
from app.models.match import MatchData
from app.services.match import query_of
from tests.benchmarks.queries import questions
from tests.matching import shipped
from tests.matching.builders import NO_WISHES, candidate, catalogue, need, offer, query, wishes
from tests.matching.drawn import catalogues, queries


def holds(request: Query, known: Any) -> None:
    search = Search.of(request, known)
    ceilings = Ceilings(search.scoring)
    search.look_at(np.arange(len(known.rows)))
    assert (ceilings.totals >= ceilings.least).all()
    assert (ceilings.least >= search.totals).all()
    assert (ceilings.fates <= search.fates).all()
    undecided = ceilings.is_open.copy()
    for late in ceilings.late():
        undecided[late] = True
    assert (search.fates[~undecided] == ceilings.fates[~undecided]).all()
    if not search.scoring.musts.any() and request.wishes == NO_WISHES:
        everybody = np.arange(len(known.rows))
        alone = [search.scoring.fates_by(n, everybody) for n in range(len(request.needs))]
        assert (np.max(alone, axis=0) == search.fates).all()


@given(queries(), catalogues())
def test_of_any_request_and_catalogue(request: Query, known: Any) -> None:
    holds(request, catalogue(*known))


def test_of_real_needs_and_providers() -> None:
    known = shipped.catalogue()
    for question in questions(12):
        holds(query_of(MatchData.model_validate(question.body), known.vocabulary)[0], known)


def test_of_musts_dates_and_places() -> None:
    known = shipped.catalogue()
    body = {
        "text": "GMP AAV production must be in Korea, phase 1, from 2027",
        "as_of": "2026-11-21",
    }
    holds(query_of(MatchData.model_validate(body), known.vocabulary)[0], known)


@given(st.sampled_from([c for c in OF_NEEDS if c.prior]), st.integers(1, 1000), st.floats(0, 1))
def test_rounding_is_allowed_for(criterion: Criterion, tenths: int, share: float) -> None:
    """Also where nothing is lost, so that what the unknown is rounded by counts as won."""
    won, possible = np.array([[share]], dtype=np.float32), 10 * tenths
    unknown = np.float32(1.0) - won
    exact = possible * (share + criterion.prior * (1 - share))
    found = scores(Judgement(won, unknown), [possible], criterion.prior)
    assert found[0, 0] <= exact + _rounding(criterion) + 0.05


def test_who_cannot_do_a_must_is_told_without_looking() -> None:
    makers = [candidate("maker", offer()), candidate("animals", offer("Toxicology"))]
    known = catalogue(*makers)
    request = query(need("LNP formulation", must=True), wishes=wishes(countries_required=("KR",)))
    ceilings = Ceilings(Scoring.of(Brief.of(request, known)))
    assert [known.rows[n].slug for n in np.flatnonzero(ceilings.may_serve)] == ["maker"]
    assert ceilings.is_open.tolist() == ceilings.may_serve.tolist()
