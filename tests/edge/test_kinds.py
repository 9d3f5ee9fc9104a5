import pytest
from fastapi import FastAPI

from app.edge.kinds import Kind, is_large, kind_of


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/livez", Kind.OPERATION),
        ("GET", "/readyz", Kind.OPERATION),
        ("GET", "/metrics", Kind.OPERATION),
        ("GET", "/static/site.css", Kind.ASSET),
        ("GET", "/", Kind.READ),
        ("GET", "/v1/providers", Kind.READ),
        ("OPTIONS", "/v1/match", Kind.READ),
        ("POST", "/", Kind.MATCH),
        ("POST", "/v1/match", Kind.MATCH),
        ("POST", "/v1/intake", Kind.MATCH),
        ("POST", "/v1/requirements/7/runs", Kind.MATCH),
        ("POST", "/v1/runs/7/replay", Kind.MATCH),
        ("GET", "/v1/requirements/7/runs", Kind.READ),
        ("POST", "/v1/requirements", Kind.WRITE),
        ("POST", "/v1/providers", Kind.WRITE),
        ("PATCH", "/v1/providers/x", Kind.WRITE),
        ("DELETE", "/v1/providers/x", Kind.WRITE),
        ("POST", "/v1/providers/import", Kind.TRANSFER),
        ("GET", "/v1/providers/export", Kind.TRANSFER),
        ("POST", "/v1/sessions", Kind.SIGN_IN),
        ("POST", "/sign-in", Kind.SIGN_IN),
        ("POST", "/v1/password-resets", Kind.SIGN_IN),
        ("POST", "/v1/invitations/7/accept", Kind.SIGN_IN),
        ("POST", "/account/password", Kind.SIGN_IN),
        ("GET", "/account", Kind.READ),
        ("POST", "/requirements/7/runs", Kind.MATCH),
        ("POST", "/runs/7/replay", Kind.MATCH),
        ("POST", "/requirements/7/share", Kind.WRITE),
        ("GET", "/runs/7/diff/8", Kind.READ),
        ("GET", "/companies/7/export", Kind.TRANSFER),
        ("POST", "/companies/7/delete", Kind.WRITE),
    ],
)
def test_kinds(method: str, path: str, kind: Kind) -> None:
    assert kind_of(method, path) is kind


@pytest.mark.parametrize(
    ("path", "body", "large"),
    [
        ("/v1/match", b"", False),
        ("/v1/match", b'{"text": "GLP toxicity study in rats"}', False),
        ("/v1/match", b'{"needs": [' + b'{"service": "fill-finish"},' * 8 + b"]}", False),
        ("/v1/match", b'{"needs": [{"service": "fill-finish"}], "limit": 100}', False),
        ("/v1/match", b'{"needs": [' + b'{"service": "x"},' * 32 + b"]}", True),
        ("/v1/match", b'{"limit" : 100, "needs": [' + b'{"service": "x"},' * 8 + b"]}", True),
        ("/v1/match", b'{"text": "' + b"x" * 4000 + b'"}', True),
        ("/v1/match", rb'{"l\u0069mit": 100, "text": "x"}', True),
        ("/v1/match", rb'{"limi\u0074" : 100, "text": "x"}', True),
        ("/v1/match", rb'{"text": "\ub3c5\uc131 \"GLP\": 1", "limit": 5}', False),
        ("/v1/requirements/7/runs", b"", True),
        ("/requirements/7/runs", b"", True),
        ("/v1/runs/7/replay", b"", True),
    ],
)
def test_large_matches(path: str, body: bytes, large: bool) -> None:
    assert is_large(path, body) is large


def test_every_post_that_is_not_a_write_is_meant_to_be(app: FastAPI) -> None:
    others = {
        path: kind_of("POST", path)
        for path, operations in app.openapi()["paths"].items()
        if "post" in operations and kind_of("POST", path) is not Kind.WRITE
    }
    assert others == {
        "/v1/match": Kind.MATCH,
        "/v1/intake": Kind.MATCH,
        "/v1/requirements/{requirement_id}/runs": Kind.MATCH,
        "/v1/runs/{run_id}/replay": Kind.MATCH,
        "/v1/sign-in": Kind.SIGN_IN,
        "/v1/invitations/accept": Kind.SIGN_IN,
        "/v1/password-resets": Kind.SIGN_IN,
        "/v1/password-resets/confirm": Kind.SIGN_IN,
    }
