"""The pages over HTTP, as a browser without JavaScript and as htmx see them."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.errors import UnavailableError
from app.models.match import MatchAnswer, MatchData
from app.services import match as matching
from app.web import directory_form, need_form, routes
from app.web.pages import POLICY
from tests.web.answers import answer
from tests.web.conftest import HOSTILE
from tests.web.markup import Page

NEED = "GMP LNP formulation of mRNA for a phase 1 vaccine"
HTMX = {"HX-Request": "true"}
ADDRESSES = (
    "/",
    "/?lang=ko",
    "/?example=mrna",
    "/providers",
    "/providers/hwasun-centre",
    "/providers/hostile",
)
TEMPLATES = Path(routes.__file__).parent / "templates"


def ask(browse: TestClient, query: str = "", **fields: str) -> Any:
    return browse.post(f"/{query}", data=fields)


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
        assert _inline(page) == []
        assert {(tag, name) for tag, name, _ in page.outside_addresses} <= {("a", "href")}
        for attributes in page.all("a"):
            if "://" in (attributes["href"] or ""):
                assert attributes["rel"] == "noopener noreferrer nofollow"

    def test_answers_hold_nothing_inline_either(self, browse: TestClient) -> None:
        page = Page(ask(browse, text=NEED, include_ineligible="1").text)
        assert _inline(page) == []
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


def _inline(page: Page) -> list[tuple[str, str]]:
    """Attributes and elements that the policy would refuse."""
    found = [
        (tag, name)
        for tag, attributes in page.elements
        for name in attributes
        if name == "style" or name.startswith("on")
    ]
    found += [("script", "") for script in page.all("script") if not script.get("src")]
    return found + [("style", "") for _ in page.all("style")]


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


class TestDesk:
    def test_an_example_is_one_click_away(self, browse: TestClient) -> None:
        page = Page(browse.get("/").text)
        assert {"href": "/?example=mrna"} in page.all("a")
        (typed,) = Page(browse.get("/?example=mrna").text).text_of("textarea")
        assert typed.startswith("GMP mRNA drug substance")

    def test_answers_a_plain_form_with_a_whole_page(self, browse: TestClient) -> None:
        found = ask(browse, text=NEED, needed_from="2027-Q2", country="KR")
        page = Page(found.text)
        assert found.status_code == 200
        assert page.text_of("textarea") == [NEED]
        assert page.all("input", name="needed_from")[0]["value"] == "2027-Q2"
        assert [o["value"] for o in page.all("option") if "selected" in o] == ["KR"]
        assert "Hwasun Centre" in page.text_of("h3")

    def test_answers_htmx_with_the_result_alone(self, browse: TestClient) -> None:
        found = browse.post("/", data={"text": NEED}, headers=HTMX)
        assert Page(found.text).all("html") == []
        assert "Hwasun Centre" in Page(found.text).text_of("h3")

    def test_a_need_stands_in_no_address(self, browse: TestClient) -> None:
        page = Page(ask(browse, text="Codename Bluebird: " + NEED).text)
        (form,) = page.all("form")
        assert (form["method"], form["action"]) == ("post", "/")
        addresses = [
            v for _, a in page.elements for n, v in a.items() if n in ("href", "src", "action")
        ]
        assert not [address for address in addresses if "Bluebird" in (address or "")]

    def test_a_need_in_the_address_is_not_read(self, browse: TestClient) -> None:
        page = Page(browse.get("/?" + urlencode({"text": NEED})).text)
        assert page.text_of("textarea") == [""]

    @pytest.mark.parametrize(
        ("fields", "fault"),
        [
            ({"text": ""}, "Please say in a few words what you need."),
            ({"text": " \r\n "}, "Please say in a few words what you need."),
            ({"text": "a" * 4001}, "Please keep it under 4,000 characters."),
            (
                {"text": "a\x00b"},
                "The text holds a character that can't be used. Please retype that part.",
            ),
            (
                {"text": NEED, "needed_from": "soon"},
                "Please write a year, quarter, month or day: 2027, 2027-Q2, 2027-04 or 2027-04-15.",
            ),
            (
                {"text": NEED, "country": "<b>"},
                "Please choose a country from the list.",
            ),
            ({"text": NEED, "country_only": "1"}, "Please choose which country."),
        ],
    )
    def test_a_fault_stands_beside_its_field(
        self, browse: TestClient, fields: dict[str, str], fault: str
    ) -> None:
        found = browse.post("/", data=fields)
        page = Page(found.text)
        assert found.status_code == 422
        assert page.text_of("span", "fault") == [fault]
        (marked,) = [a for _, a in page.elements if a.get("aria-invalid") == "true"]
        assert f"{marked['name']}-fault" in (marked["aria-describedby"] or "")
        assert page.all("span", id=f"{marked['name']}-fault")

    def test_htmx_gets_the_form_back_with_its_faults(self, browse: TestClient) -> None:
        found = browse.post("/", data={"text": ""}, headers=HTMX)
        assert found.status_code == 422
        assert found.headers["hx-retarget"] == "#need-form"
        assert found.headers["hx-reswap"] == "outerHTML"
        assert [a["id"] for a in Page(found.text).all("form")] == ["need-form"]

    def test_hostile_input_comes_back_as_text(self, browse: TestClient) -> None:
        found = ask(browse, text=HOSTILE, needed_from='"><script>', country='"><script>')
        assert found.status_code == 422
        page = Page(found.text)
        assert page.text_of("textarea") == [HOSTILE]
        assert _inline(page) == []
        assert page.all("img") == []

    def test_line_ends_count_once(self, browse: TestClient) -> None:
        assert ask(browse, text="mRNA" + "\r\n" * 1998).status_code == 200

    def test_a_form_too_large_is_refused_in_the_same_look(self, browse: TestClient) -> None:
        found = ask(browse, text="a" * 70_000)
        assert found.status_code == 413
        assert Page(found.text).text_of("h1") == ["That is too much at once"]

    def test_a_form_that_states_no_length_is_judged_by_field(self, browse: TestClient) -> None:
        found = browse.post(
            "/",
            content=iter([b"text=", b"a" * 70_000]),
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
        assert Page(found.text).text_of("span", "fault") == [
            "Please keep it under 4,000 characters."
        ]

    def test_a_refusal_to_htmx_is_a_notice(self, browse: TestClient) -> None:
        found = browse.post("/", data={"text": "a" * 70_000}, headers=HTMX)
        assert Page(found.text).text_of("div", "notice") == [
            "That is too much at once Please shorten the text and try again."
        ]
        assert Page(found.text).all("html") == []

    def test_a_file_for_a_text_is_refused_in_the_same_look(self, browse: TestClient) -> None:
        found = browse.post("/", files={"text": ("need.txt", b"mRNA")})
        assert found.status_code == 422
        assert Page(found.text).text_of("h1") == ["Something in the form can't be used"]

    def test_an_unready_service_says_so_in_the_same_look(
        self, browse: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def match(*_: Any) -> MatchAnswer:
            raise UnavailableError("not yet")

        monkeypatch.setattr(matching, "match", match)
        found = ask(browse, text=NEED)
        assert (found.status_code, found.headers["retry-after"]) == (503, "2")
        assert Page(found.text).text_of("h1") == ["We can't answer right now"]

    def test_bytes_that_are_no_text_come_back_as_replacements(self, browse: TestClient) -> None:
        found = browse.post(
            "/",
            content=b"text=%FFmRNA",
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
        assert found.status_code == 200
        assert Page(found.text).text_of("textarea") == ["\ufffdmRNA"]

    def test_the_form_becomes_a_request(
        self, browse: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[MatchData] = []

        def match(data: MatchData, _: Any) -> MatchAnswer:
            seen.append(data)
            return answer()

        monkeypatch.setattr(matching, "match", match)
        ask(
            browse,
            "?lang=ko",
            text=" one\r\ntwo ",
            needed_from="2027-q2",
            country="KR",
            country_only="1",
            include_ineligible="1",
        )
        assert seen == [
            MatchData.model_validate(
                {
                    "text": "one\ntwo",
                    "wishes": {"needed_from": "2027-Q2", "countries": {"required": ["KR"]}},
                    "lang": "ko",
                    "include_ineligible": True,
                    "limit": 100,
                }
            )
        ]


class TestResult:
    @pytest.fixture
    def page(self, browse: TestClient, monkeypatch: pytest.MonkeyPatch) -> Page:
        monkeypatch.setattr(matching, "match", lambda *_: answer())
        return Page(ask(browse, text=NEED).text)

    def test_tells_what_was_understood(self, page: Page) -> None:
        assert page.text_of("li", "chip") == [
            "Service lnp formulaton read as LNP formulation / encapsulation, spelling corrected",
            "Technology PD could mean Process development, Pharmacodynamic study",
            "Stage phase I/IIa read as phase 1, phase 2",
            "Quality GXQ not a known term: its words are compared",
            "needed from Q2 2027",
            "preferably in South Korea, Japan",
            "markets MFDS",
        ]
        assert page.text_of("q") == [HOSTILE, "a barge"]
        assert "How many litres do you need?" in page.text_of("li")

    def test_ranks_with_eligibility_and_ties(self, page: Page) -> None:
        assert page.text_of("p", "rank") == ["1", "1 tie", "3"]
        assert page.text_of("p", "standing") == [
            "Nothing rules it out",
            "Ask first Fits from Q2 2027",
            "Does not fit",
        ]
        assert {"href": "/providers/hwasun-centre"} in page.all("a")

    def test_draws_the_interval(self, page: Page) -> None:
        bar = page.all("svg", **{"class": "bar"})[0]
        assert bar["aria-label"] == (
            "Score 74.50 of 100: 70.00 shown by the record, 15.00 unknown, 15.00 lost"
        )
        parts = {str(r["class"]): (r["x"], r["width"]) for r in page.all("rect", height="10")[:3]}
        assert parts == {
            "bar-lost": ("0", "100%"),
            "bar-unknown": ("70.00%", "15.00%"),
            "bar-won": ("0", "70.00%"),
        }
        assert page.all("rect", **{"class": "bar-score", "height": "14"})[0]["x"] == "74.50%"

    def test_accounts_for_every_point(self, page: Page) -> None:
        cells = page.text_of("td", "number")
        rows = [cells[start : start + 5] for start in range(0, 15, 5)]
        assert rows == [
            ["90.00", "70.00", "15.00", "5.00", "74.50"],
            ["10.00", "0.00", "0.00", "10.00", "0.00"],
            ["100.00", "70.00", "15.00", "15.00", "74.50"],
        ]
        assert "Source: maker.example/lnp (seen May 4, 2026)" in page.text_of("span", "evidence")

    def test_shows_the_first_of_each_kind(
        self, browse: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(matching, "match", lambda *_: answer())
        monkeypatch.setattr(need_form, "SHOWN", 1)
        page = Page(ask(browse, text=NEED, include_ineligible="1").text)
        assert page.text_of("p", "rank") == ["1", "3"]
        (counts,) = [text for text in page.text_of("p") if "considered" in text]
        assert counts.endswith(
            "The first 1 are shown. Of those that do not fit, 1 are shown at the end."
        )

    def test_tells_what_to_ask_and_why_not(self, page: Page) -> None:
        assert page.text_of("div", "gates") == [
            "Ask them Is this under GMP? Quality: unknown",
            "Why it does not fit Can you do it? Service: missed",
        ]

    def test_counts_and_names_those_left_out(self, page: Page) -> None:
        assert any(
            text.startswith("331 providers considered: nothing rules out 14, 31 depend")
            for text in page.text_of("p")
        )
        assert "Old Works (merged into another) → Hwasun Centre" in page.text_of("li")
        assert "Gone Ltd (renamed) → Here Ltd" in page.text_of("li")

    def test_speaks_korean(self, browse: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(matching, "match", lambda *_: answer())
        page = Page(ask(browse, "?lang=ko", text=NEED).text)
        assert "필요 시점 2027년 2분기" in page.text_of("li", "chip")
        assert "선호 국가 대한민국, 일본" in page.text_of("li", "chip")

    def test_hostile_names_stay_text(self, page: Page) -> None:
        assert HOSTILE in page.text_of("h3")
        assert (_inline(page), page.all("img")) == ([], [])


class TestProviders:
    def test_lists_the_published_ones(self, browse: TestClient) -> None:
        page = Page(browse.get("/providers").text)
        assert page.text_of("h2") == ["Providers found: 3"]
        assert page.text_of("h3") == [HOSTILE, "Hwasun Centre 화순센터", "Old Works"]
        assert (_inline(page), page.all("img")) == ([], [])

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
        assert _inline(Page(found.text)) == []


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
        assert _inline(page) == []
