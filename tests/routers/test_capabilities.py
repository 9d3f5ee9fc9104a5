"""Capabilities over HTTP: the provider's own words, and what is read from them."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.db import writing
from app.models.concept import Concept, Facet
from tests.service import Create, Headers, tagged

PLACE = "/v1/providers/hanbit-bio/capabilities"
LITRES = {"unit": "L", "kind": "volume"}


@pytest.fixture
def capability(create: Create) -> dict[str, Any]:
    made = create(
        facilities=[{"name": "A"}], capabilities=[{"service": "fermentation", "scale": "500 L"}]
    )
    (found,) = made["capabilities"]
    return dict(found)


class TestCapabilities:
    def test_is_created_and_read(
        self, client: TestClient, create: Create, curator: Headers
    ) -> None:
        create()
        answer = client.post(PLACE, json={"service": "LNP formulation"}, headers=curator)
        made = answer.json()
        assert (answer.status_code, answer.headers["etag"]) == (201, '"2"')
        assert answer.headers["location"] == f"{PLACE}/{made['id']}"
        assert made == {
            "id": made["id"],
            "version": 2,
            "service": "LNP formulation",
            "modality": None,
            "platform": None,
            "stages": [],
            "quality": None,
            "lead_time_weeks": None,
            "available_from": None,
            "status": "offered",
            "flag": None,
            "note": None,
            "pinned": [],
            "facility_id": None,
            "scale": None,
            "evidence": None,
        }
        assert client.get(f"{PLACE}/{made['id']}").json() == made
        assert client.get(PLACE).json() == {"items": [made], "next": None}

    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            (
                "2 x 200 L and 1 x 1,000 L lines",
                {"minimum": 200.0, "maximum": 200.0, "text": "2 x 200 L and 1 x 1,000 L lines"}
                | LITRES
                | {"further": [{"minimum": 1000.0, "maximum": 1000.0} | LITRES]},
            ),
            (
                {"maximum": 1, "unit": "kL"},
                {"minimum": None, "maximum": 1000.0, "text": "up to 1,000 L", "further": []}
                | LITRES,
            ),
            (
                "quite large",
                {
                    "minimum": None,
                    "maximum": None,
                    "unit": None,
                    "kind": None,
                    "text": "quite large",
                    "further": [],
                },
            ),
            (None, None),
            ("", None),
        ],
    )
    def test_reads_a_scale_from_words_and_words_a_range(
        self,
        client: TestClient,
        capability: dict[str, Any],
        curator: Headers,
        given: object,
        shown: object,
    ) -> None:
        answer = client.patch(
            f"{PLACE}/{capability['id']}", json={"scale": given}, headers=tagged(curator, 1)
        )
        assert answer.json() == capability | {"version": 2, "scale": shown}

    def test_takes_a_facility_of_its_own_provider_only(
        self, client: TestClient, create: Create, capability: dict[str, Any], curator: Headers
    ) -> None:
        (other,) = create("Other", facilities=[{"name": "B"}])["facilities"]
        (own,) = client.get("/v1/providers/hanbit-bio/facilities").json()["items"]
        address = f"{PLACE}/{capability['id']}"
        refused = client.patch(
            address, json={"facility_id": other["id"]}, headers=tagged(curator, 1)
        )
        assert refused.status_code == 422
        assert refused.json()["errors"] == [
            {"where": "body.facility_id", "detail": "This provider has no such facility."}
        ]
        taken = client.patch(address, json={"facility_id": own["id"]}, headers=tagged(curator, 1))
        assert taken.json() == capability | {"version": 2, "facility_id": own["id"]}

    def test_pins_concepts_that_there_are(
        self,
        client: TestClient,
        engine: Engine,
        capability: dict[str, Any],
        curator: Headers,
    ) -> None:
        with writing(engine) as session:
            session.add(Concept(id="fermentation", facet=Facet.SERVICE))
        address = f"{PLACE}/{capability['id']}"
        refused = client.patch(
            address, json={"pinned": ["fermentation", "brewing"]}, headers=tagged(curator, 1)
        )
        assert refused.json()["errors"] == [
            {"where": "body.pinned[1]", "detail": "The vocabulary has no such concept."}
        ]
        taken = client.patch(address, json={"pinned": ["fermentation"]}, headers=tagged(curator, 1))
        assert taken.json() == capability | {"version": 2, "pinned": ["fermentation"]}

    def test_changes_and_forgets_evidence(
        self, client: TestClient, capability: dict[str, Any], curator: Headers
    ) -> None:
        address = f"{PLACE}/{capability['id']}"
        evidence = {"address": "https://example.com/a", "seen_on": None}
        answer = client.patch(address, json={"evidence": evidence}, headers=tagged(curator, 1))
        assert answer.json() == capability | {"version": 2, "evidence": evidence}
        answer = client.patch(address, json={"evidence": None}, headers=tagged(curator, 2))
        assert answer.json() == capability | {"version": 3}

    def test_is_deleted(
        self, client: TestClient, capability: dict[str, Any], curator: Headers
    ) -> None:
        address = f"{PLACE}/{capability['id']}"
        assert client.delete(address, headers=curator).status_code == 428
        answer = client.delete(address, headers=tagged(curator, 1))
        assert (answer.status_code, answer.headers["etag"]) == (204, '"2"')
        assert client.get(address).status_code == 404
        assert client.get(PLACE).json() == {"items": [], "next": None}

    @pytest.mark.parametrize(
        ("body", "errors"),
        [
            ({}, [{"where": "body.service", "detail": "This is needed."}]),
            (
                {"service": "x", "stages": ["phase1", "phase9"]},
                [
                    {
                        "where": "body.stages[1]",
                        "detail": "Use one of: discovery, preclinical, phase1, phase2, phase3, "
                        "commercial.",
                    }
                ],
            ),
            (
                {"service": "x", "scale": {"minimum": -1, "unit": "L", "per": "day"}},
                [
                    {"where": "body.scale.minimum", "detail": "This has to be 0 or more."},
                    {
                        "where": "body.scale.per",
                        "detail": "There is no such field here. Check how it is written.",
                    },
                ],
            ),
            (
                {"service": "x", "scale": 5},
                [{"where": "body.scale", "detail": "This has to be text."}],
            ),
            (
                {"service": "x", "lead_time_weeks": 1001, "available_from": "soon!"},
                [
                    {"where": "body.lead_time_weeks", "detail": "This has to be 1000 or less."},
                    {
                        "where": "body.available_from",
                        "detail": "A date is written 2027, 2027-Q2, 2027-04 or 2027-04-15.",
                    },
                ],
            ),
            (
                {"service": "a\u0000b"},
                [
                    {
                        "where": "body.service",
                        "detail": "The text holds a character that can't be stored.",
                    }
                ],
            ),
        ],
    )
    def test_says_plainly_what_is_wrong(
        self,
        client: TestClient,
        create: Create,
        curator: Headers,
        body: dict[str, Any],
        errors: list[dict[str, str]],
    ) -> None:
        create()
        answer = client.post(PLACE, json=body, headers=curator)
        assert (answer.status_code, answer.json()["errors"]) == (422, errors)
