"""The pages in a real browser, with JavaScript and without: they work, nothing leaves the origin,
and nothing breaks the policy."""

import re
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Thread

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.people import PASSWORD, person
from tests.web.conftest import NEED

pytestmark = pytest.mark.browser

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="module")
def origin(site: FastAPI) -> Iterator[str]:
    """The service on a free port of this machine."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(site, log_config=None))
    thread = Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    listening.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "install chromium, or leave these tests out with: -m 'not browser'"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield opened
        opened.close()


@dataclass
class Visit:
    """A page being visited, and all that it asked for and complained of."""

    page: Page
    origin: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def goes(self, path: str) -> Page:
        self.page.goto(self.origin + path)
        return self.page


Open = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, origin: str) -> Iterator[Open]:
    """Opens a page with or without JavaScript; afterwards nothing may have left the origin, and
    nothing may have been complained of."""
    contexts: list[BrowserContext] = []
    visits: list[Visit] = []

    def open_page(*, javascript: bool = True, width: int = 1280, lang: str = "en-GB") -> Visit:
        context = browser.new_context(
            java_script_enabled=javascript,
            viewport={"width": width, "height": 800},
            locale=lang,
        )
        contexts.append(context)
        made = Visit(context.new_page(), origin)
        context.on("request", lambda request: made.asked.append(request.url))
        made.page.on("console", lambda message: made.complaints.append(message.text))
        made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
        visits.append(made)
        return made

    yield open_page
    for context in contexts:
        context.close()
    for made in visits:
        outside = [url for url in made.asked if not url.startswith((origin, "data:"))]
        # Chromium notes every refused request itself; a fault of the form is one by intent.
        complaints = [text for text in made.complaints if "status of 422" not in text]
        assert (outside, complaints) == ([], [])


@pytest.mark.parametrize("javascript", [True, False])
class TestEitherWay:
    def test_a_need_is_answered(self, visit: Open, javascript: bool) -> None:
        seen = visit(javascript=javascript)
        page = seen.goes("/")
        page.get_by_label("What do you need?").fill(NEED)
        page.get_by_label("Needed from").fill("2027-Q2")
        page.get_by_role("button", name="Find providers").click()
        expect(page.get_by_role("heading", name="Shortlist")).to_be_visible()
        expect(page.get_by_role("heading", name="Hwasun Centre")).to_be_visible()
        expect(page.get_by_label("What do you need?")).to_have_value(NEED)
        assert page.url == seen.origin + "/"
        assert not [url for url in seen.asked if "mRNA" in url]

    def test_the_ledger_opens_on_demand(self, visit: Open, javascript: bool) -> None:
        page = visit(javascript=javascript).goes("/")
        page.get_by_label("What do you need?").fill(NEED)
        page.get_by_role("button", name="Find providers").click()
        ledger = page.locator("table.ledger").first
        expect(ledger).to_be_hidden()
        page.get_by_text("Every point accounted for").first.click()
        expect(ledger).to_be_visible()
        expect(ledger.get_by_role("columnheader", name="Because")).to_be_visible()

    def test_a_fault_is_told_and_mended(self, visit: Open, javascript: bool) -> None:
        page = visit(javascript=javascript).goes("/")
        page.get_by_label("What do you need?").fill(NEED)
        page.get_by_label("Needed from").fill("soon")
        page.get_by_role("button", name="Find providers").click()
        expect(page.get_by_text("Please write a year, quarter, month or day")).to_be_visible()
        expect(page.get_by_label("What do you need?")).to_have_value(NEED)
        page.get_by_label("Needed from").fill("2027")
        page.get_by_role("button", name="Find providers").click()
        expect(page.get_by_role("heading", name="Shortlist")).to_be_visible()
        expect(page.locator(".fault")).to_have_count(0)

    def test_switching_the_language_keeps_the_answer(self, visit: Open, javascript: bool) -> None:
        page = visit(javascript=javascript).goes("/")
        page.get_by_label("What do you need?").fill(NEED)
        page.get_by_role("button", name="Find providers").click()
        expect(page.get_by_role("heading", name="Shortlist")).to_be_visible()
        page.get_by_role("button", name="한국어").click()
        expect(page.get_by_role("heading", name="추천 목록")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "ko")
        expect(page.locator("#text")).to_have_value(NEED)

    def test_an_example_is_one_click_away(self, visit: Open, javascript: bool) -> None:
        page = visit(javascript=javascript).goes("/")
        page.get_by_role("link", name="mRNA vaccine").click()
        expect(page.get_by_label("What do you need?")).to_have_value(re.compile("^GMP mRNA"))

    def test_the_list_is_searched(self, visit: Open, javascript: bool) -> None:
        page = visit(javascript=javascript).goes("/providers")
        page.get_by_label("Name, service or place").fill("hwasun")
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_role("heading", name="Providers found: 1")).to_be_visible()
        page.get_by_role("link", name="Hwasun Centre").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Hwasun Centre")

    def test_hostile_records_do_nothing(self, visit: Open, javascript: bool) -> None:
        page = visit(javascript=javascript).goes("/providers/hostile")
        expect(page.get_by_role("heading", level=1)).to_contain_text("<script>alert(1)</script>")


@pytest.mark.usefixtures("_quick_hashes")
@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("lang", ["en-GB", "ko-KR"])
def test_somebody_signs_in_and_out(visit: Open, site: FastAPI, javascript: bool, lang: str) -> None:
    email = f"{lang}.{javascript}@hanbit.example".lower()
    person(site.state.engine, email=email)
    words = {"en-GB": ("Sign in", "Sign out"), "ko-KR": ("로그인", "로그아웃")}
    sign_in, sign_out = words[lang]
    page = visit(javascript=javascript, lang=lang).goes("/")
    page.get_by_role("link", name=sign_in).click()
    page.locator("#email").fill(email)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name=sign_in).click()
    expect(page.locator(".who-is-here")).to_have_text("Kim Bora")
    assert page.evaluate("document.cookie") == ""
    page.get_by_role("button", name=sign_out).click()
    expect(page.get_by_role("link", name=sign_in)).to_be_visible()


def test_htmx_swaps_the_result_alone(visit: Open) -> None:
    seen = visit()
    page = seen.goes("/")
    page.evaluate("document.body.dataset.mark = 'same page'")
    page.get_by_label("What do you need?").fill(NEED)
    page.get_by_role("button", name="Find providers").click()
    expect(page.get_by_role("heading", name="What we understood")).to_be_focused()
    assert page.evaluate("document.body.dataset.mark") == "same page"


def test_the_browser_s_language_is_taken(visit: Open) -> None:
    page = visit(lang="ko-KR").goes("/")
    expect(page.get_by_label("무엇이 필요하십니까?")).to_be_visible()


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/providers",
        "/providers/hwasun-centre",
        "/providers/hostile",
        "/sign-in",
        "/invitations?token=x",
    ],
)
def test_a_phone_needn_t_scroll_sideways(visit: Open, path: str, lang: str) -> None:
    page = visit(width=390).goes(f"{path}{'&' if '?' in path else '?'}lang={lang}")
    if path == "/":
        page.locator("#text").fill(NEED)
        page.locator("#send").click()
        page.locator("details summary").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_failure_leaves_the_text_and_says_so(visit: Open) -> None:
    seen = visit()
    page = seen.goes("/")
    page.get_by_label("What do you need?").fill(NEED)
    page.route("**/*", lambda route: route.abort())
    page.get_by_role("button", name="Find providers").click()
    expect(page.get_by_role("alert")).to_contain_text("No answer came back.")
    expect(page.get_by_label("What do you need?")).to_have_value(NEED)
    seen.complaints.clear()  # the browser notes the failed request itself


def test_the_keyboard_reaches_everything(visit: Open) -> None:
    page = visit().goes("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.get_by_label("What do you need?").focus()
    page.keyboard.type(NEED)
    page.get_by_role("button", name="Find providers").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Shortlist")).to_be_visible()
    page.locator("details summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("table.ledger").first).to_be_visible()
