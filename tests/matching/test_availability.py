from datetime import date

import pytest

from app.matching.availability import Availability, Timing, confirmed, judge
from app.matching.types import Offer
from app.period import Period
from tests.matching.builders import TODAY, candidate, offer, period, proof, site


def found(made: Offer, lifecycle: str = "unknown", opens: str | None = None) -> Availability:
    return Availability.of(made, candidate("acme", made, sites=(site(lifecycle, opens=opens),)))


class TestReading:
    @pytest.mark.parametrize("lifecycle", ["planned", "construction", "qualification"])
    def test_an_offer_at_a_facility_to_come_is_a_plan(self, lifecycle: str) -> None:
        assert found(offer(site_id="s1"), lifecycle, "2027-Q2") == Availability(
            planned=True, start=period("2027-Q2")
        )

    @pytest.mark.parametrize("lifecycle", ["licensed", "operating"])
    def test_a_planned_capability_runs_once_its_facility_does(self, lifecycle: str) -> None:
        made = offer(site_id="s1", status="planned")
        assert found(made, lifecycle, "2025-Q3") == Availability(
            False, period("2025-Q3"), site_runs=True
        )

    def test_its_own_date_counts_when_it_is_later_than_the_facility(self) -> None:
        made = offer(site_id="s1", status="planned", available_from=period("2027"))
        assert found(made, "licensed", "2025-Q3") == Availability(
            True, period("2027"), site_runs=True
        )

    def test_its_own_date_doesnt_when_the_facility_opened_no_earlier(self) -> None:
        made = offer(site_id="s1", status="planned", available_from=period("2025-Q3"))
        assert found(made, "licensed", "2025-Q3") == Availability(
            False, period("2025-Q3"), site_runs=True
        )

    def test_the_later_of_two_dates_is_the_start(self) -> None:
        made = offer(site_id="s1", available_from=period("2024-05"))
        assert found(made, "planned", "2027-Q2").start == period("2027-Q2")

    @pytest.mark.parametrize(
        ("status", "lifecycle"), [("paused", "operating"), ("offered", "closed")]
    )
    def test_a_pause_or_a_closed_facility_stops_it(self, status: str, lifecycle: str) -> None:
        assert found(offer(site_id="s1", status=status), lifecycle).stopped

    def test_an_unknown_facility_says_nothing(self) -> None:
        assert found(offer(site_id="other"), "closed", "2030") == Availability(False, None)


class TestPapers:
    """A facility that holds a licence to manufacture runs, whatever plan its record still tells."""

    @staticmethod
    def at(standard: str, lifecycle: str = "planned", **others: str) -> Availability:
        made = offer(site_id="s1", status="planned", available_from=period("2025-Q3"))
        paper = proof(standard, "s1", issued_on=period("2026-10"), **others)
        place = site(lifecycle, opens="2025-Q3")
        return Availability.of(made, candidate("acme", made, sites=(place,), proofs=(paper,)))

    @pytest.mark.parametrize(
        "standard",
        [
            "GMP",
            "cGMP",
            "EU-GMP certificate",
            "MIA(IMP)",
            "Manufacturing licence",
            "manufacturing license",
            "advanced biopharmaceutical manufacturing licence",
            "GMP manufacturing authorisation",
            "의약품 제조업 허가",
            "GMP 적합판정",
        ],
    )
    def test_a_licence_makes_a_plan_run_since_its_issue(self, standard: str) -> None:
        assert self.at(standard) == Availability(False, period("2026-10"), site_runs=True)

    @pytest.mark.parametrize(
        "standard",
        [
            "ISO 9001",
            "GLP",
            "GMP-like",
            "non-GMP",
            "GMP planned",
            "GMP+",
            "GMP 인증 예정",
            "GMP training",
        ],
    )
    def test_other_papers_say_nothing_of_it(self, standard: str) -> None:
        assert self.at(standard) == Availability(True, period("2025-Q3"))

    def test_neither_does_one_that_is_for_a_plan(self) -> None:
        assert self.at("GMP", scope="design qualification").planned

    def test_a_closed_facility_stays_closed(self) -> None:
        assert self.at("GMP", "closed").stopped

    def test_the_first_of_several_counts(self) -> None:
        papers = [proof("GMP", "s1", issued_on=period(day)) for day in ("2026-10", "2026-02", None)]
        assert confirmed(site("qualification", opens="2027"), papers) == site(opens="2026-02")

    def test_a_renewal_moves_no_start(self) -> None:
        paper = proof("GMP", "s1", issued_on=period("2026-10"))
        assert confirmed(site("operating", opens="2019"), [paper]) == site(opens="2019")
        assert confirmed(site("unknown", opens="2019"), [paper]) == site(opens="2019")

    @pytest.mark.parametrize("place", ["s2", None])
    def test_a_paper_of_another_or_no_stated_site_doesnt_count(self, place: str | None) -> None:
        planned = site("planned")
        assert confirmed(planned, [proof("GMP", place)]) == planned


LATE = Timing(0.0, 0.0, "late")
RUNNING = Timing(1.0, 0.0, "running")


@pytest.mark.parametrize(
    ("start", "needed", "timing"),
    [
        (None, "2026-11-22", RUNNING),
        ("2025-Q3", "2026-11-22", RUNNING),
        ("2027-Q2", "2026-11-22", LATE),
        ("2027-Q2", "2027", RUNNING),
        ("2027-Q2", "2027-Q2", RUNNING),
        ("2027-Q2", "2027-Q1", LATE),
        ("2027", "2027-Q2", Timing(0.5, 0.0, "tight")),
    ],
)
def test_an_offer_by_its_date(start: str | None, needed: str, timing: Timing) -> None:
    assert judge(Availability(False, period(start)), Period.parse(needed), TODAY) == timing


@pytest.mark.parametrize(
    ("start", "needed", "timing"),
    [
        ("2025-Q3", "2024", LATE),
        ("2025-Q3", "2028", Timing(0.0, 1.0, "unconfirmed")),
        ("2025-Q3", "2026-11-22", Timing(0.0, 1.0, "unconfirmed")),
        ("2027-Q2", "2027-Q2", Timing(0.5, 0.5, "planned")),
        ("2027-Q2", "2028", Timing(0.5, 0.5, "planned")),
        ("2027-Q2", "2026-11-22", LATE),
        ("2027", "2027-Q2", Timing(0.0, 0.5, "tight")),
        ("2026-Q4", "2026-11-22", Timing(0.0, 0.5, "tight")),
        (None, "2028", Timing(0.0, 1.0, "undated")),
    ],
)
def test_a_plan_by_its_date(start: str | None, needed: str, timing: Timing) -> None:
    assert judge(Availability(True, period(start)), Period.parse(needed), TODAY) == timing


def test_a_plan_is_unconfirmed_from_the_day_after_its_date() -> None:
    plan = Availability(True, period("2026-11-22"))
    needed = Period.parse("2027")
    assert judge(plan, needed, date(2026, 11, 22)).reason == "planned"
    assert judge(plan, needed, date(2026, 11, 23)).reason == "unconfirmed"


def test_what_has_stopped_is_lost() -> None:
    stopped = Availability(False, None, stopped=True)
    assert judge(stopped, Period.parse("2028"), TODAY) == Timing(0.0, 0.0, "stopped")


@pytest.mark.parametrize(
    ("start", "needed", "reason"),
    [("2025-Q3", "2028", "unconfirmed"), ("2027", "2027-Q2", "tight"), ("2027", "2028", "planned")],
)
def test_a_plan_of_a_facility_that_runs_wins_half(start: str, needed: str, reason: str) -> None:
    plan = Availability(True, period(start), site_runs=True)
    assert judge(plan, Period.parse(needed), TODAY) == Timing(0.5, 0.0, reason)
