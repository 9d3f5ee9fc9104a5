"""People: invited, listed, and removed with everything that lets them in."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.db import clear_log_after
from app.errors import ConflictError, Fault, ForbiddenError, InvalidError, NotFoundError
from app.models.key import SCOPES_OF, Role, Scope
from app.models.person import Person, PersonInvite, PersonPage, PersonPublic
from app.services import holders, journal, kept_answers, keys, pages, tenancy
from app.services.editing import Editor, identity
from app.services.holders import Holder
from app.services.tenancy import Caller, accounts

MISSING = "There is no such person."


def invite(session: Session, data: PersonInvite, caller: Caller, editor: Editor) -> PersonPublic:
    """Add somebody who may set a password by the link of an invitation.

    ForbiddenError where the caller may not give this role or what goes with it, InvalidError where
    the fields don't go together, ConflictError for somebody who is there already.
    """
    if not holders.may_make(caller, data.role):
        raise ForbiddenError(f"You may not invite somebody as `{data.role}`.")
    holders.check_may_give(caller, SCOPES_OF[data.role])
    return shown(add(session, data, _holder(session, data, caller), editor))


def add(session: Session, data: PersonInvite, holder: Holder, editor: Editor) -> Person:
    """The row of somebody new; ConflictError where the home has this address already."""
    there = select(Person.id).where(Person.home_id == holder.home_id, Person.email == data.email)
    if session.exec(there).first() is not None:
        raise _known()
    person = Person(
        portal_id=holder.portal_id,
        company_id=holder.company_id,
        home_id=holder.home_id,
        email=data.email,
        name=data.name,
        role=data.role,
    )
    session.add(person)
    try:
        session.flush()
    except IntegrityError:
        raise _known() from None
    _tell(session, person, "invited", editor)
    return person


def page(session: Session, caller: Caller, *, after: str | None, limit: int) -> PersonPage:
    """A page of the people whom the caller keeps, oldest first."""
    rows, following = pages.by_age(session, Person, accounts(Person, caller), caller, after, limit)
    return PersonPage(items=[shown(row) for row in rows], next=following)


def read(session: Session, person_id: str, caller: Caller) -> PersonPublic:
    """One person; NotFoundError for somebody whom the caller doesn't keep."""
    return shown(found(session, person_id, caller))


def remove(session: Session, person_id: str, caller: Caller, editor: Editor) -> None:
    """Remove somebody, who is signed out everywhere with it. The keys that they made end, and those
    that were made with these: nothing that they know the secret of opens any more.

    NotFoundError, or ConflictError for the last admin whom a person would remove.
    """
    if caller.role is Role.ADMIN and caller.actor.startswith("person:"):
        _require_another_admin(session, identity(person_id, MISSING))
    person = found(session, person_id, caller, lock=True)
    _tell(session, person, "removed", editor)
    keys.end_made_by(session, person.id, editor)
    kept_answers.forget(session, [person.id], [f"person:{person.id}"])
    session.delete(person)
    session.flush()
    clear_log_after(session)


def check_may_sign_out(session: Session, person_id: str, caller: Caller) -> UUID:
    """The id of somebody whom the caller may sign out: themselves, or whom they keep.
    UnauthorizedError, ForbiddenError or NotFoundError otherwise."""
    if caller.actor == f"person:{person_id.lower()}":
        return identity(person_id, MISSING)
    tenancy.check(caller, Scope.TENANCY, Role.ADMIN, Role.PARTNER, Role.COMPANY)
    return found(session, person_id, caller).id


def found(session: Session, person_id: str, caller: Caller, *, lock: bool = False) -> Person:
    """The row of somebody whom the caller keeps; NotFoundError otherwise."""
    query = select(Person).where(
        Person.id == identity(person_id, MISSING), accounts(Person, caller)
    )
    row = session.exec(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFoundError(MISSING)
    return row


def shown(person: Person) -> PersonPublic:
    """A person as answers show them."""
    state = "active" if _is_active(person) else "invited"
    return PersonPublic.model_validate(person, update={"state": state})


def _is_active(person: Person) -> bool:
    """Whether they can sign in, or have done so through an identity provider."""
    return person.password_hash is not None or person.last_signed_in_at is not None


def _holder(session: Session, data: PersonInvite, caller: Caller) -> Holder:
    portal = holders.portal_for(session, data.role, data.portal_id, caller)
    if data.role is not Role.COMPANY:
        if data.company_id is not None:
            fault = Fault("body.company_id", "Only somebody of a company belongs to a company.")
            raise InvalidError("This can't be done as it is.", faults=[fault])
        return Holder(portal.id)
    company_id = data.company_id or caller.company_id
    if company_id is None:
        fault = Fault("body.company_id", "Say which company they belong to.")
        raise InvalidError("This can't be done as it is.", faults=[fault])
    return holders.of_company(session, company_id, caller)


def _require_another_admin(session: Session, leaving: UUID) -> None:
    # All of them are locked, always in the same order: of two last admins who go at the same time,
    # or remove each other, one stays.
    admins = session.exec(
        select(Person).where(Person.role == Role.ADMIN).order_by(col(Person.id)).with_for_update()
    ).all()
    if leaving not in {admin.id for admin in admins}:
        return
    if not any(_is_active(admin) for admin in admins if admin.id != leaving):
        raise ConflictError("You are the last admin. Invite another one first.")


def _known() -> ConflictError:
    return ConflictError("Somebody with this e-mail address is here already.")


def _tell(session: Session, person: Person, action: str, editor: Editor) -> None:
    journal.record(
        session,
        actor=editor.actor,
        action=action,
        noun="person",
        noun_id=person.id,
        after={"role": person.role.value} if action == "invited" else None,
        request_id=editor.request_id,
    )
