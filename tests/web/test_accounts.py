"""The pages of signing in, invitations and new passwords, as used without scripts."""

import re
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, update

from app.db import writing
from app.models.key import Role
from app.models.person import OneTimeToken, Person
from app.services import catalogue_files, passwords
from app.services.holders import Holder
from app.services.portals import CENTRE
from app.services.tenancy import SYSTEM
from app.settings import MailerKind, Seed
from tests.people import PASSWORD, Mailbox, SignIn, person
from tests.service import Headers, OpenPortal
from tests.web.markup import Page

EMAIL = "kim@hanbit.example"
NEW = "eight blue bioreactors"
pytestmark = pytest.mark.usefixtures("_quick_hashes", "_vocabulary")


@pytest.fixture
def _vocabulary(engine: Engine) -> None:
    with writing(engine, SYSTEM.claims) as session:
        catalogue_files.seed(session, Seed.NONE, lambda _: None)


def _enter(browser: TestClient, **fields: str) -> Any:
    form = {"email": EMAIL, "password": PASSWORD} | fields
    return browser.post("/sign-in", data=form, follow_redirects=False)


def _faults(answer: Any) -> list[str]:
    return re.findall(r'class="fault"[^>]*>([^<]*)<', answer.text)


def _notices(answer: Any) -> list[str]:
    return re.findall(r'role="(?:alert|status)">([^<]*)<', answer.text)


class TestSignIn:
    def test_leads_to_the_search_which_says_who_is_here(
        self, browser: TestClient, engine: Engine
    ) -> None:
        person(engine)
        assert "Sign out" not in browser.get("/").text
        answer = _enter(browser)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert "HttpOnly" in answer.headers["set-cookie"]
        page = browser.get("/").text
        assert '<a class="who-is-here" href="/account">Kim Bora</a>' in page
        assert "You are signed in as Kim Bora." in browser.get("/sign-in").text

    def test_keeps_the_language(self, browser: TestClient, engine: Engine) -> None:
        person(engine)
        form = {"email": EMAIL, "password": PASSWORD}
        answer = browser.post("/sign-in?lang=ko", data=form, follow_redirects=False)
        assert answer.headers["location"] == "/?lang=ko"

    def test_says_the_same_whatever_is_wrong(self, browser: TestClient, engine: Engine) -> None:
        person(engine)
        for fields in ({"password": "x"}, {"email": "nobody@hanbit.example"}):
            answer = _enter(browser, **fields)
            assert (answer.status_code, _notices(answer)) == (
                401,
                [
                    "The e-mail address or the password isn&#39;t right, or the invitation "
                    "hasn&#39;t been accepted."
                ],
            )
            assert PASSWORD not in answer.text

    @pytest.mark.parametrize(
        ("fields", "faults"),
        [
            ({"email": "kim"}, ["Please write a whole e-mail address."]),
            ({"password": ""}, ["Please enter the password."]),
            (
                {"password": "x" * 201},
                ["This is too long, or holds a character that can&#39;t be used."],
            ),
            (
                {"email": "", "password": ""},
                ["Please write a whole e-mail address.", "Please enter the password."],
            ),
            ({"email": "<script>\"'"}, ["Please write a whole e-mail address."]),
        ],
    )
    def test_tells_faults_beside_their_fields(
        self, browser: TestClient, fields: dict[str, str], faults: list[str]
    ) -> None:
        answer = _enter(browser, **fields)
        assert (answer.status_code, _faults(answer)) == (422, faults)
        assert "<script>" not in answer.text

    def test_asks_which_home_is_meant(
        self, browser: TestClient, engine: Engine, open_portal: OpenPortal
    ) -> None:
        songdo = open_portal("songdo")
        company = Holder(UUID(songdo.portal_id), UUID(songdo.company_id))
        person(engine)
        person(engine, Role.COMPANY, holder=company)
        with writing(engine, SYSTEM.claims) as session:
            session.execute(update(Person).values(password_hash=passwords.stored(PASSWORD)))
        answer = _enter(browser)
        options = [str(each["value"]) for each in Page(answer.text).all("option")]
        assert (answer.status_code, options) == (409, [str(CENTRE), songdo.company_id])
        assert _enter(browser, home_id=songdo.company_id).status_code == 303

    def test_is_refused_to_other_sites(self, browser: TestClient, engine: Engine) -> None:
        person(engine)
        form = {"email": EMAIL, "password": PASSWORD}
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            answer = browser.post("/sign-in", data=form, headers=headers)
            assert answer.status_code == 403
            assert "This can&#39;t be done from here" in answer.text
            assert "set-cookie" not in answer.headers


class TestSignOut:
    def test_needs_the_token_of_the_page(self, browser: TestClient, sign_in: SignIn) -> None:
        token = sign_in()["X-CSRF-Token"]
        assert f'name="csrf_token" value="{token}"' in browser.get("/providers").text
        answer = browser.post("/sign-out", data={"csrf_token": "x"})
        assert answer.status_code == 403
        assert browser.get("/v1/sign-in").status_code == 200
        answer = browser.post("/sign-out", data={"csrf_token": token}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert browser.get("/v1/sign-in").status_code == 401

    def test_of_nobody_is_fine(self, browser: TestClient) -> None:
        answer = browser.post("/sign-out", data={}, follow_redirects=False)
        assert answer.status_code == 303


@pytest.mark.usefixtures("mailbox")
class TestNewPassword:
    @pytest.fixture
    def token(self, client: TestClient, admin: Headers, mailbox: Mailbox) -> str:
        body = {"email": EMAIL, "name": "Kim Bora", "role": "admin"}
        client.post("/v1/people", json=body, headers=admin)
        return mailbox.token()

    def test_is_set_by_an_invitation(self, browser: TestClient, token: str) -> None:
        page = Page(browser.get(f"/invitations?token={token}").text)
        (field,) = page.all("input", name="token")
        assert field["value"] == token
        form = {"token": token, "password": NEW, "repeat": NEW}
        answer = browser.post("/invitations", data=form)
        assert (answer.status_code, _notices(answer)) == (
            200,
            ["The password is set. You can sign in with it now."],
        )
        assert _enter(browser, password=NEW).status_code == 303
        again = browser.post("/invitations", data=form)
        assert (again.status_code, _notices(again)) == (
            422,
            ["This link was used before, has been replaced by a newer one, or is too old."],
        )

    @pytest.mark.parametrize(
        ("password", "repeat", "fault"),
        [
            ("sh0rt", "sh0rt", "This is too short: at least 12 characters are needed."),
            (NEW, PASSWORD, "The two aren&#39;t the same."),
            (
                "password12345",
                "password12345",
                "Anybody would guess this early on. A few unrelated words do well.",
            ),
            (
                "kim@hanbit.example",
                "kim@hanbit.example",
                "Please don&#39;t use your e-mail address in it.",
            ),
        ],
    )
    def test_is_refused_with_the_link_left_good(
        self, browser: TestClient, token: str, password: str, repeat: str, fault: str
    ) -> None:
        form = {"token": token, "password": password, "repeat": repeat}
        answer = browser.post("/invitations", data=form)
        assert (answer.status_code, _faults(answer)) == (422, [fault])
        assert password not in answer.text.replace(EMAIL, "")
        form = {"token": token, "password": NEW, "repeat": NEW}
        assert browser.post("/invitations", data=form).status_code == 200

    def test_is_asked_for_and_set(
        self, app: FastAPI, browser: TestClient, sign_in: SignIn, mailbox: Mailbox
    ) -> None:
        app.state.settings = app.state.settings.model_copy(update={"mailer": MailerKind.SMTP})
        sign_in()
        told = []
        for email in (EMAIL, "nobody@hanbit.example"):
            answer = browser.post("/password-resets", data={"email": email})
            told.append((answer.status_code, _notices(answer)))
        assert told[0] == told[1]
        assert told[0][0] == 200
        assert told[0][1][0].startswith("If this address belongs to somebody here, a mail is on")
        form = {"token": mailbox.token(), "password": NEW, "repeat": NEW}
        answer = browser.post("/password-resets/confirm", data=form)
        assert answer.status_code == 200
        assert "Kim Bora" not in answer.text
        assert browser.get("/v1/sign-in").status_code == 401
        assert _enter(browser, password=NEW).status_code == 303

    def test_can_t_be_asked_for_where_no_mail_is_sent(self, browser: TestClient) -> None:
        page = browser.get("/password-resets").text
        assert "This service sends no mail." in page
        assert 'action="/password-resets"' not in page

    @pytest.mark.parametrize("path", ["/invitations", "/password-resets/confirm"])
    @pytest.mark.parametrize("token", ["", "x" * 5000, "<script>", "\x00", "%00"])
    def test_of_a_link_that_is_nothing_is_refused(
        self, browser: TestClient, path: str, token: str, engine: Engine
    ) -> None:
        page = browser.get(path, params={"token": token})
        assert (page.status_code, "<script>" in page.text) == (200, False)
        form = {"token": token, "password": NEW, "repeat": NEW}
        answer = browser.post(path, data=form)
        assert (answer.status_code, len(_notices(answer))) == (422, 1)
        assert OneTimeToken.__tablename__ not in answer.text


@pytest.mark.parametrize("path", ["/sign-in", "/invitations?token=x", "/password-resets"])
def test_the_pages_keep_the_policy(browser: TestClient, path: str) -> None:
    answer = browser.get(path, headers={"Accept-Language": "ko"})
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert 'lang="ko"' in answer.text
    assert "<style" not in answer.text
    assert " style=" not in answer.text
