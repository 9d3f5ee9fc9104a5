"""Edits of a provider: under the version that was read, or not at all."""

import pytest
from fastapi.testclient import TestClient

from tests.service import Create, Headers, tagged


class TestUpdate:
    def test_changes_what_is_given_and_counts(
        self, client: TestClient, create: Create, curator: Headers
    ) -> None:
        made = create(city="Hwasun", certificates=[{"standard": "GMP"}])
        answer = client.patch(
            "/v1/providers/hanbit-bio",
            json={"city": None, "native_name": "한빛", "certificates": [{"standard": "GLP"}]},
            headers=tagged(curator, 1),
        )
        assert answer.status_code == 200
        assert answer.headers["etag"] == '"2"'
        changed = answer.json()
        (glp,) = changed["certificates"]
        assert glp["standard"] == "GLP"
        assert changed == made | {
            "city": None,
            "native_name": "한빛",
            "certificates": [glp],
            "version": 2,
            "updated_at": changed["updated_at"],
        }
        assert client.get("/v1/providers/hanbit-bio").json() == changed

    def test_changes_nothing_where_nothing_differs(
        self, client: TestClient, create: Create, curator: Headers
    ) -> None:
        made = create(city="Hwasun")
        for body in ({}, {"city": "Hwasun"}):
            answer = client.patch("/v1/providers/hanbit-bio", json=body, headers=tagged(curator, 1))
            assert (answer.status_code, answer.json()) == (200, made)

    @pytest.mark.parametrize("field", ["name", "kind", "state", "aliases", "certificates"])
    def test_null_is_refused_where_something_is_needed(
        self, client: TestClient, create: Create, curator: Headers, field: str
    ) -> None:
        create()
        answer = client.patch(
            "/v1/providers/hanbit-bio", json={field: None}, headers=tagged(curator, 1)
        )
        assert answer.status_code == 422
        assert [error["where"] for error in answer.json()["errors"]] == [f"body.{field}"]

    @pytest.mark.parametrize("tag", ['"2"', 'W/"1"', '"1x"', '"0", "3"', '""'])
    def test_refuses_a_stale_version(
        self, client: TestClient, create: Create, curator: Headers, tag: str
    ) -> None:
        made = create()
        answer = client.patch(
            "/v1/providers/hanbit-bio", json={"city": "Paris"}, headers=curator | {"If-Match": tag}
        )
        assert (answer.status_code, answer.json()["type"]) == (412, "/problems/stale")
        assert client.get("/v1/providers/hanbit-bio").json() == made

    @pytest.mark.parametrize("tag", ['"1"', "*", '"7", "1"'])
    def test_takes_the_present_version(
        self, client: TestClient, create: Create, curator: Headers, tag: str
    ) -> None:
        create()
        answer = client.patch(
            "/v1/providers/hanbit-bio", json={"city": "Paris"}, headers=curator | {"If-Match": tag}
        )
        assert (answer.status_code, answer.json()["version"]) == (200, 2)

    def test_needs_if_match(self, client: TestClient, create: Create, curator: Headers) -> None:
        create()
        answer = client.patch("/v1/providers/hanbit-bio", json={"city": "Paris"}, headers=curator)
        assert (answer.status_code, answer.json()["type"]) == (
            428,
            "/problems/precondition-required",
        )

    @pytest.mark.parametrize("tag", ["1", "", '"1', "'1'", '"1" "2"'])
    def test_refuses_an_if_match_that_is_no_etag(
        self, client: TestClient, create: Create, curator: Headers, tag: str
    ) -> None:
        create()
        answer = client.patch(
            "/v1/providers/hanbit-bio", json={"city": "Paris"}, headers=curator | {"If-Match": tag}
        )
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad-request")

    def test_publishes(self, client: TestClient, create: Create, curator: Headers) -> None:
        create(state="draft")
        client.patch(
            "/v1/providers/hanbit-bio", json={"state": "published"}, headers=tagged(curator, 1)
        )
        assert client.get("/v1/providers/hanbit-bio").json()["state"] == "published"


class TestArchive:
    def test_takes_it_from_the_catalogue_and_keeps_the_record(
        self, client: TestClient, create: Create, curator: Headers
    ) -> None:
        made = create()
        answer = client.delete("/v1/providers/hanbit-bio", headers=tagged(curator, 1))
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (204, b"", '"2"')
        assert client.get("/v1/providers/hanbit-bio").status_code == 404
        kept = client.get("/v1/providers/hanbit-bio", headers=curator).json()
        assert kept == made | {
            "state": "archived",
            "version": 2,
            "updated_at": kept["updated_at"],
        }

    def test_needs_if_match(self, client: TestClient, create: Create, curator: Headers) -> None:
        create()
        assert client.delete("/v1/providers/hanbit-bio", headers=curator).status_code == 428
