"""After a sign-in back to where one was, and never to another site."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from app.web import returning
from tests.people import PASSWORD, person
from tests.web.markup import Page
from tests.web.readers import House

EMAIL = "kim@hanbit.example"
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "///evil.example",
    "/.//evil.example",
    "/%2f/evil.example",
    "/\t/evil.example",
    "/x?next=//evil.example",
    "javascript:alert(1)",
    "evil.example",
    "/@evil.example",
    " /people",
    "/people\n",
    "/x" * 200,
)


@given(st.text(alphabet="/\\.:@?#%\t\n evilx-_~", max_size=30) | st.text(max_size=30))
def test_what_is_let_through_stays_here(text: str) -> None:
    found = returning.own_path(text)
    if found is not None:
        there = urlsplit(urljoin("https://match.example/sign-in", found))
        assert (there.scheme, there.netloc) == ("https", "match.example")
        assert re.fullmatch(r"/[\w./~-]*", found, re.ASCII)


@pytest.mark.parametrize("path", ["/", "/people", "/requirements/0d3f6f1c-4a36/edit", "/a/b.c~d_e"])
def test_own_paths_are_let_through(path: str) -> None:
    assert returning.own_path(path) == path


@pytest.mark.usefixtures("_quick_hashes")
def test_no_form_leads_elsewhere(browser: TestClient, engine: Engine) -> None:
    person(engine)
    for address in ELSEWHERE:
        page = Page(browser.get("/sign-in", params={"next": address}).text)
        assert page.all("input", name="next") == [], address
        form = {"email": EMAIL, "password": PASSWORD, "next": address}
        answer = browser.post("/sign-in", data=form, follow_redirects=False)
        assert answer.headers["location"] == "/", address


ASKED = (
    ("GET", "/requirements", "/requirements"),
    ("POST", "/requirements", "/requirements"),
    ("GET", "/requirements/x/edit", "/requirements/x/edit"),
    ("POST", "/requirements/x/edit", "/requirements/x/edit"),
    ("POST", "/requirements/x/share", "/requirements/x"),
    ("POST", "/runs/x/replay", "/runs/x"),
    ("POST", "/people/x/sign-out", "/people"),
    ("POST", "/account/password", "/account"),
)


def test_an_ended_sign_in_leads_to_another_and_back_to_a_page(house: House) -> None:
    for method, path, page in ASKED:
        answer = house.nobody.get(path) if method == "GET" else house.nobody.post(path)
        location = answer.headers["location"]
        assert (answer.status_code, answer.headers["cache-control"]) == (303, "no-store")
        assert "www-authenticate" not in answer.headers
        shown = Page(house.nobody.get(location).text)
        assert [field["value"] for field in shown.all("input", name="next")] == [page]
        assert shown.all("a", hreflang="ko")[0]["href"].startswith("/sign-in?next=%2F")  # type: ignore[union-attr] # links have an address
        form = {"email": "company@hanbit.example", "password": PASSWORD, "next": page}
        wrong = Page(house.nobody.post("/sign-in?lang=ko", **form | {"password": "x"}).text)
        assert [field["value"] for field in wrong.all("input", name="next")] == [page]
        answer = house.nobody.post("/sign-in?lang=ko", **form)
        assert answer.headers["location"] == f"{page}?lang=ko"


def test_who_has_signed_in_meanwhile_is_led_on(house: House) -> None:
    answer = house.company.get("/sign-in?next=/requirements&lang=ko")
    assert (answer.status_code, answer.headers["location"]) == (303, "/requirements?lang=ko")
    assert house.company.get("/sign-in?next=//evil.example").status_code == 200
