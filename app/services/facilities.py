"""Facilities: the sites of a provider, edited as parts of its record."""

from datetime import UTC, datetime

from sqlmodel import Session

from app.errors import InvalidError, NotFoundError
from app.models.facility import (
    Facility,
    FacilityAnswer,
    FacilityCreate,
    FacilityList,
    FacilityPublic,
    FacilityUpdate,
)
from app.models.provider import Provider
from app.services import certificates
from app.services.editing import Editor, changes, conclude, identity, locked, visible
from app.services.precondition import Precondition

MOST = 200  # facilities of one provider: the largest known have a few dozen
_MISSING = "This provider has no such facility."


def create(
    session: Session,
    reference: str,
    data: FacilityCreate,
    *,
    wanted: Precondition | None,
    editor: Editor,
) -> FacilityAnswer:
    """Add a facility to a provider; `wanted` is honoured and may be left out."""
    provider = locked(session, reference, wanted)
    facility = add(session, provider, data)
    made = public(provider, facility)
    after = made.model_dump(mode="json")
    conclude(session, provider, editor, "facility-created", before=None, after=after)
    return answer(provider, facility)


def list_of(session: Session, reference: str, *, drafts_too: bool) -> FacilityList:
    """All facilities of a provider that the caller may see, in the order of its record."""
    provider = visible(session, reference, drafts_too=drafts_too)
    rows = sorted(provider.facilities, key=lambda row: row.position)
    return FacilityList(items=[answer(provider, row) for row in rows])


def read(session: Session, reference: str, facility_id: str, *, drafts_too: bool) -> FacilityAnswer:
    """One facility of a provider that the caller may see; else NotFoundError."""
    provider = visible(session, reference, drafts_too=drafts_too)
    return answer(provider, find(provider, facility_id))


def update(
    session: Session,
    reference: str,
    facility_id: str,
    data: FacilityUpdate,
    *,
    wanted: Precondition,
    editor: Editor,
) -> FacilityAnswer:
    """Change a facility; what is left out stays."""
    provider = locked(session, reference, wanted)
    facility = find(provider, facility_id)
    old = public(provider, facility)
    for name, value in data.model_dump(exclude_unset=True, exclude={"certificates"}).items():
        setattr(facility, name, value)
    if "certificates" in data.model_fields_set:
        certificates.replace(provider, facility.id, data.certificates)
    before, after = changes(old, public(provider, facility))
    if after:
        facility.updated_at = datetime.now(UTC)
        about = {"id": str(facility.id)}
        conclude(
            session,
            provider,
            editor,
            "facility-updated",
            before=about | before,
            after=about | after,
        )
    return answer(provider, facility)


def delete(
    session: Session,
    reference: str,
    facility_id: str,
    *,
    wanted: Precondition,
    editor: Editor,
) -> int:
    """Remove a facility and its certificates; gives the record's new version.

    Capabilities at this facility stay, and their site is no longer stated.
    """
    provider = locked(session, reference, wanted)
    facility = find(provider, facility_id)
    before = public(provider, facility).model_dump(mode="json")
    there = [row for row in provider.capabilities if row.facility_id == facility.id]
    before["capabilities"] = [str(row.id) for row in sorted(there, key=lambda row: row.position)]
    for capability in there:
        capability.facility_id = None
    certificates.replace(provider, facility.id, [])
    session.flush()
    session.delete(facility)
    conclude(session, provider, editor, "facility-deleted", before=before, after=None)
    return provider.version


def add(session: Session, provider: Provider, data: FacilityCreate) -> Facility:
    """A new facility at the end of the record, with its certificates."""
    if len(provider.facilities) >= MOST:
        raise InvalidError(f"A provider has at most {MOST} facilities.")
    facility = Facility(
        **data.model_dump(exclude={"certificates"}),
        provider_id=provider.id,
        position=max((f.position for f in provider.facilities), default=-1) + 1,
    )
    provider.facilities.append(facility)
    session.flush()  # a certificate refers to it by its key, which orders no inserts
    certificates.replace(provider, facility.id, data.certificates)
    return facility


def find(provider: Provider, facility_id: str) -> Facility:
    """The provider's facility of this id; NotFoundError if it has none."""
    wanted = identity(facility_id, _MISSING)
    for facility in provider.facilities:
        if facility.id == wanted:
            return facility
    raise NotFoundError(_MISSING)


def answer(provider: Provider, facility: Facility) -> FacilityAnswer:
    """A facility by itself, with the version of the whole record."""
    return FacilityAnswer(**dict(public(provider, facility)), version=provider.version)


def public(provider: Provider, facility: Facility) -> FacilityPublic:
    """A facility with the certificates that name it."""
    return FacilityPublic.model_validate(
        facility, update={"certificates": certificates.of_site(provider, facility.id)}
    )
