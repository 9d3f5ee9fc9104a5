"""Signing in through an identity provider, which runs on this machine: whom it vouches for comes in
if they were invited, and nothing else does."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from joserfc import jwk, jwt
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlmodel import select

from app.db import reading
from app.models.key import Role
from app.models.person import Person
from app.services.tenancy import SYSTEM
from tests.people import person

EMAIL = "kim@hanbit.example"
REFUSED = "Your organisation&#39;s account could not be used here."
CLIENT = "cdmo-match"


@dataclass
class Provider:
    """A small identity provider: `claims` change what its tokens say."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)  # what the browser came with
    key: Any = field(default_factory=lambda: jwk.ECKey.generate_key("P-256", {"kid": "1"}))
    signs_with: Any = None
    algorithm: str = "ES256"
    is_down: bool = False

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def authorize(self, address: str) -> str:
        """What the browser is sent back with, as a query."""
        parts = urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.issuer}/authorize"
        self.asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return f"state={self.asked['state']}&code=good"

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        digest = sha256(form.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
        if form.get("code") != "good" or challenge != self.asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "1",
            "exp": int(time()) + 300,
            "iat": int(time()),
            "nonce": self.asked["nonce"],
            "email": EMAIL,
            "email_verified": True,
        } | self.claims
        kept = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": "1"}
        signed = jwt.encode(header, kept, self.signs_with or self.key, algorithms=[self.algorithm])
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": signed}


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = {
                "/.well-known/openid-configuration": made.metadata(),
                "/keys": {"keys": [made.key.as_dict(private=False)]},
            }
            self._answer(200 if self.path in known else 404, known.get(self.path, {}))

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            form = parse_qs(self.rfile.read(length).decode())
            self._answer(*made.token({name: values[0] for name, values in form.items()}))

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            self.send_response(503 if made.is_down else status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield made
        server.shutdown()
        thread.join()


@pytest.fixture
def _asks_provider(app: FastAPI, provider: Provider) -> None:
    app.state.settings = app.state.settings.model_copy(
        update={
            "oidc_issuer": provider.issuer,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SecretStr("a secret"),
            "public_url": "https://testserver",
        }
    )


def _go(browser: TestClient, provider: Provider) -> str:
    """Go to the provider; gives the query it sends the browser back with."""
    away = browser.get("/sign-in/provider", follow_redirects=False)
    assert away.status_code == 303
    return provider.authorize(away.headers["location"])


def _come(browser: TestClient, query: str) -> Any:
    return browser.get(f"/sign-in/provider/callback?{query}", follow_redirects=False)


@pytest.mark.usefixtures("_asks_provider")
class TestProvider:
    @pytest.mark.parametrize("password", [None, "seven green fermenters"])
    def test_lets_in_whom_was_invited(
        self, browser: TestClient, provider: Provider, engine: Engine, password: str | None
    ) -> None:
        own = person(engine, Role.CURATOR, password=password)
        assert "/sign-in/provider" in browser.get("/sign-in").text
        query = _go(browser, provider)
        assert {**provider.asked, "state": "", "nonce": "", "code_challenge": ""} == {
            "response_type": "code",
            "client_id": CLIENT,
            "redirect_uri": "https://testserver/sign-in/provider/callback",
            "scope": "openid email",
            "state": "",
            "nonce": "",
            "code_challenge": "",
            "code_challenge_method": "S256",
        }
        answer = _come(browser, query)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert browser.get("/v1/sign-in").json()["person"]["id"] == own
        assert list(browser.cookies) == ["__Host-cdmo-sign-in"]

    @pytest.mark.parametrize(
        ("wanted", "there"),
        [
            ("/requirements", "/requirements"),
            ("//evil.example", "/"),
            ("https://evil.example", "/"),
        ],
    )
    def test_leads_back_to_the_page_that_asked_and_nowhere_else(
        self, browser: TestClient, provider: Provider, engine: Engine, wanted: str, there: str
    ) -> None:
        person(engine, Role.CURATOR)
        shown = browser.get("/sign-in", params={"next": "/people"}).text
        assert 'href="/sign-in/provider?next=%2Fpeople"' in shown
        away = browser.get(
            "/sign-in/provider", params={"next": wanted}, follow_redirects=False
        ).headers["location"]
        answer = _come(browser, provider.authorize(away))
        assert (answer.status_code, answer.headers["location"]) == (303, there)
        assert list(browser.cookies) == ["__Host-cdmo-sign-in"]

    def test_makes_nobody(self, browser: TestClient, provider: Provider, engine: Engine) -> None:
        answer = _come(browser, _go(browser, provider))
        assert (answer.status_code, REFUSED in answer.text) == (401, True)
        with reading(engine, SYSTEM.claims) as session:
            assert session.exec(select(Person)).all() == []

    @pytest.mark.parametrize(
        "claims",
        [
            {"email_verified": False},
            {"email_verified": "true"},
            {"email_verified": None},
            {"email": None},
            {"email": "kim"},
            {"nonce": "another"},
            {"nonce": None},
            {"aud": "another"},
            {"aud": [CLIENT, "another"], "azp": "another"},
            {"iss": "https://another.example"},
            {"exp": 1},
            {"exp": None},
        ],
    )
    def test_refuses_a_token_that_isn_t_for_this(
        self, browser: TestClient, provider: Provider, engine: Engine, claims: dict[str, Any]
    ) -> None:
        person(engine)
        provider.claims = claims
        answer = _come(browser, _go(browser, provider))
        assert (answer.status_code, REFUSED in answer.text) == (401, True)
        assert browser.get("/v1/sign-in").status_code == 401

    @pytest.mark.parametrize(
        ("algorithm", "key"),
        [
            ("ES256", jwk.ECKey.generate_key("P-256")),
            ("HS256", jwk.OctKey.import_key("a secret that is long enough to sign")),
        ],
    )
    def test_refuses_what_another_has_signed(
        self, browser: TestClient, provider: Provider, engine: Engine, algorithm: str, key: Any
    ) -> None:
        person(engine)
        provider.algorithm, provider.signs_with = algorithm, key
        assert _come(browser, _go(browser, provider)).status_code == 401

    @pytest.mark.parametrize(
        "change",
        [
            lambda query: query.replace("good", "stolen"),
            lambda query: query.replace("state=", "state=x"),
            lambda query: query.partition("&")[2],
            lambda _: "error=access_denied",
            lambda _: "",
            lambda query: query.replace("good", "%00%ed%a0%80"),
        ],
    )
    def test_refuses_an_answer_that_wasn_t_asked_for(
        self,
        browser: TestClient,
        provider: Provider,
        engine: Engine,
        change: Callable[[str], str],
    ) -> None:
        person(engine)
        assert _come(browser, change(_go(browser, provider))).status_code == 401

    def test_refuses_another_browser_s_answer(
        self, app: FastAPI, browser: TestClient, provider: Provider, engine: Engine
    ) -> None:
        person(engine)
        query = _go(browser, provider)
        victim = TestClient(app, base_url="https://testserver")
        assert _come(victim, query).status_code == 401
        _go(victim, provider)
        assert _come(victim, query).status_code == 401

    def test_may_be_down(self, browser: TestClient, provider: Provider) -> None:
        query = _go(browser, provider)
        provider.is_down = True
        assert browser.get("/sign-in/provider").status_code == 503
        assert _come(browser, query).status_code == 503


@pytest.mark.parametrize("path", ["/sign-in/provider", "/sign-in/provider/callback?code=x"])
def test_without_a_provider_there_is_no_such_page(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
