"""What holds for every page: its policy, its labels, its language."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.web import routes
from app.web.pages import POLICY
from tests.web.conftest import NEED, ask
from tests.web.markup import Page

ADDRESSES = (
    "/",
    "/?lang=ko",
    "/?example=mrna",
    "/providers",
    "/providers/hwasun-centre",
    "/providers/hostile",
)
TEMPLATES = Path(routes.__file__).parent / "templates"


class TestEveryPage:
    @pytest.mark.parametrize("address", [*ADDRESSES, "/providers/nobody"])
    def test_allows_nothing_from_elsewhere(self, browse: TestClient, address: str) -> None:
        found = browse.get(address)
        assert found.headers["content-security-policy"] == POLICY
        assert POLICY == (
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        assert found.headers["content-type"] == "text/html; charset=utf-8"
        assert found.headers["cache-control"] == "no-store"
        assert found.headers["vary"] == "Accept-Language, HX-Request"

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_holds_nothing_inline_and_nothing_from_outside(
        self, browse: TestClient, address: str
    ) -> None:
        page = Page(browse.get(address).text)
        assert page.inline == []
        assert {(tag, name) for tag, name, _ in page.outside_addresses} <= {("a", "href")}
        for attributes in page.all("a"):
            if "://" in (attributes["href"] or ""):
                assert attributes["rel"] == "noopener noreferrer nofollow"

    def test_answers_hold_nothing_inline_either(self, browse: TestClient) -> None:
        page = Page(ask(browse, text=NEED, include_ineligible="1").text)
        assert page.inline == []
        assert page.outside_addresses == []

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_is_labelled(self, browse: TestClient, address: str) -> None:
        page = Page(browse.get(address).text)
        ids = [a["id"] for _, a in page.elements if "id" in a]
        assert len(ids) == len(set(ids))
        labelled = {a.get("for") for a in page.all("label")}
        for tag in ("textarea", "select", "input"):
            for field in page.all(tag):
                assert field.get("type") in ("checkbox", "hidden") or field["id"] in labelled
        assert all("scope" in cell for cell in page.all("th"))
        assert len(page.all("h1")) == len(page.all("title")) == 1

    def test_templates_name_no_address(self) -> None:
        for template in TEMPLATES.rglob("*.html"):
            assert "://" not in template.read_text(), template.name

    def test_is_left_out_of_the_contract(self, site: FastAPI) -> None:
        assert {"/", "/providers", "/providers/{slug}"}.isdisjoint(site.openapi()["paths"])


class TestLanguage:
    @pytest.mark.parametrize(
        ("query", "accepted", "lang"),
        [
            ("", None, "en"),
            ("", "ko-KR,ko;q=0.9,en;q=0.8", "ko"),
            ("", "fr, en;q=0.3, ko;q=0.7", "ko"),
            ("", "ko;q=0, fr", "en"),
            ("", "ko;q=high", "en"),
            ("?lang=en", "ko", "en"),
            ("?lang=ko", "en", "ko"),
            ("?lang=xx", "ko", "ko"),
        ],
    )
    def test_is_the_one_asked_for_or_accepted(
        self, browse: TestClient, query: str, accepted: str | None, lang: str
    ) -> None:
        headers = {"accept-language": accepted} if accepted else {}
        found = browse.get(f"/{query}", headers=headers)
        assert Page(found.text).all("html")[0]["lang"] == lang
        assert found.headers["content-language"] == lang

    def test_a_switch_stands_on_every_page(self, browse: TestClient) -> None:
        record = Page(browse.get("/providers/hwasun-centre?lang=ko").text)
        (link,) = record.all("a", hreflang="en")
        assert link["href"] == "/providers/hwasun-centre?lang=en"
        (button,) = Page(browse.get("/").text).all("button", name="switch")
        assert (button["formaction"], button["form"]) == ("/?lang=ko", "need-form")

    def test_switching_keeps_the_answer(self, browse: TestClient) -> None:
        page = Page(ask(browse, "?lang=ko", text=NEED, switch="1", answered="1").text)
        assert "추천 목록" in page.text_of("h2")

    def test_switching_an_empty_desk_finds_no_fault(self, browse: TestClient) -> None:
        found = ask(browse, "?lang=ko", text="", switch="1")
        assert found.status_code == 200
        assert Page(found.text).text_of("span", "fault") == []

    def test_links_keep_the_chosen_language(self, browse: TestClient) -> None:
        page = Page(ask(browse, "?lang=ko", text=NEED).text)
        assert {"href": "/providers/hwasun-centre?lang=ko"} in page.all("a")
