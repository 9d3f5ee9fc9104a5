"""Needs given as fields: how they are read, and where their faults are told."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.db import writing
from app.services.catalogue_files import seed
from app.settings import Seed
from tests.service import Create, Headers, tagged


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
