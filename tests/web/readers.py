"""Readers of pages in tests: people of several homes, each signed in in a browser of their own."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.db import writing
from app.models.key import Role
from app.models.person import StaffRole
from app.services.holders import Holder
from app.services.tenancy import SYSTEM
from tests.people import enter, person
from tests.service import OpenPortal, Tenant

_COOKIE = "__Host-cdmo-sign-in"


@dataclass(frozen=True)
class Reader:
    """Somebody at a browser; nobody is signed in where there is no cookie."""

    browser: TestClient
    name: str
    id: str = ""
    cookie: str = ""
    token: str = ""

    def get(self, path: str) -> Any:
        return self._ask("GET", path)

    def post(self, path: str, **fields: str) -> Any:
        """Send a form as its page would, with the token of this sign-in."""
        return self._ask("POST", path, {"csrf_token": self.token} | fields)

    def _ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> Any:
        self.browser.cookies.clear()
        headers = {"Cookie": f"{_COOKIE}={self.cookie}"} if self.cookie else {}
        return self.browser.request(
            method, path, data=fields, headers=headers, follow_redirects=False
        )


def signed_in(
    browser: TestClient, engine: Engine, name: str, role: StaffRole, holder: Holder | None = None
) -> Reader:
    """A new person who is signed in."""
    email = f"{name}@hanbit.example"
    made = person(engine, role, email=email, holder=holder)
    browser.cookies.clear()
    token = enter(browser, email)["X-CSRF-Token"]
    cookie = browser.cookies[_COOKIE]
    browser.cookies.clear()
    return Reader(browser, name, made, cookie, token)


@dataclass(frozen=True)
class House:
    """Everybody who may read pages, and where two of them belong."""

    nobody: Reader
    admin: Reader
    curator: Reader
    partner: Reader
    company: Reader
    neighbour: Reader  # another company of the same portal
    stranger: Reader  # another portal's staff
    songdo: Tenant
    paris: Tenant

    @property
    def readers(self) -> tuple[Reader, ...]:
        return (
            *(self.nobody, self.admin, self.curator, self.partner),
            *(self.company, self.neighbour, self.stranger),
        )


@pytest.fixture
def house(
    browser: TestClient, engine: Engine, open_portal: OpenPortal, _quick_hashes: None
) -> House:
    """Two portals with their people, and the centre's."""
    songdo, paris = open_portal("songdo"), open_portal("paris")
    portal, abroad = UUID(songdo.portal_id), UUID(paris.portal_id)
    answer = browser.post("/v1/companies", json={"name": "Next door"}, headers=songdo.partner)
    next_door = UUID(answer.json()["id"])

    def make(name: str, role: StaffRole, holder: Holder | None = None) -> Reader:
        return signed_in(browser, engine, name, role, holder)

    return House(
        nobody=Reader(browser, "nobody"),
        admin=make("admin", Role.ADMIN),
        curator=make("curator", Role.CURATOR),
        partner=make("partner", Role.PARTNER, Holder(portal)),
        company=make("company", Role.COMPANY, Holder(portal, UUID(songdo.company_id))),
        neighbour=make("neighbour", Role.COMPANY, Holder(portal, next_door)),
        stranger=make("stranger", Role.PARTNER, Holder(abroad)),
        songdo=songdo,
        paris=paris,
    )


def keep(house: House, *, tenant: Tenant | None = None, **fields: Any) -> dict[str, Any]:
    """A requirement that a company keeps, by its key; Songdo's unless said otherwise."""
    body = {"title": "An mRNA vaccine", "text": "GMP mRNA and LNP formulation"} | fields
    headers = (tenant or house.songdo).company
    answer = house.nobody.browser.post("/v1/requirements", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def run(house: House, kept: dict[str, Any], *, tenant: Tenant | None = None, **body: Any) -> str:
    """The id of a run of a requirement."""
    headers = (tenant or house.songdo).company
    path = f"/v1/requirements/{kept['id']}/runs"
    answer = house.nobody.browser.post(path, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def read(house: House, kept: dict[str, Any], *, tenant: Tenant | None = None) -> Any:
    """A requirement as it stands now."""
    headers = (tenant or house.songdo).company
    return house.nobody.browser.get(f"/v1/requirements/{kept['id']}", headers=headers).json()


def rename(engine: Engine, table: Any, thing_id: str, **fields: Any) -> None:
    """Change a row behind everybody's back."""
    with writing(engine, SYSTEM.claims) as session:
        row = session.get_one(table, UUID(thing_id))
        for name, value in fields.items():
            setattr(row, name, value)
