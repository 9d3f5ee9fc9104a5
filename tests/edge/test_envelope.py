"""What holds for every request, whichever route it takes."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.service import Create, Headers


class TestEnvelope:
    def test_answers_head_like_get_without_the_body(
        self, client: TestClient, create: Create
    ) -> None:
        create()
        for path in ("/livez", "/v1/providers/hanbit-bio", "/v1/none"):
            whole, head = client.get(path), client.head(path)
            assert (head.status_code, head.content) == (whole.status_code, b"")
            for name in ("content-length", "content-type", "etag"):
                assert head.headers.get(name) == whole.headers.get(name)

    def test_gives_every_answer_its_header_fields(
        self, client: TestClient, curator: Headers
    ) -> None:
        body = {"name": "Hanbit Bio", "kind": "cdmo", "state": "published"}
        written = client.post("/v1/providers", json=body, headers=curator)
        read = client.get("/v1/providers/hanbit-bio")
        missing = client.get("/none")
        for answer in (written, read, missing):
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert answer.headers["x-request-id"]
        assert written.headers["cache-control"] == "no-store"
        assert read.headers["cache-control"] == "no-cache"


class TestHostileValues:
    @pytest.mark.parametrize(
        "text",
        ["\u0000", "\u001b[31m", "\u202e", "ﷺ" * 100, "e\u0301" * 70, "\ufeff", "'; --", "𝔤𝔢𝔫𝔢"],
    )
    def test_are_kept_or_refused(self, client: TestClient, curator: Headers, text: str) -> None:
        body = {"name": f"A {text}", "kind": "cdmo", "state": "published", "slug": "a"}
        answer = client.post("/v1/providers", json=body, headers=curator)
        assert answer.status_code in (201, 422)
        if answer.status_code == 201:
            assert client.get("/v1/providers/a").json()["name"] == body["name"].strip()

    @pytest.mark.parametrize("value", ["\x00", "\x7f", "\xff", "a\tb"])
    @pytest.mark.parametrize(
        "name", ["If-Match", "If-None-Match", "Idempotency-Key", "X-Request-Id", "Authorization"]
    )
    def test_in_header_fields_never_crash(
        self, client: TestClient, curator: Headers, name: str, value: str
    ) -> None:
        headers: Any = curator | {name: value.encode("latin-1")}
        for method in ("GET", "PATCH", "POST"):
            path = "/v1/providers" if method == "POST" else "/v1/providers/x"
            answer = client.request(method, path, headers=headers, json={})
            assert 400 <= answer.status_code < 500
