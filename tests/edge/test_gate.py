"""How often a caller may ask, and how many of its requests run at once."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, delete

from app.db import writing
from app.main import create_app
from app.models.key import Role
from app.models.person import SignIn
from app.services.tenancy import SYSTEM
from app.settings import Settings
from tests.people import PASSWORD, person
from tests.service import Headers, issue
from tests.test_problems import refused

WRONG: Headers = {"Authorization": f"Bearer cdmo_curator_{'A' * 44}_00000000"}
Ask = Callable[..., TestClient]


@pytest.fixture
def limited(settings: Settings) -> Iterator[Ask]:
    """A service with these limits, asked from an address."""
    with ExitStack() as opened:
        apps: list[FastAPI] = []

        def ask(rates: str = "", address: str = "192.0.2.1", at_once: int = 16) -> TestClient:
            if not apps:
                changed = {"rate_limits": rates, "at_once": at_once}
                apps.append(create_app(settings.model_copy(update=changed)))
                client = TestClient(apps[0], raise_server_exceptions=False, client=(address, 1))
                return opened.enter_context(client)
            return TestClient(apps[0], raise_server_exceptions=False, client=(address, 1))

        yield ask


class TestRates:
    def test_tells_where_the_caller_stands(self, limited: Ask) -> None:
        answer = limited("anonymous=3/minute").get("/v1/criteria")
        assert answer.headers["ratelimit-policy"] == '"anonymous";q=3;w=60'
        place, left, reset = answer.headers["ratelimit"].split(";")
        assert (place, left) == ('"anonymous"', "r=2")
        assert 0 < int(reset.removeprefix("t=")) <= 60

    def test_refuses_what_is_too_much_and_says_when_to_ask_again(self, limited: Ask) -> None:
        client = limited("anonymous=2/day")
        assert [client.get("/v1/criteria").status_code for _ in range(2)] == [200, 200]
        answer = client.get("/v1/criteria")
        found = refused(answer, 429, "too-many-requests")
        seconds = int(answer.headers["retry-after"])
        assert 1 <= seconds <= 2 * 86_400
        assert found.detail == f"The limit “anonymous” is 2 in 86400 s. Ask again in {seconds} s."
        assert answer.headers["ratelimit"] == f'"anonymous";r=0;t={seconds}'

    def test_addresses_are_counted_apart(self, limited: Ask) -> None:
        first = limited("anonymous=1/day")
        assert [first.get("/v1/criteria").status_code for _ in range(2)] == [200, 429]
        assert limited(address="192.0.2.2").get("/v1/criteria").status_code == 200

    def test_matches_are_counted_apart_from_reads(self, limited: Ask) -> None:
        client = limited("anonymous=1/day, anonymous-match=1/day")
        body = {"text": "LNP formulation"}
        assert [client.post("/v1/intake", json=body).status_code for _ in range(2)] != [429, 429]
        assert client.post("/v1/match", json=body).status_code == 429
        assert client.get("/v1/criteria").status_code == 200

    def test_what_operators_ask_is_free(self, limited: Ask) -> None:
        client = limited("anonymous=1/day")
        for path in ("/livez", "/readyz", "/metrics", "/static/site.css"):
            answers = [client.get(path) for _ in range(4)]
            assert 429 not in {answer.status_code for answer in answers}
            assert "ratelimit" not in answers[0].headers

    def test_nothing_new_is_free(self, limited: Ask) -> None:
        client = limited("anonymous=2/day")
        tag = client.get("/v1/criteria").headers["etag"]
        for _ in range(5):
            answer = client.get("/v1/criteria", headers={"If-None-Match": tag})
            assert (answer.status_code, answer.headers["ratelimit"][:15]) == (
                304,
                '"anonymous";r=1',
            )
        answer = client.get("/v1/criteria", headers={"If-None-Match": '"old"'})
        assert answer.status_code == 200
        assert answer.headers["ratelimit"].startswith('"anonymous";r=0;')
        assert client.get("/v1/criteria", headers={"If-None-Match": tag}).status_code == 429

    def test_whoever_names_no_answer_is_counted(self, limited: Ask) -> None:
        client = limited("anonymous=2/day")
        statuses = [
            client.get("/v1/criteria", headers={"If-None-Match": each}).status_code
            for each in ("*", '"old", *', "*")
        ]
        assert statuses == [304, 304, 429]

    def test_off_is_off(self, limited: Ask) -> None:
        client = limited("off")
        answers = [client.get("/v1/criteria") for _ in range(400)]
        assert {answer.status_code for answer in answers} == {200}
        assert "ratelimit" not in answers[0].headers

    def test_every_refusal_leaves_in_the_envelope(self, limited: Ask) -> None:
        client = limited("anonymous=1/day")
        client.get("/v1/criteria")
        answer = client.get("/v1/criteria")
        assert answer.status_code == 429
        assert answer.headers["x-content-type-options"] == "nosniff"


class TestKeys:
    def test_a_key_has_a_quota_of_its_own(self, limited: Ask, curator: Headers) -> None:
        client = limited("anonymous=1/day, key=2/day")
        assert [client.get("/v1/criteria").status_code for _ in range(2)] == [200, 429]
        first = client.get("/v1/criteria", headers=curator)
        assert (first.status_code, first.headers["ratelimit"][:9]) == (200, '"key";r=1')
        # From wherever it comes.
        elsewhere = limited(address="192.0.2.9")
        found = [elsewhere.get("/v1/criteria", headers=curator).status_code for _ in range(2)]
        assert found == [200, 429]

    def test_keys_are_counted_apart(self, limited: Ask, curator: Headers, engine: Engine) -> None:
        client = limited("key=1/day")
        other = issue(engine, Role.CURATOR)
        assert [client.get("/v1/keys", headers=curator).status_code for _ in range(2)] == [403, 429]
        assert client.get("/v1/keys", headers=other).status_code == 403

    def test_refusals_use_up_nobody_elses_quota(
        self, limited: Ask, curator: Headers, engine: Engine
    ) -> None:
        client = limited("anonymous=1/day, key=2/day, wrong-key=3/day")
        assert client.get("/v1/criteria", headers=curator).status_code == 200
        found = [client.get("/v1/criteria", headers=WRONG).status_code for _ in range(5)]
        assert found == [401] * 3 + [429] * 2
        # Neither of whoever else has this address, nor of a key that is known there.
        assert client.get("/v1/criteria").status_code == 200
        assert client.get("/v1/criteria", headers=curator).status_code == 200

    def test_no_header_field_gets_around_the_limits(self, limited: Ask) -> None:
        client = limited("wrong-key=2/day")
        found = [
            client.get(f"/v1/none/{n}", headers={"Authorization": f"Bearer {n}"}).status_code
            for n in range(4)
        ]
        assert found == [404, 404, 429, 429]

    def test_a_revoked_key_is_refused_and_forgotten(
        self, limited: Ask, curator: Headers, admin: Headers
    ) -> None:
        client = limited("wrong-key=1/day")
        assert client.get("/v1/criteria", headers=curator).status_code == 200
        (key_id,) = (
            key["id"]
            for key in client.get("/v1/keys", headers=admin).json()["items"]
            if key["role"] == "curator"
        )
        assert client.delete(f"/v1/keys/{key_id}", headers=admin).status_code == 204
        found = [client.get("/v1/criteria", headers=curator).status_code for _ in range(3)]
        assert found == [401, 401, 429]


class TestSignIns:
    @pytest.fixture
    def people(self, limited: Ask, engine: Engine, _quick_hashes: None) -> Callable[..., Any]:
        """Somebody who is signed in, in a browser of their own, all at one address."""

        def enter(name: str, rates: str) -> Headers:
            email = f"{name}@hanbit.example"
            person(engine, email=email)
            body = {"email": email, "password": PASSWORD}
            answer = limited(rates).post("/v1/sign-in", json=body)
            cookie = answer.headers["set-cookie"].partition(";")[0]
            limited().cookies.clear()
            return {"Cookie": cookie}

        return enter

    def test_a_company_behind_one_address_is_as_many_callers_as_it_has_people(
        self, limited: Ask, people: Callable[..., Headers]
    ) -> None:
        rates = "anonymous=1/day, key=2/day"
        kim, lee = people("kim", rates), people("lee", rates)

        def asked(headers: Headers, path: str = "/v1/people") -> int:
            return limited().get(path, headers=headers).status_code

        assert [asked({}, "/v1/criteria") for _ in range(2)] == [200, 429]
        assert [asked(kim) for _ in range(3)] == [200, 200, 429]
        answer = limited().get("/v1/people", headers=lee)
        assert (answer.status_code, answer.headers["ratelimit"][:9]) == (200, '"key";r=1')
        # Pages count for the same person.
        assert [asked(lee, "/sign-in") for _ in range(2)] == [200, 429]

    def test_a_sign_in_that_is_none_counts_for_the_address(self, limited: Ask) -> None:
        client = limited("anonymous=2/day, wrong-key=1/day")
        found = [
            client.get("/v1/criteria", headers={"Cookie": f"__Host-cdmo-sign-in={n:043}"})
            for n in range(5)
        ]
        assert [answer.status_code for answer in found] == [200, 200, 200, 429, 429]
        assert client.get("/v1/criteria").status_code == 429

    def test_where_no_key_is_tried_the_limit_of_visitors_holds(self, limited: Ask) -> None:
        client = limited("anonymous=1/day, wrong-key=off")
        cookie = {"Cookie": f"__Host-cdmo-sign-in={'a' * 43}"}
        found = [client.get("/v1/criteria", headers=cookie).status_code for _ in range(2)]
        assert found == [200, 429]

    def test_a_sign_in_that_ended_is_forgotten(
        self, limited: Ask, people: Callable[..., Headers], engine: Engine
    ) -> None:
        kim = people("kim", "anonymous=1/day, key=100/day, wrong-key=1/day")
        client = limited()
        assert client.get("/v1/criteria", headers=kim).headers["ratelimit"][:5] == '"key"'
        with writing(engine, SYSTEM.claims) as session:
            session.execute(delete(SignIn))
        told = [client.get("/v1/criteria", headers=kim) for _ in range(4)]
        assert [answer.headers["ratelimit"].partition(";")[0] for answer in told] == [
            '"key"',  # it counted before the route looked
            '"anonymous"',
            '"wrong-key"',
            '"wrong-key"',
        ]
        assert [answer.status_code for answer in told] == [200, 200, 200, 429]

    def test_guessing_is_not_helped_by_what_is_shown(self, limited: Ask) -> None:
        client = limited("sign-in=2/day, wrong-key=100/day")
        body = {"email": "kim@hanbit.example", "password": "not the one"}
        found = [
            client.post("/v1/sign-in", json=body, headers=shown).status_code
            for shown in ({}, {}, WRONG, {"Cookie": f"__Host-cdmo-sign-in={'a' * 43}"})
        ]
        assert found == [401, 401, 429, 429]


class TestAtOnce:
    def test_a_caller_has_only_so_many_requests_under_way(self, limited: Ask) -> None:
        client = limited("", at_once=2)
        entered, go_on = threading.Semaphore(0), threading.Event()

        def slow() -> str:
            entered.release()
            assert go_on.wait(10)
            return "done"

        cast(FastAPI, client.app).add_api_route("/v1/slow", slow)

        with ThreadPoolExecutor(2) as pool:
            running = [pool.submit(client.get, "/v1/slow") for _ in range(2)]
            assert all(entered.acquire(timeout=10) for _ in range(2))
            third = client.get("/v1/criteria")
            health = client.get("/livez")
            other = limited(address="192.0.2.2").get("/v1/criteria")
            go_on.set()
            assert [answer.result().status_code for answer in running] == [200, 200]
        refused(third, 429, "too-many-at-once")
        assert third.headers["retry-after"] == "1"
        assert (health.status_code, other.status_code) == (200, 200)
        assert client.get("/v1/criteria").status_code == 200


def test_the_contract_tells_of_limits_everywhere(app: FastAPI) -> None:
    for path, operations in app.openapi()["paths"].items():
        for method, operation in operations.items():
            if path.startswith("/v1/"):
                told = operation["responses"]
                assert {"429", "503"} <= set(told), f"{method} {path}"
                assert "Retry-After" in told["429"]["headers"]
                assert "Retry-After" in told["503"]["headers"]
                good = next(answer for status, answer in told.items() if status < "300")
                assert {"RateLimit", "RateLimit-Policy"} <= set(good["headers"])
