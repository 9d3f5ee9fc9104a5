"""Everything of a company over HTTP: handed out to it, and deleted without a trace."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import col, select

from app.db import reading, writing
from app.models.company import Company
from app.models.event import Event
from app.services import vocabulary_files
from app.services.tenancy import SYSTEM
from tests import kept
from tests.kept import CANARY, OTHER
from tests.people import PASSWORD, Mailbox, enter, later
from tests.service import Headers, OpenPortal, Tenant, bearer, tagged

VOCABULARY = '{"id": "x", "facet": "service", "label_en": "X"}\n'
TIME = "2026-11-26T03:00:00Z"


def actor_of(client: TestClient, headers: Headers, role: str = "partner") -> str:
    """How the journal names the key of this role that `headers` lists."""
    items = client.get("/v1/keys", headers=headers).json()["items"]
    return f"key:{next(each['id'] for each in items if each['role'] == role)}"


def path_of(tenant: Tenant) -> str:
    return f"/v1/companies/{tenant.company_id}"


class TestExport:
    def test_gives_everything_to_the_company_and_its_portal(
        self, client: TestClient, open_portal: OpenPortal, engine: Engine
    ) -> None:
        songdo, paris = open_portal("songdo"), open_portal("paris")
        ids = kept.filled(engine, songdo.company_id, actor_of(client, songdo.partner))
        kept.filled(engine, paris.company_id, actor_of(client, paris.partner), OTHER)
        client.get(path_of(songdo), headers=songdo.company)  # so that its first use is noted
        answer = client.get(f"{path_of(songdo)}/export", headers=songdo.company)
        other = client.get(f"{path_of(songdo)}/export", headers=songdo.partner)
        assert answer.status_code == other.status_code == 200
        assert answer.json() == other.json()
        assert answer.headers["content-disposition"] == (
            f'attachment; filename="company-{songdo.company_id}.json"'
        )
        assert answer.headers["cache-control"] == "no-store"
        key_id = actor_of(client, songdo.partner, "company").removeprefix("key:")
        assert answer.json() == self.expected(client, songdo, key_id, ids)
        for secret in (OTHER, "hash", *songdo.company["Authorization"].split()[1:]):
            assert secret not in answer.text

    def expected(
        self, client: TestClient, tenant: Tenant, key_id: str, ids: dict[str, str]
    ) -> dict[str, Any]:
        keys = client.get("/v1/keys", headers=tenant.partner).json()["items"]
        person = client.get(f"/v1/people/{ids['person']}", headers=tenant.partner).json()
        exported = client.get(f"{path_of(tenant)}/export", headers=tenant.partner).json()
        times = {"created_at": TIME, "updated_at": TIME}
        need = {
            **times,
            **dict.fromkeys(("name", "service", "modality", "stage", "therapeutic_area", "scale")),
            "quality": [CANARY],
            "importance": "should",
            "weight": 1.0,
        }
        needs = exported["requirements"][0]["needs"]
        return {
            "company": client.get(path_of(tenant), headers=tenant.partner).json(),
            "people": [person],
            "sign_ins": [
                {
                    "person_id": ids["person"],
                    **{name: each[name] for name in ("created_at", "updated_at", "expires_at")},
                }
                for each in exported["sign_ins"]
            ],
            "keys": [each for each in keys if each["id"] == key_id],
            "requirements": [
                {
                    **times,
                    "id": ids["requirement"],
                    "title": f"{CANARY} title",
                    "text": f"{CANARY} text",
                    "wishes": {"budget": CANARY},
                    "shared_at": None,
                    "used_at": TIME,
                    "version": 1,
                    "needs": [
                        need | {"id": made["id"], "position": i, "platform": f"{CANARY} {i}"}
                        for i, made in enumerate(needs)
                    ],
                }
            ],
            "runs": [
                {
                    "id": ids["run"],
                    "created_at": TIME,
                    "requirement_id": ids["requirement"],
                    "requirement_version": 1,
                    "request": {"text": CANARY},
                    "engine": "1",
                    "vocabulary": 1,
                    "catalogue": 2,
                    "request_digest": "0" * 64,
                    "answer_digest": "1" * 64,
                    "answer": f'{{"text":"{CANARY}"}}',
                }
            ],
            "journal": [
                self.entry(made, noun, noun_id, after)
                for made, (noun, noun_id, after) in zip(
                    exported["journal"],
                    (("company", tenant.company_id, None), ("key", key_id, {"role": "company"})),
                    strict=True,
                )
            ],
        }

    @pytest.mark.usefixtures("_quick_hashes")
    def test_tells_of_sign_ins_and_of_what_is_gone(
        self,
        browser: TestClient,
        open_portal: OpenPortal,
        engine: Engine,
        mailbox: Mailbox,
    ) -> None:
        with writing(engine) as session:
            vocabulary_files.load(session, VOCABULARY)
        songdo, paris = open_portal("songdo"), open_portal("paris")
        for tenant in (songdo, paris):
            kim = {"email": "kim@hanbit.example", "name": "Kim", "role": "company"}
            made = browser.post("/v1/people", json=kim, headers=tenant.company).json()["id"]
            accepted = {"token": mailbox.token(), "password": PASSWORD}
            assert browser.post("/v1/invitations/accept", json=accepted).status_code == 204
            change = enter(browser, home_id=tenant.company_id)
            wanted = {"title": CANARY, "text": "coating"}
            kept = browser.post("/v1/requirements", json=wanted, headers=change).json()
            gone = f"/v1/requirements/{kept['id']}"
            headers = change | {"If-Match": '"1"'}
            assert browser.delete(gone, headers=headers).status_code == 204
            told = browser.get(f"{path_of(tenant)}/export", headers=tenant.company).json()
            (sign_in,) = told["sign_ins"]
            assert sign_in == {"person_id": made} | {
                name: sign_in[name] for name in ("created_at", "updated_at", "expires_at")
            }
            assert browser.delete(f"/v1/people/{made}", headers=tenant.company).status_code == 204
            answer = browser.get(f"{path_of(tenant)}/export", headers=tenant.company)
            key_id = actor_of(browser, tenant.partner, "company").removeprefix("key:")
            assert [(e["action"], e["noun"], e["noun_id"]) for e in answer.json()["journal"]] == [
                ("created", "company", tenant.company_id),
                ("created", "key", key_id),
                ("invited", "person", made),
                ("password-set", "person", made),
                ("signed-in", "person", made),
                ("created", "requirement", kept["id"]),
                ("deleted", "requirement", kept["id"]),
                ("removed", "person", made),
            ]
            assert answer.json()["sign_ins"] == answer.json()["people"] == []
            later(engine)

    @staticmethod
    def entry(made: dict[str, Any], noun: str, noun_id: str, after: Any) -> dict[str, Any]:
        told = {"action": "created", "noun": noun, "noun_id": noun_id, "after": after}
        same = {name: made[name] for name in ("id", "at", "actor", "request_id")}
        return {**same, **told, "before": None, "revision": 0}

    def test_is_nobody_elses(
        self, client: TestClient, open_portal: OpenPortal, admin: Headers, curator: Headers
    ) -> None:
        songdo, paris = open_portal("songdo"), open_portal("paris")
        for headers, status in ((admin, 403), (curator, 403), ({}, 401)):
            assert client.get(f"{path_of(songdo)}/export", headers=headers).status_code == status
        for headers in (paris.partner, paris.company):
            foreign, missing = (
                client.get(f"/v1/companies/{each}/export", headers=headers)
                for each in (songdo.company_id, uuid4())
            )
            assert foreign.status_code == missing.status_code == 404
            told, other = foreign.json(), missing.json()
            assert told | {"request_id": ""} == other | {"request_id": ""}

    def test_needs_the_scope_of_each_thing_in_it(
        self, client: TestClient, open_portal: OpenPortal
    ) -> None:
        songdo = open_portal("songdo")
        told = []
        for scopes in (["tenancy"], ["requirements"], ["requirements", "tenancy"]):
            body = {"name": "x", "role": "company", "company_id": songdo.company_id}
            made = client.post("/v1/keys", json=body | {"scopes": scopes}, headers=songdo.partner)
            answer = client.get(f"{path_of(songdo)}/export", headers=bearer(made.json()))
            told.append((answer.status_code, answer.json().get("detail")))
        assert told == [
            (403, "This key was made without the scope `requirements`."),
            (403, "This key was made without the scope `tenancy`."),
            (200, None),
        ]


class TestDelete:
    def test_leaves_bare_ids_in_the_journal_and_nothing_else(
        self, client: TestClient, open_portal: OpenPortal, engine: Engine
    ) -> None:
        songdo, paris = open_portal("songdo"), open_portal("paris")
        partner = actor_of(client, songdo.partner)
        self.rename(client, songdo)
        kept.filled(engine, paris.company_id, actor_of(client, paris.partner), OTHER)
        before = kept.counts(engine)
        kept.filled(engine, songdo.company_id, partner)
        with writing(engine, SYSTEM.claims) as session:
            actor = actor_of(client, songdo.partner, "company")
            kept.answer(session, actor, "POST /v1/requirements", None)
        assert kept.leftovers(engine, [CANARY]) != []
        answer = client.delete(path_of(songdo), headers=tagged(songdo.partner, 2))
        assert (answer.status_code, answer.text) == (204, "")
        assert kept.leftovers(engine, [CANARY, "songdo start-up"]) == []
        assert kept.leftovers(engine, [OTHER]) != []
        assert kept.counts(engine) == before | {
            "company": before["company"] - 1,
            "key": before["key"] - 1,
        }
        assert self.journal(engine, songdo.company_id) == [
            ("created", partner, None, None),
            ("updated", partner, None, None),
            ("deleted", partner, None, None),
        ]
        assert client.get(path_of(songdo), headers=songdo.partner).status_code == 404
        assert client.get(path_of(songdo), headers=songdo.company).status_code == 401

    def rename(self, client: TestClient, tenant: Tenant) -> None:
        body = {"name": f"{CANARY} Bio"}
        answer = client.patch(path_of(tenant), json=body, headers=tagged(tenant.partner, 1))
        assert answer.status_code == 200

    def journal(self, engine: Engine, company_id: str) -> list[tuple[Any, ...]]:
        with reading(engine) as session:
            rows = session.exec(
                select(Event).where(Event.noun_id == UUID(company_id)).order_by(col(Event.id))
            ).all()
        return [(each.action, each.actor, each.before, each.after) for each in rows]

    def test_takes_back_what_it_shared(
        self, client: TestClient, open_portal: OpenPortal, engine: Engine
    ) -> None:
        songdo = open_portal("songdo")
        with writing(engine) as session:
            vocabulary_files.load(session, VOCABULARY)
        body = {"needs": [{"service": "zorbium coating"}], "share_wording": True}
        answer = client.post("/v1/match", json=body, headers=songdo.company)
        assert answer.status_code == 200, answer.text
        assert kept.counts(engine)["phrase_use"] == 1
        assert client.delete(path_of(songdo), headers=tagged(songdo.partner, 1)).status_code == 204
        assert kept.counts(engine)["phrase_use"] == 0

    def test_needs_the_version_that_was_read(
        self, client: TestClient, open_portal: OpenPortal
    ) -> None:
        songdo = open_portal("songdo")
        assert client.delete(path_of(songdo), headers=songdo.partner).status_code == 428
        stale = client.delete(path_of(songdo), headers=tagged(songdo.partner, 2))
        assert stale.status_code == 412
        assert client.get(path_of(songdo), headers=songdo.company).status_code == 200

    def test_is_for_its_own_portal_alone(
        self,
        client: TestClient,
        open_portal: OpenPortal,
        admin: Headers,
        curator: Headers,
        engine: Engine,
    ) -> None:
        songdo, paris = open_portal("songdo"), open_portal("paris")
        for headers, status in ((songdo.company, 403), (curator, 403), ({}, 401)):
            answer = client.delete(path_of(songdo), headers=tagged(headers, 1))
            assert answer.status_code == status
        for headers in (admin, paris.partner):
            foreign, missing = (
                client.delete(f"/v1/companies/{each}", headers=tagged(headers, 1))
                for each in (songdo.company_id, uuid4())
            )
            assert foreign.status_code == missing.status_code == 404
            told, other = foreign.json(), missing.json()
            assert told | {"request_id": ""} == other | {"request_id": ""}
        with reading(engine, SYSTEM.claims) as session:
            names = session.exec(select(Company.name).order_by(Company.name)).all()
        assert names == ["paris start-up", "songdo start-up"]

    @pytest.mark.parametrize("count", [1, 501])
    def test_admins_delete_the_centres_own_with_all_that_they_cannot_see(
        self, client: TestClient, admin: Headers, engine: Engine, count: int
    ) -> None:
        made = client.post("/v1/companies", json={"name": CANARY}, headers=admin)
        company_id = made.json()["id"]
        with writing(engine, SYSTEM.claims) as session:
            for _ in range(count):
                wanted, _run = kept.requirement(session, company_id)
            kept.answer(session, "key:x", f"POST /v1/requirements/{wanted}/runs", None)
        headers = tagged(admin, 1)
        assert client.delete(f"/v1/companies/{company_id}", headers=headers).status_code == 204
        assert kept.leftovers(engine, [CANARY]) == []
        assert json.dumps(kept.counts(engine)).count(": 0") == 9  # the admin's key is there
