"""Runs over HTTP: kept as they were answered, told again to the byte, computed anew."""

import hashlib
import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from tests.catalogue import HWASUN, load
from tests.service import Headers, OpenPortal, Tenant, tagged

AS_OF = "2026-11-21"


@pytest.fixture(autouse=True)
def _catalogue(engine: Engine) -> None:
    load(engine)


@pytest.fixture
def songdo(open_portal: OpenPortal) -> Tenant:
    return open_portal("songdo")


@pytest.fixture
def runs(client: TestClient, songdo: Tenant) -> str:
    """The path of a requirement's runs."""
    body = {
        "title": "x",
        "text": "GMP mRNA and LNP formulation, Korea preferred",
        "needs": [{"service": "LNP formulation", "importance": "must"}],
    }
    made = client.post("/v1/requirements", json=body, headers=songdo.company).json()
    return f"/v1/requirements/{made['id']}/runs"


def _run(client: TestClient, runs: str, headers: Headers, **options: Any) -> dict[str, Any]:
    answer = client.post(runs, json={"as_of": AS_OF, **options}, headers=headers)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/v1/runs/{answer.json()['id']}"
    made: dict[str, Any] = answer.json()
    return made


class TestCreate:
    def test_keeps_what_a_match_answers(
        self, client: TestClient, runs: str, songdo: Tenant
    ) -> None:
        run = _run(client, runs, songdo.company, limit=3, lang="ko")
        matched = client.post("/v1/match", json=run["request"])
        assert run["answer"] == matched.json()
        assert run["request"]["limit"] == 3
        assert run == {
            "id": run["id"],
            "requirement_id": runs.split("/")[3],
            "requirement_version": 1,
            "created_at": run["created_at"],
            "request": run["request"],
            "computed_from": run["answer"]["computed_from"]
            | {
                "request_digest": run["computed_from"]["request_digest"],
                "answer_digest": hashlib.sha256(matched.content).hexdigest(),
            },
            "answer": run["answer"],
        }

    def test_a_repeat_gets_the_first_run(
        self, client: TestClient, runs: str, songdo: Tenant
    ) -> None:
        headers = songdo.company | {"Idempotency-Key": "once"}
        one, other = (client.post(runs, json={}, headers=headers) for _ in range(2))
        assert (one.status_code, one.content) == (other.status_code, other.content)
        assert other.headers["idempotent-replayed"] == "true"
        assert len(client.get(runs, headers=songdo.company).json()["items"]) == 1
        mismatch = client.post(runs, json={"limit": 1}, headers=headers)
        assert mismatch.json()["type"] == "/problems/idempotency-mismatch"

    @pytest.mark.parametrize(
        ("options", "where"),
        [
            ({"preset": "none"}, "body.preset"),
            ({"weights": {"service": -1}}, "body.weights.service"),
            ({"limit": 0}, "body.limit"),
            ({"text": "x"}, "body.text"),
        ],
    )
    def test_refuses_what_a_match_refuses(
        self, client: TestClient, runs: str, songdo: Tenant, options: dict[str, Any], where: str
    ) -> None:
        answer = client.post(runs, json=options, headers=songdo.company)
        assert answer.status_code == 422
        assert [each["where"] for each in answer.json()["errors"]] == [where]
        assert client.get(runs, headers=songdo.company).json()["items"] == []


class TestRead:
    def test_is_told_as_it_was_whatever_changes(
        self, client: TestClient, runs: str, songdo: Tenant, curator: Headers
    ) -> None:
        made = client.post(runs, json={"as_of": AS_OF}, headers=songdo.company)
        path = made.headers["location"]
        client.patch(
            f"/v1/providers/{HWASUN}",
            json={"name": "Another"},
            headers=curator | {"If-Match": "*"},
        )
        requirement = runs.removesuffix("/runs")
        client.patch(requirement, json={"text": "plasmid"}, headers=tagged(songdo.company, 1))
        read = client.get(path, headers=songdo.company)
        assert read.content == made.content
        known = songdo.company | {"If-None-Match": read.headers["etag"]}
        assert client.get(path, headers=known).status_code == 304

    def test_is_its_owners_alone(
        self,
        client: TestClient,
        runs: str,
        songdo: Tenant,
        open_portal: OpenPortal,
        curator: Headers,
        admin: Headers,
    ) -> None:
        run = _run(client, runs, songdo.company)
        client.post(runs.replace("/runs", "/share"), headers=songdo.company)
        paris = open_portal("paris")
        for path in (f"/v1/runs/{run['id']}", f"/v1/runs/{run['id']}/replay"):
            method = "POST" if path.endswith("replay") else "GET"
            for headers, status in (
                (songdo.partner, 200),
                (paris.company, 404),
                (paris.partner, 404),
                (curator, 403),
                (admin, 403),
            ):
                assert client.request(method, path, headers=headers).status_code == status

    def test_lists_without_answers(self, client: TestClient, runs: str, songdo: Tenant) -> None:
        made = [_run(client, runs, songdo.company, limit=limit) for limit in (1, 2)]
        page = client.get(runs, params={"limit": 1}, headers=songdo.company).json()
        assert page["items"] == [{k: v for k, v in made[0].items() if k != "answer"}]
        query = {"limit": 1, "after": page["next"]}
        following = client.get(runs, params=query, headers=songdo.company).json()
        assert [each["id"] for each in following["items"]] == [made[1]["id"]]
        assert following["next"] is None


class TestReplay:
    def test_gives_the_same_bytes_on_an_unchanged_catalogue(
        self, client: TestClient, runs: str, songdo: Tenant
    ) -> None:
        for options in ({}, {"lang": "ko", "limit": 2, "weights": {"place": 2.0}}):
            path = f"/v1/runs/{_run(client, runs, songdo.company, **options)['id']}"
            read = client.get(path, headers=songdo.company)
            replayed = client.post(f"{path}/replay", headers=songdo.company)
            assert (replayed.status_code, replayed.content) == (200, read.content)

    def test_tells_what_comes_out_now_and_keeps_nothing(
        self, client: TestClient, runs: str, songdo: Tenant, curator: Headers
    ) -> None:
        run = _run(client, runs, songdo.company)
        client.patch(
            f"/v1/providers/{HWASUN}",
            json={"name": "Another"},
            headers=curator | {"If-Match": "*"},
        )
        path = f"/v1/runs/{run['id']}"
        now = client.post(f"{path}/replay", headers=songdo.company).json()
        assert "Another" in json.dumps(now["answer"])
        assert now["computed_from"]["catalogue"] == run["computed_from"]["catalogue"] + 1
        assert now["answer"]["computed_from"]["catalogue"] == now["computed_from"]["catalogue"]
        assert client.get(path, headers=songdo.company).json() == run
