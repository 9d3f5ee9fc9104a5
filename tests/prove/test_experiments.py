"""Each experiment in its short form: it reaches its target, and misses it with a defect planted."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.prove.__main__ import measured
from tests.prove.experiment import Experiment, Size, line
from tests.prove.experiments import ALL
from tests.prove.place import Place

SHORT = [each for each in ALL if each.is_short]
DEFECTS = [
    pytest.param(each, defect, id=f"{each.name}-{defect.replace(' ', '-')}")
    for each in SHORT
    for defect in each.defects
]


@pytest.fixture(scope="session")
def place(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder: Path = tmp_path_factory.mktemp("prove")
    with Place(postgres_url, folder) as opened:
        yield opened


@pytest.mark.parametrize("experiment", SHORT, ids=lambda each: each.name)
def test_reaches_its_target(place: Place, experiment: Experiment) -> None:
    outcome, seconds = measured(experiment, place, Size(is_short=True))
    assert outcome.is_met, "\n".join([line(experiment.name, outcome, seconds), *outcome.details])


@pytest.mark.parametrize(("experiment", "defect"), DEFECTS)
def test_misses_it_with_a_defect(place: Place, experiment: Experiment, defect: str) -> None:
    outcome, _ = measured(experiment, place, Size(is_short=True), defect)
    assert not outcome.is_met, outcome.figure


def test_every_experiment_has_a_defect() -> None:
    assert [each.name for each in ALL if not each.defects] == []
    assert len({each.name for each in ALL}) == len(ALL)
