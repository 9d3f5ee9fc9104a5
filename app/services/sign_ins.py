"""Signing in: a password or a provider's word is turned into a session that the database keeps.

Whatever compares a password takes as long and says the same for an address that nobody has, a wrong
password and an invitation that wasn't accepted. No connection is held while a password is compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, delete, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from app.db import reading, writing
from app.errors import ConflictError, Fault, UnauthorizedError
from app.models.company import Company
from app.models.key import SCOPES_OF
from app.models.person import Credentials, Person, SignIn
from app.models.portal import Portal
from app.services import credentials, journal, passwords
from app.services.tenancy import IDENTIFY, SYSTEM, Caller

LONGEST = timedelta(days=7)  # a sign-in ends then, whatever happens
IDLE = timedelta(hours=12)  # and earlier where nobody does anything
_NOTED_EVERY = timedelta(minutes=15)
_MOST_HOMES = 50


class RefusedSignInError(UnauthorizedError):
    """The e-mail address and the password don't go together, or nobody is signed in."""

    type, title = "sign-in-refused", "The sign-in was refused"


@dataclass(frozen=True, slots=True)
class Home:
    """A company or portal that an address belongs to."""

    id: UUID
    name: str


class SeveralHomesError(ConflictError):
    """The address belongs to several companies or portals, and none was named."""

    type, title = "several-homes", "Say which company or portal you mean"

    def __init__(self, homes: Sequence[Home]) -> None:
        faults = [Fault("body.home_id", f"{home.id}: {home.name}") for home in homes]
        super().__init__(
            "This address belongs to several companies or portals. Send `home_id` with one of "
            "those in `errors`.",
            faults=faults,
        )
        self.homes = tuple(homes)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who is signed in, as a request finds it."""

    id: UUID
    person: Person
    csrf_token: str
    expires_at: datetime
    seen_at: datetime

    @property
    def caller(self) -> Caller:
        """Who that is to the services."""
        return caller_of(self.person)


@dataclass(frozen=True, slots=True)
class Seen:
    """A browser that somebody is signed in with; `seen_at` is true to a quarter of an hour."""

    id: UUID
    since: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NewSignIn:
    """A sign-in right after it was made: the only time that its secret is at hand."""

    secret: str
    signed_in: SignedIn


def caller_of(person: Person) -> Caller:
    """What a person may do."""
    return Caller(
        actor=f"person:{person.id}",
        role=person.role,
        portal_id=person.portal_id,
        company_id=person.company_id,
        scopes=SCOPES_OF[person.role],
    )


def by_password(
    engine: Engine, given: Credentials, *, replaced: str | None, request_id: str | None
) -> NewSignIn:
    """Sign in with a password. `replaced` is the secret of a sign-in that ends with it.

    RefusedSignInError, or SeveralHomesError where the password is right and the home isn't clear.
    """
    with reading(engine, IDENTIFY) as session:
        people = _people(session, given.email)
    wanted = [who for who in people if given.home_id in (None, who.home_id)]
    kept = wanted[0].password_hash if wanted else None
    is_right, anew = passwords.matches(given.password, kept)
    if not is_right:
        raise refusal()
    if len(wanted) > 1:
        raise SeveralHomesError(_homes(engine, wanted))
    with writing(engine, IDENTIFY) as session:
        if anew is not None:
            lock_address(session, given.email)
        person = _still(session, wanted[0].id)
        if person.password_hash != kept:
            raise refusal()
        if anew is not None:
            session.execute(
                update(Person)
                .where(col(Person.email) == given.email, col(Person.password_hash) == kept)
                .values(password_hash=anew)
            )
        return _begin(session, person, replaced, request_id)


def by_provider(
    engine: Engine, email: str, *, replaced: str | None, request_id: str | None
) -> NewSignIn:
    """Sign in whom an identity provider vouches for; RefusedSignInError for somebody who wasn't
    invited. Of several homes it is the one signed in to last."""
    with writing(engine, IDENTIFY) as session:
        people = session.exec(
            select(Person).where(Person.email == email).order_by(col(Person.created_at))
        ).all()
        if not people:
            raise refusal()
        latest = max(
            people, key=lambda who: who.last_signed_in_at or datetime.min.replace(tzinfo=UTC)
        )
        return _begin(session, _still(session, latest.id), replaced, request_id)


def lock_address(session: Session, email: str) -> None:
    """Lock everybody of an address, always in the same order, so that two that change them don't
    wait for each other."""
    session.exec(
        select(Person.id).where(Person.email == email).order_by(col(Person.id)).with_for_update()
    ).all()


def refusal() -> RefusedSignInError:
    """What every sign-in that fails is refused with."""
    return RefusedSignInError(
        "The e-mail address or the password isn't right, or the invitation hasn't been accepted."
    )


def identify(session: Session, secret: str) -> SignedIn | None:
    """Who signed in with this secret; None where it is no longer, or never was, good.

    The session speaks with the claims of IDENTIFY.
    """
    if not credentials.is_token(secret):
        return None
    found = session.exec(
        select(SignIn, Person).join(Person).where(SignIn.digest == credentials.digest(secret))
    ).one_or_none()
    if found is None:
        return None
    kept, person = found
    now = datetime.now(UTC)
    if kept.expires_at <= now or kept.updated_at <= now - IDLE:
        return None
    return SignedIn(kept.id, person, kept.csrf_token, kept.expires_at, kept.updated_at)


def note_use(engine: Engine, found: SignedIn) -> None:
    """Remember that somebody is still there, now and then. Where that can't be written, they may
    read on."""
    now = datetime.now(UTC)
    if found.seen_at > now - _NOTED_EVERY:
        return
    try:
        with writing(engine, IDENTIFY) as session:
            session.execute(update(SignIn).where(col(SignIn.id) == found.id).values(updated_at=now))
    except DBAPIError:
        return


def end(engine: Engine, found: SignedIn, *, request_id: str | None) -> None:
    """Sign out here."""
    with writing(engine, IDENTIFY) as session:
        session.execute(delete(SignIn).where(col(SignIn.id) == found.id))
        tell(session, found.person.id, "signed-out", found.caller.actor, request_id)


def end_all(engine: Engine, person_id: UUID, *, actor: str, request_id: str | None) -> None:
    """Sign somebody out everywhere."""
    with writing(engine, IDENTIFY) as session:
        session.execute(delete(SignIn).where(col(SignIn.person_id) == person_id))
        tell(session, person_id, "signed-out-everywhere", actor, request_id)


def of_person(engine: Engine, person_id: UUID) -> list[Seen]:
    """Where somebody is signed in now, the latest first."""
    now = datetime.now(UTC)
    query = select(SignIn).where(
        SignIn.person_id == person_id,
        col(SignIn.expires_at) > now,
        col(SignIn.updated_at) > now - IDLE,
    )
    with reading(engine, IDENTIFY) as session:
        rows = session.exec(query.order_by(col(SignIn.created_at).desc(), col(SignIn.id))).all()
    return [Seen(row.id, row.created_at, row.updated_at, row.expires_at) for row in rows]


def tell(
    session: Session, person_id: UUID, action: str, actor: str, request_id: str | None
) -> None:
    """Enter into the journal what happened to a person: bare ids, no name and no address."""
    journal.record(
        session,
        actor=actor,
        action=action,
        noun="person",
        noun_id=person_id,
        request_id=request_id,
    )


def _people(session: Session, email: str) -> Sequence[Person]:
    """Those of an address who have a password; it is the same for all of them."""
    return session.exec(
        select(Person)
        .where(Person.email == email, col(Person.password_hash).is_not(None))
        .order_by(col(Person.created_at), col(Person.id))
        .limit(_MOST_HOMES)
    ).all()


def _still(session: Session, person_id: UUID) -> Person:
    """The person's row, locked, so that nobody signs in who is being removed."""
    found = session.exec(
        select(Person).where(Person.id == person_id).with_for_update()
    ).one_or_none()
    if found is None:
        raise refusal()
    return found


def _begin(
    session: Session, person: Person, replaced: str | None, request_id: str | None
) -> NewSignIn:
    now = datetime.now(UTC)
    session.execute(
        delete(SignIn).where(col(SignIn.person_id) == person.id, col(SignIn.expires_at) <= now)
    )
    if replaced is not None:
        session.execute(delete(SignIn).where(col(SignIn.digest) == credentials.digest(replaced)))
    secret = credentials.new_token()
    made = SignIn(
        person_id=person.id,
        digest=credentials.digest(secret),
        csrf_token=credentials.new_token(),
        created_at=now,
        updated_at=now,
        expires_at=now + LONGEST,
    )
    person.last_signed_in_at = now
    session.add(made)
    tell(session, person.id, "signed-in", f"person:{person.id}", request_id)
    session.flush()
    return NewSignIn(secret, SignedIn(made.id, person, made.csrf_token, made.expires_at, now))


def _homes(engine: Engine, people: Sequence[Person]) -> list[Home]:
    ids = [who.home_id for who in people]
    with reading(engine, SYSTEM.claims) as session:
        companies = session.exec(select(Company.id, Company.name).where(col(Company.id).in_(ids)))
        portals = session.exec(select(Portal.id, Portal.name).where(col(Portal.id).in_(ids)))
        names = {**dict(companies.all()), **dict(portals.all())}
    return [Home(each, names[each]) for each in ids if each in names]
