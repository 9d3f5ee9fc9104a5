"""People in tests: a mailbox in the place of a mail server, and browsers that are signed in."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine, update

from app.db import writing
from app.models.key import Role
from app.models.person import OneTimeToken, PersonInvite, StaffRole
from app.services import holders, mailer, passwords, people, portals
from app.services.editing import Editor
from app.services.mailer import Letter
from app.services.tenancy import SYSTEM
from tests.service import Headers

PASSWORD = "seven green fermenters"
_LINK = re.compile(r"https://match\.example/\S+\?token=(\S+)")


@dataclass
class Mailbox:
    """Every letter that was sent."""

    letters: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)

    def token(self) -> str:
        """The token of the latest letter's link."""
        found = _LINK.search(self.letters[-1].text)
        assert found is not None
        return found[1]


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch, app: FastAPI) -> Mailbox:
    """Where the app's letters go."""
    made = Mailbox()
    monkeypatch.setattr(mailer, "chosen", lambda settings: made)
    app.state.settings = app.state.settings.model_copy(
        update={"public_url": "https://match.example"}
    )
    return made


def later(engine: Engine) -> None:
    """Let so much time pass since the links that were mailed that others may follow."""
    with writing(engine, SYSTEM.claims) as session:
        before = datetime.now(UTC) - timedelta(minutes=2)
        session.execute(update(OneTimeToken).values(created_at=before))


@pytest.fixture
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed in no time, as they must never be in earnest."""
    quick = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)
    nobodys = quick.hash("nobody's password")
    monkeypatch.setattr(passwords, "_HASHER", PasswordHash((quick,)))
    monkeypatch.setattr(passwords, "NOBODYS", nobodys)


def person(
    engine: Engine,
    role: StaffRole = Role.ADMIN,
    *,
    email: str = "kim@hanbit.example",
    holder: holders.Holder | None = None,
    password: str | None = PASSWORD,
) -> str:
    """The id of somebody new: the centre's unless `holder` says otherwise, with a password unless
    it is None."""
    with writing(engine, SYSTEM.claims) as session:
        home = holder or holders.Holder(portals.centre(session).id)
        data = PersonInvite(email=email, name="Kim Bora", role=role)
        made = people.add(session, data, home, Editor())
        made.password_hash = passwords.stored(password) if password else None
        return str(made.id)


@pytest.fixture
def browser(app: FastAPI) -> Iterator[TestClient]:
    """Calls as a browser does: by TLS, and with the cookies that it was given."""
    with TestClient(app, base_url="https://testserver", raise_server_exceptions=False) as opened:
        yield opened


SignIn = Callable[..., Headers]


@pytest.fixture
def sign_in(browser: TestClient, engine: Engine, _quick_hashes: None) -> SignIn:
    """Signs somebody in, who is made if need be; gives the header fields of their changes."""

    def make(
        role: StaffRole = Role.ADMIN, *, email: str = "kim@hanbit.example", **others: Any
    ) -> Headers:
        person(engine, role, email=email, **others)
        return enter(browser, email)

    return make


def enter(browser: TestClient, email: str = "kim@hanbit.example", **others: Any) -> Headers:
    """Sign in; gives the header fields of changes."""
    body = {"email": email, "password": PASSWORD} | others
    answer = browser.post("/v1/sign-in", json=body)
    assert answer.status_code == 200, answer.text
    return {"X-CSRF-Token": answer.json()["csrf_token"]}
