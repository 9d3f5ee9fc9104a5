"""Every read carries a tag, and is answered with 304 to whoever has it already."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from tests.catalogue import HWASUN, load
from tests.service import Headers

PATHS = [
    "/v1/providers",
    f"/v1/providers/{HWASUN}",
    f"/v1/providers/{HWASUN}/facilities",
    f"/v1/providers/{HWASUN}/capabilities",
    f"/v1/providers/{HWASUN}/history",
    "/v1/concepts",
    "/v1/concepts/mrna",
    "/v1/concepts/suggest?q=mrna",
    "/v1/criteria",
    "/v1/phrases",
    "/v1/keys",
    "/problems",
]


def test_every_read_can_be_asked_for_anew(
    client: TestClient, engine: Engine, admin: Headers
) -> None:
    load(engine)
    for path in PATHS:
        first = client.get(path, headers=admin)
        assert first.status_code == 200, path
        tag = first.headers["etag"]
        for known in (tag, f'"x", W/{tag}', "*"):
            again = client.get(path, headers=admin | {"If-None-Match": known})
            assert (again.status_code, again.content) == (304, b""), path
            assert again.headers["etag"] == tag
            assert "content-length" not in again.headers or path != "/v1/criteria"
        other = client.get(path, headers=admin | {"If-None-Match": '"x"'})
        assert (other.status_code, other.content) == (200, first.content)
        head = client.head(path, headers=admin)
        assert (head.headers["etag"], head.content) == (tag, b"")


def test_the_tag_changes_with_the_content(client: TestClient, admin: Headers) -> None:
    before = client.get("/v1/keys", headers=admin)
    client.post("/v1/keys", json={"name": "another", "role": "curator"}, headers=admin)
    answer = client.get("/v1/keys", headers=admin | {"If-None-Match": before.headers["etag"]})
    assert answer.status_code == 200
    assert answer.headers["etag"] != before.headers["etag"]


@pytest.mark.parametrize("path", ["/livez", "/v1/none", "/"])
def test_what_is_no_read_of_a_record_has_no_tag(client: TestClient, path: str) -> None:
    assert "etag" not in client.get(path, headers={"If-None-Match": "*"}).headers


def test_the_contract_tells_of_it(app: FastAPI) -> None:
    for path, operations in app.openapi()["paths"].items():
        if path.startswith("/v1/") and "get" in operations:
            responses = operations["get"]["responses"]
            assert "304" in responses, path
            assert "ETag" in responses["200"]["headers"], path
