"""Rows become lines of the catalogue file again, in the keys and the order of the shipped one."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.models.capability import Capability, CapabilityFlag, CapabilityStatus
from app.models.certificate import Certificate
from app.models.facility import Facility
from app.models.provider import Provider, State
from app.services.facility_notes import lifecycle_of
from app.services.records import derived_id, quantities_of, read_certificate, status_of, year_of


def to_record(provider: Provider) -> dict[str, Any]:
    """A provider with all its parts loaded as a line of the file, in JSON's types.

    The keys of the shipped file come first, in its order; then whatever they can't say.
    """
    facilities = sorted(provider.facilities, key=lambda row: row.position)
    certificates = sorted(provider.certificates, key=lambda row: row.position)
    capabilities = sorted(provider.capabilities, key=lambda row: row.position)
    slug = provider.slug
    founded = provider.founded
    if founded is None and provider.founded_year is not None:
        founded = str(provider.founded_year)
    record: dict[str, Any] = {
        "slug": slug,
        "name": provider.name,
        "native_name": provider.native_name,
        "aliases": list(provider.aliases),
        "kind": provider.kind.value,
        "ownership": provider.ownership.value,
        "operating": provider.operating.value,
        "successor": provider.successor,
        "country": provider.country,
        "region": provider.region,
        "city": provider.city,
        "website": provider.website,
        "founded": founded,
        "description": provider.description,
        "facilities": [_facility(slug, row, n) for n, row in enumerate(facilities)],
        "capabilities": [
            _capability(slug, row, n, facilities) for n, row in enumerate(capabilities)
        ],
        "certifications": [
            _certificate(slug, row, n, facilities) for n, row in enumerate(certificates)
        ],
        "languages": list(provider.languages),
        "memberships": list(provider.memberships),
        "therapeutic_areas": list(provider.therapeutic_areas),
        "track_record": list(provider.track_record),
        "confidence": provider.confidence,
        "sources": list(provider.sources),
    }
    if provider.state is not State.PUBLISHED:
        record["state"] = provider.state.value
    if provider.assured_on is not None:
        record["assured_on"] = provider.assured_on.isoformat()
    if provider.founded_year != year_of(founded):
        record["founded_year"] = provider.founded_year
    if provider.id != derived_id(slug):
        record["id"] = str(provider.id)
    return record


def _facility(slug: str, row: Facility, index: int) -> dict[str, Any]:
    record = {
        "name": row.name,
        "city": row.city,
        "country": row.country,
        "operational_from": row.operational_from,
        "notes": row.notes,
    }
    if row.lifecycle is not lifecycle_of(row.operational_from, row.notes):
        record["lifecycle"] = row.lifecycle.value
    return record | _identity(slug, "facility", row.id, row.position, index)


def _certificate(
    slug: str, row: Certificate, index: int, facilities: Sequence[Facility]
) -> dict[str, Any]:
    wording = row.standard if row.wording is None else row.wording
    read = Certificate(provider_id=row.provider_id, standard=wording)
    read_certificate(read, wording, facilities)
    record: dict[str, Any] = {
        "authority": row.authority,
        "standard": wording,
        "year": row.issued_on,
    }
    parts = ("standard", "scope", "wording", "facility_id")
    if any(getattr(read, part) != getattr(row, part) for part in parts):
        record |= {"standard": row.standard, "scope": row.scope, "wording": row.wording}
        record |= _site(row.facility_id, facilities)
    for key in ("expires_on", "source"):
        if getattr(row, key) is not None:
            record[key] = getattr(row, key)
    return record | _identity(slug, "certificate", row.id, row.position, index)


def _capability(
    slug: str, row: Capability, index: int, facilities: Sequence[Facility]
) -> dict[str, Any]:
    site = _site(row.facility_id, facilities)
    record: dict[str, Any] = {
        "service": row.service,
        "modality": row.modality,
        "platform": row.platform,
        "stages": [_word(stage) for stage in row.stages],
        "scale": row.scale,
        "quality": row.quality,
        "note": row.note,
        "flag": _flag(row),
        "facility": site.pop("facility", None),
    }
    record |= site
    if row.status is not status_of(record["flag"]):
        record["status"] = row.status.value
    if row.lead_time_weeks is not None:
        record["lead_time_weeks"] = row.lead_time_weeks
    if row.available_from is not None:
        record["available_from"] = row.available_from
    if row.evidence_address is not None:
        seen_on = row.evidence_seen_on
        record["evidence"] = {
            "address": row.evidence_address,
            "seen_on": seen_on.isoformat() if seen_on else None,
        }
    if row.pinned:
        record["pinned"] = list(row.pinned)
    if row.quantities != quantities_of(row.scale):
        record["quantities"] = [dict(quantity) for quantity in row.quantities]
    return record | _identity(slug, "capability", row.id, row.position, index)


def _flag(row: Capability) -> str | None:
    if row.flag is not None:
        return CapabilityFlag(row.flag).value
    return "planned" if row.status is CapabilityStatus.PLANNED else None


def _word(stage: str | StrEnum) -> str:
    return stage.value if isinstance(stage, StrEnum) else stage


def _site(facility_id: UUID | None, facilities: Sequence[Facility]) -> dict[str, Any]:
    """The facility by its name, or by its id where two bear that name."""
    if facility_id is None:
        return {}
    names = [facility.name for facility in facilities]
    (name,) = [facility.name for facility in facilities if facility.id == facility_id]
    return {"facility": name} if names.count(name) == 1 else {"facility_id": str(facility_id)}


def _identity(slug: str, kind: str, row_id: UUID, position: int, index: int) -> dict[str, Any]:
    """The id and the place, where they aren't those of a line as it was gathered."""
    identity: dict[str, Any] = {}
    if row_id != derived_id(slug, kind, index):
        identity["id"] = str(row_id)
    if position != index:
        identity["position"] = position
    return identity
