"""What the tables of general knowledge must keep to."""

import pytest

from app.matching.knowledge import table
from app.matching.types import STAGES
from tests.matching.shipped import vocabulary

NAMES = (
    *("diseases", "inn_stems", "near", "places", "regulators", "request_phrases"),
    *("short_forms", "species", "stages", "words"),
)


@pytest.mark.parametrize("name", NAMES)
def test_each_names_its_source(name: str) -> None:
    assert table(name)["source"]


def test_phrases_and_likenesses_name_concepts() -> None:
    known = set(vocabulary().concepts)
    phrases = set(table("request_phrases")["phrases"])
    near = {concept for one, other, _ in table("near")["pairs"] for concept in (one, other)}
    makes = table("short_forms")["makes"]
    assert (phrases | near | set(makes) | set(makes.values())) - known == set()


def test_what_stands_near_is_no_look_alike_and_never_the_same() -> None:
    concepts = vocabulary().concepts
    pairs = table("near")["pairs"]
    assert [p for p in pairs if p[1] in concepts[p[0]].not_same_as or not 0 < p[2] < 1] == []


def test_species_name_concepts_and_stand_in_no_other_place() -> None:
    concepts, names = vocabulary().concepts, table("species")["names"]
    assert set(names) - set(concepts) == set()
    told = {name.casefold() for forms in names.values() for name in forms}
    doubled = [(c.id, s) for c in concepts.values() for s in c.synonyms if s.casefold() in told]
    assert doubled == []


def test_phase_wordings_mean_stages() -> None:
    meant = {stage for w in table("stages")["wordings"] for stage in w["stages"]}
    assert meant == set(STAGES)


def test_regulators_stand_for_countries() -> None:
    found = table("regulators")["regulators"]
    assert "BfArM" in found["EMA"]["forms"]
    assert all(len(code) == 2 for kept in found.values() for code in kept["countries"])
