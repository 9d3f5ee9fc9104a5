"""Providers: read by everybody once published, written by curators, part by part or whole."""

from datetime import UTC, date, datetime

from sqlmodel import Session, select

from app.errors import ConflictError, Fault, InvalidError
from app.models.provider import Provider, ProviderCreate, ProviderPublic, ProviderUpdate, State
from app.services import capabilities, certificates, facilities, slugs
from app.services.editing import (
    Editor,
    changes,
    conclude,
    locked,
    visible,
)
from app.services.precondition import Precondition

_PARTS = {"certificates", "facilities", "capabilities"}
_ACTIONS = {
    State.PUBLISHED: "published",
    State.ARCHIVED: "archived",
    State.DRAFT: "unpublished",
}


def create(session: Session, data: ProviderCreate, *, editor: Editor) -> ProviderPublic:
    """Add a provider with its parts; it is a draft unless `state` says otherwise.

    ConflictError if the slug is taken, InvalidError if a part doesn't make sense.
    """
    _check_day(data.assured_on)
    provider = Provider(
        **data.model_dump(exclude=_PARTS | {"slug"}),
        slug=_free_slug(session, data),
        version=0,
        facilities=[],
        certificates=[],
        capabilities=[],
    )
    session.add(provider)
    session.flush()
    certificates.replace(provider, None, data.certificates)
    for facility in data.facilities:
        facilities.add(session, provider, facility)
    for place, capability in enumerate(data.capabilities):
        capabilities.add(session, provider, capability, f"body.capabilities[{place}].")
    session.flush()
    after = public(provider).model_dump(mode="json", exclude={"version"})
    conclude(session, provider, editor, "created", before=None, after=after)
    return public(provider)


def read(session: Session, reference: str, *, drafts_too: bool) -> ProviderPublic:
    """A provider by id or slug; NotFoundError if there is none, or none that the caller may see."""
    return public(visible(session, reference, drafts_too=drafts_too))


def update(
    session: Session,
    reference: str,
    data: ProviderUpdate,
    *,
    wanted: Precondition,
    editor: Editor,
) -> ProviderPublic:
    """Change a provider; what is left out stays. `state` publishes and archives."""
    provider = locked(session, reference, wanted)
    _check_day(data.assured_on)
    old = public(provider)
    for name, value in data.model_dump(exclude_unset=True, exclude=_PARTS).items():
        setattr(provider, name, value)
    if "certificates" in data.model_fields_set:
        certificates.replace(provider, None, data.certificates)
    before, after = changes(old, public(provider))
    if after:
        action = _ACTIONS[provider.state] if "state" in after else "updated"
        conclude(session, provider, editor, action, before=before, after=after)
    return public(provider)


def archive(session: Session, reference: str, *, wanted: Precondition, editor: Editor) -> int:
    """Take a provider out of the catalogue, keeping its record; gives the new version."""
    provider = locked(session, reference, wanted)
    if provider.state is not State.ARCHIVED:
        before = {"state": provider.state.value}
        provider.state = State.ARCHIVED
        after = {"state": provider.state.value}
        conclude(session, provider, editor, "archived", before=before, after=after)
    return provider.version


def public(provider: Provider) -> ProviderPublic:
    """A provider with all its parts, in the order of the record."""
    return ProviderPublic.model_validate(
        provider,
        update={
            "certificates": certificates.of_site(provider, None),
            "facilities": [
                facilities.public(provider, facility)
                for facility in sorted(provider.facilities, key=lambda f: f.position)
            ],
            "capabilities": [
                capabilities.public(capability)
                for capability in sorted(provider.capabilities, key=lambda c: c.position)
            ],
        },
    )


def _free_slug(session: Session, data: ProviderCreate) -> str:
    slug = data.slug or slugs.from_name(data.name)
    if slugs.is_mistakable(slug):
        raise InvalidError(
            "Some of the record can't be kept.",
            faults=[Fault("body.slug", "This slug would be mistaken for something else.")],
        )
    if session.exec(select(Provider.id).where(Provider.slug == slug)).first() is not None:
        raise ConflictError("Another provider has this slug already. Send a slug of its own.")
    return slug


def _check_day(assured_on: date | None) -> None:
    # A day in the future in UTC may be today further east, so the furthest zone decides.
    today = datetime.now(UTC).date()
    if assured_on is not None and (assured_on - today).days > 1:
        raise InvalidError(
            "Some of the record can't be kept.",
            faults=[Fault("body.assured_on", "This day lies in the future.")],
        )
