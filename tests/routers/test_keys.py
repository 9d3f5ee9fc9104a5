"""Keys over HTTP: for admins, shown once, revoked at once."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.services.portals import CENTRE
from tests.catalogue import load
from tests.service import Headers

PAGE = "https://www.cluster.example"


class TestKeys:
    def test_is_shown_once_and_opens_what_its_role_may(
        self, client: TestClient, admin: Headers
    ) -> None:
        answer = client.post("/v1/keys", json={"name": "desk", "role": "curator"}, headers=admin)
        made = answer.json()
        assert answer.status_code == 201
        assert answer.headers["cache-control"] == "no-store"
        own, _ = client.get("/v1/keys", headers=admin).json()["items"]
        assert made == {
            "id": made["id"],
            "portal_id": str(CENTRE),
            "company_id": None,
            "name": "desk",
            "role": "curator",
            "scopes": ["catalogue", "match", "requirements"],
            "origins": [],
            "created_at": made["created_at"],
            "expires_at": None,
            "revoked_at": None,
            "last_used_at": None,
            "created_by": f"key:{own['id']}",
            "secret": made["secret"],
        }
        secret = made.pop("secret")
        _, listed = client.get("/v1/keys", headers=admin).json()["items"]
        assert listed == made
        body = {"name": "Hanbit Bio", "kind": "cdmo"}
        bearer = {"Authorization": f"Bearer {secret}"}
        assert client.post("/v1/providers", json=body, headers=bearer).status_code == 201

    def test_is_refused_from_the_next_request_on_when_revoked(
        self, client: TestClient, admin: Headers
    ) -> None:
        body = {"name": "desk", "role": "admin"}
        made = client.post("/v1/keys", json=body, headers=admin).json()
        bearer = {"Authorization": f"Bearer {made['secret']}"}
        assert client.get("/v1/keys", headers=bearer).status_code == 200
        for _ in range(2):
            answer = client.delete(f"/v1/keys/{made['id']}", headers=admin)
            assert (answer.status_code, answer.content) == (204, b"")
        assert client.get("/v1/keys", headers=bearer).status_code == 401
        assert client.get("/v1/providers/x", headers=bearer).status_code == 401

    @pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", ""), ("DELETE", "/x")])
    def test_is_for_admins(
        self, client: TestClient, curator: Headers, method: str, path: str
    ) -> None:
        assert client.request(method, f"/v1/keys{path}").status_code == 401
        answer = client.request(method, f"/v1/keys{path}", headers=curator)
        assert answer.status_code == 403
        assert answer.json() == {
            "type": "/problems/forbidden",
            "title": "This key may not do that",
            "status": 403,
            "detail": "Only admins of the centre or a portal's staff may do this.",
            "request_id": answer.headers["x-request-id"],
            "errors": [],
        }

    @pytest.mark.parametrize("key_id", ["x", "00000000-0000-0000-0000-000000000000", "%00"])
    def test_is_not_found(self, client: TestClient, admin: Headers, key_id: str) -> None:
        assert client.delete(f"/v1/keys/{key_id}", headers=admin).status_code == 404

    @pytest.mark.parametrize(
        "sent",
        [
            b"",
            b"Bearer",
            b"Bearer ",
            b"Basic YTpi",
            b"Bearer cdmo_curator_x_00000000",
            b"Bearer cdmo_curator_" + b"A" * 44 + b"_00000000",
            b"Bearer \xed\xa0\x80",
            b"Bearer \xff\x00",
            b"Bearer " + b"a" * 5000,
        ],
    )
    def test_a_key_that_is_malformed_is_refused(self, client: TestClient, sent: bytes) -> None:
        answer = client.get("/v1/providers/x", headers={b"Authorization": sent})
        assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthorized")

    @pytest.mark.parametrize(
        ("role", "method", "path", "body"),
        [
            ("curator", "GET", "/v1/providers", None),
            ("embed", "POST", "/v1/match", {"text": "plasmid"}),
            ("company", "GET", "/v1/requirements", None),
            ("company", "POST", "/v1/requirements", {"title": "x", "text": "plasmid"}),
        ],
    )
    def test_notes_when_a_key_was_last_used_whatever_for(
        self,
        client: TestClient,
        admin: Headers,
        engine: Engine,
        role: str,
        method: str,
        path: str,
        body: Any,
    ) -> None:
        load(engine)
        fields = {"origins": [PAGE]} if role == "embed" else {}
        asked = {"name": "x", "role": role, **fields}
        made = client.post("/v1/keys", json=asked, headers=admin).json()

        def used() -> str | None:
            items = client.get("/v1/keys", headers=admin).json()["items"]
            (found,) = (each["last_used_at"] for each in items if each["id"] == made["id"])
            return None if found is None else str(found)

        assert used() is None
        headers = {"Authorization": f"Bearer {made['secret']}", "Origin": PAGE}
        for _ in range(2):
            assert client.request(method, path, json=body, headers=headers).is_success
        first = used()
        assert first is not None
        client.request(method, path, json=body, headers=headers)
        assert used() == first
