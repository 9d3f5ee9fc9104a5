import json
from importlib import resources
from typing import Any

import pytest

from app.models.capability import CapabilityFlag, CapabilityStatus
from app.models.provider import Provider
from app.services.record_export import to_record
from app.services.record_lines import PROVIDER_LINE
from app.services.records import FacilityReferenceError, derived_id, doubts_of, to_provider, year_of

SHIPPED = resources.files("app").joinpath("data/providers.jsonl").read_text("utf-8").splitlines()


def provider_of(line: str | dict[str, Any]) -> Provider:
    record = json.loads(line) if isinstance(line, str) else line
    return to_provider(PROVIDER_LINE.validate_python(record))


def shipped(slug: str) -> Provider:
    return provider_of(next(line for line in SHIPPED if line.startswith(f'{{"slug": "{slug}"')))


@pytest.mark.parametrize("line", SHIPPED, ids=lambda line: json.loads(line)["slug"])
def test_a_shipped_line_comes_back_byte_by_byte(line: str) -> None:
    assert json.dumps(to_record(provider_of(line)), ensure_ascii=False) == line


def test_every_shipped_provider_counts() -> None:
    assert len(SHIPPED) == 369


class TestAPublicCentre:
    provider = shipped("microbial-verification-support-center")

    def test_its_facilities(self) -> None:
        assert [
            (row.name, row.lifecycle.value, row.operational_from)
            for row in self.provider.facilities
        ] == [
            ("PCMO main plant", "operating", "2019"),
            ("mRNA manufacturing building", "planned", "2025-Q3"),
            ("Prefilled-syringe line with isolator", "construction", None),
            ("Training centre", "operating", "2025-Q3"),
        ]

    def test_a_plan_is_a_status_and_no_flag(self) -> None:
        planned = self.provider.capabilities[2]
        assert (planned.status, planned.flag) == (CapabilityStatus.PLANNED, None)
        assert planned.facility_id == self.provider.facilities[1].id

    def test_its_scales_become_quantities(self) -> None:
        assert self.provider.capabilities[0].quantities == [
            {"minimum": None, "maximum": 1000.0, "unit": "L", "kind": "volume"}
        ]

    def test_its_ids_come_from_its_slug(self) -> None:
        slug = self.provider.slug
        assert self.provider.id == derived_id(slug)
        assert self.provider.facilities[1].id == derived_id(slug, "facility", 1)
        assert self.provider.capabilities[6].id == derived_id(slug, "capability", 6)
        assert str(derived_id("acme")) == "f6f59fb0-8300-5e6f-a7b7-172d3068fbe0"

    def test_the_site_of_a_certificate_is_not_guessed(self) -> None:
        (certificate,) = self.provider.certificates
        assert (certificate.standard, certificate.wording) == ("GMP", "GMP")
        assert certificate.facility_id is None

    def test_its_year(self) -> None:
        assert (self.provider.founded_year, self.provider.founded) == (2017, None)


def test_a_certificate_that_names_a_plant_belongs_to_it() -> None:
    record = to_record(shipped("microbial-verification-support-center"))
    record["facilities"] = [
        {"name": name, "city": None, "country": None, "operational_from": None, "notes": None}
        for name in ("Plant 1", "Plant 2")
    ]
    record["capabilities"] = []
    record["certifications"] = [
        {"authority": "FDA", "standard": "cGMP (Plant 2)", "year": "2021"},
        {"authority": "FDA", "standard": "cGMP, Plant 1 and Plant 2", "year": None},
    ]
    one, two = provider_of(record).certificates
    plant = derived_id("microbial-verification-support-center", "facility", 1)
    assert (one.standard, one.scope, one.wording) == ("cGMP", "Plant 2", "cGMP (Plant 2)")
    assert (one.facility_id, one.issued_on) == (plant, "2021")
    assert (two.scope, two.facility_id) == ("Plant 1 and Plant 2", None)


@pytest.mark.parametrize("flag", ["not_a_service", "other_entity", "general_knowledge"])
def test_other_flags_stay_flags(flag: str) -> None:
    record = to_record(shipped("microbial-verification-support-center"))
    record["capabilities"][0]["flag"] = flag
    row = provider_of(record).capabilities[0]
    assert (row.flag, row.status) == (CapabilityFlag(flag), CapabilityStatus.OFFERED)


def test_a_capability_at_an_unknown_facility_is_refused() -> None:
    record = to_record(shipped("microbial-verification-support-center"))
    record["capabilities"][0]["facility"] = "Nowhere"
    with pytest.raises(FacilityReferenceError) as refused:
        provider_of(record)
    assert refused.value.field == "capabilities[0].facility"
    assert "Nowhere" not in str(refused.value)


@pytest.mark.parametrize(
    ("founded", "year"),
    [
        ("2017", 2017),
        ("2017 (project start)", 2017),
        ("about 2003 (19 years old in 2022)", None),
        ("2008-2009", None),
        ("2002 (foundation); 2007 (GMP plant)", 2002),
        ("0017", None),
        (None, None),
    ],
)
def test_a_year_is_read_only_where_it_is_one(founded: str | None, year: int | None) -> None:
    assert year_of(founded) == year


def test_what_the_shipped_catalogue_leaves_in_doubt() -> None:
    doubts = [doubt for line in SHIPPED for doubt in doubts_of(provider_of(line))]
    assert len(doubts) == 86
    assert {doubt.field.split("[")[0] for doubt in doubts} == {
        *("founded", "facilities", "certifications", "capabilities")
    }
