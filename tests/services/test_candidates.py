"""Rows become what the matching core reads."""

from typing import Any

from app.models.capability import Capability, CapabilityFlag
from app.models.certificate import Certificate
from app.models.facility import Facility, Lifecycle
from app.models.provider import Operating, Provider, ProviderKind, State
from app.period import Period
from app.services.candidates import candidate_of


def provider(**fields: Any) -> Provider:
    given: dict[str, Any] = {
        "slug": "amri",
        "name": "AMRI",
        "kind": ProviderKind.CDMO,
        "aliases": ["Albany"],
    }
    return Provider(**{**given, **fields})


def test_a_renamed_provider_takes_its_present_name() -> None:
    row = provider(operating=Operating.RENAMED, successor="Curia")
    found = candidate_of(row, {"amri": State.PUBLISHED})
    assert (found.name, found.aliases, found.operating) == ("Curia", ("AMRI", "Albany"), "renamed")


def test_a_successor_with_a_record_of_its_own_has_absorbed_it() -> None:
    row = provider(operating=Operating.RENAMED, successor="curia")
    found = candidate_of(row, {"curia": State.PUBLISHED})
    assert (found.name, found.operating, found.successor) == ("AMRI", "absorbed", "curia")


def test_a_successor_that_is_not_published_is_no_name() -> None:
    row = provider(operating=Operating.RENAMED, successor="curia")
    found = candidate_of(row, {"curia": State.DRAFT})
    assert (found.name, found.aliases, found.operating) == ("AMRI", ("Albany",), "renamed")


def test_what_is_no_offer_is_left_out() -> None:
    row = provider()
    row.capabilities = [
        Capability(service="LNP formulation", provider_id=row.id),
        Capability(service="Address", provider_id=row.id, flag=CapabilityFlag.NOT_A_SERVICE),
        Capability(service="Partner", provider_id=row.id, flag=CapabilityFlag.OTHER_ENTITY),
        Capability(service="PCR", provider_id=row.id, flag=CapabilityFlag.GENERAL_KNOWLEDGE),
    ]
    offers = candidate_of(row, {}).offers
    assert [(offer.service, offer.flag) for offer in offers] == [
        ("LNP formulation", None),
        ("PCR", "general_knowledge"),
    ]


def test_facilities_and_certificates_come_with_their_dates() -> None:
    row = provider()
    site = Facility(
        name="Plant 1",
        provider_id=row.id,
        lifecycle=Lifecycle.QUALIFICATION,
        operational_from="2027-Q2",
    )
    row.facilities = [site]
    row.certificates = [
        Certificate(
            provider_id=row.id,
            facility_id=site.id,
            standard="GMP",
            issued_on="2026-10",
            expires_on="2029",
        )
    ]
    found = candidate_of(row, {})
    (place,), (proof,) = found.sites, found.proofs
    assert (place.lifecycle, place.operational_from) == ("qualification", Period.parse("2027-Q2"))
    assert proof.site_id == place.id
    assert (proof.issued_on, proof.expires_on) == (Period.parse("2026-10"), Period.parse("2029"))
