"""How often a password may be guessed for one e-mail address."""

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from scipy.stats import mannwhitneyu  # type: ignore[import-untyped] # it has no types
from sqlalchemy import Engine

from app.main import create_app
from app.settings import Settings
from tests.people import PASSWORD, Mailbox, person

EMAIL = "kim@hanbit.example"
NOBODY = "nobody@hanbit.example"
HOME = "192.0.2.1"
Ask = Callable[..., Any]


@pytest.fixture
def guarded(settings: Settings) -> Iterator[FastAPI]:
    """A service where three passwords may be tried for an e-mail address."""
    rates = "account=3/hour, sign-in=1000/second"
    with TestClient(create_app(settings.model_copy(update={"rate_limits": rates}))) as client:
        yield client.app  # type: ignore[misc] # it is the app that was given


@pytest.fixture
def attempt(guarded: FastAPI) -> Ask:
    """Tries to sign in from somewhere; gives the answer."""

    def send(email: str = EMAIL, password: str = "not the one", at: str = "198.51.100.1") -> Any:
        client = TestClient(guarded, base_url="https://testserver", client=(at, 1))
        return client.post("/v1/sign-in", json={"email": email, "password": password})

    return send


def statuses(attempt: Ask, times: int, **given: Any) -> list[int]:
    return [attempt(**given, at=f"203.0.113.{n}").status_code for n in range(times)]


@pytest.mark.usefixtures("_quick_hashes")
class TestGuesses:
    def test_are_counted_by_e_mail_address_wherever_they_come_from(
        self, attempt: Ask, engine: Engine
    ) -> None:
        person(engine)
        person(engine, email="lee@hanbit.example")
        assert statuses(attempt, 5) == [401, 401, 401, 429, 429]
        assert attempt(" KIM@hanbit.example").status_code == 429
        assert attempt(password=PASSWORD).status_code == 429
        assert attempt("lee@hanbit.example", PASSWORD).status_code == 200

    def test_are_refused_alike_whether_or_not_anybody_has_the_address(
        self, attempt: Ask, engine: Engine
    ) -> None:
        person(engine)
        told = []
        for email in (EMAIL, NOBODY):
            assert statuses(attempt, 3, email=email) == [401] * 3
            answer = attempt(email)
            found = answer.json()
            wait = int(answer.headers["retry-after"])
            assert 1 <= wait <= 7200
            detail = "Too many sign-ins with this e-mail address have failed. Try again in "
            assert found.pop("detail").startswith(detail)
            assert found.pop("request_id") == answer.headers["x-request-id"]
            told.append((answer.status_code, sorted(answer.headers), found))
        assert told[0] == told[1]
        assert told[0][0] == 429
        assert told[0][2] == {
            "type": "/problems/too-many-guesses",
            "title": "Too many failed sign-ins",
            "status": 429,
            "errors": [],
        }

    def test_right_ones_are_not_counted(self, attempt: Ask, engine: Engine) -> None:
        person(engine)
        assert statuses(attempt, 6, password=PASSWORD) == [200] * 6

    def test_keep_nobody_out_who_is_signed_in_or_was_at_the_same_place(
        self, attempt: Ask, guarded: FastAPI, engine: Engine
    ) -> None:
        person(engine)
        browser = TestClient(guarded, base_url="https://testserver", client=(HOME, 1))
        body = {"email": EMAIL, "password": PASSWORD}
        assert browser.post("/v1/sign-in", json=body).status_code == 200
        assert statuses(attempt, 4) == [401, 401, 401, 429]
        assert browser.get("/v1/people").status_code == 200
        assert attempt(password=PASSWORD).status_code == 429
        assert attempt(password=PASSWORD, at=HOME).status_code == 200
        # There, too, not everything may be tried.
        assert [attempt(at=HOME).status_code for _ in range(4)] == [401, 401, 401, 429]

    def test_keep_nobody_out_who_sets_a_password_by_mail(
        self,
        attempt: Ask,
        guarded: FastAPI,
        engine: Engine,
        mailbox: Mailbox,
    ) -> None:
        person(engine)
        guarded.state.settings = guarded.state.settings.model_copy(
            update={"public_url": "https://match.example"}
        )
        statuses(attempt, 3)
        client = TestClient(guarded, base_url="https://testserver", client=(HOME, 1))
        client.post("/v1/password-resets", json={"email": EMAIL})
        body = {"token": mailbox.token(), "password": "eight blue bioreactors"}
        assert client.post("/v1/password-resets/confirm", json=body).status_code == 204
        assert attempt(password=body["password"]).status_code == 429
        assert attempt(password=body["password"], at=HOME).status_code == 200

    @pytest.mark.parametrize(
        ("lang", "said"), [("en", "Too many sign-ins"), ("ko", "로그인에 여러 번 실패했습니다")]
    )
    def test_the_page_says_so(self, guarded: FastAPI, attempt: Ask, lang: str, said: str) -> None:
        statuses(attempt, 3)
        client = TestClient(guarded, base_url="https://testserver")
        form = {"email": EMAIL, "password": "not the one"}
        answer = client.post("/sign-in", data=form, headers={"Accept-Language": lang})
        assert (answer.status_code, said in answer.text) == (429, True)
        assert 1 <= int(answer.headers["retry-after"]) <= 7200

    def test_no_address_is_kept_in_the_clear(self, guarded: FastAPI, attempt: Ask) -> None:
        attempt()
        assert EMAIL not in repr(vars(guarded.state.counters))


def test_an_unknown_address_and_a_wrong_password_take_as_long(
    client: TestClient, engine: Engine
) -> None:
    person(engine)

    def seconds(email: str) -> float:
        begun = time.perf_counter()
        body = {"email": email, "password": "not the one"}
        assert client.post("/v1/sign-in", json=body).status_code == 401
        return time.perf_counter() - begun

    taken: dict[str, list[float]] = {EMAIL: [], NOBODY: []}
    for email in (EMAIL, NOBODY):
        seconds(email)
    for _ in range(3):  # a busy machine gets more samples, and no more latitude
        for _ in range(8):
            for email, times in taken.items():
                times.append(seconds(email))
        ratio = statistics.median(taken[NOBODY]) / statistics.median(taken[EMAIL])
        if abs(ratio - 1) <= 0.05 or mannwhitneyu(*taken.values()).pvalue > 0.01:
            return
    pytest.fail(f"refusing an unknown address takes {ratio:.3f} times as long")
