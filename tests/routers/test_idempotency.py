"""Idempotency-Key over HTTP: however often a creating request arrives, it creates once."""

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, func
from sqlmodel import select

from app.db import reading, writing
from app.models.idempotency import IdempotentAnswer
from app.models.provider import Provider
from app.services.tenancy import SYSTEM
from tests.catalogue import HWASUN, load
from tests.kept import counts
from tests.people import SignIn, enter
from tests.service import Create, Headers, OpenPortal, bearer

BODY = {"name": "Hanbit Bio", "kind": "cdmo", "slug": None}
Post = Callable[..., httpx2.Response]


@pytest.fixture
def post(client: TestClient, curator: Headers) -> Post:
    def send(
        body: dict[str, Any] = BODY,
        key: str = "k-1",
        path: str = "/v1/providers",
        headers: Headers = curator,
    ) -> httpx2.Response:
        return client.post(path, json=body, headers=headers | {"Idempotency-Key": key})

    return send


def count(engine: Engine, table: type[Provider] | type[IdempotentAnswer]) -> int:
    with reading(engine, SYSTEM.claims) as session:
        return session.exec(select(func.count()).select_from(table)).one()


class TestRepeat:
    def test_gets_the_first_answer_again(self, engine: Engine, post: Post) -> None:
        first, second = post(), post()
        assert first.status_code == second.status_code == 201
        assert first.content == second.content
        assert "idempotent-replayed" not in first.headers
        assert second.headers["idempotent-replayed"] == "true"
        for name in ("etag", "location", "content-type"):
            assert first.headers[name] == second.headers[name]
        assert first.headers["x-request-id"] != second.headers["x-request-id"]
        assert count(engine, Provider) == 1

    def test_is_the_same_quoted_or_bare(self, engine: Engine, post: Post) -> None:
        assert post(key="k-1").content == post(key='"k-1"').content
        assert count(engine, Provider) == 1

    def test_is_refused_with_another_payload(self, engine: Engine, post: Post) -> None:
        post()
        answer = post(BODY | {"name": "Other"})
        assert answer.status_code == 422
        assert answer.json() == {
            "type": "/problems/idempotency-mismatch",
            "title": "This Idempotency-Key was used before",
            "status": 422,
            "detail": "This Idempotency-Key came with other content before. "
            "A new record needs a new key.",
            "request_id": answer.headers["x-request-id"],
            "errors": [],
        }
        assert count(engine, Provider) == 1

    def test_may_be_corrected_after_a_refusal(self, engine: Engine, post: Post) -> None:
        assert post(BODY | {"kind": "bakery"}).status_code == 422
        assert post(BODY | {"assured_on": "2999-01-01"}).status_code == 422
        assert count(engine, IdempotentAnswer) == 0
        assert post().status_code == 201

    def test_is_apart_for_each_caller_and_route(
        self, engine: Engine, post: Post, admin: Headers, create: Create
    ) -> None:
        create("Other")
        assert post().status_code == 201
        assert post(BODY | {"name": "Third"}, headers=admin).status_code == 201
        for place in ("hanbit-bio", "other"):
            path = f"/v1/providers/{place}/facilities"
            assert post({"name": "A"}, path=path).status_code == 201
        assert count(engine, IdempotentAnswer) == 4

    @pytest.mark.parametrize("length", [250, 300, 301, 4000])
    def test_a_path_of_any_length_is_not_found(self, post: Post, length: int) -> None:
        path = f"/v1/providers/{'a' * length}/facilities"
        assert post({"name": "A"}, path=path).status_code == 404

    @pytest.mark.parametrize("key", ["%00", "a%00b", "%1F", "%E2%80%A8", "%ED%A0%80"])
    def test_a_path_of_any_characters_is_not_found(
        self, post: Post, admin: Headers, key: str
    ) -> None:
        answer = post({}, path=f"/v1/keys/{key}/rotate", headers=admin)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")

    def test_creates_again_after_a_day(self, engine: Engine, post: Post) -> None:
        post()
        with writing(engine, SYSTEM.claims) as session:
            for row in session.exec(select(IdempotentAnswer)).all():
                row.expires_at = datetime.now(UTC) - timedelta(seconds=1)
        assert post(BODY | {"name": "Another"}).status_code == 201
        assert count(engine, IdempotentAnswer) == 1
        assert count(engine, Provider) == 2

    @pytest.mark.parametrize("key", ["", '""', "a b", "a" * 256, "é", "a\tb"])
    def test_needs_a_key_of_visible_characters(self, post: Post, key: str) -> None:
        answer = post(key=key.encode("latin-1"))
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad-request")


class TestParallel:
    def test_creates_one_and_answers_all_alike(self, engine: Engine, post: Post) -> None:
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda _: post(), range(20)))
        told = [answer for answer in answers if answer.status_code == 201]
        # A waiter may also be told that the first is still running; it then asks again.
        others = [answer for answer in answers if answer.status_code != 201]
        assert {(a.status_code, a.headers["retry-after"]) for a in others} <= {(409, "1")}
        assert len({answer.content for answer in told}) == 1
        assert [a for a in told if "idempotent-replayed" not in a.headers] != []
        assert sum("idempotent-replayed" not in answer.headers for answer in told) == 1
        assert count(engine, Provider) == 1

    # On SQLite a writer holds the whole database, not a key.
    @pytest.mark.parametrize("engine", ["postgres"], indirect=True)
    def test_is_told_that_the_first_is_still_running(
        self, engine: Engine, post: Post, client: TestClient
    ) -> None:
        first = post()
        with writing(engine, SYSTEM.claims) as session:
            row = session.exec(select(IdempotentAnswer)).one()
            session.delete(row)
            session.flush()
            answer = post()
        assert first.status_code == 201
        assert (answer.status_code, answer.headers["retry-after"]) == (409, "1")
        assert answer.json()["type"] == "/problems/still-running"


def test_every_route_that_creates_takes_a_key(app: FastAPI) -> None:
    creating, without = [], []
    for path, operations in app.openapi()["paths"].items():
        made = operations.get("post", {}).get("responses", {}).get("201")
        if made is None:
            continue
        creating.append(path)
        names = {parameter["name"] for parameter in operations["post"].get("parameters", ())}
        if "idempotency-key" not in names:
            without.append(path)
    assert len(creating) > 3
    assert without == []


def test_every_route_that_creates_creates_once(
    app: FastAPI,
    client: TestClient,
    engine: Engine,
    curator: Headers,
    admin: Headers,
    open_portal: OpenPortal,
) -> None:
    load(engine)
    songdo = open_portal("songdo")
    wanted = {"title": "x", "needs": [{"service": "LNP formulation"}]}
    made = client.post("/v1/requirements", json=wanted, headers=songdo.company).json()
    person = {"name": "Lee", "email": "lee@hanbit.example", "role": "company"}
    key = {"name": "key", "role": "company", "company_id": songdo.company_id}
    old = client.post("/v1/keys", json=key, headers=songdo.partner).json()
    # What the path names, who asks, what for, and a payload that differs.
    asked: dict[str, tuple[str, Headers, Any, Any]] = {
        "/v1/providers": ("", curator, BODY, {**BODY, "kind": "cluster"}),
        "/v1/providers/{reference}/facilities": (HWASUN, curator, {"name": "A"}, {"name": "B"}),
        "/v1/providers/{reference}/capabilities": (
            HWASUN,
            curator,
            {"service": "A"},
            {"service": "B"},
        ),
        "/v1/portals": (
            "",
            admin,
            {"slug": "paris", "name": "Paris"},
            {"slug": "rome", "name": "R"},
        ),
        "/v1/companies": ("", songdo.partner, {"name": "A"}, {"name": "B"}),
        "/v1/people": ("", songdo.company, person, {**person, "name": "Kim"}),
        "/v1/keys": ("", songdo.partner, key, {**key, "name": "other"}),
        "/v1/keys/{key_id}/rotate": (old["id"], songdo.partner, {}, {"overlap_hours": 1}),
        "/v1/requirements": ("", songdo.company, wanted, {**wanted, "title": "y"}),
        "/v1/requirements/{requirement_id}/runs": (made["id"], songdo.company, {}, {"limit": 1}),
    }
    creating = {
        path
        for path, operations in app.openapi()["paths"].items()
        if "201" in operations.get("post", {}).get("responses", {})
    }
    assert set(asked) == creating
    for route, (named, headers, body, other) in asked.items():
        path = "/".join(named if "{" in part else part for part in route.split("/"))
        sent = headers | {"Idempotency-Key": "once"}
        first = client.post(path, json=body, headers=sent)
        before = counts(engine)
        second = client.post(path, json=body, headers=sent)
        assert (first.status_code, second.status_code) == (201, 201), route
        assert (first.content, counts(engine)) == (second.content, before), route
        assert second.headers["idempotent-replayed"] == "true", route
        mismatch = client.post(path, json=other, headers=sent)
        assert mismatch.status_code == 422, route
        assert mismatch.json()["type"] == "/problems/idempotency-mismatch", route
        assert counts(engine) == before, route


class TestSecrets:
    """Keys are made once, too, and their secrets are kept where nobody else can read them."""

    BODY = {"name": "desk", "role": "curator"}  # noqa: RUF012 # nothing changes it

    def test_a_repeat_gets_the_secret_and_the_database_has_it_not(
        self, client: TestClient, admin: Headers, post: Post, engine: Engine
    ) -> None:
        first = post(self.BODY, path="/v1/keys", headers=admin)
        second = post(self.BODY, path="/v1/keys", headers=admin)
        assert first.content == second.content
        assert ("location" in first.headers, "location" in second.headers) == (False, False)
        secret = first.json()["secret"]
        opened = client.get("/v1/requirements", headers=bearer(first.json()))
        assert opened.status_code == 200
        with reading(engine, SYSTEM.claims) as session:
            (kept,) = session.exec(select(IdempotentAnswer)).all()
        assert kept.location == f"/v1/keys/{first.json()['id']}"
        whole = kept.model_dump_json() + base64.b64decode(kept.body).decode("latin-1")
        for told in (secret, secret.split("_")[2], "desk", "curator", "secret"):
            assert told not in whole

    def test_who_signed_in_anew_is_told_which_key_it_was(
        self, browser: TestClient, sign_in: SignIn
    ) -> None:
        def send(token: Headers) -> Any:
            headers = token | {"Idempotency-Key": "once"}
            return browser.post("/v1/keys", json=self.BODY, headers=headers)

        token = sign_in()
        first, second = send(token), send(token)
        assert (first.status_code, first.content) == (201, second.content)
        answer = send(enter(browser))
        assert (answer.status_code, answer.json()["type"], answer.json()["detail"]) == (
            409,
            "/problems/secret-not-shown-again",
            f"This Idempotency-Key made /v1/keys/{first.json()['id']} already. Its secret can be "
            "told only under the key or sign-in that asked for it then. Revoke it, and make "
            "another.",
        )
        assert len(browser.get("/v1/keys").json()["items"]) == 1

    def test_twenty_at_once_make_one(self, post: Post, admin: Headers, engine: Engine) -> None:
        before = counts(engine)["key"]

        def ask(_: int) -> httpx2.Response:
            return post(self.BODY, path="/v1/keys", headers=admin)

        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(ask, range(20)))
        assert {answer.status_code for answer in answers} <= {201, 409}
        assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
        assert counts(engine)["key"] == before + 1
