"""The pages of people: listed, invited, signed out, removed."""

from typing import Any
from uuid import UUID

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.db import writing
from app.models.key import Role
from app.services import keys
from app.services.editing import Editor
from app.services.holders import Holder
from app.services.tenancy import SYSTEM
from app.settings import MailerKind
from app.web.texts import say
from tests.people import Mailbox, later, person
from tests.web.markup import Page
from tests.web.readers import House


def _listed(page: Page) -> list[str]:
    return page.text_of("th")[6:]


class TestList:
    def test_shows_whom_the_reader_keeps_and_where_they_belong(
        self, house: House, engine: Engine
    ) -> None:
        holder = Holder(UUID(house.songdo.portal_id), UUID(house.songdo.company_id))
        person(engine, Role.COMPANY, email="new@x.example", holder=holder, password=None)
        rows = [
            row.split(" Sign out")[0].split(" Remove")[0]
            for row in Page(house.company.get("/people").text).text_of("tr")[1:]
        ]
        assert rows[1] == "Kim Bora new@x.example Company songdo start-up invited"
        assert rows[0].startswith("Kim Bora you company@hanbit.example Company songdo start-up")
        of_partner = Page(house.partner.get("/people").text)
        assert len(_listed(of_partner)) == 4
        assert "Kim Bora you partner@hanbit.example Portal staff Songdo" in " ".join(
            of_partner.text_of("tr")
        )
        assert len(_listed(Page(house.admin.get("/people").text))) == 4  # the centre's and partners

    def test_offers_what_the_reader_may_invite_as(self, house: House) -> None:
        def offered(reader: str) -> list[str]:
            return Page(getattr(house, reader).get("/people").text).text_of("option")

        assert offered("company") == []
        assert offered("partner") == [
            "Portal staff · Songdo",
            "Company · songdo start-up",
            "Company · Next door",
        ]
        assert offered("admin") == [
            "Curator · Support centre",
            "Admin · Support centre",
            "Portal staff · Paris",
            "Portal staff · Songdo",
        ]


class TestInvite:
    def test_mails_a_link(
        self, app: FastAPI, house: House, mailbox: Mailbox, engine: Engine
    ) -> None:
        with_mails = {"mailer": MailerKind.SMTP}
        app.state.settings = app.state.settings.model_copy(update=with_mails)
        form = {"name": "Lee Ara", "email": "lee@x.example"}
        place = f"company:{house.songdo.company_id}"
        answer = house.company.post("/people", place=place, **form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/people?done=invited")
        assert [letter.to for letter in mailbox.letters] == ["lee@x.example"]
        page = Page(house.company.get("/people").text)
        assert _listed(page) == ["Kim Bora you", "Lee Ara"]
        (again,) = [
            str(form["action"])
            for form in page.all("form")
            if str(form["action"]).endswith("/invitation")
        ]
        assert house.company.post(again).headers["location"] == "/people?done=again"
        assert len(mailbox.letters) == 1  # one has just left
        later(engine)
        assert house.company.post(again).headers["location"] == "/people?done=again"
        assert len(mailbox.letters) == 2

    def test_faults_stand_beside_their_fields(self, house: House) -> None:
        cases: Any = [
            ({}, ["fault.name", "fault.email", "fault.place"]),
            ({"email": "company@hanbit.example"}, ["fault.known"]),
            ({"email": "x"}, ["fault.email"]),
            ({"place": "company:x"}, ["fault.place"]),
            ({"place": "company"}, []),
            ({"place": "king"}, ["fault.place"]),
            ({"place": "company:0d3f6f1c-4a36-5b0a-9a39-6a8f2f6f9d12"}, ["fault.place"]),
        ]
        for fields, faults in cases:
            form = {"name": "Lee", "email": "lee@x.example", "place": "company"} if fields else {}
            answer = house.company.post("/people", **form | fields)
            assert Page(answer.text).text_of("span", "fault") == [say("en", key) for key in faults]
            assert answer.status_code == (422 if faults else 303)
            assert _listed(Page(house.neighbour.get("/people").text)) == ["Kim Bora you"]

    def test_gives_no_role_that_the_reader_may_not_give(self, house: House) -> None:
        for place in ("admin", "curator", "partner"):
            form = {"name": "Lee", "email": "lee@x.example", "place": place}
            answer = house.company.post("/people", **form)
            assert (answer.status_code, Page(answer.text).text_of("h1")) == (
                403,
                [say("en", "problem.role")],
            )

    def test_says_so_where_no_mail_is_sent(self, house: House) -> None:
        page = Page(house.company.get("/people?done=invited").text)
        assert say("en", "people.invite.no_mail") in page.text_of("small")
        assert page.text_of("p", "assured") == [say("en", "people.done.invited.no_mail")]


class TestEnd:
    def test_signs_somebody_out_everywhere(self, house: House) -> None:
        answer = house.partner.post(f"/people/{house.company.id}/sign-out")
        assert answer.headers["location"] == "/people?done=signed_out"
        assert house.company.get("/people").headers["location"] == "/sign-in?next=%2Fpeople"

    def test_removes_somebody_after_asking(self, house: House) -> None:
        path = f"/people/{house.company.id}/remove"
        page = Page(house.partner.get(path).text)
        words = {"name": "Kim Bora", "email": "company@hanbit.example"}
        assert say("en", "people.remove.lead", **words) in page.text_of("p")
        assert say("en", "people.remove.keys") not in page.text_of("p")
        assert house.partner.post(path).headers["location"] == "/people?done=removed"
        assert house.company.get("/account").status_code == 303
        assert house.partner.get(path).status_code == 404

    def test_names_the_keys_that_end_with_it(self, house: House, engine: Engine) -> None:
        with writing(engine, SYSTEM.claims) as session:
            made = [
                keys.create(
                    session,
                    name=name,
                    role=Role.COMPANY,
                    editor=Editor(f"person:{house.company.id}"),
                    holder=Holder(UUID(house.songdo.portal_id), UUID(house.songdo.company_id)),
                )[0].id
                for name in ("the ERP's", "an old one")
            ]
            keys.revoke(session, str(made[1]), caller=SYSTEM, editor=Editor())
        page = Page(house.partner.get(f"/people/{house.company.id}/remove").text)
        assert say("en", "people.remove.keys") in page.text_of("p")
        assert f"the ERP's {made[0]}" in page.text_of("li")
        assert not [each for each in page.text_of("li") if "an old one" in each]

    def test_oneself_is_told_so_and_leaves(self, house: House, browser: TestClient) -> None:
        path = f"/people/{house.company.id}/remove"
        assert Page(house.company.get(path).text).text_of("strong") == [
            say("en", "people.remove.you")
        ]
        answer = house.company.post(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert 'cdmo-sign-in=""' in answer.headers["set-cookie"]

    def test_the_last_admin_stays(self, house: House) -> None:
        answer = house.admin.post(f"/people/{house.admin.id}/remove")
        assert (answer.status_code, Page(answer.text).text_of("p", "notice")) == (
            409,
            [say("en", "people.remove.last")],
        )
        assert house.admin.get("/account").status_code == 200
