"""The whole service in one process, on either engine, and keys to call it with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.db import writing
from app.models.key import Role
from app.services import keys
from app.services.editing import Editor
from app.services.tenancy import SYSTEM
from app.settings import Settings

Headers = dict[str, str]


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    from app.main import create_app  # most tests need no service, and start faster without

    return create_app(settings)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """Calls as anybody; a crash is answered as a client sees it."""
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


def issue(engine: Engine, role: Role) -> Headers:
    """The header fields that carry a new key of this role."""
    with writing(engine, SYSTEM.claims) as session:
        _, secret = keys.create(session, name=f"a {role}", role=role, editor=Editor())
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def curator(engine: Engine) -> Headers:
    return issue(engine, Role.CURATOR)


@pytest.fixture
def admin(engine: Engine) -> Headers:
    return issue(engine, Role.ADMIN)


Create = Callable[..., dict[str, Any]]


@pytest.fixture
def create(client: TestClient, curator: Headers) -> Create:
    """Creates a published provider of CDMO kind; `fields` are added to it or change it."""

    def make(name: str = "Hanbit Bio", **fields: Any) -> dict[str, Any]:
        body = {"name": name, "kind": "cdmo", "state": "published"} | fields
        answer = client.post("/v1/providers", json=body, headers=curator)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    return make


def tagged(headers: Headers, version: int) -> Headers:
    """The header fields of a change to this version of a record."""
    return headers | {"If-Match": f'"{version}"'}


@dataclass(frozen=True)
class Tenant:
    """A portal with its partner's key, and one of its companies with a key of its own."""

    portal_id: str
    partner: Headers
    company_id: str
    company: Headers


OpenPortal = Callable[[str], Tenant]


@pytest.fixture
def open_portal(client: TestClient, admin: Headers) -> OpenPortal:
    """Adds a portal by its slug, with staff and a company, over HTTP."""

    def make(slug: str) -> Tenant:
        portal = _post(client, "/v1/portals", admin, slug=slug, name=slug.title())
        partner = bearer(
            _post(client, "/v1/keys", admin, name="staff", role="partner", portal_id=portal["id"])
        )
        company = _post(client, "/v1/companies", partner, name=f"{slug} start-up")
        key = _post(
            client, "/v1/keys", partner, name="key", role="company", company_id=company["id"]
        )
        return Tenant(portal["id"], partner, company["id"], bearer(key))

    return make


def bearer(key: dict[str, Any]) -> Headers:
    """The header fields that carry a key as it was answered when it was made."""
    return {"Authorization": f"Bearer {key['secret']}"}


def _post(client: TestClient, path: str, headers: Headers, **body: Any) -> dict[str, Any]:
    answer = client.post(path, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made
