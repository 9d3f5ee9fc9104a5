from app.matching.criteria import CRITERIA
from app.matching.presets import BY_NAME, DEFAULT, PRESETS


def test_every_preset_weighs_every_criterion_and_nothing_else() -> None:
    names = {criterion.name for criterion in CRITERIA}
    assert [preset.name for preset in PRESETS if set(preset.weights) != names] == []


def test_no_weight_is_negative_and_something_counts() -> None:
    for preset in PRESETS:
        assert min(preset.weights.values()) >= 0
        assert sum(preset.weights.values()) > 0


def test_every_preset_says_what_it_is_for_and_where_it_comes_from() -> None:
    assert [preset.name for preset in PRESETS if not (preset.text and preset.source)] == []


def test_names_are_distinct_and_one_is_the_default() -> None:
    assert len(BY_NAME) == len(PRESETS)
    assert DEFAULT in BY_NAME
