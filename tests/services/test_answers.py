"""What the core found, as the API answers it."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from app.models.match import MatchAnswer, MatchData
from app.services import answers
from app.services import match as matching
from tests.matching import shipped


def answered() -> MatchAnswer:
    data = MatchData.model_validate(
        {
            "text": "GMP mRNA drug substance in 3 x 700 L, phase 1, Korea",
            "as_of": "2026-11-21",
            "limit": 100,
        }
    )
    return matching.match(data, shipped.catalogue())


def test_numbers_leave_with_two_decimals_at_most() -> None:
    for match in answered().matches:
        lines = [line for need in match.needs for line in need.ledger] + match.wishes
        numbers = [match.score, match.low, match.high]
        numbers += [n for p in lines for n in (p.possible, p.won, p.unknown, p.lost, p.score)]
        exponents = [int(Decimal(str(number)).as_tuple().exponent) for number in numbers]
        assert min(exponents) >= -2
        assert all(0 <= number <= 100 for number in numbers)


def test_ranks_are_places_and_ties_are_told() -> None:
    matches = answered().matches
    assert [match.rank for match in matches] == list(range(1, len(matches) + 1))
    for before, match in pairwise(matches):
        assert match.tied_with_previous == (match.score == before.score)
        assert (-before.score, before.provider.slug) < (-match.score, match.provider.slug)


def test_spans_are_pairs() -> None:
    (need, *_) = answered().understood.needs
    assert need.modality is not None
    assert need.modality.model_dump(mode="json")["span"] == [4, 8]


def test_criteria_and_presets_name_each_other() -> None:
    found = answers.criteria_answer()
    names = {criterion.name for criterion in found.criteria}
    assert all(set(preset.weights) == names for preset in found.presets)
    assert all(criterion.text and criterion.compares for criterion in found.criteria)
    assert all(0 <= criterion.prior <= 1 for criterion in found.criteria)


@pytest.mark.parametrize(
    "body",
    [
        {"text": "GMP mRNA drug substance in 3 x 700 L, phase 1, Korea", "limit": 100},
        {"text": "AAV 벡터 비임상 독성시험 (GLP), 필수. Also: wedding catering", "lang": "ko"},
        {
            "needs": [
                {"service": "fill-finish", "stage": "phase 1", "importance": "must", "weight": 2},
                {"modality": "mRNA", "scale": {"minimum": 5, "unit": "L"}, "quality": ["GMP"]},
            ],
            "wishes": {"needed_from": "2028", "countries": {"required": ["KR"]}},
            "include_ineligible": True,
        },
    ],
)
def test_the_json_is_what_the_models_would_give(body: dict[str, Any]) -> None:
    data = MatchData.model_validate({"as_of": "2026-11-21", **body})
    written, _ = matching.match_json(data, shipped.catalogue())
    assert written == matching.match(data, shipped.catalogue()).model_dump_json().encode()
    assert MatchAnswer.model_validate_json(written).matches
