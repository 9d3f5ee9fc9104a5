import pytest

from app.services.facility_notes import lifecycle_of

CASES = [
    (None, None, "unknown"),
    ("2019", None, "operating"),
    ("2019", "Active CDMO work since 2019", "operating"),
    ("2025-Q3", "PLANNED date. Building complete in October 2025", "planned"),
    ("2026", "53,000 sq ft, PLANNED", "planned"),
    (None, "Under construction in 2025; 2R and 6R vials", "construction"),
    (None, "Ground broken 26 June 2025; mass production aimed at 2027", "construction"),
    ("2015-Q2", "Construction from 2013", "operating"),
    ("2025-Q3", "Opened July 2025; 2,794 m2 planned floor area", "operating"),
    (None, "mRNA section; another section planned by 2027", "unknown"),
    ("2017", "Single-use extension, planned for 2024", "operating"),
    (None, "completion planned for 2026", "planned"),
    (None, "EUR 58 m, planned for 2023", "planned"),
    (None, "Vaccine; mRNA lines planned for 2022", "unknown"),
    ("2024-Q3", "Completed September 2024; qualification to end 2024", "qualification"),
    ("2024-Q4", "Completed October 2024; research and trials", "qualification"),
    ("2023", "14,585 m2; completed November 2022", "operating"),
    (None, "Building finished end of 2021; seven vaccines planned", "qualification"),
    (None, "built June 2022; full operation aimed at Q4 2023", "qualification"),
    (None, "licensed by October 2022", "licensed"),
    (None, "FDA approved", "licensed"),
    (None, "small fill-finish licence dormant", "unknown"),
    (None, "hub inaugurated 27 September 2023", "unknown"),
    (None, "Built by others; opening ceremony 1 December 2021", "unknown"),
    (None, "Reopened after the 2011 flood", "operating"),
    (None, "Started 2019", "operating"),
    ("2009", "112,000 sq ft; sold to another company 2025", "closed"),
    (None, "Bought 2022, closed end 2024", "closed"),
    (None, "Bought 2022", "unknown"),
]


@pytest.mark.parametrize(("operational_from", "notes", "lifecycle"), CASES)
def test_a_facility_is_as_far_as_its_record_says(
    operational_from: str | None, notes: str | None, lifecycle: str
) -> None:
    assert lifecycle_of(operational_from, notes).value == lifecycle
