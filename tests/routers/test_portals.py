"""Portals over HTTP: added by the centre's admins, seen by their own staff."""

import pytest
from fastapi.testclient import TestClient

from app.services.portals import CENTRE
from tests.service import Headers, OpenPortal, tagged


class TestCreate:
    def test_answers_the_portal_and_where_it_is(self, client: TestClient, admin: Headers) -> None:
        body = {"slug": "songdo", "name": "송도 Cluster"}
        answer = client.post("/v1/portals", json=body, headers=admin)
        made = answer.json()
        assert answer.status_code == 201
        assert answer.headers["location"] == f"/v1/portals/{made['id']}"
        assert made == {"id": made["id"], **body, "operates": False, "version": 1}
        read = client.get(answer.headers["location"], headers=admin)
        assert (read.json(), read.headers["etag"]) == (made, '"1"')

    def test_refuses_a_slug_that_is_taken(self, client: TestClient, admin: Headers) -> None:
        for status in (201, 409):
            answer = client.post("/v1/portals", json={"slug": "a", "name": "A"}, headers=admin)
            assert answer.status_code == status

    def test_a_repeat_gets_the_first_answer(self, client: TestClient, admin: Headers) -> None:
        headers = admin | {"Idempotency-Key": "once"}
        one, other = (
            client.post("/v1/portals", json={"slug": "a", "name": "A"}, headers=headers)
            for _ in range(2)
        )
        assert (one.status_code, one.json()) == (other.status_code, other.json())

    @pytest.mark.parametrize(
        "body",
        [{}, {"slug": "A b", "name": "x"}, {"slug": "a", "name": " "}, {"slug": "a", "name": "\0"}],
    )
    def test_refuses_what_names_no_portal(
        self, client: TestClient, admin: Headers, body: dict[str, str]
    ) -> None:
        assert client.post("/v1/portals", json=body, headers=admin).status_code == 422


class TestRights:
    def test_a_partner_sees_its_own_portal_alone(
        self, client: TestClient, open_portal: OpenPortal, admin: Headers
    ) -> None:
        songdo, paris = open_portal("songdo"), open_portal("paris")
        items = client.get("/v1/portals", headers=songdo.partner).json()["items"]
        assert [each["slug"] for each in items] == ["songdo"]
        foreign = client.get(f"/v1/portals/{paris.portal_id}", headers=songdo.partner)
        assert foreign.status_code == 404
        every = client.get("/v1/portals", headers=admin).json()["items"]
        assert [each["slug"] for each in every] == ["centre", "paris", "songdo"]

    def test_only_admins_change_portals(
        self, client: TestClient, open_portal: OpenPortal, curator: Headers
    ) -> None:
        songdo = open_portal("songdo")
        for headers in (songdo.partner, songdo.company, curator):
            for method, path in (("POST", ""), ("PATCH", f"/{songdo.portal_id}")):
                answer = client.request(
                    method,
                    f"/v1/portals{path}",
                    json={"slug": "x", "name": "X"},
                    headers=tagged(headers, 1),
                )
                assert answer.status_code == 403
        assert client.get("/v1/portals").status_code == 401


class TestUpdate:
    def test_renames_under_the_version_that_was_read(
        self, client: TestClient, admin: Headers
    ) -> None:
        path = f"/v1/portals/{CENTRE}"
        assert client.patch(path, json={"name": "Hwasun"}, headers=admin).status_code == 428
        answer = client.patch(path, json={"name": "Hwasun"}, headers=tagged(admin, 1))
        assert answer.json() == {
            "id": str(CENTRE),
            "slug": "centre",
            "name": "Hwasun",
            "operates": True,
            "version": 2,
        }
        assert client.patch(path, json={"name": "X"}, headers=tagged(admin, 1)).status_code == 412


def test_pages_follow_each_other(
    client: TestClient, admin: Headers, open_portal: OpenPortal
) -> None:
    for slug in ("b", "a", "c"):
        client.post("/v1/portals", json={"slug": slug, "name": slug}, headers=admin)
    slugs, after = [], ""
    while after is not None:
        query = {"limit": 1} | ({"after": after} if after else {})
        page = client.get("/v1/portals", params=query, headers=admin).json()
        slugs += [each["slug"] for each in page["items"]]
        after = page["next"]
    assert slugs == ["a", "b", "c", "centre"]
    bad = client.get("/v1/portals", params={"after": "x"}, headers=admin)
    assert bad.status_code == 400
