"""The main job over HTTP: a curator's change decides the very next match; refusals say where."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.matching.criteria import CRITERIA
from app.matching.presets import PRESETS
from app.models.match import CriterionName
from tests.catalogue import HWASUN, MRNA_BUILDING, load
from tests.service import Headers, tagged

PLACE = f"/v1/providers/{HWASUN}"
NEED = {
    "id": "n1",
    "service": "LNP formulation",
    "modality": "mRNA",
    "stage": "phase 1",
    "quality": ["GMP"],
    "scale": {"minimum": 5, "unit": "L"},
    "importance": "must",
}


def request(when: str = "2028", **fields: Any) -> dict[str, Any]:
    wishes = {"needed_from": when, "countries": {"preferred": ["KR"]}, "markets": ["MFDS"]}
    return {
        "needs": [NEED],
        "wishes": wishes,
        "as_of": "2026-11-21",
        "include_ineligible": True,
        **fields,
    }


def hwasun(client: TestClient, when: str = "2028") -> dict[str, Any]:
    answer = client.post("/v1/match", json=request(when))
    assert answer.status_code == 200, answer.text
    (found,) = (m for m in answer.json()["matches"] if m["provider"]["slug"] == HWASUN)
    return dict(found)


def building(client: TestClient) -> str:
    facilities = client.get(PLACE).json()["facilities"]
    (found,) = (f["id"] for f in facilities if f["name"] == MRNA_BUILDING)
    return f"{PLACE}/facilities/{found}"


class TestLicence:
    """The planned mRNA building at Hwasun, judged by date until a curator records its licence."""

    @pytest.mark.parametrize(
        ("change", "runs_from"),
        [
            ({"lifecycle": "licensed"}, "2025-Q3"),
            ({"lifecycle": "operating"}, "2025-Q3"),
            (
                {
                    "certificates": [
                        {"authority": "MFDS", "standard": "GMP", "issued_on": "2026-10"}
                    ]
                },
                "2026-10",
            ),
            (
                {
                    "certificates": [
                        {"authority": "MFDS", "standard": "Manufacturing licence"},
                        {"authority": "MFDS", "standard": "KGMP", "issued_on": "2026-10"},
                    ]
                },
                "2026-10",
            ),
        ],
    )
    def test_decides_the_very_next_match(
        self,
        engine: Engine,
        client: TestClient,
        curator: Headers,
        change: dict[str, Any],
        runs_from: str,
    ) -> None:
        load(engine)
        early, later = hwasun(client, "2024"), hwasun(client)
        assert (early["eligibility"], early["fits_from"]) == ("ineligible", "2025-Q3")
        assert [g["verdict"] for g in early["gates"] if g["criterion"] == "time"] == ["missed"]
        assert (later["eligibility"], later["fits_from"]) == ("conditional", "2025-Q3")
        (gate,) = (g for g in later["gates"] if g["criterion"] == "time")
        assert gate == {
            "need": "n1",
            "criterion": "time",
            "verdict": "unknown",
            "ask": "Did the plan come true: has this been running since Q3 2025, with a "
            "licence or a first GMP batch?",
        }
        answer = client.patch(building(client), json=change, headers=tagged(curator, 1))
        assert answer.status_code == 200, answer.text
        now = hwasun(client)
        assert (now["eligibility"], now["gates"], now["fits_from"]) == ("eligible", [], None)
        lines = {line["criterion"]: line for line in now["needs"][0]["ledger"]}
        assert lines["time"]["verdict"] == lines["quality"]["verdict"] == "met"
        assert lines["time"]["offered"] == runs_from
        assert hwasun(client, "2024")["eligibility"] == "ineligible"

    def test_a_change_moves_the_revision_that_an_answer_names(
        self, engine: Engine, client: TestClient, curator: Headers
    ) -> None:
        load(engine)
        before = client.post("/v1/match", json=request()).json()["computed_from"]
        client.patch(building(client), json={"lifecycle": "licensed"}, headers=tagged(curator, 1))
        after = client.post("/v1/match", json=request()).json()["computed_from"]
        assert after == before | {"catalogue": before["catalogue"] + 1}


def test_the_same_question_gives_the_same_bytes(engine: Engine, client: TestClient) -> None:
    load(engine)
    first, second = (client.post("/v1/match", json=request()).content for _ in range(2))
    assert first == second


def test_an_empty_catalogue_answers(engine: Engine, client: TestClient) -> None:
    load(engine, slugs=())
    answer = client.post("/v1/match", json=request(text="mRNA")).json()
    assert (answer["considered"], answer["matches"], answer["left_out"]) == (0, [], [])
    assert answer["understood"]["needs"][0]["service"]["concepts"] == ["lnp-formulation"]


def test_without_a_vocabulary_it_is_not_available_yet(client: TestClient) -> None:
    answer = client.post("/v1/match", json=request())
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")


def test_intake_tells_where_it_read_what(engine: Engine, client: TestClient) -> None:
    load(engine, slugs=())
    text = "GMP mRNA drug substance from 2027-Q2, zorblax"
    answer = client.post("/v1/intake", json={"text": text})
    assert answer.status_code == 200
    found = answer.json()
    (need,) = found["needs"]
    assert need["modality"]["concepts"] == ["mrna"]
    start, end = need["modality"]["span"]
    assert text[start:end] == need["modality"]["text"]
    assert found["wishes"]["needed_from"] == "2027-Q2"
    assert [text[slice(*gap["span"])] for gap in found["not_understood"]] == ["zorblax"]


def test_criteria_are_the_table_in_use(client: TestClient) -> None:
    found = client.get("/v1/criteria").json()
    assert found["criteria"] == [
        {
            "name": c.name,
            "text": " ".join(str(c.judge.__doc__).split()),
            "compares": c.compares,
            "prior": c.prior,
            "scope": c.scope,
        }
        for c in CRITERIA
    ]
    names = [c["name"] for c in found["criteria"]]
    assert sorted(names) == sorted(CriterionName)
    assert [preset["name"] for preset in found["presets"]] == [preset.name for preset in PRESETS]
    assert all(sorted(preset["weights"]) == sorted(names) for preset in found["presets"])
    assert found["default_preset"] in {preset["name"] for preset in found["presets"]}


SECRET = "XK-9917"


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"needs": [{"service": SECRET}], "bogus": SECRET}, "body.bogus"),
        ({"needs": [{"service": SECRET, "bogus": SECRET}]}, "body.needs[0].bogus"),
        ({"text": SECRET, "wishes": {"bogus": SECRET}}, "body.wishes.bogus"),
        ({"text": SECRET, "wishes": {"countries": {"bogus": []}}}, "body.wishes.countries.bogus"),
        ({"needs": [{"id": f"{SECRET} !", "service": "PCR"}]}, "body.needs[0].id"),
        ({"needs": [{"service": SECRET}] * 33}, "body.needs"),
        ({"needs": [{"service": SECRET * 30}]}, "body.needs[0].service"),
        ({"needs": [{"service": "PCR", "quality": [SECRET] * 17}]}, "body.needs[0].quality"),
        ({"needs": [{"service": "PCR", "weight": 0}]}, "body.needs[0].weight"),
        ({"needs": [{"service": "PCR", "weight": "1"}]}, "body.needs[0].weight"),
        ({"needs": [{"service": "PCR", "importance": SECRET}]}, "body.needs[0].importance"),
        ({"text": SECRET * 600}, "body.text"),
        ({"text": f"{SECRET}\x00"}, "body.text"),
        ({"text": [SECRET]}, "body.text"),
        ({"text": SECRET, "weights": {"service": -1}}, "body.weights.service"),
        ({"text": SECRET, "weights": {"service": 1e300}}, "body.weights.service"),
        ({"text": SECRET, "weights": {"service": True}}, "body.weights.service"),
        ({"text": SECRET, "weights": {"taste": 1}}, "body.weights.taste"),
        ({"text": SECRET, "limit": 0}, "body.limit"),
        ({"text": SECRET, "limit": 101}, "body.limit"),
        ({"text": SECRET, "limit": "5"}, "body.limit"),
        ({"text": SECRET, "lang": "fr"}, "body.lang"),
        ({"text": SECRET, "as_of": "tomorrow"}, "body.as_of"),
        ({"text": SECRET, "as_of": 0}, "body.as_of"),
        ({"text": SECRET, "as_of": "2201-01-01"}, "body.as_of"),
        ({"text": SECRET, "include_ineligible": "yes"}, "body.include_ineligible"),
        ({"text": SECRET, "wishes": {"needed_from": "2027-Q5"}}, "body.wishes.needed_from"),
        ({"text": SECRET, "wishes": {"needed_from": "yesterday"}}, "body.wishes.needed_from"),
        (
            {"text": SECRET, "wishes": {"countries": {"preferred": ["Korea"]}}},
            "body.wishes.countries.preferred[0]",
        ),
        ({"text": SECRET, "wishes": {"ownership": [SECRET]}}, "body.wishes.ownership[0]"),
        ({"text": SECRET, "wishes": {"languages": ["Korean"]}}, "body.wishes.languages[0]"),
    ],
)
def test_refuses_what_it_cant_use_and_says_where(body: dict[str, Any], where: str) -> None:
    from pydantic import ValidationError

    from app.complaints import faults_of
    from app.models.match import MatchData

    with pytest.raises(ValidationError) as refused:
        MatchData.model_validate(body)
    (fault,) = faults_of([e | {"loc": ("body", *e["loc"])} for e in refused.value.errors()])
    assert fault.where == where
    assert fault.detail.endswith(".")
    assert SECRET not in fault.detail
    assert "datetime" not in fault.detail


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ('{"text": ""}', 422),
        ('{"text": "XK-9917", "limit": 0}', 422),
        ('{"text": "XK-9917", "preset": "XK-9917"}', 422),
        ('{"text": "XK-9917 \\ud800"}', 400),
        ('{"needs": [{"service": "XK-9917", "weight": NaN}]}', 400),
        ('{"text": "XK-9917", "weights": {"service": Infinity}}', 400),
    ],
)
def test_refusals_are_problems_that_repeat_nothing(
    engine: Engine, client: TestClient, raw: str, status: int
) -> None:
    load(engine, slugs=())
    answer = client.post("/v1/match", content=raw, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert SECRET not in answer.text
    assert all(fault["where"].startswith("body") for fault in answer.json()["errors"])
    assert answer.json()["errors"] or json.loads(answer.text)["detail"]


class TestOutlook:
    """What would make a provider fit, what costs most, and how firm a place is."""

    def test_is_part_of_the_answer(self, client: TestClient, engine: Engine) -> None:
        load(engine)
        sent = request(when="2027-Q1", limit=5)
        answer = client.post("/v1/match", json=sent)
        assert client.post("/v1/match", json=sent).content == answer.content
        told = answer.json()
        assert told["costliest"].keys() == {
            *("need", "criterion", "asked", "alone", "total", "text"),
        }
        for match in told["matches"]:
            fits = match["eligibility"] != "ineligible"
            assert (match["changes"] == []) == (match["eligibility"] == "eligible")
            assert (match["group"] is not None) == (match["stability"] is not None) == fits
            if fits:
                assert match["stability"]["of"] == 5
                assert 0 <= match["stability"]["in_first"] <= 1
        groups = [match["group"] for match in told["matches"] if match["group"]]
        assert groups == sorted(groups)
        assert groups[0] == 1
