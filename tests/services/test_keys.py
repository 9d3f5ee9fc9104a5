"""Keys: their form, and what of them is kept."""

import hashlib
import math
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from app.errors import UnauthorizedError
from app.models.event import Event
from app.models.key import SCOPES_OF, Key, Role, Scope
from app.services import credentials, keys, portals
from app.services.editing import Editor
from app.services.tenancy import SYSTEM, Caller

REQUEST = "0d3f6f1c4a365b0a9a396a8f2f6f9d11"


@pytest.mark.parametrize("role", Role)
def test_form_holds_256_random_bits_and_a_checksum(role: Role) -> None:
    made = {credentials.new_key(role) for _ in range(200)}
    assert len(made) == 200
    for secret in made:
        kind, named, random, checksum = secret.split("_")
        assert (kind, named, len(random)) == ("cdmo", role.value, 44)
        assert int(checksum, 16) == zlib.crc32(secret.rpartition("_")[0].encode())
    assert math.log2(62) * 44 > 256


def test_only_the_digest_is_kept(session: Session) -> None:
    editor = Editor("key:1", REQUEST)
    key, secret = keys.create(session, name="desk", role=Role.CURATOR, editor=editor)
    assert key.digest == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in key.model_dump_json()
    event = session.exec(select(Event)).one()
    assert event.model_dump(exclude={"id", "at"}) == {
        "actor": "key:1",
        "action": "created",
        "noun": "key",
        "noun_id": key.id,
        "before": None,
        "after": {"role": "curator"},
        "request_id": REQUEST,
        "revision": 0,
    }


def test_identifies_its_bearer_until_it_is_revoked(session: Session) -> None:
    key, secret = keys.create(session, name="desk", role=Role.ADMIN, editor=Editor())
    assert keys.identify(session, secret) == Caller(
        actor=f"key:{key.id}",
        role=Role.ADMIN,
        portal_id=portals.CENTRE,
        scopes=frozenset(Scope),
    )
    keys.revoke(session, str(key.id), caller=SYSTEM, editor=Editor())
    with pytest.raises(UnauthorizedError):
        keys.identify(session, secret)
    keys.revoke(session, str(key.id), caller=SYSTEM, editor=Editor())
    actions = [event.action for event in session.exec(select(Event).order_by(Event.id)).all()]  # type: ignore[arg-type] # SQLModel types a column as its value
    assert actions == ["created", "revoked"]


def test_no_slip_of_a_letter_is_taken(session: Session) -> None:
    _, secret = keys.create(session, name="desk", role=Role.CURATOR, editor=Editor())
    slips = [
        secret[:at] + ("x" if letter != "x" else "y") + secret[at + 1 :]
        for at, letter in enumerate(secret)
    ]
    slips += [secret[:-1], secret + "0", secret.upper(), secret.replace("curator", "admin")]
    for slip in slips:
        with pytest.raises(UnauthorizedError):
            keys.identify(session, slip)


def test_of_another_installation_is_refused(session: Session) -> None:
    with pytest.raises(UnauthorizedError):
        keys.identify(session, credentials.new_key(Role.ADMIN))


@given(st.text(max_size=200))
def test_whatever_is_sent_is_refused_without_asking_the_database(secret: str) -> None:
    with pytest.raises(UnauthorizedError), Session() as nowhere:
        keys.identify(nowhere, secret)


@pytest.mark.parametrize(
    ("caller", "actor", "is_curator"),
    [
        (Caller(), "anonymous", False),
        (Caller("key:1", Role.CURATOR, scopes=SCOPES_OF[Role.CURATOR]), "key:1", True),
        (Caller("key:1", Role.ADMIN, scopes=SCOPES_OF[Role.ADMIN]), "key:1", True),
        (Caller("key:1", Role.ADMIN, scopes=frozenset({Scope.MATCH})), "key:1", False),
        (Caller("key:1", Role.PARTNER, scopes=frozenset(Scope)), "key:1", False),
    ],
)
def test_rights(caller: Caller, actor: str, is_curator: bool) -> None:
    assert caller.actor == actor
    assert caller.is_curator is is_curator


@pytest.mark.parametrize("maker", ["person:{}", "key:{}"])
def test_is_made_by_nobody_who_has_gone_meanwhile(session: Session, maker: str) -> None:
    editor = Editor(maker.format("0d3f6f1c-4a36-5b0a-9a39-6a8f2f6f9d12"))
    with pytest.raises(UnauthorizedError):
        keys.create(session, name="desk", role=Role.ADMIN, editor=editor)
    assert session.exec(select(Key)).all() == []


def test_is_made_by_no_key_that_was_revoked_meanwhile(session: Session) -> None:
    key, _ = keys.create(session, name="desk", role=Role.ADMIN, editor=Editor())
    keys.revoke(session, str(key.id), caller=SYSTEM, editor=Editor())
    with pytest.raises(UnauthorizedError):
        keys.create(session, name="x", role=Role.ADMIN, editor=Editor(f"key:{key.id}"))
