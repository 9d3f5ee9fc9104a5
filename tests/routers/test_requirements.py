"""Requirements over HTTP: kept as they are written, seen by their owner, shared and unshared."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import col, select

from app.db import reading
from app.models.event import Event
from app.services.tenancy import SYSTEM
from tests.catalogue import load
from tests.service import Headers, OpenPortal, Tenant, tagged

SECRET = "zorbium KX-417 for an undisclosed kinase"
WANTED: dict[str, Any] = {
    "title": "Project Zorbium",
    "text": f"GMP mRNA for {SECRET}",
    "needs": [
        {
            "id": "n1",
            "service": "LNP formulation",
            "quality": ["GMP"],
            "scale": {"minimum": 5.0, "unit": "L"},
            "importance": "must",
        },
        {"modality": "mRNA", "quality": "GLP", "scale": "2 x 100 L", "weight": 2.5},
    ],
    "wishes": {"needed_from": "2028-Q1", "countries": {"preferred": ["KR"]}, "budget": "1M USD"},
}


@pytest.fixture(autouse=True)
def _catalogue(engine: Engine) -> None:
    load(engine)


@pytest.fixture
def songdo(open_portal: OpenPortal) -> Tenant:
    return open_portal("songdo")


@pytest.fixture
def paris(open_portal: OpenPortal) -> Tenant:
    return open_portal("paris")


@pytest.fixture
def kept(client: TestClient, songdo: Tenant) -> dict[str, Any]:
    answer = client.post("/v1/requirements", json=WANTED, headers=songdo.company)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


class TestCreate:
    def test_keeps_it_as_it_was_written(
        self, client: TestClient, songdo: Tenant, kept: dict[str, Any]
    ) -> None:
        empty = dict.fromkeys(
            ("id", "service", "modality", "platform", "stage", "therapeutic_area")
        ) | {"importance": "should", "weight": 1.0}
        first, second = WANTED["needs"]
        scale = {"minimum": 5.0, "maximum": None, "unit": "L"}
        assert kept == {
            "id": kept["id"],
            "company_id": songdo.company_id,
            "title": WANTED["title"],
            "text": WANTED["text"],
            "needs": [empty | first | {"scale": scale}, empty | second],
            "wishes": {
                "needed_from": "2028-Q1",
                "countries": {"required": [], "preferred": ["KR"], "excluded": []},
                "markets": [],
                "ownership": [],
                "languages": [],
                "budget": "1M USD",
                "include_inactive": False,
            },
            "shared_at": None,
            "created_at": kept["created_at"],
            "updated_at": kept["updated_at"],
            "version": 1,
        }
        read = client.get(f"/v1/requirements/{kept['id']}", headers=songdo.company)
        assert (read.json(), read.headers["etag"]) == (kept, '"1"')
        known = songdo.company | {"If-None-Match": '"1"'}
        assert client.get(f"/v1/requirements/{kept['id']}", headers=known).status_code == 304

    def test_a_partner_says_for_which_company(
        self, client: TestClient, songdo: Tenant, paris: Tenant
    ) -> None:
        for company_id, status in (
            (None, 422),
            (paris.company_id, 422),
            (songdo.company_id, 201),
        ):
            body = {"title": "x", "text": "mRNA", "company_id": company_id}
            answer = client.post("/v1/requirements", json=body, headers=songdo.partner)
            assert answer.status_code == status
            if status == 422:
                assert [each["where"] for each in answer.json()["errors"]] == ["body.company_id"]

    def test_a_company_keeps_none_for_another(
        self, client: TestClient, songdo: Tenant, paris: Tenant
    ) -> None:
        body = {"title": "x", "text": "mRNA", "company_id": paris.company_id}
        assert client.post("/v1/requirements", json=body, headers=songdo.company).status_code == 422

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            ({"text": None, "needs": []}, "body.needs"),
            ({"needs": [{"stage": "phase 1"}]}, "body.needs[0]"),
            ({"needs": [{"service": "x", "scale": {"unit": "L"}}]}, "body.needs[0].scale"),
            (
                {"wishes": {"countries": {"required": ["XX"]}}},
                "body.wishes.countries.required[0]",
            ),
            ({"title": " "}, "body.title"),
            ({"text": "\0"}, "body.text"),
            ({"company": "x"}, "body.company"),
        ],
    )
    def test_refuses_what_could_not_be_matched(
        self, client: TestClient, songdo: Tenant, change: dict[str, Any], where: str
    ) -> None:
        answer = client.post("/v1/requirements", json=WANTED | change, headers=songdo.company)
        assert answer.status_code == 422
        assert [each["where"] for each in answer.json()["errors"]] == [where]
        assert SECRET not in answer.text

    def test_a_repeat_gets_the_first_answer(self, client: TestClient, songdo: Tenant) -> None:
        headers = songdo.company | {"Idempotency-Key": "once"}
        one, other = (
            client.post("/v1/requirements", json=WANTED, headers=headers) for _ in range(2)
        )
        assert one.json() == other.json()
        assert other.headers["idempotent-replayed"] == "true"
        page = client.get("/v1/requirements", headers=songdo.company).json()
        assert page == {"items": [one.json()], "next": None}


class TestRights:
    def test_others_find_nothing(
        self,
        client: TestClient,
        kept: dict[str, Any],
        paris: Tenant,
        curator: Headers,
        admin: Headers,
    ) -> None:
        path = f"/v1/requirements/{kept['id']}"
        for headers in (paris.company, paris.partner, curator, admin):
            assert client.get("/v1/requirements", headers=headers).json()["items"] == []
            for method, where in (
                ("GET", path),
                ("PATCH", path),
                ("DELETE", path),
                ("POST", f"{path}/share"),
                ("DELETE", f"{path}/share"),
                ("POST", f"{path}/runs"),
                ("GET", f"{path}/runs"),
            ):
                body: Any = {} if method in ("PATCH", "POST") else None
                answer = client.request(method, where, json=body, headers=tagged(headers, 1))
                assert (method, where, answer.status_code) == (method, where, 404)
        assert client.get(path).status_code == 401

    def test_its_portals_staff_keeps_it_too(
        self, client: TestClient, kept: dict[str, Any], songdo: Tenant
    ) -> None:
        path = f"/v1/requirements/{kept['id']}"
        assert client.get(path, headers=songdo.partner).json() == kept
        answer = client.patch(path, json={"title": "New"}, headers=tagged(songdo.partner, 1))
        assert (answer.status_code, answer.json()["title"]) == (200, "New")

    def test_the_centre_makes_none(
        self, client: TestClient, curator: Headers, admin: Headers
    ) -> None:
        for headers in (curator, admin):
            answer = client.post("/v1/requirements", json=WANTED, headers=headers)
            assert answer.status_code == 403

    def test_the_journal_says_no_more_than_that_something_happened(
        self, client: TestClient, kept: dict[str, Any], songdo: Tenant, engine: Engine
    ) -> None:
        path = f"/v1/requirements/{kept['id']}"
        client.patch(path, json={"title": "New"}, headers=tagged(songdo.company, 1))
        client.post(f"{path}/share", headers=songdo.company)
        with reading(engine, SYSTEM.claims) as session:
            rows = session.exec(
                select(Event).where(Event.noun == "requirement").order_by(col(Event.id))
            ).all()
        assert [(row.action, row.before, row.after) for row in rows] == [
            ("created", None, None),
            ("updated", None, None),
            ("shared", None, None),
        ]


class TestShare:
    def test_the_centre_reads_it_until_it_is_unshared(
        self,
        client: TestClient,
        kept: dict[str, Any],
        songdo: Tenant,
        paris: Tenant,
        curator: Headers,
        admin: Headers,
    ) -> None:
        path = f"/v1/requirements/{kept['id']}"
        shared = client.post(f"{path}/share", headers=songdo.company).json()
        assert shared["shared_at"] is not None
        again = client.post(f"{path}/share", headers=songdo.company).json()
        assert again == shared
        for headers in (curator, admin):
            assert client.get(path, headers=headers).json() == shared
            assert client.get("/v1/requirements", headers=headers).json()["items"] == [shared]
            for method, where in (
                ("PATCH", path),
                ("DELETE", path),
                ("DELETE", f"{path}/share"),
                ("POST", f"{path}/runs"),
                ("GET", f"{path}/runs"),
            ):
                body: Any = {} if method in ("PATCH", "POST") else None
                answer = client.request(method, where, json=body, headers=tagged(headers, 2))
                assert (method, where, answer.status_code) == (method, where, 403)
        assert client.get(path, headers=paris.partner).status_code == 404
        client.delete(f"{path}/share", headers=songdo.company)
        assert client.get(path, headers=curator).status_code == 404


class TestUpdate:
    def test_changes_what_is_given(
        self, client: TestClient, kept: dict[str, Any], songdo: Tenant
    ) -> None:
        path = f"/v1/requirements/{kept['id']}"
        needs = [{"service": "fill-finish"}]
        answer = client.patch(
            path, json={"needs": needs, "text": None}, headers=tagged(songdo.company, 1)
        )
        changed = answer.json()
        assert answer.headers["etag"] == '"2"'
        assert [need["service"] for need in changed["needs"]] == ["fill-finish"]
        assert changed == kept | {
            "needs": changed["needs"],
            "text": None,
            "version": 2,
            "updated_at": changed["updated_at"],
        }
        assert client.get(path, headers=songdo.company).json() == changed

    def test_is_held_to_the_version_that_was_read(
        self, client: TestClient, kept: dict[str, Any], songdo: Tenant
    ) -> None:
        path = f"/v1/requirements/{kept['id']}"
        for method in ("PATCH", "DELETE"):
            body: Any = {"title": "x"} if method == "PATCH" else None
            bare = client.request(method, path, json=body, headers=songdo.company)
            stale = client.request(method, path, json=body, headers=tagged(songdo.company, 2))
            assert (bare.status_code, stale.status_code) == (428, 412)

    def test_refuses_what_could_not_be_matched(
        self, client: TestClient, kept: dict[str, Any], songdo: Tenant
    ) -> None:
        path = f"/v1/requirements/{kept['id']}"
        body: Any = {"needs": [], "text": None}
        answer = client.patch(path, json=body, headers=tagged(songdo.company, 1))
        assert answer.status_code == 422
        assert client.get(path, headers=songdo.company).json() == kept


def test_is_gone_when_it_is_deleted(
    client: TestClient, kept: dict[str, Any], songdo: Tenant
) -> None:
    path = f"/v1/requirements/{kept['id']}"
    run = client.post(f"{path}/runs", headers=songdo.company).json()
    answer = client.delete(path, headers=tagged(songdo.company, 1))
    assert (answer.status_code, answer.content) == (204, b"")
    assert client.get(path, headers=songdo.company).status_code == 404
    assert client.get(f"/v1/runs/{run['id']}", headers=songdo.company).status_code == 404
