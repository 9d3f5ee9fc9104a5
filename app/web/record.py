"""A provider's record, laid out for reading."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.models.capability import CapabilityFlag, CapabilityPublic
from app.models.certificate import CertificatePublic
from app.models.facility import FacilityPublic, Lifecycle
from app.models.provider import ProviderPublic
from app.period import Period

_NO_OFFER = (CapabilityFlag.NOT_A_SERVICE, CapabilityFlag.OTHER_ENTITY)
_NOT_YET = (Lifecycle.PLANNED, Lifecycle.CONSTRUCTION, Lifecycle.QUALIFICATION)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A provider with its offers apart from what is no offer, and certificates with their site."""

    provider: ProviderPublic
    offers: list[CapabilityPublic]
    others: list[CapabilityPublic]
    certificates: list[tuple[CertificatePublic, str | None]]
    sites: dict[UUID, str]
    today: date

    def is_planned(self, facility: FacilityPublic) -> bool:
        """Whether a facility doesn't run yet, by its record."""
        return facility.lifecycle in _NOT_YET

    def is_overdue(self, facility: FacilityPublic) -> bool:
        """Whether a plan's date has passed and the record doesn't say that it came true."""
        date_stated = facility.operational_from
        return (
            self.is_planned(facility)
            and date_stated is not None
            and Period.parse(date_stated).last < self.today
        )


def sheet(provider: ProviderPublic, today: date) -> Sheet:
    """A provider's record, laid out as it reads on a day."""
    of_sites = [(c, site.name) for site in provider.facilities for c in site.certificates]
    return Sheet(
        provider=provider,
        offers=[c for c in provider.capabilities if c.flag not in _NO_OFFER],
        others=[c for c in provider.capabilities if c.flag in _NO_OFFER],
        certificates=[*of_sites, *((c, None) for c in provider.certificates)],
        sites={site.id: site.name for site in provider.facilities},
        today=today,
    )
