"""Companies over HTTP: seen by themselves and by their own portal's staff."""

from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from tests.service import Headers, OpenPortal, tagged


class TestCreate:
    def test_answers_the_company_and_where_it_is(
        self, client: TestClient, open_portal: OpenPortal
    ) -> None:
        songdo = open_portal("songdo")
        answer = client.post("/v1/companies", json={"name": "Alpha"}, headers=songdo.partner)
        made = answer.json()
        assert answer.status_code == 201
        assert answer.headers["location"] == f"/v1/companies/{made['id']}"
        assert made == {
            "id": made["id"],
            "portal_id": songdo.portal_id,
            "name": "Alpha",
            "version": 1,
            "created_at": made["created_at"],
        }
        assert client.get(answer.headers["location"], headers=songdo.partner).json() == made

    def test_only_a_portals_own_staff_adds_to_it(
        self, client: TestClient, open_portal: OpenPortal, admin: Headers
    ) -> None:
        songdo, paris = open_portal("songdo"), open_portal("paris")
        for headers in (admin, paris.partner):
            body = {"name": "Alpha", "portal_id": songdo.portal_id}
            answer = client.post("/v1/companies", json=body, headers=headers)
            assert answer.status_code == 422
            assert [each["where"] for each in answer.json()["errors"]] == ["body.portal_id"]


class TestRights:
    def test_each_sees_what_it_keeps(
        self, client: TestClient, open_portal: OpenPortal, admin: Headers
    ) -> None:
        songdo, paris = open_portal("songdo"), open_portal("paris")
        client.post("/v1/companies", json={"name": "the centre's"}, headers=admin)
        seen = {
            name: [
                each["name"]
                for each in client.get("/v1/companies", headers=headers).json()["items"]
            ]
            for name, headers in (
                ("admin", admin),
                ("songdo", songdo.partner),
                ("its company", songdo.company),
                ("paris", paris.partner),
            )
        }
        assert seen == {
            "admin": ["the centre's"],
            "songdo": ["songdo start-up"],
            "its company": ["songdo start-up"],
            "paris": ["paris start-up"],
        }

    @pytest.mark.parametrize("method", ["GET", "PATCH"])
    def test_a_foreign_company_looks_like_a_missing_one(
        self, client: TestClient, open_portal: OpenPortal, admin: Headers, method: str
    ) -> None:
        songdo, paris = open_portal("songdo"), open_portal("paris")
        for headers in (paris.partner, admin):
            foreign, missing = (
                client.request(
                    method, f"/v1/companies/{each}", json={"name": "X"}, headers=tagged(headers, 1)
                )
                for each in (songdo.company_id, uuid4())
            )
            assert foreign.status_code == missing.status_code == 404
            told, other = foreign.json(), missing.json()
            assert told | {"request_id": ""} == other | {"request_id": ""}

    def test_a_company_reads_itself_and_changes_nothing(
        self, client: TestClient, open_portal: OpenPortal, curator: Headers
    ) -> None:
        songdo = open_portal("songdo")
        path = f"/v1/companies/{songdo.company_id}"
        assert client.get(path, headers=songdo.company).status_code == 200
        headers = tagged(songdo.company, 1)
        assert client.patch(path, json={"name": "X"}, headers=headers).status_code == 403
        posted = client.post("/v1/companies", json={"name": "X"}, headers=songdo.company)
        assert posted.status_code == 403
        assert client.get(path, headers=curator).status_code == 403
        assert client.get(path).status_code == 401


def test_renames_under_the_version_that_was_read(
    client: TestClient, open_portal: OpenPortal
) -> None:
    songdo = open_portal("songdo")
    path = f"/v1/companies/{songdo.company_id}"
    answer = client.patch(path, json={"name": "Neu"}, headers=tagged(songdo.partner, 1))
    assert (answer.json()["name"], answer.json()["version"]) == ("Neu", 2)
    stale = client.patch(path, json={"name": "Alt"}, headers=tagged(songdo.partner, 1))
    assert stale.status_code == 412


def test_a_cursor_is_its_askers_own(client: TestClient, open_portal: OpenPortal) -> None:
    songdo, paris = open_portal("songdo"), open_portal("paris")
    for name in ("b", "c"):
        client.post("/v1/companies", json={"name": name}, headers=songdo.partner)
    first = client.get("/v1/companies", params={"limit": 1}, headers=songdo.partner).json()
    query = {"limit": 2, "after": first["next"]}
    second = client.get("/v1/companies", params=query, headers=songdo.partner).json()
    assert [each["name"] for each in second["items"]] == ["b", "c"]
    assert second["next"] is None
    assert client.get("/v1/companies", params=query, headers=paris.partner).status_code == 400
