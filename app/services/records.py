"""Lines of the catalogue file become rows, truthfully: what a line doesn't say stays unknown."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from app.matching.quantity import parse
from app.matching.types import Quantity
from app.models.capability import Capability, CapabilityFlag, CapabilityStatus
from app.models.certificate import Certificate
from app.models.facility import Facility, Lifecycle
from app.models.provider import Provider
from app.services import certificate_words
from app.services.facility_notes import lifecycle_of
from app.services.record_lines import CapabilityLine, CertificateLine, FacilityLine, ProviderLine

# Never to be changed: two installations give the same record the same ids because of it.
_NAMESPACE = UUID("6f6e2d3c-58a4-5d0b-9c1e-0a7d1f4b8c52")
_YEAR = re.compile(r"(\d{4})(?: \(.*\))?")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something in a record that could not be read for sure: where it stands, and why."""

    slug: str
    field: str
    why: str


class FacilityReferenceError(ValueError):
    """A part names a facility that the record doesn't have, or has twice; `field` says which."""

    def __init__(self, field: str) -> None:
        super().__init__("The record has no facility of this name or id, or has several.")
        self.field = field


def derived_id(slug: str, *part: str | int) -> UUID:
    """The id of a provider, or of a part by its kind and place: derived_id("a", "facility", 0)."""
    return uuid5(_NAMESPACE, "/".join(map(str, ("provider", slug, *part))))


def quantities_of(scale: str | None) -> list[dict[str, object]]:
    """The quantities that the words of a scale give, as a capability's row keeps them."""
    return [stored(found) for found in parse(scale)] if scale else []


def stored(quantity: Quantity) -> dict[str, object]:
    """A quantity as a capability's row keeps it."""
    return {
        "minimum": quantity.minimum,
        "maximum": quantity.maximum,
        "unit": quantity.unit,
        "kind": quantity.kind,
    }


def year_of(founded: str | None) -> int | None:
    """The year in "2017" or "2017 (project start)"; None for less certain words."""
    found = _YEAR.fullmatch(founded or "")
    return int(found[1]) if found and 1500 <= int(found[1]) <= 2200 else None


def status_of(flag: str | None) -> CapabilityStatus:
    """Whether a record's flag tells of a plan."""
    return CapabilityStatus.PLANNED if flag == "planned" else CapabilityStatus.OFFERED


def to_provider(line: ProviderLine) -> Provider:
    """The provider of a line with its facilities, certificates and capabilities, not yet stored.

    Raises FacilityReferenceError where a part names a facility that isn't in the line.
    """
    is_year = line.founded is None or line.founded == str(year_of(line.founded))
    states_year = "founded_year" in line.model_fields_set
    provider = Provider(
        **line.model_dump(
            exclude={"id", "founded", "founded_year", *_PARTS},
        ),
        id=line.id or derived_id(line.slug),
        founded=None if is_year else line.founded,
        founded_year=line.founded_year if states_year else year_of(line.founded),
    )
    provider.facilities = [
        _facility(provider, facility, index) for index, facility in enumerate(line.facilities)
    ]
    provider.certificates = [
        _certificate(provider, certificate, index)
        for index, certificate in enumerate(line.certifications)
    ]
    provider.capabilities = [
        _capability(provider, capability, index)
        for index, capability in enumerate(line.capabilities)
    ]
    return provider


_PARTS = ("facilities", "certifications", "capabilities")


def _facility(provider: Provider, line: FacilityLine, index: int) -> Facility:
    return Facility(
        id=line.id or derived_id(provider.slug, "facility", index),
        provider_id=provider.id,
        position=index if line.position is None else line.position,
        name=line.name,
        city=line.city,
        country=line.country,
        operational_from=line.operational_from,
        notes=line.notes,
        lifecycle=line.lifecycle or lifecycle_of(line.operational_from, line.notes),
    )


def _certificate(provider: Provider, line: CertificateLine, index: int) -> Certificate:
    row = Certificate(
        id=line.id or derived_id(provider.slug, "certificate", index),
        provider_id=provider.id,
        position=index if line.position is None else line.position,
        authority=line.authority,
        standard=line.standard,
        issued_on=line.year,
        expires_on=line.expires_on,
        source=line.source,
    )
    if line.is_explicit:
        row.scope, row.wording = line.scope, line.wording
        where = f"certifications[{index}]"
        row.facility_id = _site(provider, line.facility, line.facility_id, where)
    else:
        read_certificate(row, line.standard, provider.facilities)
    return row


def read_certificate(row: Certificate, wording: str, facilities: Sequence[Facility]) -> None:
    """Set a certificate's standard, scope and site to what the record's wording gives."""
    words = certificate_words.split(wording)
    site = certificate_words.site_named(words.scope, [facility.name for facility in facilities])
    row.standard, row.scope, row.wording = words.standard, words.scope, wording
    row.facility_id = None if site is None else facilities[site].id


def _capability(provider: Provider, line: CapabilityLine, index: int) -> Capability:
    quantities = quantities_of(line.scale)
    if line.quantities is not None:
        quantities = [quantity.model_dump() for quantity in line.quantities]
    flag = None if line.flag in (None, "planned") else CapabilityFlag(str(line.flag))
    return Capability(
        id=line.id or derived_id(provider.slug, "capability", index),
        provider_id=provider.id,
        position=index if line.position is None else line.position,
        service=line.service,
        modality=line.modality,
        platform=line.platform,
        stages=list(line.stages),
        scale=line.scale,
        quantities=quantities,
        quality=line.quality,
        note=line.note,
        flag=flag,
        status=line.status or status_of(line.flag),
        lead_time_weeks=line.lead_time_weeks,
        available_from=line.available_from,
        evidence_address=line.evidence.address if line.evidence else None,
        evidence_seen_on=line.evidence.seen_on if line.evidence else None,
        pinned=list(line.pinned),
        facility_id=_site(provider, line.facility, line.facility_id, f"capabilities[{index}]"),
    )


def _site(provider: Provider, name: str | None, wanted: UUID | None, where: str) -> UUID | None:
    if name is None and wanted is None:
        return None
    is_meant: Callable[[Facility], bool] = lambda facility: (  # noqa: E731 # two one-line tests
        facility.id == wanted if wanted is not None else facility.name == name
    )
    meant = [facility.id for facility in provider.facilities if is_meant(facility)]
    if len(meant) != 1:
        raise FacilityReferenceError(f"{where}.facility" + ("_id" if wanted is not None else ""))
    return meant[0]


def doubts_of(provider: Provider) -> list[Doubt]:
    """What of a provider's record could not be read for sure; nothing of it was guessed."""
    found: list[tuple[str, str]] = []
    if provider.founded and provider.founded_year is None:
        found.append(("founded", "no single year is stated"))
    for index, facility in enumerate(provider.facilities):
        if facility.operational_from and facility.lifecycle not in _RUNNING:
            why = f"the date is no date of operation: the notes say {facility.lifecycle.value}"
            found.append((f"facilities[{index}].operational_from", why))
    for index, certificate in enumerate(provider.certificates):
        if not certificate_words.names_a_standard(certificate.standard):
            found.append((f"certifications[{index}].standard", "no known standard is named"))
    for index, capability in enumerate(provider.capabilities):
        doubt = _scale_doubt(capability)
        if doubt is not None:
            found.append((f"capabilities[{index}].scale", doubt))
    return [Doubt(provider.slug, field, why) for field, why in found]


_RUNNING = (Lifecycle.OPERATING, Lifecycle.LICENSED)


def _scale_doubt(capability: Capability) -> str | None:
    scale = capability.scale
    if not scale or capability.quantities or not re.search(r"\d", scale):
        return None
    if parse(scale, plans=True):
        return "only a plan is told"
    return "no quantity was read from its numbers"
