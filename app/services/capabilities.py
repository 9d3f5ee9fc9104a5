"""Capabilities: what a provider offers, edited as parts of its record."""

from datetime import UTC, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from app.errors import Fault, InvalidError, NotFoundError
from app.matching import quantity
from app.models.capability import (
    Capability,
    CapabilityAnswer,
    CapabilityCreate,
    CapabilityList,
    CapabilityPublic,
    CapabilityUpdate,
    Evidence,
    Scale,
    ScaleData,
    ScalePublic,
)
from app.models.concept import Concept
from app.models.provider import Provider
from app.services import records
from app.services.editing import Editor, changes, conclude, identity, locked, visible
from app.services.precondition import Precondition

MOST = 1000  # capabilities of one provider: the largest known have fewer than a hundred
_MISSING = "This provider has no such capability."
_OWN = {"scale", "evidence", "facility_id", "facility"}  # fields that aren't columns as they stand


def create(
    session: Session,
    reference: str,
    data: CapabilityCreate,
    *,
    wanted: Precondition | None,
    editor: Editor,
) -> CapabilityAnswer:
    """Add a capability to a provider; `wanted` is honoured and may be left out."""
    provider = locked(session, reference, wanted)
    capability = add(session, provider, data)
    session.flush()
    after = public(capability).model_dump(mode="json")
    conclude(session, provider, editor, "capability-created", before=None, after=after)
    return answer(provider, capability)


def list_of(session: Session, reference: str, *, drafts_too: bool) -> CapabilityList:
    """All capabilities of a provider that the caller may see, in the order of its record."""
    provider = visible(session, reference, drafts_too=drafts_too)
    rows = sorted(provider.capabilities, key=lambda row: row.position)
    return CapabilityList(items=[answer(provider, row) for row in rows])


def read(
    session: Session, reference: str, capability_id: str, *, drafts_too: bool
) -> CapabilityAnswer:
    """One capability of a provider that the caller may see; else NotFoundError."""
    provider = visible(session, reference, drafts_too=drafts_too)
    return answer(provider, find(provider, capability_id))


def update(
    session: Session,
    reference: str,
    capability_id: str,
    data: CapabilityUpdate,
    *,
    wanted: Precondition,
    editor: Editor,
) -> CapabilityAnswer:
    """Change a capability; what is left out stays."""
    provider = locked(session, reference, wanted)
    capability = find(provider, capability_id)
    old = public(capability)
    for name, value in data.model_dump(exclude_unset=True, exclude=_OWN).items():
        setattr(capability, name, value)
    given = data.model_fields_set
    if "pinned" in given:
        _check_concepts(session, data.pinned, "body.")
    if "scale" in given:
        capability.scale, capability.quantities = _scale(data.scale, "body.")
    if "evidence" in given:
        _set_evidence(capability, data.evidence)
    if "facility_id" in given:
        capability.facility_id = _site(provider, data.facility_id, None, "body.")
    before, after = changes(old, public(capability))
    if after:
        capability.updated_at = datetime.now(UTC)
        about = {"id": str(capability.id)}
        conclude(
            session,
            provider,
            editor,
            "capability-updated",
            before=about | before,
            after=about | after,
        )
    return answer(provider, capability)


def delete(
    session: Session,
    reference: str,
    capability_id: str,
    *,
    wanted: Precondition,
    editor: Editor,
) -> int:
    """Remove a capability; gives the record's new version."""
    provider = locked(session, reference, wanted)
    capability = find(provider, capability_id)
    before = public(capability).model_dump(mode="json")
    session.delete(capability)
    conclude(session, provider, editor, "capability-deleted", before=before, after=None)
    return provider.version


def add(
    session: Session, provider: Provider, data: CapabilityCreate, where: str = "body."
) -> Capability:
    """A new capability at the end of the record; faults are told at `where`."""
    if len(provider.capabilities) >= MOST:
        raise InvalidError(f"A provider has at most {MOST} capabilities.")
    _check_concepts(session, data.pinned, where)
    scale, quantities = _scale(data.scale, where)
    capability = Capability(
        **data.model_dump(exclude=_OWN),
        provider_id=provider.id,
        facility_id=_site(provider, data.facility_id, data.facility, where),
        position=max((c.position for c in provider.capabilities), default=-1) + 1,
        scale=scale,
        quantities=quantities,
    )
    _set_evidence(capability, data.evidence)
    provider.capabilities.append(capability)
    return capability


def find(provider: Provider, capability_id: str) -> Capability:
    """The provider's capability of this id; NotFoundError if it has none."""
    wanted = identity(capability_id, _MISSING)
    for capability in provider.capabilities:
        if capability.id == wanted:
            return capability
    raise NotFoundError(_MISSING)


def answer(provider: Provider, capability: Capability) -> CapabilityAnswer:
    """A capability by itself, with the version of the whole record."""
    return CapabilityAnswer(**dict(public(capability)), version=provider.version)


def public(capability: Capability) -> CapabilityPublic:
    """A capability with its scale and evidence as the API shows them."""
    evidence = None
    if capability.evidence_address:
        evidence = Evidence(
            address=capability.evidence_address, seen_on=capability.evidence_seen_on
        )
    shown = {"scale": _shown_scale(capability), "evidence": evidence}
    return CapabilityPublic.model_validate(capability, update=shown)


def _shown_scale(capability: Capability) -> ScalePublic | None:
    if not capability.scale and not capability.quantities:
        return None
    first, *further = [Scale.model_validate(q) for q in capability.quantities] or [Scale()]
    return ScalePublic(**first.model_dump(), text=capability.scale, further=further)


def _scale(given: str | ScaleData | None, where: str) -> tuple[str | None, list[dict[str, object]]]:
    """The words of a scale and the quantities in them, from either form."""
    if not given:
        return None, []
    if isinstance(given, str):
        return given, records.quantities_of(given)
    minimum, maximum = given.minimum, given.maximum
    if minimum is None and maximum is None:
        raise _at(f"{where}scale", "Give a minimum, a maximum, or both.")
    if minimum is not None and maximum is not None and minimum > maximum:
        raise _at(f"{where}scale.minimum", "The minimum is larger than the maximum.")
    if not (maximum if maximum is not None else minimum):
        raise _at(f"{where}scale", "A scale of 0 says nothing. Leave it out if it isn't known.")
    try:
        stated = quantity.from_range(minimum, maximum, given.unit)
    except ValueError:
        raise _at(
            f"{where}scale.unit", "This unit isn't known. Write it as L, mL, kg, vials …"
        ) from None
    return quantity.words(stated), [records.stored(stated)]


def _site(
    provider: Provider, facility_id: UUID | None, name: str | None, where: str
) -> UUID | None:
    """The facility that is meant, by id or by its name in the record."""
    if facility_id is not None:
        if all(facility.id != facility_id for facility in provider.facilities):
            raise _at(f"{where}facility_id", "This provider has no such facility.")
        return facility_id
    if not name:
        return None
    meant = [facility.id for facility in provider.facilities if facility.name == name]
    if len(meant) != 1:
        found = "several facilities" if meant else "no facility"
        raise _at(f"{where}facility", f"This provider has {found} of that name.")
    return meant[0]


def _check_concepts(session: Session, pinned: list[str], where: str) -> None:
    if not pinned:
        return
    known = set(session.exec(select(Concept.id).where(col(Concept.id).in_(pinned))))
    for place, concept in enumerate(pinned):
        if concept not in known:
            raise _at(f"{where}pinned[{place}]", "The vocabulary has no such concept.")


def _set_evidence(capability: Capability, evidence: Evidence | None) -> None:
    capability.evidence_address = evidence.address if evidence else None
    capability.evidence_seen_on = evidence.seen_on if evidence else None


def _at(where: str, detail: str) -> InvalidError:
    return InvalidError("Some of the record can't be kept.", faults=[Fault(where, detail)])
