"""Rows become what the matching core reads: a Provider a Candidate, a Capability an Offer."""

from collections.abc import Iterable, Mapping

from sqlmodel import Session, select

from app.matching.types import Candidate, Concept, Offer, Proof, Quantity, Site
from app.models.capability import Capability, CapabilityFlag
from app.models.certificate import Certificate
from app.models.concept import Concept as ConceptRow
from app.models.facility import Facility
from app.models.provider import Operating, Provider, State
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


def states_of(session: Session) -> Mapping[str, State]:
    """The state of every record by its slug."""
    return {
        slug: State(state) for slug, state in session.exec(select(Provider.slug, Provider.state))
    }


def candidate_of(provider: Provider, states: Mapping[str, State]) -> Candidate:
    """A provider with everything a match may weigh; `states` holds those of all slugs.

    A renamed provider stands under its present name, with the old one as an alias. Where its
    successor has a record of its own, it counts as absorbed instead, so that one organisation
    isn't listed twice; a successor whose record isn't published is no name to show.
    """
    name, aliases, operating = provider.name, tuple(provider.aliases), provider.operating
    if operating is Operating.RENAMED and provider.successor:
        state = states.get(provider.successor)
        if state is State.PUBLISHED:
            operating = Operating.ABSORBED
        elif state is None:
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
