"""The laws of a ranking, proved on catalogues drawn at random."""

from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.matching.rank import score, shortlist
from app.matching.types import (
    TOTAL,
    Candidate,
    Match,
    Need,
    Offer,
    Point,
    Query,
    Wishes,
)
from tests.matching.builders import (
    TODAY,
    answer,
    candidate,
    catalogue,
    need,
    offer,
    only,
    period,
    query,
    slugs,
)
from tests.matching.drawn import (
    AREAS,
    COUNTRIES,
    DATES,
    MODALITIES,
    PLATFORMS,
    QUANTITIES,
    STANDARDS,
    candidates,
    catalogues,
    law,
    needs,
    offers,
    proofs,
    queries,
)


class TestLedger:
    @law
    @given(queries(), catalogues())
    def test_every_point_is_accounted_for(self, request: Query, known: Any) -> None:
        for match in answer(request, *known).matches:
            assert sum(point.possible for point in match.lines) == TOTAL
            for point in match.lines:
                assert point.won + point.unknown + point.lost == point.possible
                assert min(point.won, point.unknown, point.lost) >= 0
                assert 10 * point.score == 10 * point.won + round(10 * point.prior) * point.unknown
            of_needs = sum(point.score for each in match.needs for point in each.ledger)
            assert match.score == of_needs + sum(point.score for point in match.wishes)
            assert match.low <= match.score <= match.high

    @settings(law, max_examples=10)
    @given(st.lists(needs, min_size=32, max_size=32), candidates())
    def test_thirty_two_needs_share_a_hundred_points(self, many: list[Need], who: Any) -> None:
        made = [replace(each, id=f"n{number}") for number, each in enumerate(many)]
        match = only(query(*made, wishes=Wishes(include_inactive=True)), who)
        assert sum(point.possible for point in match.lines) == TOTAL
        assert [each.id for each in match.needs] == [each.id for each in made]

    @law
    @given(queries(), catalogues())
    def test_the_score_that_ranks_is_the_sum_of_the_ledger(
        self, request: Query, known: Any
    ) -> None:
        totals = score(request, catalogue(*known)).totals.tolist()
        ranked = {who.slug: total for who, total in zip(known, totals, strict=True)}
        found = answer(request, *known).matches
        assert [match.score for match in found] == [ranked[slug] for slug in slugs(found)]

    def test_a_need_without_weight_has_no_points_and_keeps_its_gates(self) -> None:
        request = query(
            need("LNP formulation"), need(modality="mRNA", id="n2", must=True, weight=0.0)
        )
        match = only(request, candidate("acme", offer(modality="Antibody")))
        assert [point.possible for point in match.needs[1].ledger] == [0, 0, 0]
        assert match.eligibility == "ineligible"

    def test_weights_that_leave_nothing_to_score_are_refused(self) -> None:
        with pytest.raises(ValueError, match="no weight is above zero"):
            answer(query(need("LNP formulation"), weights={}), candidate("acme"))


FACTS: tuple[dict[str, Any], ...] = (
    *({"modality": each} for each in MODALITIES),
    *({"platform": each} for each in PLATFORMS),
    {"stages": ("phase1",)},
    {"stages": ("phase1", "phase2", "commercial")},
    *({"quantities": (each,), "scale": "as written"} for each in QUANTITIES),
    *({"quality": each} for each in STANDARDS),
    *({"available_from": period(each)} for each in DATES),
    *({"pinned": (each,)} for each in ("lnp-formulation", "mrna", "cho")),
    {"note": "lipids"},
)
PROVIDER_FACTS: tuple[dict[str, Any], ...] = (
    *({"areas": (each,)} for each in AREAS),
    *({"country": each} for each in COUNTRIES),
    *({"languages": each} for each in (("ko",), ("en",))),
    *({"ownership": each} for each in ("public", "private")),
    *({"assured_on": each} for each in (TODAY, date(2024, 11, 22), date(2001, 1, 1))),
)


def width(request: Query, who: Candidate, *others: Candidate) -> int:
    found = answer(replace(request, limit=100), who, *others).matches
    (match,) = (match for match in found if match.candidate.slug == who.slug)
    return match.high - match.low


def is_new(fact: dict[str, Any], before: Any) -> bool:
    return all(getattr(before, name) in (None, (), "unknown") for name in fact)


class TestLearning:
    """For a given offer and need, learning a fact never widens the interval."""

    @law
    @given(queries(most=2), offers, candidates(), catalogues(), st.sampled_from(FACTS))
    def test_about_an_offer(
        self, request: Query, made: Offer, who: Candidate, others: Any, fact: dict[str, Any]
    ) -> None:
        assume(is_new(fact, made))
        before = replace(who, offers=(made,), operating="active")
        after = replace(before, offers=(replace(made, **fact),))
        assert width(request, after, *others) <= width(request, before, *others)

    @law
    @given(queries(most=2), offers, candidates(), catalogues(), st.sampled_from(PROVIDER_FACTS))
    def test_about_a_provider(
        self, request: Query, made: Offer, who: Candidate, others: Any, fact: dict[str, Any]
    ) -> None:
        assume(is_new(fact, who))
        before = replace(who, offers=(made,), operating="active")
        after = replace(before, **fact)
        assert width(request, after, *others) <= width(request, before, *others)

    @law
    @given(queries(most=2), offers, candidates(), proofs)
    def test_about_a_certificate(
        self, request: Query, made: Offer, who: Candidate, paper: Any
    ) -> None:
        before = replace(who, offers=(made,), operating="active")
        after = replace(before, proofs=(*before.proofs, paper))
        assert width(request, after) <= width(request, before)


def told(match: Match) -> tuple[object, ...]:
    """All that is said of a provider, but its place in the answer and its record."""
    return (match.eligibility, match.fits_from, match.gates, match.score, match.lines)


class TestOrder:
    @law
    @given(queries(), catalogues(), st.randoms(use_true_random=False))
    def test_the_order_given_doesnt_change_the_answer(
        self, request: Query, known: Any, random: Any
    ) -> None:
        def shuffled(values: Any) -> tuple[Any, ...]:
            return tuple(random.sample(list(values), len(values)))

        other = [replace(who, offers=shuffled(who.offers)) for who in shuffled(known)]
        other = [replace(who, proofs=shuffled(who.proofs)) for who in other]
        weights = dict(shuffled(list(request.weights.items())))
        mixed = replace(request, needs=shuffled(request.needs), weights=weights)
        first, second = answer(request, *known), answer(mixed, *other)
        assert slugs(first.matches) == slugs(second.matches)
        for one, two in zip(first.matches, second.matches, strict=True):
            assert (one.rank, one.tied_with_previous) == (two.rank, two.tied_with_previous)
            assert (one.score, one.eligibility) == (two.score, two.eligibility)
            assert one.wishes == two.wishes
            assert sorted(map(repr, one.needs)) == sorted(map(repr, two.needs))
            assert sorted(map(repr, one.gates)) == sorted(map(repr, two.gates))

    def test_points_that_dont_divide_fall_alike_in_every_order_of_needs(self) -> None:
        needs = [
            need("LNP formulation", id="a"),
            need("Fill and finish", id="b"),
            need("x", id="c"),
        ]
        shares = set()
        for some in permutations(needs):
            found = only(query(*some, weights={"service": 1.0}), candidate("acme", offer("x")))
            shares.add(tuple(sorted((n.id, n.ledger[0].possible) for n in found.needs)))
        assert len(shares) == 1
        assert sorted(possible for _, possible in next(iter(shares))) == [3330, 3330, 3340]

    @law
    @given(queries(), catalogues())
    def test_the_same_input_gives_the_same_answer(self, request: Query, known: Any) -> None:
        assert repr(answer(request, *known)) == repr(answer(request, *known))

    @law
    @given(queries(), queries(), catalogues())
    def test_what_was_asked_before_changes_nothing(
        self, earlier: Query, request: Query, known: Any
    ) -> None:
        asked_twice = catalogue(*known)
        shortlist(earlier, asked_twice)
        beside = replace(request, needs=(*request.needs, replace(earlier.needs[0], id="one more")))
        for each in (request, beside, request):
            assert shortlist(each, asked_twice) == answer(each, *known)

    @law
    @given(queries(), catalogues())
    def test_ranks_follow_score_and_slug_with_the_ineligible_last(
        self, request: Query, known: Any
    ) -> None:
        found = answer(request, *known).matches
        keys = [(m.eligibility == "ineligible", -m.score, m.candidate.slug) for m in found]
        assert keys == sorted(keys)
        assert [match.rank for match in found] == list(range(1, len(found) + 1))
        ties = [one[:2] == two[:2] for one, two in zip([(None, 0), *keys], keys, strict=False)]
        assert [match.tied_with_previous for match in found] == ties

    @law
    @given(queries(), catalogues())
    def test_a_provider_of_something_else_changes_nobodys_fate(
        self, request: Query, known: Any
    ) -> None:
        other = candidate("zz", offer("Golf course mowing", id="zz"), operating="active")
        alone = {m.candidate.slug: m for m in answer(request, *known).matches}
        beside = {m.candidate.slug: m for m in answer(request, *known, other).matches}
        for slug, match in alone.items():
            assert match.eligibility == beside[slug].eligibility
            assert match.gates == beside[slug].gates


class TestVerdicts:
    @law
    @given(queries(), catalogues())
    def test_verdicts_agree_with_points(self, request: Query, known: Any) -> None:
        for match in answer(request, *known).matches:
            for point in match.lines:
                if point.possible >= 100:
                    assert point.verdict == self.of(point)

    @staticmethod
    def of(point: Point) -> str:
        if point.won == point.possible:
            return "met"
        if point.won:
            return "partly"
        return "unknown" if point.unknown else "missed"

    @law
    @given(queries(), catalogues())
    def test_eligibility_follows_from_the_gates(self, request: Query, known: Any) -> None:
        musts = {each.id for each in request.needs if each.importance == "must"}
        for match in answer(request, *known).matches:
            lost = [g for g in match.gates if g.verdict == "missed"]
            too_late = {g.need for g in lost if g.criterion == "time"}
            needs = {each.id for each in request.needs}
            late = request.wishes.needed_from is not None and too_late == needs
            barred = late or any(g.need in musts or g.criterion == "place" for g in lost)
            assert (match.eligibility == "ineligible") == barred
            if not barred:
                assert match.eligibility == ("conditional" if match.gates else "eligible")
            assert all(gate.ask.endswith("?") or "?" in gate.ask for gate in match.gates)
