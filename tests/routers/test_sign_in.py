"""Signing in and out over HTTP: the cookie, its token, how it ends, and what refusals tell."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Engine, update
from sqlmodel import col, select

from app.db import reading, writing
from app.models.event import Event
from app.models.key import Role
from app.models.person import Credentials, Person, SignIn
from app.services import credentials, passwords, sign_ins
from app.services.holders import Holder
from app.services.portals import CENTRE
from app.services.tenancy import IDENTIFY, SYSTEM
from tests.people import PASSWORD, enter, person
from tests.people import SignIn as SignInAs
from tests.service import Headers, OpenPortal

EMAIL = "kim@hanbit.example"
REFUSED = "The e-mail address or the password isn't right, or the invitation hasn't been accepted."
INVITED = {"email": "lee@hanbit.example", "name": "Lee", "role": "curator"}
CROSS_SITE = (403, "/problems/cross-site")


def _sent(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"]


@pytest.mark.usefixtures("_quick_hashes")
class TestSignIn:
    def test_sets_a_cookie_and_tells_who_it_is(self, browser: TestClient, engine: Engine) -> None:
        own = person(engine)
        answer = browser.post(
            "/v1/sign-in", json={"email": " KIM@hanbit.example", "password": PASSWORD}
        )
        told = answer.json()
        assert answer.status_code == 200
        assert told == {
            "person": {
                "id": own,
                "portal_id": str(CENTRE),
                "company_id": None,
                "email": EMAIL,
                "name": "Kim Bora",
                "role": "admin",
                "state": "active",
                "created_at": told["person"]["created_at"],
                "last_signed_in_at": told["person"]["last_signed_in_at"],
            },
            "csrf_token": told["csrf_token"],
            "expires_at": told["expires_at"],
        }
        left = datetime.fromisoformat(told["expires_at"]) - datetime.now(UTC)
        assert timedelta(days=6, hours=23) < left < timedelta(days=7)
        secret = browser.cookies["__Host-cdmo-sign-in"]
        assert answer.headers["set-cookie"] == (
            f"__Host-cdmo-sign-in={secret}; HttpOnly; Max-Age=604800; Path=/; SameSite=lax; Secure"
        )
        assert answer.headers["cache-control"] == "no-store"
        assert secret not in answer.text
        again = browser.get("/v1/sign-in")
        assert (again.status_code, again.json()) == (200, told)
        assert again.headers["cache-control"] == "no-store"

    def test_lets_do_what_the_role_may(
        self, browser: TestClient, sign_in: SignInAs, engine: Engine
    ) -> None:
        token = sign_in(Role.CURATOR)
        body = {"name": "Hanbit Bio", "kind": "cdmo"}
        assert browser.post("/v1/providers", json=body, headers=token).status_code == 201
        assert browser.get("/v1/keys").status_code == 403
        own = browser.get("/v1/sign-in").json()["person"]["id"]
        with reading(engine) as session:
            event = session.exec(select(Event).where(Event.noun == "provider")).one()
        assert event.actor == f"person:{own}"

    def test_keeps_only_digests(
        self, browser: TestClient, sign_in: SignInAs, engine: Engine
    ) -> None:
        sign_in()
        secret = browser.cookies["__Host-cdmo-sign-in"]
        with reading(engine, SYSTEM.claims) as session:
            kept = session.exec(select(SignIn)).one()
            row = session.exec(select(Person)).one()
        assert kept.digest == credentials.digest(secret)
        assert row.password_hash is not None
        assert row.password_hash.startswith("$argon2id$")

    def test_says_the_same_whatever_is_wrong(
        self, client: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        person(engine)
        person(engine, email="invited@hanbit.example", password=None)
        compared = []
        real = passwords._HASHER.verify_and_update

        def counted(*given: Any) -> Any:
            compared.append(given)
            return real(*given)

        monkeypatch.setattr(passwords._HASHER, "verify_and_update", counted)
        told = []
        for body in (
            {"email": EMAIL, "password": "not the one"},
            {"email": "nobody@hanbit.example", "password": PASSWORD},
            {"email": "invited@hanbit.example", "password": PASSWORD},
            {"email": EMAIL, "password": PASSWORD, "home_id": str(UUID(int=1))},
        ):
            answer = client.post("/v1/sign-in", json=body)
            found = answer.json()
            told.append((answer.status_code, answer.headers.get("set-cookie"), found))
            assert found.pop("request_id") == answer.headers["x-request-id"]
        refusal = {
            "type": "/problems/sign-in-refused",
            "title": "The sign-in was refused",
            "status": 401,
            "detail": REFUSED,
            "errors": [],
        }
        assert told == [(401, None, refusal)] * 4
        assert len(compared) == 4

    def test_takes_what_looks_the_same_as_the_same(
        self, browser: TestClient, engine: Engine
    ) -> None:
        person(engine, password="한글비밀번호는길게쓴다")
        decomposed = "한글비밀번호는길게쓴다"
        body = {"email": EMAIL, "password": decomposed}
        assert browser.post("/v1/sign-in", json=body).status_code == 200

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"email": EMAIL},
            {"email": EMAIL, "password": ""},
            {"email": EMAIL, "password": "x" * 201},
            {"email": EMAIL, "password": "x" * 900_000},
            {"email": EMAIL, "password": "seven\x00green"},
            {"email": EMAIL, "password": 12345678901234},
            {"email": EMAIL, "password": PASSWORD, "home_id": "centre"},
            {"email": EMAIL, "password": PASSWORD, "role": "admin"},
            {"email": "e" * 900_000, "password": PASSWORD},
        ],
    )
    def test_refuses_what_can_t_be(self, client: TestClient, body: dict[str, Any]) -> None:
        answer = client.post("/v1/sign-in", json=body)
        assert (answer.status_code, len(answer.content) < 1000) == (422, True)

    def test_refuses_half_a_character(self, client: TestClient) -> None:
        body = b'{"email": "kim@hanbit.example", "password": "\\ud800 green fermenters"}'
        answer = client.post(
            "/v1/sign-in", content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code == 400

    def test_gives_another_secret_each_time_and_ends_the_one_before(
        self, browser: TestClient, sign_in: SignInAs
    ) -> None:
        sign_in()
        first = browser.cookies["__Host-cdmo-sign-in"]
        enter(browser)
        assert browser.cookies["__Host-cdmo-sign-in"] != first
        browser.cookies.clear()
        browser.cookies.set("__Host-cdmo-sign-in", first, domain="testserver.local")
        assert browser.get("/v1/sign-in").status_code == 401

    def test_stores_a_password_anew_when_the_way_has_changed(
        self, browser: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        person(engine)
        before = _hash(engine)
        changed = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=8, parallelism=1),))
        monkeypatch.setattr(passwords, "_HASHER", changed)
        enter(browser)
        assert "t=2" in _hash(engine)
        assert _hash(engine) != before
        enter(browser)

    def test_asks_which_home_is_meant_where_there_are_several(
        self, browser: TestClient, engine: Engine, open_portal: OpenPortal
    ) -> None:
        songdo = open_portal("songdo")
        company = Holder(UUID(songdo.portal_id), UUID(songdo.company_id))
        person(engine)
        person(engine, Role.COMPANY, holder=company)
        with writing(engine, SYSTEM.claims) as session:
            session.execute(update(Person).values(password_hash=passwords.stored(PASSWORD)))
        body = {"email": EMAIL, "password": PASSWORD}
        answer = browser.post("/v1/sign-in", json=body)
        assert (answer.status_code, answer.json()["type"], answer.json()["errors"]) == (
            409,
            "/problems/several-homes",
            [
                {"where": "body.home_id", "detail": f"{CENTRE}: Support centre"},
                {"where": "body.home_id", "detail": f"{songdo.company_id}: songdo start-up"},
            ],
        )
        enter(browser, home_id=songdo.company_id)
        assert browser.get("/v1/sign-in").json()["person"]["company_id"] == songdo.company_id
        wrong = browser.post("/v1/sign-in", json=body | {"password": "not the one"})
        assert wrong.json()["detail"] == REFUSED

    def test_in_the_demo_works_without_tls(
        self, app: FastAPI, client: TestClient, engine: Engine
    ) -> None:
        app.state.settings = app.state.settings.model_copy(update={"demo": True})
        person(engine)
        answer = client.post("/v1/sign-in", json={"email": EMAIL, "password": PASSWORD})
        assert answer.headers["set-cookie"].startswith("cdmo-sign-in=")
        assert answer.headers["set-cookie"].endswith(
            "; HttpOnly; Max-Age=604800; Path=/; SameSite=lax"
        )
        assert client.get("/v1/sign-in").status_code == 200


class TestSignOut:
    def test_ends_it_here(self, browser: TestClient, sign_in: SignInAs, engine: Engine) -> None:
        token = sign_in()
        secret = browser.cookies["__Host-cdmo-sign-in"]
        answer = browser.delete("/v1/sign-in", headers=token)
        assert (answer.status_code, answer.content) == (204, b"")
        assert dict(browser.cookies) == {}
        browser.cookies.set("__Host-cdmo-sign-in", secret, domain="testserver.local")
        answer = browser.get("/v1/sign-in")
        assert _sent(answer) == (401, "/problems/sign-in-refused")
        assert answer.json()["detail"] == "Nobody is signed in in this browser."
        with reading(engine) as session:
            events = session.exec(
                select(Event.action).where(Event.noun == "person").order_by(col(Event.id))
            ).all()
        assert events == ["invited", "signed-in", "signed-out"]

    def test_everywhere_is_for_oneself_and_whom_one_keeps(
        self, app: FastAPI, browser: TestClient, sign_in: SignInAs, admin: Headers
    ) -> None:
        token = sign_in(Role.CURATOR)
        own = browser.get("/v1/sign-in").json()["person"]["id"]
        other = TestClient(app, base_url="https://testserver")
        enter(other)
        answer = browser.delete(f"/v1/people/{own}/sign-ins", headers=token)
        assert answer.status_code == 204
        assert browser.get("/v1/sign-in").status_code == 401
        assert other.get("/v1/sign-in").status_code == 401
        enter(other)
        answer = browser.delete(f"/v1/people/{own}/sign-ins", headers=admin)
        assert answer.status_code == 204
        assert other.get("/v1/sign-in").status_code == 401

    @pytest.mark.parametrize(
        "values",
        [
            {"expires_at": datetime.now(UTC) - timedelta(seconds=1)},
            {"updated_at": datetime.now(UTC) - sign_ins.IDLE},
        ],
        ids=["after a week", "after idling"],
    )
    def test_comes_by_itself(
        self, browser: TestClient, sign_in: SignInAs, engine: Engine, values: dict[str, datetime]
    ) -> None:
        sign_in()
        with writing(engine, SYSTEM.claims) as session:
            session.execute(update(SignIn).values(**values))
        assert browser.get("/v1/sign-in").status_code == 401
        assert browser.get("/v1/people").status_code == 401

    def test_waits_while_somebody_is_there(
        self, browser: TestClient, sign_in: SignInAs, engine: Engine
    ) -> None:
        sign_in()
        with writing(engine, SYSTEM.claims) as session:
            before = datetime.now(UTC) - timedelta(hours=11)
            session.execute(update(SignIn).values(updated_at=before))
        assert browser.get("/v1/people").status_code == 200
        with reading(engine, SYSTEM.claims) as session:
            assert session.exec(select(SignIn.updated_at)).one() > before + timedelta(hours=10)


class TestCrossSite:
    @pytest.mark.parametrize("token", [None, "", "x", "a" * 43, "한"])
    def test_a_change_needs_the_token(
        self, browser: TestClient, sign_in: SignInAs, token: str | None
    ) -> None:
        sign_in()
        headers = {} if token is None else {b"X-CSRF-Token": token.encode()}
        answer = browser.post("/v1/people", json=INVITED, headers=headers)
        assert _sent(answer) == CROSS_SITE
        assert _sent(browser.delete("/v1/sign-in", headers=headers)) == CROSS_SITE
        assert browser.get("/v1/people").json()["items"][1:] == []

    @pytest.mark.parametrize(
        ("headers", "is_ours"),
        [
            ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
            ({"Sec-Fetch-Site": "none"}, True),
            ({"Sec-Fetch-Site": "cross-site"}, False),
            ({"Sec-Fetch-Site": "same-site"}, False),
            ({"Origin": "https://testserver"}, True),
            ({"Origin": "https://evil.example"}, False),
            ({"Origin": "https://testserver.evil.example"}, False),
            ({"Origin": "https://testserver:8443"}, False),
            ({"Origin": ""}, False),
        ],
    )
    def test_a_change_comes_from_our_pages(
        self, browser: TestClient, sign_in: SignInAs, headers: Headers, is_ours: bool
    ) -> None:
        token = sign_in()
        answer = browser.post("/v1/people", json=INVITED, headers=token | headers)
        assert answer.status_code == (201 if is_ours else 403)
        body = {"email": EMAIL, "password": PASSWORD}
        signed_in = browser.post("/v1/sign-in", json=body, headers=headers)
        assert signed_in.status_code == (200 if is_ours else 403)

    def test_a_key_speaks_for_itself(
        self, browser: TestClient, sign_in: SignInAs, curator: Headers, admin: Headers
    ) -> None:
        sign_in()
        assert browser.post("/v1/people", json=INVITED, headers=admin).status_code == 201
        assert browser.get("/v1/people", headers=curator).status_code == 403
        wrong = {"Authorization": "Bearer cdmo_admin_x"}
        assert browser.get("/v1/people", headers=wrong).status_code == 401

    def test_the_token_of_another_sign_in_doesn_t_do(
        self, app: FastAPI, browser: TestClient, sign_in: SignInAs
    ) -> None:
        sign_in()
        other = TestClient(app, base_url="https://testserver")
        foreign = enter(other)
        answer = browser.post("/v1/people", json=INVITED, headers=foreign)
        assert _sent(answer) == CROSS_SITE


@pytest.mark.parametrize("cookie", ["", "x", "a" * 43, "a" * 5000, "%00", '""', "a" * 43 + "; x=y"])
def test_a_cookie_that_is_nothing_is_nobody(client: TestClient, cookie: str) -> None:
    headers = {"Cookie": f"__Host-cdmo-sign-in={cookie}"}
    assert client.get("/v1/criteria", headers=headers).status_code == 200
    assert client.get("/v1/sign-in", headers=headers).status_code == 401


@pytest.mark.usefixtures("_quick_hashes")
def test_nobody_signs_in_who_is_being_removed(engine: Engine) -> None:
    own = person(engine)
    given = Credentials(email=EMAIL, password=PASSWORD)

    def enter_and_stay() -> bool:
        try:
            made = sign_ins.by_password(engine, given, replaced=None, request_id=None)
        except sign_ins.RefusedSignInError:
            return False
        with reading(engine, IDENTIFY) as session:
            return sign_ins.identify(session, made.secret) is not None

    def remove() -> None:
        with writing(engine, SYSTEM.claims) as session:
            session.delete(session.exec(select(Person).where(col(Person.id) == UUID(own))).one())

    with ThreadPoolExecutor(4) as pool:
        tries = [pool.submit(enter_and_stay) for _ in range(3)]
        pool.submit(remove).result()
        for each in tries:
            each.result()
    assert enter_and_stay() is False
    with reading(engine, SYSTEM.claims) as session:
        assert session.exec(select(SignIn)).all() == []


def _hash(engine: Engine) -> str:
    with reading(engine, SYSTEM.claims) as session:
        found = session.exec(select(Person.password_hash)).one()
    assert found is not None
    return found
