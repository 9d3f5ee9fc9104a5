from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.db import writing
from app.services import vocabulary_files
from tests.service import Create, Headers

CONCEPTS = (
    '{"id": "fill-finish", "facet": "service", "label_en": "Fill-finish",'
    ' "synonyms": ["filling"]}\n'
    '{"id": "pfs-filling", "facet": "service", "label_en": "Syringe filling",'
    ' "label_ko": "주사기 충전", "broader": "fill-finish"}\n'
    '{"id": "cgmp", "facet": "quality", "label_en": "GMP"}\n'
    '{"id": "mfds", "facet": "quality", "label_en": "MFDS"}\n'
)


@pytest.fixture(autouse=True)
def _vocabulary(engine: Engine, client: TestClient) -> None:
    with writing(engine) as session:
        vocabulary_files.load(session, CONCEPTS)


def slugs(client: TestClient, query: str = "", headers: Headers | None = None) -> list[str]:
    answer = client.get(f"/v1/providers{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    return [item["slug"] for item in answer.json()["items"]]


def refusal(client: TestClient, query: str, status: int) -> dict[str, Any]:
    answer = client.get(f"/v1/providers{query}")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    return body


def test_a_page_tells_summaries_counts_and_total(client: TestClient, create: Create) -> None:
    made = create(
        "Hanbit Bio",
        native_name="한빛바이오",
        ownership="private",
        country="KR",
        city="Osong",
        operating="active",
        capabilities=[{"service": "Syringe filling", "stages": ["phase1", "phase2"]}],
    )
    answer = client.get("/v1/providers")
    assert answer.json() == {
        "items": [
            {
                "id": made["id"],
                "slug": "hanbit-bio",
                "name": "Hanbit Bio",
                "native_name": "한빛바이오",
                "kind": "cdmo",
                "ownership": "private",
                "country": "KR",
                "region": None,
                "city": "Osong",
                "operating": "active",
                "state": "published",
                "description": None,
            }
        ],
        "next": None,
        "total": 1,
        "facets": {
            "kind": [{"value": "cdmo", "count": 1}],
            "country": [{"value": "KR", "count": 1}],
            "ownership": [{"value": "private", "count": 1}],
            "stage": [{"value": "phase1", "count": 1}, {"value": "phase2", "count": 1}],
            "operating": [{"value": "active", "count": 1}],
        },
    }


class TestSearchAndFilters:
    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("", ["alpha", "beta"]),
            ("?q=", ["alpha", "beta"]),
            ("?q=beta", ["beta"]),
            ("?q=filing", ["alpha", "beta"]),
            ("?q=%EC%A3%BC%EC%82%AC%EA%B8%B0%20%EC%B6%A9%EC%A0%84", ["beta"]),
            ("?kind=hospital", ["beta"]),
            ("?kind=hospital&kind=cdmo", ["alpha", "beta"]),
            ("?kind=hospital&country=KR", []),
            ("?country=DE", ["alpha"]),
            ("?ownership=public", ["alpha"]),
            ("?concept=fill-finish", ["alpha", "beta"]),
            ("?concept=fill-finish&narrower=false", ["alpha"]),
            ("?concept=pfs-filling", ["beta"]),
            ("?stage=phase3", ["beta"]),
            ("?certificate=MFDS", ["alpha"]),
            ("?certificate=gmp", ["alpha"]),
            ("?operational_by=2019", []),
            ("?operational_by=2021-04-15", ["alpha"]),
            ("?operating=active", ["beta"]),
        ],
    )
    def test_each_leaves_what_it_says(
        self, client: TestClient, create: Create, query: str, expected: list[str]
    ) -> None:
        create(
            "Alpha",
            country="KR",
            ownership="public",
            capabilities=[{"service": "Filling"}],
            certificates=[{"standard": "GMP", "authority": "MFDS"}],
            facilities=[
                {
                    "name": "Plant",
                    "country": "DE",
                    "lifecycle": "operating",
                    "operational_from": "2020",
                }
            ],
        )
        create(
            "Beta",
            kind="hospital",
            operating="active",
            capabilities=[{"service": "Syringe filling", "stages": ["phase3"]}],
        )
        assert slugs(client, query) == expected


class TestRefusals:
    @pytest.mark.parametrize(
        ("query", "where"),
        [
            ("?colour=red", "query.colour"),
            ("?limit=0", "query.limit"),
            ("?limit=201", "query.limit"),
            ("?kind=bank", "query.kind[0]"),
            ("?country=kr", "query.country[0]"),
            ("?stage=phase9", "query.stage[0]"),
            ("?operational_by=soon", "query.operational_by"),
            ("?state=gone", "query.state"),
            ("?q=%00", "query.q"),
            ("?q=" + "x" * 161, "query.q"),
            ("?q=" + "%EF%B7%BA" * 4000, "query.q"),
            ("?concept=fill-finish&concept=no-such", "query.concept[1]"),
            ("?" + "&".join(["certificate=GMP"] * 11), "query.certificate"),
        ],
    )
    def test_what_cannot_be_used_is_told_at_its_place(
        self, client: TestClient, query: str, where: str
    ) -> None:
        assert [fault["where"] for fault in refusal(client, query, 422)["errors"]] == [where]

    @pytest.mark.parametrize("after", ["x", "%00", "%F0%9F%98%80", "A" * 300])
    def test_what_is_no_cursor_is_a_bad_request(self, client: TestClient, after: str) -> None:
        assert refusal(client, f"?after={after}", 400)["type"] == "/problems/bad-request"

    @pytest.mark.parametrize("q", ["%F0%9F%98%80", "the%20and", "(((", "%25_"])
    def test_a_search_for_nothing_finds_nobody(
        self, client: TestClient, create: Create, q: str
    ) -> None:
        create()
        assert slugs(client, f"?q={q}") == []


class TestPages:
    def test_pages_hold_everybody_once_and_survive_an_insert(
        self, client: TestClient, create: Create
    ) -> None:
        for name in ("B", "D", "F"):
            create(f"Filler {name}")
        first = client.get("/v1/providers?limit=2&q=filler").json()
        create("Filler A")
        create("Filler E")
        rest = client.get(f"/v1/providers?limit=2&q=filler&after={first['next']}").json()
        assert [item["slug"] for item in first["items"]] == ["filler-b", "filler-d"]
        assert [item["slug"] for item in rest["items"]] == ["filler-e", "filler-f"]
        assert (first["total"], rest["total"], rest["next"]) == (3, 5, None)

    def test_a_cursor_of_another_search_is_a_bad_request(
        self, client: TestClient, create: Create
    ) -> None:
        for name in ("B", "D"):
            create(f"Filler {name}")
        cursor = client.get("/v1/providers?limit=1&q=filler").json()["next"]
        assert slugs(client, f"?limit=5&q=filler&after={cursor}") == ["filler-d"]
        refusal(client, f"?limit=1&q=other&after={cursor}", 400)
        refusal(client, f"?limit=1&q=filler&kind=cdmo&after={cursor}", 400)
        refusal(client, f"?limit=1&q=filler&after={cursor[:-2]}", 400)


class TestStates:
    def test_drafts_are_for_curators(
        self, client: TestClient, create: Create, curator: Headers
    ) -> None:
        create("Open")
        create("Filling Draft", state="draft", country="KR")
        create("Other Draft", state="draft")
        assert slugs(client) == ["open"]
        assert slugs(client, "?state=draft", curator) == ["filling-draft", "other-draft"]
        assert slugs(client, "?state=draft&q=filling&country=KR", curator) == ["filling-draft"]
        assert slugs(client, "?state=archived", curator) == []
        refusal(client, "?state=draft", 401)


class TestETag:
    def test_a_page_that_is_known_is_not_sent_again(
        self, client: TestClient, create: Create
    ) -> None:
        create("Alpha")
        first = client.get("/v1/providers?q=alpha")
        known = {"If-None-Match": first.headers["etag"]}
        again = client.get("/v1/providers?q=alpha", headers=known)
        assert (again.status_code, again.content) == (304, b"")
        assert client.get("/v1/providers?q=beta", headers=known).status_code == 200
        create("Alpha Two")
        assert client.get("/v1/providers?q=alpha", headers=known).status_code == 200
