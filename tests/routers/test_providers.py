"""Providers over HTTP: who sees what, and how a record is edited."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.service import Create, Headers

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
