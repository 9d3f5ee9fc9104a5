"""Setting a password: by the link of an invitation or of a reset, or by knowing the present one.

A password belongs to an address: who is invited by a second company or portal has one password
still. The mailbox proves who it is, whichever home's link is used, so that one link opens every
home that has invited the address. Whichever way a password is set, no link that was mailed before
can set another.
"""

from datetime import UTC, datetime

from sqlalchemy import Engine, delete, update
from sqlmodel import Session, col, select

from app.db import reading, writing
from app.models.person import NewPassword, OneTimeToken, Person, Purpose, SignIn
from app.services import credentials, one_time, passwords, sign_ins
from app.services.sign_ins import SignedIn
from app.services.tenancy import IDENTIFY


def by_link(engine: Engine, given: NewPassword, purpose: Purpose, request_id: str | None) -> str:
    """Set the password, use the link up and with it every other of the address, and end every
    sign-in of the address, which it gives.

    SpentLinkError, or WeakPasswordError, which leaves the link good.
    """
    if not credentials.is_token(given.token):
        raise one_time.spent()
    with reading(engine, IDENTIFY) as session:
        email = one_time.bearer(session, given.token, purpose).email
    passwords.check(given.password, email)
    kept = passwords.stored(given.password)
    with writing(engine, IDENTIFY) as session:
        sign_ins.lock_address(session, email)
        used_by = one_time.use(session, given.token, purpose)
        theirs = col(Person.email) == email
        session.execute(
            update(Person)
            .where(theirs)
            .values(password_hash=kept, updated_at=datetime.now(UTC))
            .execution_options(synchronize_session=False)
        )
        people = select(col(Person.id)).where(theirs)
        session.execute(delete(SignIn).where(col(SignIn.person_id).in_(people)))
        _void_links(session, email)
        sign_ins.tell(session, used_by, "password-set", f"person:{used_by}", request_id)
    return email


def by_owner(
    engine: Engine, found: SignedIn, present: str, wanted: str, request_id: str | None
) -> None:
    """Set the password of somebody who is signed in and knows the present one. Every other sign-in
    of the address ends, and its links are void: an invitation that was open is accepted by the link
    of a reset.

    RefusedSignInError where the present one isn't right, or WeakPasswordError.
    """
    email, kept = found.person.email, found.person.password_hash
    is_right, _ = passwords.matches(present, kept)
    if not is_right:
        raise sign_ins.refusal()
    passwords.check(wanted, email)
    stored = passwords.stored(wanted)
    with writing(engine, IDENTIFY) as session:
        sign_ins.lock_address(session, email)
        theirs = col(Person.email) == email
        changed = session.execute(
            update(Person)
            .where(theirs, col(Person.password_hash) == kept)
            .values(password_hash=stored, updated_at=datetime.now(UTC))
            .execution_options(synchronize_session=False)
            .returning(col(Person.id))
        ).all()
        if not changed:  # somebody else set it meanwhile
            raise sign_ins.refusal()
        people = select(col(Person.id)).where(theirs)
        others = col(SignIn.person_id).in_(people), col(SignIn.id) != found.id
        session.execute(delete(SignIn).where(*others))
        _void_links(session, email)
        sign_ins.tell(session, found.person.id, "password-set", found.caller.actor, request_id)


def _void_links(session: Session, email: str) -> None:
    """Whatever was mailed to an address before it got this password sets no other one."""
    people = select(col(Person.id)).where(col(Person.email) == email)
    session.execute(delete(OneTimeToken).where(col(OneTimeToken.person_id).in_(people)))
