"""A company's way through its pages in a real browser, with JavaScript and without: sign in, keep,
run, share, delete."""

import re
from uuid import UUID

import pytest
from fastapi import FastAPI
from playwright.sync_api import expect

from app.db import writing
from app.models.key import Role
from app.models.portal import PortalCreate
from app.services import companies, portals
from app.services.editing import Editor
from app.services.holders import Holder
from app.services.tenancy import SYSTEM
from tests.people import PASSWORD, person
from tests.web.conftest import NEED
from tests.web.test_browser import Open, browser, origin, visit

__all__ = ("browser", "origin", "visit")
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("_quick_hashes")]


def _people(site: FastAPI, name: str) -> tuple[str, str]:
    """The addresses of somebody of a new company, and of a curator."""
    with writing(site.state.engine, SYSTEM.claims) as session:
        portal = portals.create(session, PortalCreate(slug=name, name=name), Editor())
        company = companies.make(session, "Hanbit Bio", portal.id, Editor())
        holder = Holder(UUID(str(portal.id)), UUID(str(company.id)))
    addresses = f"kim.{name}@hanbit.example", f"cho.{name}@centre.example"
    person(site.state.engine, Role.COMPANY, email=addresses[0], holder=holder)
    person(site.state.engine, Role.CURATOR, email=addresses[1])
    return addresses


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_need_is_kept_run_shared_and_deleted(
    visit: Open,
    site: FastAPI,
    javascript: bool,
    width: int,
) -> None:
    seen = visit(javascript=javascript, width=width)
    page = seen.goes("/requirements")  # leads to the sign-in, and back
    company, curator = _people(site, f"songdo-{width}-{javascript}".lower())
    page.get_by_label("E-mail address").fill(company)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Requirements")).to_be_visible()
    assert page.url == f"{seen.origin}/requirements"

    page.get_by_role("link", name="Find providers").click()
    page.get_by_label("What do you need?").fill(NEED)
    page.get_by_role("button", name="Find providers").click()
    page.get_by_label("Title").fill("Our vaccine")
    page.get_by_role("button", name="Keep this").click()
    expect(page.get_by_role("heading", name="Our vaccine")).to_be_visible()
    kept = page.url.partition("?")[0]

    page.get_by_role("button", name="Run now").click()
    expect(page.get_by_role("heading", name="Shortlist")).to_be_visible()
    expect(page.get_by_role("heading", name="Hwasun Centre")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.get_by_role("button", name="Compute it again").click()
    expect(page.get_by_text("The same answer, to the byte.")).to_be_visible()

    page.goto(kept)
    page.get_by_role("button", name="Share with the centre").click()
    expect(page.get_by_text("curators can read it now")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    theirs = visit(javascript=javascript).goes("/shared")
    theirs.get_by_label("E-mail address").fill(curator)
    theirs.get_by_label("Password").fill(PASSWORD)
    theirs.get_by_role("button", name="Sign in").click()
    theirs.get_by_role("link", name="Our vaccine").click()
    expect(theirs.get_by_text(NEED)).to_be_visible()
    expect(theirs.get_by_role("button", name="Run now")).to_have_count(0)

    page.get_by_role("link", name=re.compile("^Delete")).click()
    page.get_by_role("button", name="Delete it for good").click()
    expect(page.get_by_text("It is deleted, with its runs.")).to_be_visible()
    assert not [url for url in seen.asked if "mRNA" in url]
    assert page.evaluate("document.documentElement.scrollWidth") == width
