"""The history of a provider: who changed what, newest first."""

import re

import pytest
from fastapi.testclient import TestClient

from tests.service import Create, Headers, tagged

REQUEST = "0d3f6f1c-4a36-5b0a-9a39-6a8f2f6f9d11"


class TestHistory:
    def test_tells_who_changed_what(
        self, client: TestClient, create: Create, curator: Headers, admin: Headers
    ) -> None:
        made = create(city="Hwasun")
        sent = tagged(admin, 1) | {"X-Request-Id": REQUEST}
        client.patch("/v1/providers/hanbit-bio", json={"city": "Songdo"}, headers=sent)
        client.delete("/v1/providers/hanbit-bio", headers=tagged(curator, 2))
        answer = client.get("/v1/providers/hanbit-bio/history", headers=curator)
        archived, updated, created = answer.json()["items"]
        assert answer.json()["next"] is None
        assert [e["action"] for e in (archived, updated, created)] == [
            "archived",
            "updated",
            "created",
        ]
        assert updated == {
            "id": updated["id"],
            "at": updated["at"],
            "actor": updated["actor"],
            "action": "updated",
            "before": {"city": "Hwasun"},
            "after": {"city": "Songdo"},
            "request_id": REQUEST,
            "revision": created["revision"] + 1,
        }
        assert updated["actor"] != created["actor"] == archived["actor"]
        assert created["after"]["name"] == made["name"]
        assert archived["revision"] == created["revision"] + 2

    def test_keeps_no_words_of_a_client_in_the_place_of_a_request_s_id(
        self, client: TestClient, create: Create, curator: Headers
    ) -> None:
        create()
        said = "Project-NEPTUNE-for-Acme"
        sent = tagged(curator, 1) | {"X-Request-Id": said}
        answer = client.patch("/v1/providers/hanbit-bio", json={"city": "Songdo"}, headers=sent)
        assert answer.headers["x-request-id"] == said
        told = client.get("/v1/providers/hanbit-bio/history", headers=curator)
        (request_id, _) = [each["request_id"] for each in told.json()["items"]]
        assert re.fullmatch("[0-9a-f]{32}", request_id)
        assert said not in told.text

    def test_comes_in_pages(self, client: TestClient, create: Create, curator: Headers) -> None:
        create()
        for version, city in enumerate("abcd", start=1):
            client.patch(
                "/v1/providers/hanbit-bio", json={"city": city}, headers=tagged(curator, version)
            )
        seen, after = [], None
        for _ in range(3):
            page = client.get(
                "/v1/providers/hanbit-bio/history",
                params={"limit": 2} | ({"after": after} if after else {}),
                headers=curator,
            ).json()
            seen.append([(event["after"] or {}).get("city") for event in page["items"]])
            after = page["next"]
        assert (seen, after) == ([["d", "c"], ["b", "a"], [None]], None)

    @pytest.mark.parametrize(
        "cursor", ["x", "!!!", "ZXZlbnQ6MA", "ZXZlbnQ6OTIyMzM3MjAzNjg1NDc3NTgwOA", "é", "\x00"]
    )
    def test_refuses_a_cursor_that_is_none(
        self, client: TestClient, create: Create, curator: Headers, cursor: str
    ) -> None:
        create()
        answer = client.get(
            "/v1/providers/hanbit-bio/history", params={"after": cursor}, headers=curator
        )
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad-request")
