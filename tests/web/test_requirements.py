"""The pages of requirements, as used without scripts: listed, kept, shown, shared with curators."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.models.requirement import Requirement
from app.web.texts import say
from tests.catalogue import load
from tests.web.conftest import HOSTILE
from tests.web.markup import Page
from tests.web.readers import House, keep, read, rename, run

TEXT = "GMP mRNA and LNP formulation"


@pytest.fixture(autouse=True)
def _catalogue(engine: Engine) -> None:
    load(engine)


def kept_at(answer: Any) -> str:
    """Where the requirement is that was kept."""
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"].partition("?")[0])


class TestList:
    def test_says_of_each_what_its_company_wants_to_know(
        self, house: House, engine: Engine
    ) -> None:
        kept = keep(house)
        run(house, kept)
        shared = keep(house, title="Shared")
        used_at = datetime(2026, 11, 20, 8, tzinfo=UTC)
        rename(engine, Requirement, kept["id"], updated_at=used_at, used_at=used_at)
        rename(engine, Requirement, shared["id"], shared_at=used_at)
        page = Page(house.company.get("/requirements").text)
        rows = page.text_of("tr")[1:]
        ends = (used_at + timedelta(days=730)).date()
        today = datetime.now(UTC).date()
        assert rows == [
            f"Shared {say_day(today)} with the centre 0 {say_day(today + timedelta(days=730))}",
            f"An mRNA vaccine November 20, 2026 no 1 {say_day(ends)}",
        ]
        assert "Requirements" in page.text_of("h1")
        assert page.inline == []

    def test_tells_a_portal_s_staff_whose_each_is(self, house: House) -> None:
        keep(house)
        keep(house, tenant=house.paris, title="Elsewhere")
        page = Page(house.partner.get("/requirements").text)
        assert [row.split("November")[0] for row in page.text_of("tr")[1:]] == [
            "An mRNA vaccine songdo start-up "
        ]

    def test_has_pages(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("app.services.pages.LIMIT", 2)
        for number in range(3):
            keep(house, title=f"Number {number}")
        first = Page(house.company.get("/requirements").text)
        (link,) = first.all("a", rel="next")
        second = Page(house.company.get(str(link["href"])).text)
        titles = [page.text_of("th")[5:] for page in (first, second)]
        assert titles == [["Number 2", "Number 1"], ["Number 0"]]

    def test_is_empty_at_first(self, house: House) -> None:
        page = Page(house.company.get("/requirements").text)
        assert page.text_of("p", "empty") == [say("en", "requirement.list.empty")]


class TestKeep:
    def test_by_hand(self, house: House) -> None:
        form = Page(house.company.get("/requirements/new").text)
        assert {"name": "csrf_token", "type": "hidden", "value": house.company.token} in form.all(
            "input"
        )
        path = kept_at(
            house.company.post(
                "/requirements",
                title="Vaccine",
                text="mRNA\r\nand LNP",
                needed_from="2027-q2",
                country="KR",
                country_only="1",
            )
        )
        made = read(house, {"id": path.rpartition("/")[2]})
        assert (made["title"], made["text"], made["company_id"]) == (
            "Vaccine",
            "mRNA\nand LNP",
            house.songdo.company_id,
        )
        assert made["wishes"]["needed_from"] == "2027-Q2"
        assert made["wishes"]["countries"] == {"required": ["KR"], "preferred": [], "excluded": []}

    def test_from_below_a_shortlist(self, house: House) -> None:
        page = Page(house.company.post("/", text=TEXT, country="KR").text)
        (form,) = page.all("form", action="/requirements")
        assert form["method"] == "post"
        fields = {
            str(field["name"]): str(field.get("value") or "")
            for field in page.all("input")
            if field["name"] in ("title", "text", "needed_from", "country", "attempt")
            and field.get("type", "text") == ("text" if field["name"] == "title" else "hidden")
        }
        assert (fields["title"], fields["text"], fields["country"]) == (TEXT, TEXT, "KR")
        first, second = (kept_at(house.company.post("/requirements", **fields)) for _ in range(2))
        assert first == second  # a button that is pressed twice keeps it once
        page = Page(house.company.get(f"{first}?done=kept").text)
        assert page.text_of("p", "assured") == ["It is kept."]
        assert page.text_of("p", "wording") == [TEXT]

    def test_is_offered_to_those_alone_who_may(self, house: House) -> None:
        offered = {
            reader.name
            for reader in house.readers
            if Page(reader.post("/", text=TEXT).text).all("form", action="/requirements")
        }
        assert offered == {"partner", "company", "neighbour", "stranger"}

    def test_a_portal_s_staff_say_for_which_company(self, house: House) -> None:
        asked = house.partner.post("/requirements", title="Vaccine", text=TEXT)
        page = Page(asked.text)
        assert (asked.status_code, page.text_of("span", "fault")) == (200, [])
        assert page.text_of("option")[:2] == ["songdo start-up", "Next door"]
        for company_id in ("x", str(uuid4()), house.paris.company_id):
            answer = house.partner.post(
                "/requirements", title="Vaccine", text=TEXT, company_id=company_id
            )
            faults = Page(answer.text).text_of("span", "fault")
            assert (answer.status_code, faults) == (422, [say("en", "fault.company")])
        path = kept_at(
            house.partner.post(
                "/requirements", title="Vaccine", text=TEXT, company_id=house.songdo.company_id
            )
        )
        assert house.company.get(path).status_code == 200

    def test_faults_stand_beside_their_fields_and_nothing_is_lost(self, house: House) -> None:
        cases: Any = [
            ({}, ["fault.title.missing", "fault.text.missing"]),
            ({"title": "x", "text": TEXT, "needed_from": "soon"}, ["fault.needed_from"]),
            ({"title": "x" * 161, "text": TEXT}, ["fault.title"]),
            ({"title": "x", "text": "a\x00b"}, ["fault.text"]),
            ({"title": "x", "text": TEXT, "country_only": "1"}, ["fault.country_only"]),
        ]
        for fields, faults in cases:
            answer = house.company.post("/requirements", **fields)
            page = Page(answer.text)
            assert (answer.status_code, page.text_of("span", "fault")) == (
                422,
                [say("en", key) for key in faults],
            )
            assert page.all("input", id="title")[0]["value"] == fields.get("title", "")
            assert Page(house.company.get("/requirements").text).all("table") == []


class TestPage:
    def test_shows_what_is_kept_with_all_its_needs(self, house: House) -> None:
        kept = keep(
            house,
            title=HOSTILE,
            text=HOSTILE,
            needs=[
                {
                    "service": "fill-finish",
                    "quality": ["GMP", "sterile"],
                    "scale": {"minimum": 5, "maximum": 10, "unit": "L"},
                    "importance": "must",
                },
                {"platform": HOSTILE, "scale": "2 x 1000 L"},
            ],
            wishes={
                "countries": {"required": ["KR", "JP"], "excluded": ["CN"]},
                "markets": ["MFDS"],
                "budget": "1 M",
            },
        )
        page = Page(house.company.get(f"/requirements/{kept['id']}").text)
        assert page.text_of("li", "chip") == [
            "Service fill-finish",
            "Quality GMP, sterile",
            "Scale 5.0–10.0 L",
            f"Technology {' '.join(HOSTILE.split())}",
            "Scale 2 x 1000 L",
            "only in South Korea, Japan",
            "not in China",
            "markets MFDS",
            "budget 1 M",
        ]
        assert page.inline == []
        assert page.all("img") == []

    def test_lists_its_runs_and_says_when_it_ends(self, house: House) -> None:
        kept = keep(house)
        runs = [run(house, kept) for _ in range(2)]
        page = Page(house.company.get(f"/requirements/{kept['id']}").text)
        links = [a["href"] for a in page.all("a") if (a["href"] or "").startswith("/runs/")]
        assert links == [f"/runs/{each}" for each in reversed(runs)]
        ends = datetime.now(UTC).date() + timedelta(days=730)
        assert f"It is deleted on {say_day(ends)}" in page.text_of("section", "ending")[0]

    def test_is_in_korean_too(self, house: House) -> None:
        kept = keep(house)
        page = Page(house.company.get(f"/requirements/{kept['id']}?lang=ko").text)
        assert page.text_of("h2") == ["실행", "공유"]
        assert {f"/requirements/{kept['id']}/edit?lang=ko"} <= {a["href"] for a in page.all("a")}


class TestShared:
    def test_is_listed_and_read_by_the_centre_alone_and_without_runs(self, house: House) -> None:
        kept = keep(house, wishes={"countries": {"required": ["KR"]}})
        run(house, kept)
        own = f"/requirements/{kept['id']}"
        assert house.curator.get(own).status_code == 404
        assert house.company.post(f"{own}/share").headers["location"] == f"{own}?done=shared"
        for reader in (house.curator, house.admin):
            listed = Page(reader.get("/shared").text)
            assert {"href": own} in listed.all("a")
            page = Page(reader.get(own).text)
            assert page.text_of("p", "wording") == [TEXT]
            posts = [form["action"] for form in page.all("form", method="post")]
            assert posts == ["/sign-out", "/"]
            assert page.all("input", name="country")[0]["value"] == "KR"
            links = [a["href"] or "" for a in page.all("a")]
            assert not [link for link in links if link.startswith((f"{own}/", "/runs"))]
        assert house.company.post(f"{own}/unshare").headers["location"] == f"{own}?done=unshared"
        assert house.curator.get(own).status_code == 404
        page = Page(house.curator.get("/shared").text)
        assert page.text_of("p", "empty") == [say("en", "shared.empty")]

    def test_the_owner_is_told_who_will_see_it(self, house: House) -> None:
        kept = keep(house)
        own = f"/requirements/{kept['id']}"
        assert say("en", "requirement.share.lead") in Page(house.company.get(own).text).text_of("p")
        house.company.post(f"{own}/share")
        page = Page(house.company.get(own).text)
        assert say("en", "requirement.unshare.lead") in page.text_of("p")
        assert page.text_of("li", "tag") == ["shared with the centre"]


def say_day(day: Any) -> str:
    """A day as English pages write it."""
    return re.sub(r" 0(\d),", r" \1,", f"{day:%B %d, %Y}")


def test_a_form_without_the_page_s_token_changes_nothing(house: House, browser: TestClient) -> None:
    kept = keep(house)
    for path in ("/requirements", f"/requirements/{kept['id']}/delete"):
        for token in ("", "x", house.neighbour.token):
            answer = house.company.post(path, csrf_token=token, version="1", title="x", text=TEXT)
            assert answer.status_code == 403
            assert Page(answer.text).text_of("h1") == [say("en", "problem.403")]
    assert len(browser.get("/v1/requirements", headers=house.songdo.company).json()["items"]) == 1
