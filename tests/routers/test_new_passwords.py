"""Invitations and password resets over HTTP: links that are good once, and answers that tell
nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, update
from sqlmodel import select

from app.db import reading, writing
from app.models.person import OneTimeToken
from app.services import credentials, new_passwords, sign_ins
from app.services.portals import CENTRE
from app.services.tenancy import IDENTIFY, SYSTEM
from tests.people import PASSWORD, Mailbox, SignIn, enter, later, person
from tests.service import Headers, OpenPortal, Tenant

EMAIL = "kim@hanbit.example"
NEW = "eight blue bioreactors"
SPENT = (
    422,
    "/problems/spent-link",
    "This link was used before, has been replaced by a newer one, or is too old. "
    "Ask for a new one.",
    [{"where": "body.token", "detail": "Ask for a new one."}],
)
pytestmark = pytest.mark.usefixtures("_quick_hashes")


def _refusal(answer: Any) -> tuple[int, str, str, list[dict[str, str]]]:
    found = answer.json()
    return answer.status_code, found["type"], found["detail"], found["errors"]


def _invite(client: TestClient, headers: Headers, **others: Any) -> str:
    body = {"email": EMAIL, "name": "Kim Bora", "role": "admin"} | others
    answer = client.post("/v1/people", json=body, headers=headers)
    assert answer.status_code == 201
    made: str = answer.json()["id"]
    return made


def _accept(client: TestClient, token: str, password: str = PASSWORD) -> Any:
    body = {"token": token, "password": password}
    return client.post("/v1/invitations/accept", json=body)


def _reset(client: TestClient, token: str, password: str = NEW) -> Any:
    body = {"token": token, "password": password}
    return client.post("/v1/password-resets/confirm", json=body)


class TestAccept:
    def test_sets_the_password_once(
        self, browser: TestClient, admin: Headers, mailbox: Mailbox, engine: Engine
    ) -> None:
        own = _invite(browser, admin)
        token = mailbox.token()
        with reading(engine, SYSTEM.claims) as session:
            kept = session.exec(select(OneTimeToken)).one()
        assert kept.digest == credentials.digest(token)
        left = kept.expires_at - datetime.now(UTC)
        assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
        answer = _accept(browser, token)
        assert (answer.status_code, answer.content) == (204, b"")
        enter(browser)
        found = browser.get(f"/v1/people/{own}", headers=admin).json()
        assert found["state"] == "active"
        assert _refusal(_accept(browser, token, NEW)) == SPENT

    def test_is_for_the_newest_link_only(
        self, client: TestClient, admin: Headers, mailbox: Mailbox, engine: Engine
    ) -> None:
        own = _invite(client, admin)
        first = mailbox.token()
        later(engine)
        client.post(f"/v1/people/{own}/invitation", headers=admin)
        assert _refusal(_accept(client, first)) == SPENT
        assert _accept(client, mailbox.token()).status_code == 204

    def test_of_two_at_the_same_time_one_wins(
        self, client: TestClient, admin: Headers, mailbox: Mailbox
    ) -> None:
        _invite(client, admin)
        token = mailbox.token()
        with ThreadPoolExecutor(4) as pool:
            tries = [pool.submit(_accept, client, token, f"{PASSWORD} {n}") for n in range(4)]
            found = sorted(each.result().status_code for each in tries)
        assert found == [204, 422, 422, 422]

    def test_is_too_late_after_a_week(
        self, client: TestClient, admin: Headers, mailbox: Mailbox, engine: Engine
    ) -> None:
        _invite(client, admin)
        with writing(engine, SYSTEM.claims) as session:
            session.execute(update(OneTimeToken).values(expires_at=datetime.now(UTC)))
        assert _refusal(_accept(client, mailbox.token())) == SPENT

    def test_ends_with_the_person(
        self, client: TestClient, admin: Headers, mailbox: Mailbox
    ) -> None:
        own = _invite(client, admin)
        client.delete(f"/v1/people/{own}", headers=admin)
        assert _refusal(_accept(client, mailbox.token())) == SPENT

    @pytest.mark.parametrize("token", ["x", "a" * 43, "\x00", "ü" * 43, "../../etc"])
    def test_refuses_any_other_token_alike(self, client: TestClient, token: str) -> None:
        assert _refusal(_accept(client, token)) == SPENT
        assert _refusal(_reset(client, token)) == SPENT

    @pytest.mark.parametrize(
        ("password", "complaint"),
        [
            ("seven green", "This is too short: at least 12 characters are needed."),
            ("password12345", "Anybody would guess this early on. A few unrelated words do well."),
            ("hanbit.example!", "Don't use your e-mail address in it."),
        ],
    )
    def test_refuses_a_weak_password_and_leaves_the_link(
        self, client: TestClient, admin: Headers, mailbox: Mailbox, password: str, complaint: str
    ) -> None:
        _invite(client, admin)
        assert _refusal(_accept(client, mailbox.token(), password)) == (
            422,
            "/problems/weak-password",
            "Choose another password.",
            [{"where": "body.password", "detail": complaint}],
        )
        assert _accept(client, mailbox.token()).status_code == 204

    def test_into_another_home_leaves_one_password(
        self, browser: TestClient, admin: Headers, mailbox: Mailbox, open_portal: OpenPortal
    ) -> None:
        songdo = open_portal("songdo")
        _invite(browser, admin)
        _accept(browser, mailbox.token())
        _invite(browser, songdo.company, role="company")
        enter(browser)  # the second home isn't accepted, so there is nothing to choose
        assert _accept(browser, mailbox.token(), NEW).status_code == 204
        assert browser.get("/v1/sign-in").status_code == 401
        body = {"email": EMAIL, "password": PASSWORD}
        assert browser.post("/v1/sign-in", json=body).status_code == 401
        assert browser.post("/v1/sign-in", json=body | {"password": NEW}).status_code == 409
        enter(browser, password=NEW, home_id=songdo.company_id)


class TestTwoInvitations:
    """Both open at the same time: the centre's and that of a company of another portal."""

    def _both(
        self, browser: TestClient, admin: Headers, engine: Engine, mailbox: Mailbox, home: Tenant
    ) -> list[str]:
        links = []
        for headers, role in ((admin, "admin"), (home.company, "company")):
            _invite(browser, headers, role=role)
            links.append(mailbox.token())
            later(engine)
        return links

    def test_either_link_opens_both_homes_and_voids_the_other(
        self,
        browser: TestClient,
        admin: Headers,
        mailbox: Mailbox,
        engine: Engine,
        open_portal: OpenPortal,
    ) -> None:
        songdo = open_portal("songdo")
        first, second = self._both(browser, admin, engine, mailbox, songdo)
        assert _accept(browser, second).status_code == 204
        assert _refusal(_accept(browser, first, NEW)) == SPENT
        enter(browser, home_id=str(CENTRE))
        enter(browser, home_id=songdo.company_id)

    @pytest.mark.parametrize("way", ["by an owner", "by a reset"])
    def test_an_open_one_sets_no_password_once_another_was_set_and_a_reset_accepts_it(
        self,
        browser: TestClient,
        admin: Headers,
        mailbox: Mailbox,
        engine: Engine,
        open_portal: OpenPortal,
        way: str,
    ) -> None:
        songdo = open_portal("songdo")
        own = person(engine)
        enter(browser)
        _invite(browser, songdo.company, role="company")
        invitation = mailbox.token()
        browser.post("/v1/password-resets", json={"email": EMAIL})
        reset = mailbox.token()
        assert len({invitation, reset}) == 2
        if way == "by an owner":
            with reading(engine, IDENTIFY) as session:
                here = sign_ins.identify(session, next(iter(browser.cookies.values())))
            assert here is not None
            assert str(here.person.id) == own
            new_passwords.by_owner(engine, here, PASSWORD, NEW, None)
        else:
            assert _reset(browser, reset).status_code == 204
        for link in (invitation, reset):
            for use in (_accept, _reset):
                assert _refusal(use(browser, link, "nine yellow centrifuges")) == SPENT
        with reading(engine, SYSTEM.claims) as session:
            assert session.exec(select(OneTimeToken)).all() == []
        browser.post("/v1/password-resets", json={"email": EMAIL})
        if way == "by an owner":
            enter(browser, password=NEW)
            assert _reset(browser, mailbox.token()).status_code == 204
        enter(browser, password=NEW, home_id=songdo.company_id)
        enter(browser, password=NEW, home_id=str(CENTRE))

    def test_no_mailbox_is_flooded_by_invitations(
        self,
        client: TestClient,
        admin: Headers,
        mailbox: Mailbox,
        engine: Engine,
        open_portal: OpenPortal,
    ) -> None:
        songdo = open_portal("songdo")
        own = _invite(client, admin)
        for _ in range(3):
            answer = client.post(f"/v1/people/{own}/invitation", headers=admin)
            assert (answer.status_code, answer.content) == (202, b"")
        _invite(client, songdo.company, role="company")
        assert len(mailbox.letters) == 1
        _invite(client, songdo.company, role="company", email="lee@hanbit.example")
        assert [letter.to for letter in mailbox.letters] == [EMAIL, "lee@hanbit.example"]
        later(engine)
        assert client.post(f"/v1/people/{own}/invitation", headers=admin).status_code == 202
        assert len(mailbox.letters) == 3
        assert _accept(client, mailbox.token()).status_code == 204


class TestReset:
    def test_answers_alike_whether_or_not_anybody_has_the_address(
        self, client: TestClient, engine: Engine, mailbox: Mailbox
    ) -> None:
        person(engine)
        told = []
        for email in (EMAIL, "nobody@hanbit.example"):
            answer = client.post("/v1/password-resets", json={"email": email})
            fields = {k: v for k, v in answer.headers.items() if k != "x-request-id"}
            told.append((answer.status_code, answer.content, fields))
        assert told[0] == told[1]
        assert told[0][:2] == (202, b"")
        (letter,) = mailbox.letters
        assert (letter.to, letter.subject) == (
            EMAIL,
            "A new password for CDMO Match / CDMO Match 비밀번호 재설정",
        )

    def test_sets_the_password_once_and_ends_every_sign_in(
        self, browser: TestClient, sign_in: SignIn, mailbox: Mailbox, engine: Engine
    ) -> None:
        sign_in()
        browser.post("/v1/password-resets", json={"email": EMAIL})
        token = mailbox.token()
        with reading(engine, SYSTEM.claims) as session:
            kept = session.exec(select(OneTimeToken)).one()
        assert kept.expires_at - datetime.now(UTC) <= timedelta(hours=1)
        assert _refusal(_accept(browser, token, NEW)) == SPENT
        answer = _reset(browser, token)
        assert (answer.status_code, answer.content) == (204, b"")
        assert browser.get("/v1/sign-in").status_code == 401
        body = {"email": EMAIL, "password": PASSWORD}
        assert browser.post("/v1/sign-in", json=body).status_code == 401
        enter(browser, password=NEW)
        assert _refusal(_reset(browser, token)) == SPENT

    def test_floods_no_mailbox(self, client: TestClient, engine: Engine, mailbox: Mailbox) -> None:
        person(engine)
        for _ in range(3):
            assert client.post("/v1/password-resets", json={"email": EMAIL}).status_code == 202
        assert len(mailbox.letters) == 1
        later(engine)
        first = mailbox.token()
        client.post("/v1/password-resets", json={"email": EMAIL})
        assert _refusal(_reset(client, first)) == SPENT
        assert _reset(client, mailbox.token()).status_code == 204

    def test_of_somebody_who_was_only_invited_sends_the_invitation(
        self, client: TestClient, engine: Engine, mailbox: Mailbox
    ) -> None:
        person(engine, password=None)
        client.post("/v1/password-resets", json={"email": EMAIL})
        assert _accept(client, mailbox.token()).status_code == 204

    def test_without_a_mailer_makes_no_link(self, client: TestClient, engine: Engine) -> None:
        person(engine)
        assert client.post("/v1/password-resets", json={"email": EMAIL}).status_code == 202
        with reading(engine, SYSTEM.claims) as session:
            assert session.exec(select(OneTimeToken)).all() == []

    @pytest.mark.parametrize("email", ["", "x", "k" * 900_000, "kim@hanbit.example\x00"])
    def test_refuses_what_is_no_address(self, client: TestClient, email: str) -> None:
        answer = client.post("/v1/password-resets", json={"email": email})
        assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, "body.email")

    def test_says_nothing_of_a_mail_that_fails_but_its_kind(
        self,
        client: TestClient,
        engine: Engine,
        mailbox: Mailbox,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        person(engine)

        def fail(_: Any) -> None:
            raise OSError(f"no way to {EMAIL}")

        monkeypatch.setattr(mailbox, "send", fail)
        answer = client.post("/v1/password-resets", json={"email": EMAIL})
        assert answer.status_code == 202
        told = capsys.readouterr().err
        assert '"a mail could not be sent", "error": "builtins.OSError"' in told
        assert EMAIL not in told
