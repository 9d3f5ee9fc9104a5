"""Every page for people who signed in x every reader x what is theirs, somebody else's or missing.

Written by hand and apart from the app's own rules; a new page needs a line in RULES.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import Engine

from app.models.key import Role
from app.services.holders import Holder
from tests.catalogue import load
from tests.people import person
from tests.service import Headers, Tenant
from tests.web.markup import Page
from tests.web.readers import House, Reader, keep, run

KEEPERS = frozenset({"partner", "company", "neighbour", "stranger"})
STAFF = frozenset({"admin", "partner", "stranger"})
CENTRE = frozenset({"admin", "curator"})
EVERYBODY = KEEPERS | CENTRE
OF_SONGDO = frozenset({"partner", "company"})  # who keep what Songdo's company has
OPEN = (
    *("/", "/providers", "/providers/{slug}", "/openapi.json", "/docs"),
    *("/sign-in", "/sign-out", "/sign-in/provider", "/sign-in/provider/callback"),
    *("/invitations", "/password-resets", "/password-resets/confirm"),
)


@dataclass(frozen=True)
class Rule:
    """Who may open a page, and which of them reach the thing of Songdo's company on it."""

    who: frozenset[str]
    thing: str = ""
    reach: frozenset[str] = OF_SONGDO
    form: dict[str, str] = field(default_factory=dict)

    def answer(self, reader: Reader, whose: str) -> int:
        """The status: 303 for who isn't signed in and for what was done, 200 for a page."""
        if reader.name == "nobody":
            return 303
        if reader.name not in self.who:
            return 403
        if self.thing and (whose == "missing" or not self._reaches(reader, whose)):
            return 404
        return 0

    def _reaches(self, reader: Reader, whose: str) -> bool:
        return reader.name in (self.reach if whose == "songdo" else {"stranger"})


_OF_ACCOUNT = OF_SONGDO  # nobody of the centre keeps people or companies of another portal
RULES: dict[tuple[str, str], Rule] = {
    ("GET", "/requirements"): Rule(KEEPERS),
    ("GET", "/requirements/new"): Rule(KEEPERS),
    ("POST", "/requirements"): Rule(KEEPERS),
    ("GET", "/shared"): Rule(CENTRE),
    ("GET", "/requirements/{requirement_id}"): Rule(EVERYBODY, "requirement"),
    ("GET", "/requirements/{requirement_id}/edit"): Rule(KEEPERS, "requirement"),
    ("POST", "/requirements/{requirement_id}/edit"): Rule(
        KEEPERS, "requirement", form={"title": "x", "text": "mRNA", "version": "1"}
    ),
    ("POST", "/requirements/{requirement_id}/share"): Rule(KEEPERS, "requirement"),
    ("POST", "/requirements/{requirement_id}/unshare"): Rule(KEEPERS, "requirement"),
    ("POST", "/requirements/{requirement_id}/runs"): Rule(KEEPERS, "requirement"),
    ("GET", "/requirements/{requirement_id}/delete"): Rule(KEEPERS, "requirement"),
    ("POST", "/requirements/{requirement_id}/delete"): Rule(
        KEEPERS, "requirement", form={"version": "1"}
    ),
    ("GET", "/runs/{run_id}"): Rule(KEEPERS, "run"),
    ("POST", "/runs/{run_id}/replay"): Rule(KEEPERS, "run"),
    ("GET", "/runs/{run_id}/diff/{other_id}"): Rule(KEEPERS, "run"),
    ("GET", "/people"): Rule(EVERYBODY - {"curator"}),
    ("POST", "/people"): Rule(EVERYBODY - {"curator"}),
    ("POST", "/people/{person_id}/invitation"): Rule(EVERYBODY - {"curator"}, "person"),
    ("POST", "/people/{person_id}/sign-out"): Rule(EVERYBODY - {"curator"}, "person"),
    ("GET", "/people/{person_id}/remove"): Rule(EVERYBODY - {"curator"}, "person"),
    ("POST", "/people/{person_id}/remove"): Rule(EVERYBODY - {"curator"}, "person"),
    ("GET", "/companies"): Rule(STAFF),
    ("POST", "/companies"): Rule(STAFF),
    ("GET", "/companies/{company_id}/export"): Rule(KEEPERS, "company"),
    ("GET", "/companies/{company_id}/delete"): Rule(STAFF, "company"),
    ("POST", "/companies/{company_id}/delete"): Rule(STAFF, "company", form={"name": "Gone"}),
    ("GET", "/account"): Rule(EVERYBODY),
    ("POST", "/account/password"): Rule(EVERYBODY),
    ("POST", "/account/sign-out"): Rule(frozenset()),  # for everybody, see below
}


@pytest.fixture(autouse=True)
def _catalogue(engine: Engine) -> None:
    load(engine)


def _new_requirement(house: House, engine: Engine, tenant: Tenant) -> str:
    return str(keep(house, tenant=tenant)["id"])


def _new_run(house: House, engine: Engine, tenant: Tenant) -> str:
    return run(house, keep(house, tenant=tenant), tenant=tenant)


def _new_person(house: House, engine: Engine, tenant: Tenant) -> str:
    holder = Holder(UUID(tenant.portal_id), UUID(tenant.company_id))
    return person(engine, Role.COMPANY, email=f"{uuid4().hex}@x.example", holder=holder)


def _company(house: House, engine: Engine, tenant: Tenant) -> str:
    return tenant.company_id


MAKE: dict[str, Callable[[House, Engine, Tenant], str]] = {
    "requirement": _new_requirement,
    "run": _new_run,
    "person": _new_person,
    "company": _company,
}


def _things(rule: Rule, house: House, engine: Engine) -> dict[str, str]:
    if not rule.thing:
        return {"": ""}
    make = MAKE[rule.thing]
    return {
        "songdo": make(house, engine, house.songdo),
        "paris": make(house, engine, house.paris),
        "missing": str(uuid4()),
    }


def _ask(reader: Reader, method: str, path: str, rule: Rule) -> Any:
    return reader.get(path) if method == "GET" else reader.post(path, **rule.form)


def _address(path: str, thing: str) -> str:
    return "/".join(thing if part.startswith("{") else part for part in path.split("/"))


@pytest.mark.parametrize("kind", ["", *MAKE])
def test_a_page_is_for_those_alone_whom_the_table_names(
    house: House, engine: Engine, kind: str
) -> None:
    wrong: list[str] = []
    for (method, path), rule in RULES.items():
        if rule.thing == kind and path != "/account/sign-out":
            wrong += _wrong(house, engine, method, path)
    assert wrong == []


def _wrong(house: House, engine: Engine, method: str, path: str) -> list[str]:
    """Who is answered otherwise than the table says; what is somebody else's has to look like what
    isn't there."""
    rule = RULES[method, path]
    wrong: list[str] = []
    refused: dict[str, set[str]] = {}
    # Whoever is refused asks first: what the others do may end the thing.
    order = sorted(house.readers, key=lambda each: rule.answer(each, "songdo") == 0)
    things = _things(rule, house, engine)
    for reader in order:
        for whose, thing in things.items():
            address = _address(path, thing)
            found = _ask(reader, method, address, rule)
            expected = rule.answer(reader, whose)
            if found.status_code == 404:
                refused.setdefault(reader.name, set()).add(found.text.replace(thing, ""))
            is_right = found.status_code == expected if expected else _is_done(found)
            if not is_right:
                wrong.append(f"{method} {path} of {whose} by {reader.name}: {found.status_code}")
            if expected == 0 and method == "POST" and rule.thing not in ("", "company"):
                things = {**things, whose: _things(rule, house, engine)[whose]}
    several = [name for name, words in refused.items() if len(words) > 1]
    return wrong + [f"{method} {path} tells {name} more than one thing" for name in several]


def _is_done(found: Any) -> bool:
    """Shown, done, or a form that is shown again with what is wrong in it."""
    if found.status_code == 303:
        return not found.headers["location"].startswith("/sign-in")
    return found.status_code in (200, 422)


def test_the_table_names_every_page(app: FastAPI) -> None:
    documented = app.openapi()["paths"]
    pages = {
        (method, route.path)
        for route in iter_route_contexts(app.routes)
        for method in route.methods or ()
        if route.path not in (*OPEN, *documented) and method != "HEAD"
    }
    assert {(m, p) for m, p in pages if p and not p.startswith("/static")} == set(RULES)


def test_the_header_leads_where_the_reader_may_go(house: House) -> None:
    found = {
        reader.name: [
            str(link["href"])
            for link in Page(reader.get("/providers").text).all("a")
            if link["href"] in ("/requirements", "/shared", "/companies", "/people", "/account")
        ]
        for reader in house.readers
    }
    of_partner = ["/requirements", "/companies", "/people", "/account"]
    of_company = ["/requirements", "/people", "/account"]
    assert found == {
        "nobody": [],
        "admin": ["/shared", "/companies", "/people", "/account"],
        "curator": ["/shared", "/account"],
        "partner": of_partner,
        "company": of_company,
        "neighbour": of_company,
        "stranger": of_partner,
    }


def test_a_key_opens_no_page(house: House, curator: Headers) -> None:
    browser = house.nobody.browser
    for headers in (curator, house.songdo.company, {"Authorization": "Basic eDp5"}):
        browser.cookies.clear()
        answer = browser.get("/account", headers=headers, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Faccount")
        assert browser.get("/", headers=headers).status_code == 200


def test_everybody_may_sign_out_everywhere(house: House) -> None:
    for reader in house.readers[1:]:
        answer = reader.post("/account/sign-out")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        assert reader.get("/account").headers["location"] == "/sign-in?next=%2Faccount"
    assert house.nobody.post("/account/sign-out").status_code == 303
