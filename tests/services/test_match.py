"""The main job on the shipped catalogue: the design's own request, and what wins over what."""

import json
import time
from datetime import date
from typing import Any

import pytest

from app.errors import InvalidError
from app.models.match import IntakeData, MatchAnswer, MatchData, MatchPublic
from app.services import match as matching
from tests.matching import shipped

HWASUN = "microbial-verification-support-center"
TODAY = "2026-11-21"
EXAMPLE: dict[str, Any] = {
    "text": "GMP mRNA drug substance and LNP formulation for a phase 1 vaccine, fill-finish in "
    "vials, Korea preferred",
    "needs": [
        {
            "id": "n1",
            "service": "LNP formulation",
            "modality": "mRNA",
            "platform": None,
            "stage": "phase 1",
            "therapeutic_area": None,
            "quality": ["GMP"],
            "scale": {"minimum": 5, "unit": "L"},
            "importance": "must",
            "weight": 1.0,
        }
    ],
    "wishes": {
        "needed_from": "2027-Q2",
        "countries": {"required": [], "preferred": ["KR"], "excluded": []},
        "markets": ["MFDS"],
        "ownership": [],
        "languages": [],
        "include_inactive": False,
    },
    "preset": "balanced",
    "weights": {"place": 2.0},
    "lang": "en",
    "as_of": TODAY,
    "limit": 20,
    "include_ineligible": False,
    "share_wording": False,
}


def asked(**fields: Any) -> MatchAnswer:
    data = MatchData.model_validate({"as_of": TODAY} | fields)
    return matching.match(data, shipped.catalogue())


def hwasun(answer: MatchAnswer) -> MatchPublic:
    (found,) = (match for match in answer.matches if match.provider.slug == HWASUN)
    return found


def needed(when: str) -> MatchAnswer:
    wishes = EXAMPLE["wishes"] | {"needed_from": when}
    return asked(**EXAMPLE | {"wishes": wishes, "include_ineligible": True, "limit": 100})


class TestExample:
    """The request that the design gives."""

    def test_korean_places_for_mrna_stand_at_the_top(self) -> None:
        answer = asked(**EXAMPLE)
        assert [match.provider.country for match in answer.matches[:3]] == ["KR"] * 3
        assert {HWASUN, "st-pharm"} <= {match.provider.slug for match in answer.matches[:3]}
        assert answer.considered == answer.eligible + answer.conditional + answer.ineligible
        assert len(answer.matches) == 20
        assert {match.eligibility for match in answer.matches} <= {"eligible", "conditional"}

    def test_a_need_before_the_plan_is_missed(self) -> None:
        found = hwasun(needed("2024"))
        (gate,) = (gate for gate in found.gates if gate.criterion == "time")
        assert (found.eligibility, found.fits_from) == ("ineligible", "2025-Q3")
        assert (gate.need, gate.verdict) == ("n1", "missed")

    def test_a_plan_whose_date_has_passed_waits_for_confirmation(self) -> None:
        found = hwasun(needed("2028"))
        (gate,) = (gate for gate in found.gates if gate.criterion == "time")
        assert (found.eligibility, gate.verdict) == ("conditional", "unknown")
        assert gate.ask.startswith("Did the plan come true")

    def test_every_point_is_accounted_for_exactly(self) -> None:
        for match in needed("2027-Q2").matches:
            lines = [line for need in match.needs for line in need.ledger] + match.wishes
            cents = [
                tuple(round(100 * value) for value in (p.possible, p.won, p.unknown, p.lost))
                for p in lines
            ]
            assert all(won + unknown + lost == all_ for all_, won, unknown, lost in cents)
            assert sum(possible for possible, *_ in cents) == 10_000
            assert round(100 * match.low) == sum(won for _, won, _, _ in cents)
            assert round(100 * match.high) == sum(w + unknown for _, w, unknown, _ in cents)
            assert round(100 * match.score) == sum(round(100 * line.score) for line in lines)
            for need in match.needs:
                assert round(100 * need.score) == sum(round(100 * p.score) for p in need.ledger)

    def test_the_same_question_gives_the_same_bytes(self) -> None:
        assert asked(**EXAMPLE).model_dump_json() == asked(**EXAMPLE).model_dump_json()

    def test_explains_in_korean(self) -> None:
        first = asked(**EXAMPLE | {"lang": "ko"}).matches[0]
        lines = [line for need in first.needs for line in need.ledger] + first.wishes
        assert all(any("가" <= letter <= "힣" for letter in p.because) for p in lines)
        assert [p.score for p in lines] == [
            p.score
            for p in [
                *asked(**EXAMPLE).matches[0].needs[0].ledger,
                *asked(**EXAMPLE).matches[0].wishes,
            ]
        ]


class TestUnderstanding:
    def test_given_needs_are_understood_field_by_field(self) -> None:
        (need,) = asked(**EXAMPLE).understood.needs
        assert need.service is not None
        assert (need.service.concepts, need.service.how) == (["lnp-formulation"], "exact")
        assert need.stage is not None
        assert (need.stage.stages, need.stage.how) == (["phase1"], "exact")
        assert need.scale is not None
        assert need.scale.model_dump() == {
            "text": "at least 5 L",
            "span": None,
            "concepts": [],
            "how": "exact",
            "readings": [],
            "minimum": 5.0,
            "maximum": None,
            "unit": "L",
            "kind": "volume",
        }

    def test_what_nobody_understands_has_no_how(self) -> None:
        need = {"service": "zorblax", "stage": "zorblax", "scale": "zorblax", "quality": "zorblax"}
        (read,) = asked(needs=[need]).understood.needs
        fields = [read.service, read.stage, read.scale, *read.quality]
        assert [(field.text, field.how) for field in fields if field] == [("zorblax", None)] * 4

    def test_given_needs_stand_and_the_text_adds_its_words(self) -> None:
        need = [{"id": "mine", "service": "LNP formulation"}]
        alone, beside = asked(needs=need), asked(needs=need, text="antibody cell line in CHO")
        assert [read.id for read in beside.understood.needs] == ["mine"]
        assert beside.understood.needs == alone.understood.needs
        assert beside.matches != alone.matches

    def test_a_text_gives_the_wishes_that_are_left_out(self) -> None:
        text = "LNP formulation in Korea from 2027-Q3"
        read = asked(text=text).understood.wishes
        assert (read.countries.preferred + read.countries.required, read.needed_from) == (
            ["KR"],
            "2027-Q3",
        )
        given = asked(text=text, wishes={"needed_from": "2028"}).understood.wishes
        assert (given.countries, given.needed_from) == (read.countries, "2028")

    def test_a_text_rules_countries_out_unless_they_are_given(self) -> None:
        def read(countries: dict[str, list[str]]) -> dict[str, list[str]]:
            text = "mRNA production in Asia, but not in China or India"
            answer = asked(text=text, wishes={"countries": countries})
            return answer.understood.wishes.countries.model_dump()

        given = read({"preferred": ["CN"]})
        assert given == {"required": [], "preferred": ["CN"], "excluded": ["IN"]}
        given = read({"excluded": ["JP"]})
        assert given["excluded"] == ["JP"]
        assert "KR" in given["preferred"]
        assert {"JP", "CN", "IN"}.isdisjoint(given["preferred"])

    def test_given_countries_win_over_those_that_a_text_requires(self) -> None:
        text = "LNP formulation, must be made in the United States"
        assert asked(text=text).understood.wishes.countries.required == ["US"]
        wishes = {"countries": {"preferred": ["KR"]}}
        given = asked(text=text, wishes=wishes).understood.wishes.countries
        assert (given.required, given.preferred) == ([], ["KR"])

    def test_ids_are_given_where_they_are_left_out(self) -> None:
        needs = [{"service": "PCR"}, {"id": "n1", "service": "PCR"}, {"service": "PCR"}]
        read = asked(needs=needs).understood.needs
        assert [need.id for need in read] == ["n2", "n1", "n3"]

    def test_reads_without_ranking(self) -> None:
        found = matching.intake(
            IntakeData(text="임상 1상용 mRNA 생산", lang="ko"), shipped.catalogue()
        )
        (need,) = found.needs
        assert need.modality is not None
        assert need.modality.concepts == ["mrna"]
        assert need.stage is not None
        assert need.stage.stages == ["phase1"]

    def test_asks_what_a_match_would_ask(self) -> None:
        text = "무균충전이 필요합니다"
        found = matching.intake(IntakeData(text=text, lang="ko"), shipped.catalogue())
        assert found.questions == asked(text=text, lang="ko").understood.questions
        assert [question.field for question in found.questions][:3] == [
            "countries",
            "stage",
            "modality",
        ]


class TestInactive:
    def test_those_who_stopped_are_named_apart(self) -> None:
        needs = [{"service": "plasmid DNA manufacturing", "modality": "plasmid DNA"}]
        answer = asked(needs=needs, limit=100)
        shown = {match.provider.operating for match in answer.matches}
        assert shown <= {"active", "renamed", "unknown"}
        left = {gone.slug: gone for gone in answer.left_out}
        assert left["cobra-biologics"].successor == "charles-river"
        assert not left.keys() & {match.provider.slug for match in answer.matches}
        with_all = asked(needs=needs, limit=100, wishes={"include_inactive": True})
        assert with_all.left_out == []
        assert with_all.considered > answer.considered

    def test_a_renamed_provider_stands_under_its_present_name(self) -> None:
        catalogue = shipped.catalogue()
        (curia,) = (who for who in catalogue.candidates if who.slug == "amri")
        assert (curia.name, curia.operating) == ("Curia", "renamed")
        assert any("AMRI" in alias or "Albany" in alias for alias in curia.aliases)


EVERYTHING = dict.fromkeys(
    (
        *("service", "modality", "platform", "stage", "therapeutic_area", "quality", "scale"),
        *("time", "wording", "place", "market", "language", "ownership", "freshness"),
    ),
    0,
)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({}, "body.needs"),
        ({"text": ""}, "body.needs"),
        ({"text": " \n\t "}, "body.needs"),
        ({"needs": []}, "body.needs"),
        ({"text": "?!."}, "body.text"),
        ({"text": "🧬" * 100}, "body.text"),
        ({"text": "\u0301" * 4000}, "body.text"),
        ({"needs": [{"stage": "phase 1"}]}, "body.needs[0]"),
        ({"needs": [{"id": "a", "service": "PCR"}] * 2}, "body.needs[1].id"),
        ({"text": "PCR", "preset": "bogus"}, "body.preset"),
        ({"text": "PCR", "weights": EVERYTHING}, "body.weights"),
        ({"needs": [{"service": "PCR", "scale": {"unit": "L"}}]}, "body.needs[0].scale"),
        (
            {"needs": [{"service": "PCR", "scale": {"minimum": 2, "maximum": 1, "unit": "L"}}]},
            "body.needs[0].scale",
        ),
        (
            {"needs": [{"service": "PCR", "scale": {"minimum": 2, "unit": "bogus"}}]},
            "body.needs[0].scale",
        ),
        (
            {"text": "PCR", "wishes": {"countries": {"required": ["KR", "UK"]}}},
            "body.wishes.countries.required[1]",
        ),
        (
            {"text": "PCR", "wishes": {"countries": {"excluded": ["KR", "XX"]}}},
            "body.wishes.countries.excluded[1]",
        ),
        (
            {"text": "PCR", "wishes": {"countries": {"required": ["KR"], "excluded": ["KR"]}}},
            "body.wishes.countries.excluded[0]",
        ),
        (
            {"text": "PCR", "wishes": {"countries": {"preferred": ["EU"]}}},
            "body.wishes.countries.preferred[0]",
        ),
    ],
)
def test_refuses_what_asks_nothing_sensible(fields: dict[str, Any], where: str) -> None:
    with pytest.raises(InvalidError) as refused:
        asked(**fields)
    (fault,) = refused.value.faults
    assert fault.where == where
    assert fault.detail[0].isupper()
    assert fault.detail.endswith(".")
    assert "bogus" not in fault.detail + refused.value.detail


@pytest.mark.parametrize(
    "text", ["\ufdfa" * 4000, "a" + "\u0301" * 3990 + " mRNA", "항체 mAb 생산"]
)
def test_answers_odd_texts(text: str) -> None:
    inactive = shipped.catalogue().providers.is_inactive
    assert asked(text=text).considered == inactive.size - int(inactive.sum())


def test_weights_are_proportions() -> None:
    once = asked(text="PCR", weights=EVERYTHING | {"service": 1, "wording": 2})
    twice = asked(text="PCR", weights=EVERYTHING | {"service": 10, "wording": 20})
    assert once == twice


def test_as_of_is_today_unless_said_otherwise() -> None:
    data = MatchData(text="PCR")
    found = matching.match(data, shipped.catalogue())
    assert abs((found.computed_from.as_of - date.today()).days) <= 1


def test_the_largest_request_is_answered_in_seconds() -> None:
    def full(number: int, words: str) -> str:
        return f"{number} {words * 20}"[:160]

    needs = [
        {
            "service": full(n, "LNP formulation, fill-finish and cell line development; "),
            "modality": full(n, "mRNA; antibody; plasmid DNA; viral vector; "),
            "platform": full(n, "CHO; E. coli; isolator; baculovirus; "),
            "stage": full(n, "preclinical to phase I/IIa, commercial "),
            "therapeutic_area": full(n, "oncology; rare disease; neurology "),
            "quality": [full(q, "EU GMP, cGMP, KGMP, GLP, not GCP ") for q in range(8)],
            "scale": full(n, "2 x 1000 L, 2.5 million vials, 5 kg, "),
            "importance": "must",
        }
        for n in range(32)
    ]
    text = " ".join(f"mRNA LNP antibody GMP phase 2 Korea w{n}" for n in range(400))[:4000]
    data = MatchData.model_validate(
        {"text": text, "needs": needs, "limit": 100, "include_ineligible": True, "as_of": TODAY}
    )
    catalogue = shipped.catalogue()
    began = time.process_time()
    answer = matching.match(data, catalogue)
    spent = time.process_time() - began
    assert len(answer.matches) == 100
    assert len(answer.matches[0].needs) == 32
    assert spent < 8  # about 1.5 on an idle machine


def test_asks_for_json_that_can_be_read_again() -> None:
    answer = asked(text="GMP mRNA drug substance, Korea")
    assert MatchAnswer.model_validate(json.loads(answer.model_dump_json())) == answer


def test_asks_again_about_what_could_not_be_read() -> None:
    need = {"service": "lyophilization", "stage": "zork", "scale": "big tanks", "quality": "bloop"}
    said = {q.field: q.ask for q in asked(needs=[need]).understood.questions}
    assert {field for field, ask in said.items() if ask.startswith("We could not read")} == {
        "stage",
        "scale",
        "quality",
    }


def test_a_given_field_is_placed_where_the_text_says_the_same() -> None:
    found = asked(text="GMP mRNA and LNP FORMULATION", needs=[{"service": "LNP formulation"}])
    assert found.understood.needs[0].service is not None
    assert found.understood.needs[0].service.span == (13, 28)
    found = asked(text="GMP mRNA", needs=[{"service": "LNP formulation"}])
    assert found.understood.needs[0].service is not None
    assert found.understood.needs[0].service.span is None


def test_a_budget_is_repeated_and_weighs_nothing() -> None:
    without = asked(text="fill-finish in vials")
    told = asked(text="fill-finish in vials", wishes={"budget": "EUR 300,000"})
    assert told.understood.wishes.budget == "EUR 300,000"
    assert told.matches == without.matches
    read = asked(text="fill-finish in vials, budget EUR 300,000").understood
    assert (read.wishes.budget, read.not_understood) == ("EUR 300,000", [])
