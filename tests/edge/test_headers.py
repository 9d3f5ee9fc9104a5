import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.service import Create, Headers

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), "
    "payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
}
PATHS = ["/", "/providers", "/v1/criteria", "/v1/none", "/livez", "/static/site.css", "/docs"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_guarded(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert {name: headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    policy = headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(policy)
    assert "strict-transport-security" not in headers


def test_with_an_address_by_tls_browsers_come_back_by_tls_alone(settings: Settings) -> None:
    changed = settings.model_copy(update={"public_url": "https://match.example.org"})
    with TestClient(create_app(changed)) as client:
        for path in PATHS:
            told = client.get(path).headers["strict-transport-security"]
            assert told == "max-age=31536000; includeSubDomains"


def test_what_one_caller_sees_is_kept_nowhere(
    client: TestClient, create: Create, curator: Headers
) -> None:
    create()
    body = {"name": "Other", "kind": "cdmo"}
    for answer, kept in (
        (client.get("/v1/providers/hanbit-bio"), "no-cache"),
        (client.get("/v1/providers/hanbit-bio", headers=curator), "no-store"),
        (client.get("/v1/criteria", headers=curator), "no-store"),
        (client.post("/v1/providers", json=body, headers=curator), "no-store"),
        (client.post("/v1/intake", json={"text": "x"}), "no-store"),
    ):
        assert answer.headers["cache-control"] == kept
        assert answer.headers["vary"] == "Authorization, Origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
