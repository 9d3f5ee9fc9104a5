"""Mails with links: made and sent after the answer, so that it tells nothing and waits for none."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.db import writing
from app.models.company import Company
from app.models.person import OneTimeToken, Person, Purpose
from app.models.portal import Portal
from app.services import letters, one_time, sign_ins
from app.services.mailer import Letter, Mailer
from app.services.tenancy import SYSTEM

_NOT_AGAIN_FOR = timedelta(minutes=1)
_LOG = logging.getLogger("cdmo.mail")


@dataclass(frozen=True, slots=True)
class Post:
    """Makes links and sends them. What goes wrong is logged without address and link; whoever
    misses a mail can ask for another."""

    engine: Engine
    mailer: Mailer | None
    public_url: str

    def invite(self, person_id: UUID) -> None:
        """Send somebody who hasn't set a password yet their invitation, or another one; nothing
        where an invitation to their address has just left."""
        self._send(lambda session: self._invitation(session, person_id))

    def reset(self, email: str) -> None:
        """Send the owner of an address a link for a new password; nothing where nobody has it, or
        where such a link has just left."""
        self._send(lambda session: self._reset(session, email))

    def _send(self, write: Callable[[Session], Letter | None]) -> None:
        if self.mailer is None:
            return
        try:
            with writing(self.engine, SYSTEM.claims) as session:
                letter = write(session)
            if letter is not None:
                self.mailer.send(letter)
        except Exception as error:  # the answer has left: there is nobody to raise it to
            kind = f"{type(error).__module__}.{type(error).__qualname__}"
            _LOG.error("a mail could not be sent", extra={"fields": {"error": kind}})

    def _invitation(self, session: Session, person_id: UUID) -> Letter | None:
        person = _locked(session, person_id)
        if person is None or person.password_hash is not None:
            return None
        return self._unless_on_its_way(session, person, Purpose.INVITATION)

    def _reset(self, session: Session, email: str) -> Letter | None:
        known = session.exec(
            select(Person.id)
            .where(Person.email == email)
            .order_by(col(Person.password_hash).is_(None), col(Person.created_at), col(Person.id))
        ).first()
        person = _locked(session, known) if known else None
        if person is None:
            return None
        is_active = person.password_hash is not None
        purpose = Purpose.PASSWORD_RESET if is_active else Purpose.INVITATION
        return self._unless_on_its_way(session, person, purpose)

    def _unless_on_its_way(
        self, session: Session, person: Person, purpose: Purpose
    ) -> Letter | None:
        if _is_on_its_way(session, person.email, purpose):
            return None
        secret = one_time.issue(session, person, purpose)
        link = letters.link(self.public_url, purpose, secret)
        return letters.letter(purpose, person.email, person.name, _home(session, person), link)


def _locked(session: Session, person_id: UUID) -> Person | None:
    """Somebody's row, held with all others of their address, so that of two mails at the same time
    one sees the other."""
    email = session.exec(select(Person.email).where(Person.id == person_id)).one_or_none()
    if email is None:
        return None
    sign_ins.lock_address(session, email)
    return session.exec(
        select(Person).where(Person.id == person_id).with_for_update()
    ).one_or_none()


def _is_on_its_way(session: Session, email: str, purpose: Purpose) -> bool:
    """Whether such a link was mailed to the address just now, whichever home it is for: nobody can
    have a mailbox flooded. Any of them opens every home that has invited the address."""
    recent = (
        select(OneTimeToken.id)
        .join(Person)
        .where(
            Person.email == email,
            OneTimeToken.purpose == purpose,
            col(OneTimeToken.created_at) > datetime.now(UTC) - _NOT_AGAIN_FOR,
        )
    )
    return session.exec(recent.limit(1)).first() is not None


def _home(session: Session, person: Person) -> str:
    company = session.get(Company, person.company_id) if person.company_id else None
    portal = session.get(Portal, person.portal_id)
    return company.name if company else portal.name if portal else ""
