"""What keys of each role may do, whom they are for, and how they end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app.db import writing
from app.models.key import Key
from app.services.tenancy import SYSTEM
from tests.catalogue import load
from tests.service import Headers, OpenPortal, bearer

HOME = "https://www.cluster.org"


class TestIssue:
    @pytest.mark.parametrize(
        ("fields", "where"),
        [
            ({"role": "embed"}, "body.origins"),
            ({"role": "embed", "origins": ["https://a.org/path"]}, "body.origins[0]"),
            ({"role": "embed", "origins": ["*"]}, "body.origins[0]"),
            ({"role": "curator", "origins": [HOME]}, "body.origins"),
            ({"role": "partner"}, "body.portal_id"),
            ({"role": "curator", "scopes": ["tenancy"]}, "body.scopes"),
            ({"role": "curator", "scopes": []}, "body.scopes"),
            ({"role": "curator", "scopes": ["match", "match"]}, "body.scopes"),
            (
                {"role": "company", "company_id": "00000000-0000-0000-0000-000000000000"},
                "body.company_id",
            ),
            (
                {"role": "curator", "company_id": "00000000-0000-0000-0000-000000000000"},
                "body.company_id",
            ),
            (
                {"role": "curator", "portal_id": "00000000-0000-0000-0000-000000000000"},
                "body.portal_id",
            ),
            ({"role": "curator", "expires_in_days": 0}, "body.expires_in_days"),
        ],
    )
    def test_refuses_what_does_not_go_together(
        self, client: TestClient, admin: Headers, fields: dict[str, Any], where: str
    ) -> None:
        answer = client.post("/v1/keys", json={"name": "x", **fields}, headers=admin)
        assert answer.status_code == 422
        assert [each["where"] for each in answer.json()["errors"]] == [where]

    def test_admins_and_curators_are_the_centres_alone(
        self, client: TestClient, admin: Headers, open_portal: OpenPortal
    ) -> None:
        songdo = open_portal("songdo")
        for role in ("admin", "curator"):
            body = {"name": "x", "role": role, "portal_id": songdo.portal_id}
            assert client.post("/v1/keys", json=body, headers=admin).status_code == 422
            body = {"name": "x", "role": role}
            assert client.post("/v1/keys", json=body, headers=songdo.partner).status_code == 403

    def test_a_partner_makes_no_key_for_another_portal(
        self, client: TestClient, open_portal: OpenPortal
    ) -> None:
        songdo, paris = open_portal("songdo"), open_portal("paris")
        for fields in (
            {"role": "partner", "portal_id": paris.portal_id},
            {"role": "company", "company_id": paris.company_id},
        ):
            body = {"name": "x", **fields}
            assert client.post("/v1/keys", json=body, headers=songdo.partner).status_code == 422

    def test_a_companys_key_makes_the_company_where_none_is_named(
        self, client: TestClient, open_portal: OpenPortal
    ) -> None:
        songdo = open_portal("songdo")
        body = {"name": "Beta", "role": "company"}
        made = client.post("/v1/keys", json=body, headers=songdo.partner).json()
        items = client.get("/v1/companies", headers=songdo.partner).json()["items"]
        assert [(each["id"], each["name"]) for each in items][1:] == [(made["company_id"], "Beta")]

    def test_a_partner_lists_the_keys_of_its_portal_alone(
        self, client: TestClient, admin: Headers, open_portal: OpenPortal
    ) -> None:
        songdo, _ = open_portal("songdo"), open_portal("paris")
        items = client.get("/v1/keys", headers=songdo.partner).json()["items"]
        assert [(each["role"], each["portal_id"]) for each in items] == [
            ("partner", songdo.portal_id),
            ("company", songdo.portal_id),
        ]
        roles = [each["role"] for each in client.get("/v1/keys", headers=admin).json()["items"]]
        assert roles == ["admin", "partner", "partner"]

    def test_a_foreign_key_looks_like_a_missing_one(
        self, client: TestClient, admin: Headers, open_portal: OpenPortal
    ) -> None:
        songdo, paris = open_portal("songdo"), open_portal("paris")
        _, company = client.get("/v1/keys", headers=songdo.partner).json()["items"]
        for headers in (paris.partner, admin):
            path = f"/v1/keys/{company['id']}"
            assert client.delete(path, headers=headers).status_code == 404
            assert client.post(f"{path}/rotate", json={}, headers=headers).status_code == 404


class TestScopes:
    def test_a_key_does_only_what_it_was_made_for(self, client: TestClient, admin: Headers) -> None:
        body = {"name": "x", "role": "curator", "scopes": ["match"]}
        narrow = bearer(client.post("/v1/keys", json=body, headers=admin).json())
        answer = client.post("/v1/providers", json={"name": "A", "kind": "cdmo"}, headers=narrow)
        assert answer.status_code == 403
        assert answer.json()["detail"] == "This key was made without the scope `catalogue`."

    @pytest.mark.parametrize("role", ["partner", "company"])
    def test_a_key_gives_no_scope_that_it_has_not(
        self, client: TestClient, open_portal: OpenPortal, role: str
    ) -> None:
        songdo = open_portal("songdo")
        body = {"name": "x", "role": "partner", "scopes": ["tenancy"]}
        narrow = bearer(client.post("/v1/keys", json=body, headers=songdo.partner).json())
        refusal = "Your key was made without these scopes, and so can't give them: "
        company = {"name": "y", "role": role}
        answer = client.post("/v1/keys", json=company, headers=narrow)
        told = answer.status_code, answer.json()["detail"]
        assert told == (403, refusal + "match, requirements.")
        fewer = company | {"scopes": ["tenancy"]}
        assert client.post("/v1/keys", json=fewer, headers=narrow).status_code == 201
        wide = next(
            each["id"]
            for each in client.get("/v1/keys", headers=narrow).json()["items"]
            if each["role"] == role and "requirements" in each["scopes"]
        )
        answer = client.post(f"/v1/keys/{wide}/rotate", json={}, headers=narrow)
        assert (answer.status_code, answer.json()["detail"]) == told
        invited = {"name": "z", "role": role, "email": "lee@hanbit.example"}
        answer = client.post("/v1/people", json=invited, headers=narrow)
        assert (answer.status_code, answer.json()["detail"]) == told


class TestEmbed:
    @pytest.fixture
    def embedded(self, client: TestClient, open_portal: OpenPortal) -> Headers:
        body = {"name": "page", "role": "embed", "origins": [HOME, HOME]}
        made = client.post("/v1/keys", json=body, headers=open_portal("songdo").partner).json()
        assert made["origins"] == [HOME]
        return bearer(made)

    def test_works_in_its_own_pages_alone(self, client: TestClient, embedded: Headers) -> None:
        path = "/v1/criteria"
        assert client.get(path, headers=embedded | {"Origin": HOME}).status_code == 200
        for origin in ("https://evil.org", f"{HOME}:8443", "null", ""):
            assert client.get(path, headers=embedded | {"Origin": origin}).status_code == 403
        assert client.get(path, headers=embedded).status_code == 403

    def test_its_pages_may_read_the_answers(self, client: TestClient, embedded: Headers) -> None:
        asked = {"Access-Control-Request-Method": "POST"}
        allowed = client.options("/v1/match", headers=asked | {"Origin": HOME})
        assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (204, HOME)
        refused = client.options("/v1/match", headers=asked | {"Origin": "https://evil.org"})
        assert refused.status_code == 403
        assert "access-control-allow-origin" not in refused.headers
        answer = client.get("/v1/criteria", headers=embedded | {"Origin": HOME})
        assert answer.headers["access-control-allow-origin"] == HOME
        foreign = client.get("/v1/criteria", headers={"Origin": "https://evil.org"})
        assert "access-control-allow-origin" not in foreign.headers

    def test_a_revoked_key_opens_its_pages_no_more(
        self, client: TestClient, admin: Headers, embedded: Headers
    ) -> None:
        ids = [
            key["id"]
            for key in client.get("/v1/keys", headers=admin).json()["items"]
            if key["role"] == "embed"
        ]
        assert client.delete(f"/v1/keys/{ids[0]}", headers=admin).status_code == 204
        headers = {"Origin": HOME, "Access-Control-Request-Method": "GET"}
        assert client.options("/v1/criteria", headers=headers).status_code == 403

    def test_reads_and_matches_and_nothing_else(
        self, client: TestClient, embedded: Headers, engine: Engine
    ) -> None:
        load(engine)
        headers = embedded | {"Origin": HOME}
        matched = client.post("/v1/match", json={"text": "mRNA"}, headers=headers)
        assert matched.status_code == 200
        for path in ("/v1/keys", "/v1/companies", "/v1/portals", "/v1/phrases"):
            assert client.get(path, headers=headers).status_code == 403


class TestEnd:
    def test_an_expired_key_is_refused_and_says_so(
        self, client: TestClient, admin: Headers, engine: Engine
    ) -> None:
        body = {"name": "x", "role": "admin", "expires_in_days": 1}
        made = client.post("/v1/keys", json=body, headers=admin).json()
        headers = bearer(made)
        assert client.get("/v1/keys", headers=headers).status_code == 200
        with writing(engine, SYSTEM.claims) as session:
            for key in session.exec(select(Key).where(Key.expires_at != None)).all():  # noqa: E711 # SQL's own comparison
                key.expires_at = datetime.now(UTC) - timedelta(seconds=1)
        answer = client.get("/v1/keys", headers=headers)
        assert answer.status_code == 401
        assert answer.json()["detail"] == "This key has expired. Ask for a new one."
        rotated = client.post(f"/v1/keys/{made['id']}/rotate", json={}, headers=admin)
        assert rotated.status_code == 409

    def test_a_rotated_key_goes_on_for_a_while(
        self, client: TestClient, open_portal: OpenPortal
    ) -> None:
        songdo = open_portal("songdo")
        _, old = client.get("/v1/keys", headers=songdo.partner).json()["items"]
        answer = client.post(f"/v1/keys/{old['id']}/rotate", headers=songdo.partner)
        new = answer.json()
        assert answer.status_code == 201
        secret = new.pop("secret")
        assert new == old | {"id": new["id"], "created_at": new["created_at"]}
        for headers in (songdo.company, bearer({"secret": secret})):
            assert client.get("/v1/companies", headers=headers).status_code == 200
        _, ending, _ = client.get("/v1/keys", headers=songdo.partner).json()["items"]
        end = datetime.fromisoformat(ending["expires_at"]) - datetime.now(UTC)
        assert timedelta(hours=23) < end <= timedelta(hours=24)

    def test_without_overlap_the_old_key_ends_at_once(
        self, client: TestClient, open_portal: OpenPortal
    ) -> None:
        songdo = open_portal("songdo")
        _, old = client.get("/v1/keys", headers=songdo.partner).json()["items"]
        body = {"overlap_hours": 0}
        client.post(f"/v1/keys/{old['id']}/rotate", json=body, headers=songdo.partner)
        assert client.get("/v1/companies", headers=songdo.company).status_code == 401
