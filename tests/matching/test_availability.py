from datetime import date

import pytest

from app.matching.availability import Availability, Timing, judge
from app.matching.types import Offer
from app.period import Period
from tests.matching.builders import TODAY, candidate, offer, period, site


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
        assert found(made, lifecycle, "2025-Q3") == Availability(False, period("2025-Q3"))

    def test_its_own_date_counts_when_it_is_later_than_the_facility(self) -> None:
        made = offer(site_id="s1", status="planned", available_from=period("2027"))
        assert found(made, "licensed", "2025-Q3") == Availability(True, period("2027"))

    def test_its_own_date_doesnt_when_the_facility_opened_no_earlier(self) -> None:
        made = offer(site_id="s1", status="planned", available_from=period("2025-Q3"))
        assert found(made, "licensed", "2025-Q3") == Availability(False, period("2025-Q3"))

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
        ("2027", "2027-Q2", Timing(0.0, 1.0, "tight")),
        ("2026-Q4", "2026-11-22", Timing(0.0, 1.0, "tight")),
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
