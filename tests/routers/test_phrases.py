"""Phrases over HTTP: for curators; a need's words only from three companies on."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.models.key import Role
from tests.catalogue import load
from tests.service import Create, Headers, issue

BODY = {"text": "GMP fill-finish of zorbium kx417", "share_wording": True}


@pytest.fixture(autouse=True)
def _catalogue(engine: Engine, client: TestClient) -> None:
    load(engine, ())


def match(client: TestClient, headers: Headers | None = None, **fields: Any) -> int:
    return client.post("/v1/match", json=BODY | fields, headers=headers).status_code


def company(client: TestClient, admin: Headers, name: str) -> Headers:
    body = {"name": name, "role": "company"}
    made = client.post("/v1/keys", json=body, headers=admin).json()
    return {"Authorization": f"Bearer {made['secret']}"}


class TestRights:
    def test_is_for_curators(self, client: TestClient, engine: Engine, curator: Headers) -> None:
        assert client.get("/v1/phrases").status_code == 401
        key = issue(engine, Role.COMPANY)
        assert client.get("/v1/phrases", headers=key).status_code == 403
        assert client.get("/v1/phrases", headers=curator).status_code == 200

    def test_a_company_keeps_no_catalogue(self, client: TestClient, engine: Engine) -> None:
        key = issue(engine, Role.COMPANY)
        body = {"name": "x", "kind": "cdmo"}
        assert client.post("/v1/providers", json=body, headers=key).status_code == 403
        assert client.get("/v1/keys", headers=key).status_code == 403


class TestCatalogue:
    def test_lists_whose_words_they_are(
        self, client: TestClient, create: Create, curator: Headers
    ) -> None:
        offers = [{"service": "Zorbing of bioreactors"}, {"service": "Zorbing"}]
        create(name="Alpha", capabilities=offers[1:])
        create(name="Beta", capabilities=offers)
        page = client.get("/v1/phrases", headers=curator).json()
        assert page["next"] is None
        assert page["items"][0] == {
            "phrase": "zorbing",
            "field": "service",
            "count": 2,
            "examples": ["alpha", "beta"],
            "nearest": None,
        }

    def test_goes_on_after_a_page(
        self, client: TestClient, create: Create, curator: Headers
    ) -> None:
        create(capabilities=[{"service": "Zorbing"}, {"service": "Wibbling"}])
        first = client.get("/v1/phrases", params={"limit": 1}, headers=curator).json()
        after = {"limit": 1, "after": first["next"]}
        second = client.get("/v1/phrases", params=after, headers=curator).json()
        told = [item["phrase"] for page in (first, second) for item in page["items"]]
        assert (told, second["next"]) == (["wibbling", "zorbing"], None)

    @pytest.mark.parametrize(
        ("params", "status"),
        [({"source": "x"}, 422), ({"limit": 0}, 422), ({"after": "x"}, 400), ({"x": "1"}, 422)],
    )
    def test_refuses(
        self, client: TestClient, curator: Headers, params: dict[str, Any], status: int
    ) -> None:
        answer = client.get("/v1/phrases", params=params, headers=curator)
        assert answer.status_code == status


class TestNeeds:
    def test_waits_for_three_companies_and_tells_nobody_before(
        self,
        client: TestClient,
        admin: Headers,
        curator: Headers,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        def listed() -> list[str]:
            answer = client.get("/v1/phrases", params={"source": "needs"}, headers=curator)
            return [item["phrase"] for item in answer.json()["items"]]

        for name in ("Alpha", "Beta"):
            key = company(client, admin, name)
            for _ in range(3):
                assert match(client, key) == 200
            assert listed() == []
        assert match(client) == 200
        assert match(client, company(client, admin, "Gamma"), share_wording=False) == 200
        assert match(client, curator) == 200
        assert listed() == []
        assert match(client, company(client, admin, "Delta")) == 200
        assert listed() == ["zorbium kx417"]
        logged = capsys.readouterr().err
        assert logged
        assert "zorbium" not in json.dumps(logged)

    def test_a_page_that_asks_for_it_is_answered_and_shares_nothing(
        self, client: TestClient, curator: Headers, admin: Headers
    ) -> None:
        page = "https://www.cluster.example"
        asked = {"name": "x", "role": "embed", "origins": [page]}
        secret = client.post("/v1/keys", json=asked, headers=admin).json()["secret"]
        key = {"Authorization": f"Bearer {secret}", "Origin": page}
        assert match(client, key) == 200
        assert match(client, key | {"Origin": "https://other.example"}) == 403

    def test_a_key_that_is_not_valid_is_refused_everywhere(self, client: TestClient) -> None:
        key = {"Authorization": f"Bearer cdmo_company_{'A' * 44}_00000000"}
        assert match(client, key) == 401
        assert match(client, key, share_wording=False) == 401
