"""Certificates of a facility, or of a provider whose record names no site."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from app.models.certificate import Certificate, CertificateData, CertificatePublic
from app.models.provider import Provider

SITE_NOT_STATED = "site not stated"


def replace(
    provider: Provider, facility_id: UUID | None, wanted: Sequence[CertificateData]
) -> None:
    """Put these in the place of the certificates of one facility (None: of no stated site)."""
    there = [c for c in provider.certificates if c.facility_id == facility_id]
    others = [c for c in provider.certificates if c.facility_id != facility_id]
    position = max((c.position for c in others), default=-1) + 1
    new = []
    for offset, data in enumerate(wanted):
        # One that says the same stays the same, with its id and the record's own wording.
        same = next(
            (c for c in there if CertificateData.model_validate(c, from_attributes=True) == data),
            None,
        )
        if same is not None:
            there.remove(same)
        row = same or Certificate(
            **data.model_dump(), provider_id=provider.id, facility_id=facility_id
        )
        row.position = position + offset
        new.append(row)
    provider.certificates = [*others, *new]


def of_site(provider: Provider, facility_id: UUID | None) -> list[CertificatePublic]:
    """The certificates of one facility (None: those whose record names no site)."""
    names = {facility.id: facility.name for facility in provider.facilities}
    return [_public(c, names) for c in _ordered(provider) if c.facility_id == facility_id]


def _ordered(provider: Provider) -> Iterable[Certificate]:
    return sorted(provider.certificates, key=lambda c: c.position)


def _public(certificate: Certificate, names: dict[UUID, str]) -> CertificatePublic:
    site = names.get(certificate.facility_id) if certificate.facility_id else None
    return CertificatePublic.model_validate(certificate, update={"site": site or SITE_NOT_STATED})
