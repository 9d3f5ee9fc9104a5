"""Who may write: nobody without a key."""

import pytest
from fastapi.testclient import TestClient

from tests.service import Headers


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
        ("GET", "/v1/phrases"),
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
