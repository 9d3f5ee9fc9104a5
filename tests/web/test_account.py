"""The page of one's own account."""

from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.models.person import Person
from app.web.texts import say
from tests.people import PASSWORD, enter
from tests.web.markup import Page
from tests.web.readers import House, rename

NEW = "eight blue bioreactors"


def _change(house: House, **fields: str) -> Any:
    form = {"present": PASSWORD, "password": NEW, "repeat": NEW} | fields
    return house.company.post("/account/password", **form)


class TestPage:
    def test_says_who_one_is_and_where_one_is_signed_in(
        self, house: House, browser: TestClient
    ) -> None:
        enter(browser, "company@hanbit.example")
        page = Page(house.company.get("/account").text)
        assert page.text_of("dd") == [
            "Kim Bora",
            "company@hanbit.example",
            "Company",
            "songdo start-up",
        ]
        sign_ins = [line for line in page.text_of("li") if line.startswith("Since")]
        assert ["this browser" in line for line in sign_ins] == [False, True]
        assert page.inline == []

    def test_hands_out_the_company_s_data(self, house: House) -> None:
        page = Page(house.company.get("/account").text)
        (link,) = (a for a in page.all("a") if "download" in a)
        answer = house.company.get(str(link["href"]))
        assert answer.json()["company"]["name"] == "songdo start-up"
        assert answer.headers["content-disposition"].startswith("attachment; filename=")
        assert answer.headers["cache-control"] == "no-store"
        assert not [a for a in Page(house.partner.get("/account").text).all("a") if "download" in a]


class TestPassword:
    def test_is_changed_by_who_knows_it_and_ends_the_other_sign_ins(
        self, house: House, browser: TestClient
    ) -> None:
        enter(browser, "company@hanbit.example")
        elsewhere = dict(browser.cookies)
        answer = _change(house)
        assert (answer.status_code, answer.headers["location"]) == (303, "/account?done=password")
        page = Page(house.company.get("/account?done=password").text)
        assert page.text_of("p", "assured") == [say("en", "me.done.password")]
        browser.cookies.clear()
        browser.cookies.update(elsewhere)
        assert browser.get("/v1/sign-in").status_code == 401
        enter(browser, "company@hanbit.example", password=NEW)

    def test_stays_where_something_is_wrong(self, house: House, browser: TestClient) -> None:
        cases: Any = [
            ({"present": "x"}, "present", "fault.present"),
            ({"present": ""}, "present", "fault.password"),
            ({"repeat": "x"}, "repeat", "fault.repeat"),
            ({"password": "short", "repeat": "short"}, "password", "fault.password.short"),
            ({"password": "", "repeat": ""}, "password", "fault.password"),
            ({"password": "x" * 201, "repeat": "x" * 201}, "password", "fault.password.long"),
        ]
        for fields, place, fault in cases:
            answer = _change(house, **fields)
            page = Page(answer.text)
            assert (answer.status_code, page.text_of("span", "fault")) == (422, [say("en", fault)])
            assert page.all("span", id=f"{place}-fault")
            assert PASSWORD not in answer.text
            enter(browser, "company@hanbit.example")

    def test_is_none_for_who_signs_in_elsewhere(self, house: House, engine: Engine) -> None:
        rename(engine, Person, house.company.id, password_hash=None)
        page = Page(house.company.get("/account").text)
        assert say("en", "me.password.none") in page.text_of("p")
        assert page.all("input", type="password") == []
        assert _change(house).status_code == 422
