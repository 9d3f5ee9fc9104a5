"""Answers that were kept by an earlier version still read."""

from app.models.match import CountriesPublic


def test_countries_kept_before_any_could_be_ruled_out() -> None:
    kept = CountriesPublic.model_validate({"required": ["KR"], "preferred": []})
    assert kept.model_dump() == {"required": ["KR"], "preferred": [], "excluded": []}
