"""Changing a requirement on its pages: nothing that anybody wrote is lost, nothing goes unasked."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.web.texts import say
from tests.catalogue import load
from tests.web.markup import Page
from tests.web.readers import House, keep, read

TEXT = "GMP mRNA and LNP formulation"


@pytest.fixture(autouse=True)
def _catalogue(engine: Engine) -> None:
    load(engine)


def _edit(house: House, own: str, **fields: str) -> Any:
    form = {"title": "New title", "text": TEXT, "version": "1"} | fields
    return house.company.post(f"{own}/edit", **form)


class TestEdit:
    def test_shows_what_stands_there(self, house: House) -> None:
        kept = keep(house, wishes={"needed_from": "2027", "countries": {"required": ["KR"]}})
        page = Page(house.company.get(f"/requirements/{kept['id']}/edit").text)
        values = {str(field["name"]): field.get("value") for field in page.all("input")}
        assert (values["title"], values["needed_from"], values["version"]) == (
            "An mRNA vaccine",
            "2027",
            "1",
        )
        assert page.text_of("textarea") == [TEXT]
        assert [option["value"] for option in page.all("option") if "selected" in option] == ["KR"]
        assert "checked" in page.all("input", name="country_only")[0]
        assert say("en", "requirement.edit.more") not in page.text_of("p", "note")

    def test_keeps_what_the_form_doesn_t_show(self, house: House) -> None:
        needs = [{"service": "fill-finish", "importance": "must"}]
        countries = {"required": ["JP", "KR"], "preferred": []}
        kept = keep(house, needs=needs, wishes={"markets": ["MFDS"], "countries": countries})
        own = f"/requirements/{kept['id']}"
        page = Page(house.company.get(f"{own}/edit").text)
        assert page.all("select") == []
        assert say("en", "requirement.edit.more") in page.text_of("p", "note")
        answer = _edit(house, own, text="", needed_from="2027", country="US")
        assert answer.headers["location"] == f"{own}?done=edited"
        made = read(house, kept)
        wishes = kept["wishes"] | {"needed_from": "2027"}
        assert made == kept | {
            "title": "New title",
            "text": None,
            "wishes": wishes,
            "version": 2,
            "updated_at": made["updated_at"],
        }

    @pytest.mark.parametrize(
        "wishes", [{"markets": ["MFDS"]}, {"budget": "1 M"}, {"include_inactive": True}]
    )
    def test_says_that_there_is_more_than_it_shows(
        self, house: House, wishes: dict[str, Any]
    ) -> None:
        kept = keep(house, wishes=wishes)
        own = f"/requirements/{kept['id']}"
        page = Page(house.company.get(f"{own}/edit").text)
        assert say("en", "requirement.edit.more") in page.text_of("p", "note")
        _edit(house, own)
        assert read(house, kept)["wishes"] == kept["wishes"]

    def test_keeps_the_countries_that_are_ruled_out(self, house: House) -> None:
        kept = keep(house, wishes={"countries": {"required": ["KR"], "excluded": ["CN", "IN"]}})
        own = f"/requirements/{kept['id']}"
        page = Page(house.company.get(f"{own}/edit").text)
        assert say("en", "requirement.edit.more") in page.text_of("p", "note")
        for number, (country, only) in enumerate((("US", ""), ("FR", "1"), ("", "")), start=1):
            _edit(house, own, country=country, country_only=only, version=str(number))
            named = [country] if country else []
            assert read(house, kept)["wishes"]["countries"] == {
                "required": named if only else [],
                "preferred": [] if only else named,
                "excluded": ["CN", "IN"],
            }

    def test_refuses_a_country_that_is_ruled_out(self, house: House) -> None:
        kept = keep(house, wishes={"countries": {"excluded": ["KR"]}})
        answer = _edit(house, f"/requirements/{kept['id']}", country="KR")
        assert answer.status_code == 422
        assert say("en", "fault.country_excluded") in Page(answer.text).text_of("span", "fault")
        assert read(house, kept)["wishes"] == kept["wishes"]

    def test_of_somebody_else_in_between_is_told_and_nothing_is_lost(
        self, house: House, browser: TestClient
    ) -> None:
        kept = keep(house)
        own = f"/requirements/{kept['id']}"
        house.partner.post(f"{own}/edit", title="Theirs", text="Their text", version="1")
        answer = _edit(house, own, title="Mine", text="My text", needed_from="2028")
        page = Page(answer.text)
        assert answer.status_code == 412
        assert page.text_of("p", "notice") == [say("en", "requirement.stale")]
        assert (page.all("input", id="title")[0]["value"], page.text_of("textarea")) == (
            "Mine",
            ["My text"],
        )
        assert page.all("input", id="needed_from")[0]["value"] == "2028"
        assert page.text_of("strong") == ["Theirs"]
        assert page.text_of("p", "wording") == ["Their text"]
        assert read(house, kept)["title"] == "Theirs"
        (version,) = page.all("input", name="version")
        answer = _edit(house, own, title="Mine", text="My text", version=str(version["value"]))
        assert answer.status_code == 303
        assert (read(house, kept)["title"], read(house, kept)["version"]) == ("Mine", 3)

    def test_without_the_version_it_saw_changes_nothing(self, house: House) -> None:
        for version in ("", "x", "0", "٣", "9" * 20):
            kept = keep(house)
            assert _edit(house, f"/requirements/{kept['id']}", version=version).status_code == 412
            assert read(house, kept) == kept

    def test_faults_stand_beside_their_fields(self, house: House) -> None:
        kept = keep(house)
        answer = _edit(house, f"/requirements/{kept['id']}", title=" ", text="")
        assert (answer.status_code, Page(answer.text).text_of("span", "fault")) == (
            422,
            [say("en", "fault.title.missing"), say("en", "fault.text.missing")],
        )


class TestDelete:
    def test_asks_once(self, house: House) -> None:
        kept = keep(house)
        own = f"/requirements/{kept['id']}"
        page = Page(house.company.get(f"{own}/delete").text)
        assert say("en", "requirement.delete.lead", title=kept["title"]) in page.text_of("p")
        assert house.company.get(own).status_code == 200
        answer = house.company.post(f"{own}/delete", version="1")
        assert answer.headers["location"] == "/requirements?done=deleted"
        assert house.company.get(own).status_code == 404

    def test_asks_again_where_it_has_changed(self, house: House) -> None:
        kept = keep(house)
        own = f"/requirements/{kept['id']}"
        _edit(house, own)
        answer = house.company.post(f"{own}/delete", version="1")
        page = Page(answer.text)
        assert (answer.status_code, page.text_of("p", "notice")) == (
            412,
            [say("en", "requirement.delete.stale")],
        )
        assert page.all("input", name="version")[0]["value"] == "2"
        assert house.company.post(f"{own}/delete", version="2").status_code == 303


class TestRun:
    def test_leads_to_the_kept_shortlist_and_is_made_once(
        self, house: House, browser: TestClient
    ) -> None:
        kept = keep(house)
        own = f"/requirements/{kept['id']}"
        (attempt,) = Page(house.company.get(own).text).all("input", name="attempt")
        number = str(attempt["value"])
        first, second = (
            house.company.post(f"{own}/runs", attempt=number, include_ineligible="1")
            for _ in range(2)
        )
        assert first.headers["location"] == second.headers["location"]
        assert house.company.get(first.headers["location"]).status_code == 200
        runs = browser.get(f"/v1{own}/runs", headers=house.songdo.company).json()["items"]
        assert [each["request"]["include_ineligible"] for each in runs] == [True]

    def test_answers_in_the_language_of_the_page(self, house: House) -> None:
        kept = keep(house)
        answer = house.company.post(f"/requirements/{kept['id']}/runs?lang=ko")
        page = house.company.get(answer.headers["location"])
        assert answer.headers["location"].endswith("?lang=ko")
        assert "추천 목록" in Page(page.text).text_of("h2")
