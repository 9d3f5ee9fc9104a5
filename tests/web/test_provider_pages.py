"""The list of providers, and a provider's record."""

import re

import pytest
from fastapi.testclient import TestClient

from app.web import directory_form
from tests.web.conftest import HOSTILE
from tests.web.markup import Page


class TestProviders:
    def test_lists_the_published_ones(self, browse: TestClient) -> None:
        page = Page(browse.get("/providers").text)
        assert page.text_of("h2") == ["Providers found: 3"]
        assert page.text_of("h3") == [HOSTILE, "Hwasun Centre 화순센터", "Old Works"]
        assert (page.inline, page.all("img")) == ([], [])

    def test_searches_and_filters(self, browse: TestClient) -> None:
        page = Page(browse.get("/providers?q=hwasun&kind=public_cdmo&country=KR&lang=ko").text)
        assert page.text_of("h3") == ["Hwasun Centre 화순센터"]
        assert page.all("input", name="q")[0]["value"] == "hwasun"
        assert [o["value"] for o in page.all("option") if "selected" in o] == ["public_cdmo", "KR"]
        assert page.all("input", name="lang")[0]["value"] == "ko"

    def test_a_filter_that_leaves_nobody_stays_chosen(self, browse: TestClient) -> None:
        page = Page(browse.get("/providers?q=qqqqzz&kind=hospital").text)
        assert "Hospital (0)" in page.text_of("option")
        assert page.text_of("p", "empty") == [
            "Nobody matches all of this. Try fewer words or filters."
        ]

    def test_goes_on_page_by_page(
        self, browse: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(directory_form, "PAGE", 2)
        first = Page(browse.get("/providers?country=KR").text)
        (following,) = [str(a["href"]) for a in first.all("a", rel="next")]
        second = Page(browse.get(following).text)
        assert second.text_of("h3") == ["Old Works"]
        assert {"href": "/providers?country=KR"} in second.all("a")

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("kind=<b>", 422),
            ("country=kr", 422),
            ("stage=9", 422),
            (f"q={'a' * 161}", 422),
            ("q=%00", 422),
            ("after=x", 400),
        ],
    )
    def test_what_can_t_be_searched_is_told(
        self, browse: TestClient, query: str, status: int
    ) -> None:
        found = browse.get(f"/providers?{query}")
        assert found.status_code == status
        assert len(Page(found.text).text_of("h1")) == 1
        assert Page(found.text).inline == []


class TestProvider:
    @pytest.fixture
    def page(self, browse: TestClient) -> Page:
        return Page(browse.get("/providers/hwasun-centre").text)

    def test_introduces_the_provider(self, page: Page) -> None:
        assert page.text_of("h1") == ["Hwasun Centre 화순센터"]
        assert page.text_of("title") == ["Hwasun Centre · CDMO Match"]
        assert page.text_of("li")[:2] == ["Public CDMO", "Hwasun, South Korea"]
        assert "publicly owned" in page.text_of("dd")
        assert "Korean, English" in page.text_of("dd")

    def test_says_that_nobody_has_confirmed_it(self, page: Page) -> None:
        assert page.text_of("p", "notice")[0].startswith("Nobody has confirmed this record yet.")

    def test_says_plainly_what_is_planned(self, page: Page) -> None:
        states = [text for text in page.text_of("td") if "planned" in text or "since" in text]
        assert states == [
            "operating since 2019",
            "planned for Q3 2025 That date has passed; nobody has confirmed that it runs.",
            "planned for Q2 2031 Planned: it does not run yet by this record.",
        ]

    def test_sets_apart_what_is_no_offer(self, page: Page) -> None:
        assert page.text_of("h3") == [
            "LNP formulation",
            "Plasmid DNA planned",
            "Training general knowledge, not confirmed",
            "Fill-finish of vials another company of the group",
        ]

    def test_says_where_a_site_is_not_stated(self, page: Page) -> None:
        assert page.text_of("em") == ["site not stated"]

    def test_links_only_plain_web_addresses(self, browse: TestClient, page: Page) -> None:
        outside = [a["href"] for a in page.all("a") if "://" in (a["href"] or "")]
        assert outside == ["https://centre.example/", "https://centre.example/news?a=1&b=2"]
        assert "A leaflet (2024)" in page.text_of("span")
        hostile = Page(browse.get("/providers/hostile").text)
        assert hostile.outside_addresses == []
        assert [a for a in hostile.all("a") if not re.match(r"[/#]", a["href"] or "")] == []
        assert hostile.text_of("h1") == [HOSTILE]
        assert hostile.all("img") == []

    def test_names_the_successor(self, browse: TestClient) -> None:
        page = Page(browse.get("/providers/old-works").text)
        assert page.text_of("p", "notice")[0] == (
            "It has become part of another organisation. It continues as Hwasun Centre."
        )
        assert {"href": "/providers/hwasun-centre"} in page.all("a")

    @pytest.mark.parametrize("slug", ["nobody", "draft", "%3Cscript%3E", "a" * 300])
    def test_an_unknown_one_is_a_page_too(self, browse: TestClient, slug: str) -> None:
        found = browse.get(f"/providers/{slug}")
        page = Page(found.text)
        assert found.status_code == 404
        assert page.text_of("h1") == ["There is no such page"]
        assert page.inline == []
