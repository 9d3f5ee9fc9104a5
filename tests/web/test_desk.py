"""The desk: a form read, its faults, and the answer as it is shown."""

from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

from app.errors import UnavailableError
from app.models.match import MatchAnswer, MatchData
from app.services import match as matching
from app.web import need_form
from tests.web.answers import answer
from tests.web.conftest import HOSTILE, NEED, ask
from tests.web.markup import Page

HTMX = {"HX-Request": "true"}


class TestDesk:
    @pytest.mark.parametrize(("lang", "korea"), [("en", "South Korea"), ("ko", "대한민국")])
    def test_a_ledger_tells_codes_in_words(self, browse: TestClient, lang: str, korea: str) -> None:
        page = Page(ask(browse, f"?lang={lang}", text=NEED, country="KR").text)
        cells = page.text_of("td")
        assert korea in cells
        assert {"KR", "phase1"}.isdisjoint(word for cell in cells for word in cell.split(", "))

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
        assert page.inline == []
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
            "not in China",
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

    def test_tells_what_would_make_it_fit_and_what_costs_most(self, page: Page) -> None:
        assert page.text_of("p", "changes") == ["One change away: If it showed GMP."]
        assert page.text_of("div", "changes") == [
            "All of this would have to change If you had it done elsewhere. If 5 L were enough.",
        ]
        assert page.text_of("p", "costliest") == ["GMP alone rules out 180 of 331 providers."]

    def test_tells_who_cannot_be_told_apart(self, page: Page) -> None:
        told = "These 2 can't be told apart: with other weights their order changes."
        assert page.text_of("p", "group-note") == [told]
        opens = [e for e in page.all("li") if "opens" in (e.get("class") or "").split()]
        assert len(opens) == 1
        assert page.text_of("abbr", "ranks") == [
            "Rank 1 with other weights, too",
            "Rank 1 to 3 with other weights",
        ]
        title = "Among the first 20 in 93 of 100 draws of the weights"
        assert page.all("abbr", **{"class": "ranks"})[1]["title"] == title

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
        assert (page.inline, page.all("img")) == ([], [])
