"""Rows become what the matching core reads: a Provider a Candidate, a Capability an Offer."""

from collections.abc import Container, Iterable

from app.matching.types import Candidate, Concept, Offer, Proof, Quantity, Site
from app.models.capability import Capability, CapabilityFlag
from app.models.certificate import Certificate
from app.models.concept import Concept as ConceptRow
from app.models.facility import Facility
from app.models.provider import Operating, Provider
from app.period import Period

# Wording that describes something which is no offer of this provider today.
_NO_OFFER = (CapabilityFlag.NOT_A_SERVICE, CapabilityFlag.OTHER_ENTITY)


def concept_of(row: ConceptRow) -> Concept:
    """A concept of the vocabulary from its row."""
    return Concept(
        id=row.id,
        facet=row.facet.value,
        labels=dict(row.labels),
        synonyms=tuple(row.synonyms),
        broader=row.broader,
        related=tuple(row.related),
        not_same_as=tuple(row.not_same_as),
        codes=dict(row.codes),
        is_decoy=row.is_decoy,
    )


def candidate_of(provider: Provider, slugs: Container[str]) -> Candidate:
    """A provider with everything a match may weigh.

    A renamed provider stands under its present name, with the old one as an alias; where its
    successor has a record of its own (`slugs`), it counts as absorbed instead, so that one
    organisation isn't listed twice.
    """
    name, aliases, operating = provider.name, tuple(provider.aliases), provider.operating
    if operating is Operating.RENAMED and provider.successor:
        if provider.successor in slugs:
            operating = Operating.ABSORBED
        else:
            name, aliases = provider.successor, (provider.name, *aliases)
    return Candidate(
        id=str(provider.id),
        slug=provider.slug,
        name=name,
        kind=provider.kind.value,
        ownership=provider.ownership.value,
        country=provider.country,
        region=provider.region,
        city=provider.city,
        operating=operating.value,
        successor=provider.successor,
        native_name=provider.native_name,
        aliases=aliases,
        description=provider.description,
        languages=tuple(provider.languages),
        areas=tuple(provider.therapeutic_areas),
        assured_on=provider.assured_on,
        sites=tuple(_site(facility) for facility in provider.facilities),
        proofs=tuple(_proof(certificate) for certificate in provider.certificates),
        offers=tuple(_offers(provider.capabilities)),
    )


def _offers(capabilities: Iterable[Capability]) -> Iterable[Offer]:
    for capability in capabilities:
        if capability.flag not in _NO_OFFER:
            yield _offer(capability)


def _offer(row: Capability) -> Offer:
    return Offer(
        id=str(row.id),
        service=row.service,
        modality=row.modality,
        platform=row.platform,
        stages=tuple(str(stage) for stage in row.stages),
        quantities=tuple(
            Quantity(
                minimum=found.get("minimum"),
                maximum=found.get("maximum"),
                unit=found["unit"],
                kind=found["kind"],
                text=found.get("text", ""),
            )
            for found in row.quantities
        ),
        scale=row.scale,
        quality=row.quality,
        status=row.status.value,
        flag=row.flag.value if row.flag else None,
        available_from=_period(row.available_from),
        site_id=str(row.facility_id) if row.facility_id else None,
        note=row.note,
        pinned=tuple(row.pinned),
        evidence=row.evidence_address,
        seen_on=row.evidence_seen_on,
    )


def _site(row: Facility) -> Site:
    return Site(
        id=str(row.id),
        name=row.name,
        city=row.city,
        country=row.country,
        lifecycle=row.lifecycle.value,
        operational_from=_period(row.operational_from),
        notes=row.notes,
    )


def _proof(row: Certificate) -> Proof:
    return Proof(
        standard=row.standard,
        authority=row.authority,
        scope=row.scope,
        site_id=str(row.facility_id) if row.facility_id else None,
        issued_on=_period(row.issued_on),
        expires_on=_period(row.expires_on),
    )


def _period(text: str | None) -> Period | None:
    return Period.parse(text) if text else None
