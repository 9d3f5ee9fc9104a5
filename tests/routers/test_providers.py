"""Providers over HTTP: who sees what, and how a record is edited."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.service import Create, Headers, tagged

WHOLE = {
    "name": "Hanbit Bio",
    "native_name": "한빛바이오",
    "kind": "cdmo",
    "country": "KR",
    "state": "published",
    "certificates": [{"standard": "ISO 9001"}],
    "facilities": [
        {
            "name": "Plant 1",
            "city": "Hwasun",
            "lifecycle": "operating",
            "operational_from": "2021-q3",
            "certificates": [{"standard": "GMP", "authority": "MFDS"}],
        }
    ],
    "capabilities": [
        {
            "service": "fermentation",
            "stages": ["phase1", "phase2"],
            "scale": {"minimum": 5, "maximum": 500, "unit": "L"},
            "facility": "Plant 1",
            "evidence": {"address": "https://example.com/a", "seen_on": "2026-01-02"},
        },
        {"service": "fill-finish", "scale": "2 x 1000 L"},
    ],
}


class TestCreate:
    def test_answers_the_whole_record(self, client: TestClient, curator: Headers) -> None:
        answer = client.post("/v1/providers", json=WHOLE, headers=curator)
        made = answer.json()
        assert answer.status_code == 201
        assert answer.headers["location"] == f"/v1/providers/{made['id']}"
        assert answer.headers["etag"] == '"1"'
        (plant,) = made["facilities"]
        (gmp,) = plant["certificates"]
        (iso,) = made["certificates"]
        fermentation, filling = made["capabilities"]
        certificate = {"scope": None, "issued_on": None, "expires_on": None, "source": None}
        assert made == {
            "id": made["id"],
            "slug": "hanbit-bio",
            "version": 1,
            "created_at": made["created_at"],
            "updated_at": made["updated_at"],
            "name": "Hanbit Bio",
            "native_name": "한빛바이오",
            "aliases": [],
            "kind": "cdmo",
            "ownership": "unknown",
            "country": "KR",
            "region": None,
            "city": None,
            "website": None,
            "founded_year": None,
            "description": None,
            "languages": [],
            "memberships": [],
            "therapeutic_areas": [],
            "track_record": [],
            "operating": "unknown",
            "successor": None,
            "state": "published",
            "assured_on": None,
            "sources": [],
            "certificates": [
                certificate
                | {
                    "id": iso["id"],
                    "facility_id": None,
                    "site": "site not stated",
                    "standard": "ISO 9001",
                    "authority": None,
                }
            ],
            "facilities": [
                {
                    "id": plant["id"],
                    "name": "Plant 1",
                    "city": "Hwasun",
                    "country": None,
                    "lifecycle": "operating",
                    "operational_from": "2021-Q3",
                    "notes": None,
                    "certificates": [
                        certificate
                        | {
                            "id": gmp["id"],
                            "facility_id": plant["id"],
                            "site": "Plant 1",
                            "standard": "GMP",
                            "authority": "MFDS",
                        }
                    ],
                }
            ],
            "capabilities": [
                {
                    "id": fermentation["id"],
                    "service": "fermentation",
                    "modality": None,
                    "platform": None,
                    "stages": ["phase1", "phase2"],
                    "quality": None,
                    "lead_time_weeks": None,
                    "available_from": None,
                    "status": "offered",
                    "flag": None,
                    "note": None,
                    "pinned": [],
                    "facility_id": plant["id"],
                    "scale": {
                        "minimum": 5.0,
                        "maximum": 500.0,
                        "unit": "L",
                        "kind": "volume",
                        "text": "5 to 500 L",
                        "further": [],
                    },
                    "evidence": {"address": "https://example.com/a", "seen_on": "2026-01-02"},
                },
                {
                    "id": filling["id"],
                    "service": "fill-finish",
                    "modality": None,
                    "platform": None,
                    "stages": [],
                    "quality": None,
                    "lead_time_weeks": None,
                    "available_from": None,
                    "status": "offered",
                    "flag": None,
                    "note": None,
                    "pinned": [],
                    "facility_id": None,
                    "scale": {
                        "minimum": 1000.0,
                        "maximum": 1000.0,
                        "unit": "L",
                        "kind": "volume",
                        "text": "2 x 1000 L",
                        "further": [],
                    },
                    "evidence": None,
                },
            ],
        }
        assert client.get(f"/v1/providers/{made['id']}").json() == made
        assert client.get("/v1/providers/hanbit-bio").json() == made

    def test_starts_as_a_draft(self, client: TestClient, curator: Headers) -> None:
        body = {"name": "Hanbit Bio", "kind": "cdmo"}
        made = client.post("/v1/providers", json=body, headers=curator).json()
        assert made["state"] == "draft"
        assert client.get("/v1/providers/hanbit-bio").status_code == 404

    @pytest.mark.parametrize(
        ("name", "slug"),
        [
            ("Société Générale de Vaccins (SGV)", "societe-generale-de-vaccins-sgv"),
            ("한빛바이오", "provider-dea6a97307e7"),
            ("Hanbit 한빛", "hanbit"),
            ("Export", "provider-3664895579f0"),
        ],
    )
    def test_makes_a_slug_from_the_name(self, create: Create, name: str, slug: str) -> None:
        assert create(name)["slug"] == slug

    def test_refuses_a_slug_that_is_taken(
        self, client: TestClient, create: Create, curator: Headers
    ) -> None:
        create("Hanbit Bio")
        answer = client.post(
            "/v1/providers", json={"name": "Hanbit, Bio", "kind": "cdmo"}, headers=curator
        )
        assert answer.status_code == 409
        assert answer.json() == {
            "type": "/problems/conflict",
            "title": "This collides with what is stored",
            "status": 409,
            "detail": "Another provider has this slug already. Send a slug of its own.",
            "request_id": answer.headers["x-request-id"],
            "errors": [],
        }

    @pytest.mark.parametrize(
        ("fields", "where", "detail"),
        [
            (
                {"assured_on": "2999-01-01"},
                "body.assured_on",
                "This day lies in the future.",
            ),
            (
                {"slug": "import"},
                "body.slug",
                "This slug would be mistaken for something else.",
            ),
            (
                {"slug": "550e8400-e29b-41d4-a716-446655440000"},
                "body.slug",
                "This slug would be mistaken for something else.",
            ),
            (
                {"capabilities": [{"service": "x"}, {"service": "y", "facility": "Nowhere"}]},
                "body.capabilities[1].facility",
                "This provider has no facility of that name.",
            ),
            (
                {
                    "facilities": [{"name": "A"}, {"name": "A"}],
                    "capabilities": [{"service": "x", "facility": "A"}],
                },
                "body.capabilities[0].facility",
                "This provider has several facilities of that name.",
            ),
            (
                {"capabilities": [{"service": "x", "pinned": ["no-such-concept"]}]},
                "body.capabilities[0].pinned[0]",
                "The vocabulary has no such concept.",
            ),
            (
                {"capabilities": [{"service": "x", "scale": {"minimum": 5, "unit": "furlong"}}]},
                "body.capabilities[0].scale.unit",
                "This unit isn't known. Write it as L, mL, kg, vials …",
            ),
            (
                {
                    "capabilities": [
                        {"service": "x", "scale": {"minimum": 5, "maximum": 1, "unit": "L"}}
                    ]
                },
                "body.capabilities[0].scale.minimum",
                "The minimum is larger than the maximum.",
            ),
            (
                {"capabilities": [{"service": "x", "scale": {"unit": "L"}}]},
                "body.capabilities[0].scale",
                "Give a minimum, a maximum, or both.",
            ),
        ],
    )
    def test_tells_what_makes_no_sense_and_keeps_nothing(
        self,
        client: TestClient,
        curator: Headers,
        fields: dict[str, Any],
        where: str,
        detail: str,
    ) -> None:
        body = {"name": "Hanbit Bio", "kind": "cdmo", "state": "published"} | fields
        answer = client.post("/v1/providers", json=body, headers=curator)
        assert answer.status_code == 422
        assert answer.json()["errors"] == [{"where": where, "detail": detail}]
        assert client.get("/v1/providers/hanbit-bio", headers=curator).status_code == 404


class TestRead:
    @pytest.mark.parametrize("state", ["draft", "archived"])
    def test_only_curators_see_what_is_not_published(
        self, client: TestClient, create: Create, curator: Headers, state: str
    ) -> None:
        made = create(state=state)
        for path in ("", "/facilities", "/capabilities"):
            address = f"/v1/providers/{made['id']}{path}"
            assert client.get(address).status_code == 404
            assert client.get(address, headers=curator).status_code == 200

    def test_spares_the_body_that_the_caller_has(self, client: TestClient, create: Create) -> None:
        create()
        known = {"If-None-Match": 'W/"7", "1"'}
        answer = client.get("/v1/providers/hanbit-bio", headers=known)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", '"1"')
        other = {"If-None-Match": '"2"'}
        assert client.get("/v1/providers/hanbit-bio", headers=other).status_code == 200

    @pytest.mark.parametrize(
        "reference",
        [
            "00000000-0000-0000-0000-000000000000",
            "no-such-slug",
            "No Such Slug",
            "%00",
            "%ED%A0%80",
            "a" * 500,
            "9223372036854775808",
            "{550e8400-e29b-41d4-a716-446655440000}",
            "550e8400e29b41d4a716446655440000",
        ],
    )
    @pytest.mark.parametrize("path", ["", "/facilities", "/capabilities", "/history"])
    def test_answers_404_to_what_names_nothing(
        self, client: TestClient, curator: Headers, reference: str, path: str
    ) -> None:
        answer = client.get(f"/v1/providers/{reference}{path}", headers=curator)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


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


class TestRights:
    WRITES = (
        ("POST", "/v1/providers"),
        ("PATCH", "/v1/providers/hanbit-bio"),
        ("DELETE", "/v1/providers/hanbit-bio"),
        ("POST", "/v1/providers/hanbit-bio/facilities"),
        ("PATCH", "/v1/providers/hanbit-bio/facilities/x"),
        ("DELETE", "/v1/providers/hanbit-bio/facilities/x"),
        ("POST", "/v1/providers/hanbit-bio/capabilities"),
        ("PATCH", "/v1/providers/hanbit-bio/capabilities/x"),
        ("DELETE", "/v1/providers/hanbit-bio/capabilities/x"),
        ("GET", "/v1/providers/hanbit-bio/history"),
    )

    @pytest.mark.parametrize(("method", "path"), WRITES)
    def test_nobody_writes_without_a_key(self, client: TestClient, method: str, path: str) -> None:
        answer = client.request(method, path)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == 'Bearer realm="cdmo-match"'
        assert answer.json()["type"] == "/problems/unauthorized"

    def test_admins_may_all_that_curators_may(self, client: TestClient, admin: Headers) -> None:
        body = {"name": "Hanbit Bio", "kind": "cdmo"}
        assert client.post("/v1/providers", json=body, headers=admin).status_code == 201


class TestHistory:
    def test_tells_who_changed_what(
        self, client: TestClient, create: Create, curator: Headers, admin: Headers
    ) -> None:
        made = create(city="Hwasun")
        sent = tagged(admin, 1) | {"X-Request-Id": "desk-17"}
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
            "request_id": "desk-17",
            "revision": created["revision"] + 1,
        }
        assert updated["actor"] != created["actor"] == archived["actor"]
        assert created["after"]["name"] == made["name"]
        assert archived["revision"] == created["revision"] + 2

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
