"""The laws of a ranking, proved on catalogues drawn at random, and whole examples of each gate."""

from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.matching.rank import score, shortlist
from app.matching.types import (
    STAGES,
    TOTAL,
    Candidate,
    Gate,
    Match,
    Need,
    Offer,
    Point,
    Quantity,
    Query,
    Wishes,
)
from tests.matching.builders import (
    TODAY,
    WEIGHTS,
    answer,
    candidate,
    catalogue,
    line,
    need,
    offer,
    only,
    period,
    proof,
    query,
    site,
    slugs,
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


GATED = need(
    "LNP formulation", modality="mRNA", stages=("phase1",), quality="GMP", litres=10.0, must=True
)
FIT = offer(
    modality="mRNA",
    stages=("phase1",),
    quality="GMP",
    quantities=(Quantity(None, 50.0, "L", "volume"),),
)


class TestGates:
    def test_a_must_that_is_met_is_eligible(self) -> None:
        match = only(query(GATED), candidate("acme", FIT))
        assert (match.eligibility, match.gates) == ("eligible", ())

    @pytest.mark.parametrize(
        ("change", "criterion"),
        [
            ({"service": "Toxicology"}, "service"),
            ({"modality": "Antibody"}, "modality"),
            ({"stages": ("commercial",)}, "stage"),
            ({"quality": "GLP"}, "quality"),
            ({"quantities": (Quantity(None, 1.0, "L", "volume"),)}, "scale"),
            ({"status": "paused"}, "time"),
        ],
    )
    def test_a_must_that_is_lost_bars_and_is_named(
        self, change: dict[str, Any], criterion: str
    ) -> None:
        match = only(query(GATED), candidate("acme", replace(FIT, **change)))
        assert match.eligibility == "ineligible"
        assert [(g.need, g.criterion, g.verdict) for g in match.gates] == [
            ("n1", criterion, "missed")
        ]

    @pytest.mark.parametrize(
        ("change", "criterion", "verdict"),
        [
            ({"modality": None}, "modality", "unknown"),
            ({"stages": ()}, "stage", "unknown"),
            ({"quality": "designed to cGMP"}, "quality", "unknown"),
            ({"quantities": ()}, "scale", "unknown"),
            ({"quantities": (Quantity(None, 9.0, "L", "volume"),)}, "scale", "partly"),
            ({"status": "planned"}, "time", "unknown"),
        ],
    )
    def test_a_must_that_is_open_makes_conditional_with_a_question(
        self, change: dict[str, Any], criterion: str, verdict: str
    ) -> None:
        match = only(query(GATED), candidate("acme", replace(FIT, **change)))
        assert match.eligibility == "conditional"
        assert [(g.criterion, g.verdict, g.ask[-1]) for g in match.gates] == [
            (criterion, verdict, ask_end(criterion, verdict))
        ]

    def test_a_should_that_is_lost_bars_nobody(self) -> None:
        wanted = replace(GATED, importance="should")
        match = only(query(wanted), candidate("acme", replace(FIT, quality="GLP")))
        assert (match.eligibility, match.gates) == ("eligible", ())

    def test_a_must_takes_an_offer_that_fails_nothing_before_one_with_more_points(self) -> None:
        barred = replace(FIT, id="a", quality="GLP")
        open_ = offer(id="b")
        match = only(query(GATED), candidate("acme", barred, open_))
        assert (match.needs[0].offer_id, match.eligibility) == ("b", "conditional")

    def test_a_should_takes_the_offer_with_the_most_points(self) -> None:
        wanted = replace(GATED, importance="should")
        match = only(
            query(wanted), candidate("acme", replace(FIT, id="a", quality="GLP"), offer(id="b"))
        )
        assert match.needs[0].offer_id == "a"

    def test_required_countries_gate_the_whole(self) -> None:
        request = query(need("LNP formulation"), wishes=wishes(countries_required=("KR",)))
        found = answer(
            request,
            candidate("there", offer(), country="KR"),
            candidate("plant", offer(), country="FR", sites=(site(country="KR"),)),
            candidate("nowhere", offer()),
            candidate("away", offer(), country="FR"),
        )
        assert {m.candidate.slug: (m.eligibility, m.gates) for m in found.matches} == {
            "there": ("eligible", ()),
            "plant": ("eligible", ()),
            "nowhere": (
                "conditional",
                (
                    Gate(
                        None,
                        "place",
                        "unknown",
                        "Where would the work be done? We need South Korea.",
                    ),
                ),
            ),
            "away": (
                "ineligible",
                (Gate(None, "place", "missed", "Could the work be done in South Korea?"),),
            ),
        }

    def test_the_question_names_the_required_country_beside_a_preferred_one(self) -> None:
        wish = wishes(countries_required=("KR",), countries_preferred=("JP",))
        match = only(query(need("LNP formulation"), wishes=wish), candidate("away", country="FR"))
        assert match.gates[-1].ask == "Could the work be done in South Korea?"


def ask_end(criterion: str, verdict: str) -> str:
    """Some questions end with what makes them worth asking."""
    return "." if (criterion, verdict) in (("stage", "unknown"), *SCALES) else "?"


SCALES = (("scale", "unknown"), ("scale", "partly"))


def planned_plant(lifecycle: str = "planned", **others: Any) -> Candidate:
    made = offer(modality="mRNA", quality="designed to cGMP", site_id="s1", **others)
    return candidate("hall", made, sites=(site(lifecycle, opens="2025-Q3"),))


class TestTime:
    """A facility planned for 2025-Q3, seen from 2026-11-22."""

    WANTED = need("LNP formulation", modality="mRNA", quality="GMP", must=True)

    def seen(self, who: Candidate, needed: str | None, **others: Any) -> Match:
        return only(query(self.WANTED, wishes=wishes(needed), **others), who)

    def test_needed_before_its_date_it_is_too_late(self) -> None:
        match = self.seen(planned_plant(), "2024")
        assert (match.eligibility, match.fits_from) == ("ineligible", "2025-Q3")
        assert line(match, "time").verdict == "missed"
        assert line(match, "time").because == "It will not run by then: it fits from Q3 2025."

    def test_needed_after_a_date_that_has_passed_it_waits_for_confirmation(self) -> None:
        match = self.seen(planned_plant(), "2028")
        assert (match.eligibility, match.fits_from) == ("conditional", "2025-Q3")
        assert line(match, "time").verdict == "unknown"
        assert [gate.ask for gate in match.gates if gate.criterion == "time"] == [
            "Did the plan come true: has this been running since Q3 2025, with a licence or a "
            "first GMP batch?"
        ]

    @pytest.mark.parametrize("status", ["offered", "planned"])
    def test_once_licensed_it_fits_and_its_gmp_is_held(self, status: str) -> None:
        match = self.seen(planned_plant("licensed", status=status), "2028")
        assert (match.eligibility, match.fits_from, match.gates) == ("eligible", None, ())
        assert line(match, "time").verdict == "met"
        assert line(match, "quality").verdict == "met"

    def test_a_plan_with_time_left_is_conditional_from_its_date(self) -> None:
        who = planned_plant("construction", available_from=period("2027-Q2"))
        match = self.seen(who, "2028")
        assert (match.eligibility, match.fits_from) == ("conditional", "2027-Q2")
        assert line(match, "time").verdict == "partly"
        asked = [gate.ask for gate in match.gates if gate.criterion == "time"]
        assert asked == ["Is the plan to run from Q2 2027 on track?"]

    def test_a_start_inside_the_year_needed_is_in_time(self) -> None:
        who = candidate("acme", replace(FIT, available_from=period("2027-Q2")))
        assert self.seen(who, "2027").eligibility == "eligible"
        assert self.seen(who, "2027-Q1").eligibility == "ineligible"

    def test_a_year_may_be_too_late_for_a_quarter(self) -> None:
        who = candidate("acme", replace(FIT, available_from=period("2027")))
        match = self.seen(who, "2027-Q2")
        assert (match.eligibility, match.fits_from) == ("conditional", "2027")

    def test_a_plan_without_a_date_is_open(self) -> None:
        match = self.seen(candidate("acme", replace(FIT, status="planned")), "2028")
        assert (match.eligibility, match.fits_from) == ("conditional", None)

    @pytest.mark.parametrize(
        ("change", "lifecycle"), [({"status": "paused"}, "operating"), ({}, "closed")]
    )
    def test_what_has_stopped_fits_at_no_date(self, change: Any, lifecycle: str) -> None:
        made = replace(FIT, site_id="s1", **change)
        match = self.seen(candidate("acme", made, sites=(site(lifecycle),)), "2028")
        assert (match.eligibility, match.fits_from) == ("ineligible", None)
        assert [gate.ask for gate in match.gates] == ["Will you offer this again?"]

    def test_a_date_gates_even_what_is_no_must(self) -> None:
        request = query(replace(self.WANTED, importance="should"), wishes=wishes("2024"))
        assert only(request, planned_plant()).eligibility == "ineligible"

    def test_without_a_date_a_should_is_conditional_until_it_runs(self) -> None:
        who = candidate("acme", replace(FIT, available_from=period("2027")))
        match = only(query(replace(self.WANTED, importance="should")), who)
        assert (match.eligibility, match.fits_from) == ("conditional", "2027")


class TestShown:
    GONE = candidate("gone", FIT, operating="closed", successor="heir")
    HEIR = candidate("heir", offer("Vial filling"))

    def test_inactive_providers_are_left_out_and_named(self) -> None:
        found = answer(query(need("LNP formulation")), self.GONE, self.HEIR)
        assert (slugs(found.matches), found.considered) == (["heir"], 1)
        assert [(who.slug, who.successor) for who in found.left_out] == [("gone", "heir")]

    def test_they_are_named_even_when_nobody_else_fits(self) -> None:
        request = query(need("LNP formulation", must=True), include_ineligible=False)
        found = answer(request, self.GONE, candidate("other", offer("Toxicology")))
        assert (found.matches, [who.slug for who in found.left_out]) == ((), ["gone"])

    def test_those_below_the_last_place_are_not(self) -> None:
        gone = replace(self.GONE, offers=(offer("Toxicology"),))
        found = answer(query(need("LNP formulation"), limit=1), gone, candidate("fit", FIT))
        assert (slugs(found.matches), found.left_out) == (["fit"], ())

    def test_they_are_ranked_where_that_is_wished(self) -> None:
        request = query(need("LNP formulation"), wishes=Wishes(include_inactive=True))
        found = answer(request, self.GONE, self.HEIR)
        assert (slugs(found.matches), found.considered, found.left_out) == (
            ["gone", "heir"],
            2,
            (),
        )

    MUST = need("LNP formulation", modality="mRNA", must=True)
    MIXED = (
        candidate("a-barred", offer("Toxicology", modality="mRNA")),
        candidate("b-open", offer()),
        candidate("c-fit", FIT),
        candidate("d-barred", offer(modality="Antibody")),
    )

    def test_the_ineligible_follow_best_first(self) -> None:
        found = answer(query(self.MUST), *self.MIXED)
        assert slugs(found.matches) == ["c-fit", "b-open", "d-barred", "a-barred"]
        assert (found.considered, found.eligible, found.conditional, found.ineligible) == (
            4,
            1,
            1,
            2,
        )

    def test_the_limit_counts_everything(self) -> None:
        found = answer(query(self.MUST, limit=3), *self.MIXED)
        assert slugs(found.matches) == ["c-fit", "b-open", "d-barred"]

    def test_the_ineligible_are_kept_back_unless_asked_for(self) -> None:
        found = answer(query(self.MUST, include_ineligible=False), *self.MIXED)
        assert (slugs(found.matches), found.ineligible) == (["c-fit", "b-open"], 2)

    def test_equal_scores_are_told_as_ties_in_order_of_slug(self) -> None:
        found = answer(
            query(need("LNP formulation")), *(candidate(slug, FIT) for slug in ("c", "a", "b"))
        )
        assert slugs(found.matches) == ["a", "b", "c"]
        assert [match.tied_with_previous for match in found.matches] == [False, True, True]

    def test_an_empty_catalogue_answers_nothing(self) -> None:
        found = answer(query(self.MUST, wishes=wishes("2028", countries_required=("KR",))))
        assert (found.considered, found.matches, found.left_out) == (0, (), ())

    def test_a_silent_provider_is_conditional_and_not_unfit(self) -> None:
        match = only(query(self.MUST), candidate("silent"))
        assert (match.eligibility, match.needs[0].offer_id) == ("conditional", None)
        assert [gate.criterion for gate in match.gates] == ["service", "modality"]

    def test_a_text_alone_ranks_by_its_words(self) -> None:
        request = query(Need(id="n1"), text="xyz")
        found = answer(request, candidate("a", offer()), candidate("b", offer("xyz skids")))
        assert slugs(found.matches) == ["b", "a"]

    def test_words_that_nobody_knows_are_compared_as_words(self) -> None:
        request = query(need("frobnication of quux", modality="blargh"))
        found = answer(request, candidate("a", offer()), candidate("b", offer("frobnication")))
        assert slugs(found.matches) == ["b", "a"]
