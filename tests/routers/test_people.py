"""People over HTTP: who may invite, see and remove whom."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import col, select

from app.db import reading
from app.models.event import Event
from app.models.key import Role
from app.models.person import Person
from app.services.holders import Holder
from app.services.portals import CENTRE
from app.services.tenancy import SYSTEM
from tests.kept import leftovers
from tests.people import Mailbox, SignIn, enter, later, person
from tests.service import Headers, OpenPortal, bearer


def _invite(client: TestClient, headers: Headers, role: str = "admin", **others: Any) -> Any:
    body = {"email": "kim@hanbit.example", "name": "Kim Bora", "role": role} | others
    return client.post("/v1/people", json=body, headers=headers)


def _problem(answer: Any) -> tuple[int, str, list[dict[str, str]]]:
    found = answer.json()
    return answer.status_code, found["detail"], found["errors"]


class TestInvite:
    def test_is_answered_whole_and_mailed(
        self, client: TestClient, admin: Headers, mailbox: Mailbox
    ) -> None:
        answer = _invite(client, admin, email=" Kim@Hanbit.Example ")
        made = answer.json()
        assert (answer.status_code, answer.headers["location"], made) == (
            201,
            f"/v1/people/{made['id']}",
            {
                "id": made["id"],
                "portal_id": str(CENTRE),
                "company_id": None,
                "email": "kim@hanbit.example",
                "name": "Kim Bora",
                "role": "admin",
                "state": "invited",
                "created_at": made["created_at"],
                "last_signed_in_at": None,
            },
        )
        assert client.get(f"/v1/people/{made['id']}", headers=admin).json() == made
        (letter,) = mailbox.letters
        assert (letter.to, letter.subject) == (
            "kim@hanbit.example",
            "Your invitation to CDMO Match / CDMO Match 초대",
        )
        assert "Hello Kim Bora,\n\nSupport centre has invited you" in letter.text

    def test_under_the_same_key_is_done_and_mailed_once(
        self, client: TestClient, admin: Headers, mailbox: Mailbox
    ) -> None:
        headers = admin | {"Idempotency-Key": "k1"}
        first, again = (_invite(client, headers) for _ in range(2))
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.content == first.content
        assert again.headers["idempotent-replayed"] == "true"
        assert len(mailbox.letters) == 1

    def test_of_somebody_who_is_there_is_a_conflict(
        self, client: TestClient, admin: Headers
    ) -> None:
        _invite(client, admin)
        assert _problem(_invite(client, admin, email="KIM@hanbit.example")) == (
            409,
            "Somebody with this e-mail address is here already.",
            [],
        )

    def test_elsewhere_tells_nothing_of_the_other_home(
        self, client: TestClient, admin: Headers, open_portal: OpenPortal
    ) -> None:
        songdo = open_portal("songdo")
        assert _invite(client, admin).status_code == 201
        assert _invite(client, songdo.partner, "partner").status_code == 201
        assert _invite(client, songdo.company, "company").status_code == 201

    def test_may_be_sent_again(
        self, client: TestClient, admin: Headers, engine: Engine, mailbox: Mailbox
    ) -> None:
        made = _invite(client, admin).json()
        later(engine)
        answer = client.post(f"/v1/people/{made['id']}/invitation", headers=admin)
        assert (answer.status_code, answer.content) == (202, b"")
        assert len(mailbox.letters) == 2
        active = person(engine, email="lee@hanbit.example")
        client.post(f"/v1/people/{active}/invitation", headers=admin)
        assert len(mailbox.letters) == 2

    def test_leaves_bare_ids_in_the_journal(
        self, client: TestClient, admin: Headers, engine: Engine
    ) -> None:
        made = _invite(client, admin).json()
        client.delete(f"/v1/people/{made['id']}", headers=admin)
        with reading(engine) as session:
            events = session.exec(
                select(Event).where(Event.noun == "person").order_by(col(Event.id))
            ).all()
        assert [(e.action, e.noun_id, e.before, e.after) for e in events] == [
            ("invited", UUID(made["id"]), None, {"role": "admin"}),
            ("removed", UUID(made["id"]), None, None),
        ]

    @pytest.mark.parametrize(
        ("by", "role", "status"),
        [
            ("admin", "admin", 201),
            ("admin", "curator", 201),
            ("admin", "partner", 422),
            ("admin", "company", 422),
            ("admin", "embed", 422),
            ("partner", "admin", 403),
            ("partner", "curator", 403),
            ("partner", "partner", 201),
            ("partner", "company", 422),
            ("company", "admin", 403),
            ("company", "partner", 403),
            ("company", "company", 201),
        ],
    )
    def test_is_for_roles_below(
        self,
        client: TestClient,
        admin: Headers,
        open_portal: OpenPortal,
        by: str,
        role: str,
        status: int,
    ) -> None:
        songdo = open_portal("songdo")
        headers = {"admin": admin, "partner": songdo.partner, "company": songdo.company}[by]
        assert _invite(client, headers, role).status_code == status

    def test_follows_the_rule_of_keys_about_portals(
        self, client: TestClient, admin: Headers, open_portal: OpenPortal
    ) -> None:
        songdo, paris = open_portal("songdo"), open_portal("paris")
        made = _invite(client, admin, "partner", portal_id=songdo.portal_id)
        assert (made.status_code, made.json()["portal_id"]) == (201, songdo.portal_id)
        there = _invite(client, admin, "curator", portal_id=songdo.portal_id)
        assert _problem(there) == (
            422,
            "This role doesn't go with this portal.",
            [
                {
                    "where": "body.portal_id",
                    "detail": "The centre has admins and curators; other portals have partners.",
                }
            ],
        )
        missing = [{"where": "body.company_id", "detail": "There is no such company."}]
        for company_id in (paris.company_id, str(uuid4())):
            foreign = _invite(client, songdo.partner, "company", company_id=company_id)
            assert _problem(foreign) == (422, "This can't be done as it is.", missing)
        needless = _invite(client, songdo.partner, "partner", company_id=songdo.company_id)
        assert _problem(needless)[2] == [
            {
                "where": "body.company_id",
                "detail": "Only somebody of a company belongs to a company.",
            }
        ]

    @pytest.mark.parametrize(
        "email",
        [
            "",
            "kim",
            "kim@",
            "@hanbit.example",
            "kim@hanbit.example\n",
            "kim@hanbit.example\r\nBcc: all@hanbit.example",
            "kim\x00@hanbit.example",
            "kim @hanbit.example",
            "Kim <kim@hanbit.example>",
            "kim@hanbit..example",
            "한빛@hanbit.example",
            "k" * 65 + "@hanbit.example",
            "k@" + "h" * 250 + ".kr",
            "k" * 900_000 + "@hanbit.example",
        ],
    )
    def test_refuses_what_is_no_address(
        self, client: TestClient, admin: Headers, email: str
    ) -> None:
        answer = _invite(client, admin, email=email)
        if email.strip() == "kim@hanbit.example":
            assert answer.status_code == 201
        else:
            assert answer.status_code == 422
            assert [each["where"] for each in answer.json()["errors"]] == ["body.email"]
            assert len(answer.content) < 1000

    def test_takes_a_domain_in_any_script(self, client: TestClient, admin: Headers) -> None:
        made = _invite(client, admin, email="kim@한빛.kr").json()
        assert made["email"] == "kim@xn--xx3br43b.kr"
        assert _invite(client, admin, email="kim@xn--xx3br43b.kr").status_code == 409

    def test_of_two_at_the_same_time_one_is_a_conflict(
        self, client: TestClient, admin: Headers
    ) -> None:
        with ThreadPoolExecutor(4) as pool:
            tries = [pool.submit(_invite, client, admin) for _ in range(4)]
            found = sorted(each.result().status_code for each in tries)
        assert found == [201, 409, 409, 409]


class TestSight:
    def test_everybody_sees_their_own(
        self, client: TestClient, admin: Headers, open_portal: OpenPortal, engine: Engine
    ) -> None:
        songdo, paris = open_portal("songdo"), open_portal("paris")
        made = {"centre": person(engine, email="a@x.example")}
        for name, tenant in (("songdo", songdo), ("paris", paris)):
            portal, company = UUID(tenant.portal_id), UUID(tenant.company_id)
            made[f"{name} staff"] = person(
                engine, Role.PARTNER, email=f"s@{name}.example", holder=Holder(portal)
            )
            made[f"{name} company"] = person(
                engine, Role.COMPANY, email=f"c@{name}.example", holder=Holder(portal, company)
            )
        seen = {
            "admin": (admin, {"centre", "songdo staff", "paris staff"}),
            "partner": (songdo.partner, {"songdo staff", "songdo company"}),
            "company": (songdo.company, {"songdo company"}),
        }
        for headers, names in seen.values():
            listed = client.get("/v1/people", headers=headers).json()
            assert {each["id"] for each in listed["items"]} == {made[name] for name in names}
            for name, person_id in made.items():
                answer = client.get(f"/v1/people/{person_id}", headers=headers)
                assert answer.status_code == (200 if name in names else 404)
                if name not in names:
                    assert client.delete(f"/v1/people/{person_id}", headers=headers).json()[
                        "detail"
                    ] == ("There is no such person.")

    def test_comes_in_pages(self, client: TestClient, admin: Headers, engine: Engine) -> None:
        made = [person(engine, email=f"p{n}@x.example", password=None) for n in range(3)]
        first = client.get("/v1/people?limit=2", headers=admin).json()
        rest = client.get(f"/v1/people?limit=2&after={first['next']}", headers=admin).json()
        assert [each["id"] for each in (*first["items"], *rest["items"])] == made
        assert rest["next"] is None

    @pytest.mark.parametrize("person_id", ["x", str(UUID(int=0)), "%00", "1" * 4000])
    def test_is_not_found(self, client: TestClient, admin: Headers, person_id: str) -> None:
        for method, path in (
            ("GET", ""),
            ("DELETE", ""),
            ("POST", "/invitation"),
            ("DELETE", "/sign-ins"),
        ):
            answer = client.request(method, f"/v1/people/{person_id}{path}", headers=admin)
            assert _problem(answer) == (404, "There is no such person.", [])

    @pytest.mark.parametrize(
        ("method", "path"),
        [("GET", ""), ("POST", ""), ("GET", "/x"), ("DELETE", "/x"), ("DELETE", "/x/sign-ins")],
    )
    def test_is_for_those_who_keep_people(
        self, client: TestClient, curator: Headers, method: str, path: str
    ) -> None:
        assert client.request(method, f"/v1/people{path}").status_code == 401
        assert client.request(method, f"/v1/people{path}", headers=curator).status_code == 403


class TestRemove:
    def test_ends_every_sign_in_at_once(
        self, browser: TestClient, admin: Headers, sign_in: SignIn, engine: Engine
    ) -> None:
        sign_in()
        found = browser.get("/v1/sign-in").json()["person"]
        answer = browser.delete(f"/v1/people/{found['id']}", headers=admin)
        assert (answer.status_code, answer.content) == (204, b"")
        assert browser.get("/v1/sign-in").status_code == 401
        assert browser.get("/v1/people").status_code == 401
        with reading(engine, SYSTEM.claims) as session:
            assert session.exec(select(Person)).all() == []

    def test_ends_the_keys_that_they_made_and_what_was_made_with_these(
        self,
        browser: TestClient,
        admin: Headers,
        open_portal: OpenPortal,
        sign_in: SignIn,
        engine: Engine,
    ) -> None:
        songdo = open_portal("songdo")
        portal = Holder(UUID(songdo.portal_id))
        change = sign_in(Role.PARTNER, holder=portal)
        kim = browser.get("/v1/sign-in").json()["person"]["id"]

        def make(headers: Headers, role: str, **others: Any) -> tuple[str, Headers]:
            body = {"name": f"a {role}", "role": role} | others
            made = browser.post("/v1/keys", json=body, headers=headers)
            assert made.status_code == 201, made.text
            return made.json()["id"], bearer(made.json())

        def rotate(key: str, headers: Headers) -> tuple[str, Headers]:
            made = browser.post(f"/v1/keys/{key}/rotate", json={}, headers=headers).json()
            return made["id"], bearer(made)

        first = make(change, "partner")
        company = make(change, "company", company_id=songdo.company_id)
        second = make(first[1], "partner")
        third = make(second[1], "company", company_id=songdo.company_id)
        rotated = rotate(third[0], change)
        taken_over = rotate(company[0], songdo.partner)
        assert browser.delete(f"/v1/keys/{second[0]}", headers=songdo.partner).status_code == 204
        told = browser.get("/v1/keys", headers=songdo.partner).json()["items"]
        makers = {each["id"]: each["created_by"] for each in told}
        (partner,) = [each["id"] for each in told if each["name"] == "staff"]
        assert [makers[key] for key, _ in (first, company, second, third, rotated, taken_over)] == [
            f"person:{kim}",
            f"person:{kim}",
            f"key:{first[0]}",
            f"key:{second[0]}",
            f"person:{kim}",
            f"key:{partner}",
        ]
        for _, headers in (first, company, third, rotated, taken_over):
            assert browser.get("/v1/companies", headers=headers).status_code == 200
        # The centre's admin keeps the staff of other portals, and sees no key of their companies.
        assert browser.delete(f"/v1/people/{kim}", headers=admin).status_code == 204
        browser.cookies.clear()
        for _, headers in (first, company, second, third, rotated):
            assert browser.get("/v1/companies", headers=headers).status_code == 401
        for headers in (songdo.partner, songdo.company, taken_over[1]):
            assert browser.get("/v1/companies", headers=headers).status_code == 200
        with reading(engine, SYSTEM.claims) as session:
            ended = session.exec(select(Event.noun_id).where(Event.action == "revoked")).all()
        assert sorted(map(str, ended)) == sorted(
            key for key, _ in (first, company, second, third, rotated)
        )

    def test_leaves_no_name_and_no_address_anywhere(
        self, client: TestClient, admin: Headers, engine: Engine
    ) -> None:
        headers = admin | {"Idempotency-Key": "k1"}
        words = {"name": "Zqname Bora", "email": "zqaddress@hanbit.example"}
        made = _invite(client, headers, **words).json()
        assert leftovers(engine, ["Zqname", "zqaddress"]) != []
        assert client.delete(f"/v1/people/{made['id']}", headers=admin).status_code == 204
        assert leftovers(engine, ["Zqname", "zqaddress"]) == []
        again = _invite(client, headers, **words)
        assert again.status_code == 201
        assert again.json()["id"] != made["id"]

    def test_of_oneself_is_refused_to_the_last_admin(
        self, browser: TestClient, sign_in: SignIn, engine: Engine
    ) -> None:
        token = sign_in()
        own = browser.get("/v1/sign-in").json()["person"]["id"]
        person(engine, email="invited@hanbit.example", password=None)
        person(engine, Role.CURATOR, email="curator@hanbit.example")
        assert _problem(browser.delete(f"/v1/people/{own}", headers=token)) == (
            409,
            "You are the last admin. Invite another one first.",
            [],
        )
        person(engine, email="other@hanbit.example")
        assert browser.delete(f"/v1/people/{own}", headers=token).status_code == 204

    def test_of_oneself_is_refused_to_the_last_admin_in_whatever_letters(
        self, browser: TestClient, sign_in: SignIn
    ) -> None:
        token = sign_in()
        own = browser.get("/v1/sign-in").json()["person"]["id"]
        for written in (own.upper(), own.title()):
            assert browser.delete(f"/v1/people/{written}", headers=token).status_code == 409

    @pytest.mark.parametrize("whom", ["themselves", "each other"])
    def test_of_two_last_admins_leaves_one(
        self, app: FastAPI, browser: TestClient, sign_in: SignIn, engine: Engine, whom: str
    ) -> None:
        person(engine, email="lee@hanbit.example")
        token = sign_in()
        other = TestClient(app, base_url="https://testserver")
        both = (browser, token), (other, enter(other, "lee@hanbit.example"))
        ids = [client.get("/v1/sign-in").json()["person"]["id"] for client, _ in both]
        leaving = ids if whom == "themselves" else ids[::-1]

        def go(client: TestClient, headers: Headers, leaves: str) -> int:
            return client.delete(f"/v1/people/{leaves}", headers=headers).status_code

        with ThreadPoolExecutor(2) as pool:
            tries = [pool.submit(go, *each, who) for each, who in zip(both, leaving, strict=True)]
            statuses = [each.result() for each in tries]
        assert statuses.count(204) == 1
        # Who was removed meanwhile isn't known any more; whoever is refused as the last one is.
        assert set(statuses) <= ({204, 409} if whom == "themselves" else {204, 401, 404, 409})
        with reading(engine, SYSTEM.claims) as session:
            assert len(session.exec(select(Person)).all()) == 1
