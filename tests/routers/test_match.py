import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.db import writing
from app.services.catalogue_files import seed
from app.settings import Seed
from tests.service import Create, Headers, tagged

CENTRE = "microbial-verification-support-center"
NEED = {
    "service": "LNP formulation",
    "modality": "mRNA",
    "stage": "phase 1",
    "quality": ["GMP"],
    "scale": {"minimum": 5, "unit": "L"},
    "importance": "must",
}


def ask(client: TestClient, **fields: Any) -> dict[str, Any]:
    answer = client.post("/v1/match", json={"as_of": "2026-11-21", "limit": 100} | fields)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refusal(client: TestClient, *needs: dict[str, Any]) -> list[str]:
    answer = client.post("/v1/match", json={"needs": needs})
    assert answer.status_code == 422, answer.text
    return [error["where"] for error in answer.json()["errors"]]


def names(found: dict[str, Any]) -> list[str]:
    return [match["provider"]["slug"] for match in found["matches"]]


class TestGivenNeeds:
    @pytest.fixture(autouse=True)
    def _vocabulary(self, engine: Engine) -> None:
        with writing(engine) as session:
            seed(session, Seed.NONE, lambda _: None)

    def test_faults_are_told_at_their_place(self, client: TestClient) -> None:
        named = {"id": "a", "service": "filling"}
        assert refusal(client, {}, named, named) == ["body.needs[0]", "body.needs[2].id"]
        scale = {"minimum": 5, "maximum": 1, "unit": "L"}
        assert refusal(client, {"service": "filling", "scale": scale}) == ["body.needs[0].scale"]

    def test_how_is_null_only_where_nothing_was_understood(self, client: TestClient) -> None:
        needs = [
            {"service": "filling", "stage": "Phase I/IIa", "scale": "2 x 1000 L"},
            {"service": "qqqzzz", "stage": "qqqzzz", "scale": "qqqzzz"},
        ]
        for need, how in zip(
            ask(client, needs=needs)["understood"]["needs"], ("exact", None), strict=True
        ):
            assert [need[name]["how"] for name in ("service", "stage", "scale")] == [how] * 3

    def test_a_draft_is_in_no_match_until_it_is_published(
        self, client: TestClient, create: Create, curator: Headers
    ) -> None:
        create(state="draft", capabilities=[{"service": "LNP formulation"}])
        needs = [{"service": "LNP formulation"}]
        assert names(ask(client, needs=needs, include_ineligible=True)) == []
        place, change = "/v1/providers/hanbit-bio", {"state": "published"}
        assert client.patch(place, json=change, headers=tagged(curator, 1)).status_code == 200
        assert names(ask(client, needs=needs)) == ["hanbit-bio"]


class TestShippedCatalogue:
    @pytest.fixture(autouse=True)
    def _catalogue(self, engine: Engine) -> None:
        with writing(engine) as session:
            seed(session, Seed.CATALOGUE, lambda _: None)

    def judged(self, client: TestClient, needed_from: str) -> tuple[Any, ...]:
        wishes = {"needed_from": needed_from, "countries": {"preferred": ["KR"]}}
        found = ask(client, needs=[NEED], wishes=wishes, include_ineligible=True)
        (match,) = (m for m in found["matches"] if m["provider"]["slug"] == CENTRE)
        gates = {gate["criterion"]: (gate["verdict"], gate["ask"]) for gate in match["gates"]}
        return match["eligibility"], match["fits_from"], gates.get("time")

    def test_a_plan_is_judged_by_date_until_a_curator_records_the_licence(
        self, client: TestClient, curator: Headers
    ) -> None:
        assert self.judged(client, "2024") == (
            *("ineligible", "2025-Q3"),
            ("missed", "Could this run by 2024? Your record says 2025-Q3."),
        )
        question = (
            "Did the plan come true: does this run since 2025-Q3, with a licence or a first GMP "
            "batch?"
        )
        assert self.judged(client, "2028") == ("conditional", "2025-Q3", ("unknown", question))
        record = client.get(f"/v1/providers/{CENTRE}").json()
        (site,) = (f for f in record["facilities"] if f["lifecycle"] == "planned")
        licence = {"authority": "MFDS", "standard": "GMP", "issued_on": "2026-02"}
        answer = client.patch(
            f"/v1/providers/{CENTRE}/facilities/{site['id']}",
            json={"certificates": [licence]},
            headers=tagged(curator, record["version"]),
        )
        assert answer.status_code == 200
        assert self.judged(client, "2028") == ("eligible", None, None)

    def test_the_same_request_gives_the_same_bytes(self, client: TestClient) -> None:
        body = json.dumps(
            {"text": "화순에서 mRNA 백신 LNP 제형화, 임상 1상", "as_of": "2026-11-21"}
        )
        headers = {"content-type": "application/json"}
        answers = {
            client.post("/v1/match", content=body.encode(), headers=headers).content
            for _ in range(3)
        }
        assert len(answers) == 1
