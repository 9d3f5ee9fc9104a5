"""Runs over HTTP: kept as they were answered, told again to the byte, computed anew."""

import hashlib
import json
from typing import Any
from uuid import UUID

import hypothesis
import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from sqlalchemy import Engine

from app.db import reading
from app.models.run import Run
from app.services.catalogue import LiveCatalogue
from app.services.runs import replayed, told
from app.services.tenancy import SYSTEM
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


WORDS = st.sampled_from(
    [
        "mRNA",
        "LNP formulation",
        "GMP",
        "phase 1",
        "5 L",
        "무균 충전",
        "not in China",
        "필수",
        "2028",
    ]
)
WORK = st.sampled_from(["LNP formulation", "무균 충전", "plasmid manufacture"])
ASKED = st.fixed_dictionaries(
    {"text": st.lists(WORDS, max_size=5).map(lambda said: ", ".join(["plasmid", *said]))},
    optional={
        "needs": st.lists(
            st.fixed_dictionaries(
                {"service": WORK},
                optional={
                    "modality": st.just("mRNA"),
                    "importance": st.sampled_from(["must", "should"]),
                },
            ),
            max_size=3,
        ),
        "wishes": st.fixed_dictionaries(
            {}, optional={"countries": st.just({"preferred": ["KR"]}), "markets": st.just(["EMA"])}
        ),
    },
)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "lang": st.sampled_from(["en", "ko"]),
        "limit": st.integers(1, 10),
        "include_ineligible": st.booleans(),
        "weights": st.dictionaries(
            st.sampled_from(["service", "place", "wording"]), st.floats(0.1, 9.0), max_size=2
        ),
    },
)


class TestReplayLaw:
    @given(asked=ASKED, options=OPTIONS)
    @hypothesis.settings(
        max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def test_a_worker_that_comes_later_gives_the_same_bytes(
        self,
        client: TestClient,
        songdo: Tenant,
        curator: Headers,
        engine: Engine,
        asked: dict[str, Any],
        options: dict[str, Any],
    ) -> None:
        """The run is computed on a catalogue that was changed record by record, and again on one
        that was loaded whole."""
        client.patch(
            f"/v1/providers/{HWASUN}",
            json={"city": asked["text"][:20]},
            headers=curator | {"If-Match": "*"},
        )
        body = {"title": "x", **asked}
        kept = client.post("/v1/requirements", json=body, headers=songdo.company)
        assert kept.status_code == 201, kept.text
        path = f"{kept.headers['location']}/runs"
        made = client.post(path, json=options, headers=songdo.company)
        assert made.status_code == 201, made.text
        read = client.get(made.headers["location"], headers=songdo.company)
        again = client.post(f"{made.headers['location']}/replay", headers=songdo.company)
        with reading(engine, SYSTEM.claims) as session:
            run = session.get_one(Run, UUID(made.json()["id"]))
        later = told(replayed(run, LiveCatalogue(engine).current()))
        assert made.content == read.content == again.content == later.encode()


class TestDiff:
    def test_tells_which_fact_moved_whom(
        self, client: TestClient, runs: str, songdo: Tenant, curator: Headers
    ) -> None:
        old = _run(client, runs, songdo.company)
        client.patch(
            f"/v1/providers/{HWASUN}",
            json={"operating": "closed"},
            headers=curator | {"If-Match": "*"},
        )
        new = _run(client, runs, songdo.company)
        path = f"/v1/runs/{old['id']}/diff/{new['id']}"
        diff = client.get(path, headers=songdo.company).json()
        moved = {each["provider"]["slug"]: each for each in diff["moves"]}
        (fact,) = moved[HWASUN]["facts"]
        assert (fact["action"], fact["after"]) == ("updated", {"operating": "closed"})
        assert "actor" not in fact
        same = client.get(f"/v1/runs/{old['id']}/diff/{old['id']}", headers=songdo.company)
        assert same.json()["moves"] == []

    def test_is_its_owners_alone_and_of_one_requirement(
        self,
        client: TestClient,
        runs: str,
        songdo: Tenant,
        open_portal: OpenPortal,
        curator: Headers,
    ) -> None:
        one = _run(client, runs, songdo.company)
        body = {"title": "y", "text": "plasmid"}
        other = client.post("/v1/requirements", json=body, headers=songdo.company).json()
        two = _run(client, f"/v1/requirements/{other['id']}/runs", songdo.company)
        path = f"/v1/runs/{one['id']}/diff/{two['id']}"
        assert client.get(path, headers=songdo.company).status_code == 422
        assert client.get(path, headers=open_portal("paris").company).status_code == 404
        assert client.get(path, headers=curator).status_code == 403
