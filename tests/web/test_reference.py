"""The page that describes the API: only its own script may run, and it can be turned off."""

import base64
import re
from hashlib import sha256

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings


def test_its_policy_lets_in_what_it_holds(browse: TestClient) -> None:
    answer = browse.get("/docs")
    policy = dict(
        part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; ")
    )
    (script,) = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    digest = base64.b64encode(sha256(script.encode()).digest()).decode()
    assert policy["script-src"] == f"https://cdn.jsdelivr.net 'sha256-{digest}'"
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    hosts = set(re.findall(r"https://[^/\"']+", answer.text))
    assert hosts == {"https://cdn.jsdelivr.net"}
    assert "'/openapi.json'" in script


def test_the_contract_is_the_apps(browse: TestClient, site: FastAPI) -> None:
    answer = browse.get("/openapi.json")
    assert answer.json() == site.openapi()
    again = browse.get("/openapi.json", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
def test_it_can_be_turned_off(site_settings: Settings, path: str) -> None:
    closed = create_app(site_settings.model_copy(update={"docs": False}))
    with TestClient(closed) as client:
        assert client.get(path).status_code == 404


def test_there_is_no_other(browse: TestClient) -> None:
    assert browse.get("/redoc").status_code == 404
