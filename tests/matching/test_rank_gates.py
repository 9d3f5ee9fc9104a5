"""What hard conditions make of a provider, and when: whole examples of each."""

from dataclasses import replace
from typing import Any

import pytest

from app.matching.types import (
    Candidate,
    Gate,
    Match,
    Quantity,
)
from tests.matching.builders import (
    answer,
    candidate,
    line,
    need,
    offer,
    only,
    period,
    query,
    site,
    wishes,
)

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

    @pytest.mark.parametrize(
        ("lang", "asks"),
        [
            (
                "en",
                (
                    "Where would the work be done? We rule out China or India.",
                    "By the record you work in China. Could the work be done somewhere else? "
                    "We rule out China or India.",
                ),
            ),
            (
                "ko",
                (
                    "어디에서 하게 됩니까? 제외하는 나라: 중국, 인도.",
                    "기록상 업무를 하는 곳은 중국입니다. 다른 나라에서도 할 수 있습니까? "
                    "제외하는 나라: 중국, 인도.",
                ),
            ),
        ],
    )
    def test_ruled_out_countries_gate_the_whole(self, lang: str, asks: tuple[str, str]) -> None:
        wish = wishes(countries_excluded=("CN", "IN"))
        found = answer(
            replace(query(need("LNP formulation"), wishes=wish), lang=lang),
            candidate("away", offer(), country="FR"),
            candidate("plant", offer(), country="CN", sites=(site(country="FR"),)),
            candidate("nowhere", offer()),
            candidate("there", offer(), country="CN"),
        )
        assert {m.candidate.slug: (m.eligibility, m.gates) for m in found.matches} == {
            "away": ("eligible", ()),
            "plant": ("eligible", ()),
            "nowhere": ("conditional", (Gate(None, "place", "unknown", asks[0]),)),
            "there": ("ineligible", (Gate(None, "place", "missed", asks[1]),)),
        }
        for match in found.matches:
            lines = [line for of in match.needs for line in of.ledger] + list(match.wishes)
            assert sum(line.score for line in lines) == match.score
            assert "place" not in {line.criterion for line in match.wishes}  # a gate, no points

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
