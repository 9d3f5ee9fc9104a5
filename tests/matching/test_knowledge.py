"""What the tables of general knowledge must keep to."""

import pytest

from app.matching.intake import understand
from app.matching.knowledge import NAMES as TABLES_OF_NAMES
from app.matching.knowledge import names_of, table
from app.matching.types import STAGES
from tests.matching.shipped import vocabulary

NAMES = (
    *("diseases", "inn_stems", "languages", "near", "places", "regulators", "request_phrases"),
    *("right_words", "short_forms", "stages", "words", "distinctions", "things", *TABLES_OF_NAMES),
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


def test_distinctions_name_concepts_and_have_korean_names() -> None:
    told = table("distinctions")
    concepts = [c for group in told["concepts"].values() for c in group] + told["left_out"]
    assert set(concepts) - set(vocabulary().concepts) == set()
    names = [name for group in told["words"].values() for name in group]
    assert sorted(told["korean"]) == sorted(set(names))


def test_what_stands_near_is_no_look_alike_and_never_the_same() -> None:
    concepts = vocabulary().concepts
    pairs = table("near")["pairs"]
    assert [p for p in pairs if p[1] in concepts[p[0]].not_same_as or not 0 < p[2] < 1] == []


@pytest.mark.parametrize("name", TABLES_OF_NAMES)
def test_names_belong_to_concepts_and_stand_in_no_other_place(name: str) -> None:
    concepts, names = vocabulary().concepts, table(name)["names"]
    assert set(names) - set(concepts) == set()
    told = {(concepts[c].facet, form.casefold()) for c, forms in names.items() for form in forms}
    assert len(told) == sum(map(len, names.values()))
    doubled = [
        (c.id, s) for c in concepts.values() for s in c.synonyms if (c.facet, s.casefold()) in told
    ]
    # PD has two readings, of which the words around it decide.
    assert doubled == ([("process-development", "PD")] if name == "study_types" else [])


def test_no_name_stands_in_two_tables() -> None:
    named = [set(table(name)["names"]) for name in TABLES_OF_NAMES]
    assert sum(map(len, named)) == len(set().union(*named))
    assert "비글견" in names_of("dog-studies")
    assert names_of("plasmid-dna") == ()


@pytest.mark.parametrize(
    ("written", "concept"),
    [
        ("orodispersible tablets", "orodispersible-tablet"),
        ("vaginal ring", "vaginal-form"),
        ("서방형 정제", "modified-release-tablet"),
        ("comprimés effervescents", "effervescent-tablet"),
        ("solution for nebulisation", "nebuliser-liquid"),
        ("점이액", "ear-drops"),
        ("Local lymph node assay", "skin-sensitization"),
        ("3T3 NRU phototoxicity", "phototoxicity"),
        ("juvenile toxicity study", "juvenile-tox"),
        ("drug self-administration study", "abuse-liability"),
        ("OECD 471", "genetic-toxicology"),
        ("독성동태 시험", "toxicokinetics"),
        ("177Lu", "lutetium-177"),
        ("루테튬-177", "lutetium-177"),
        ("astatine 211", "astatine-211"),
        ("Tc-99m", "technetium-99m"),
        ("cobaye", "guinea-pig-studies"),
    ],
)
def test_families_are_told_apart(written: str, concept: str) -> None:
    assert vocabulary().resolve(written).concepts == (concept,)


def test_who_makes_isotopes_may_make_each_and_one_nuclide_is_no_other() -> None:
    offered = ("lutetium-177", "radioisotope", "radiopharmaceutical", "actinium-225", "capsule")
    found = [vocabulary().likeness("lutetium-177", concept) for concept in offered]
    assert [round(value, 2) for value in found] == [1.0, 0.9, 0.7, 0.4, 0.0]


@pytest.mark.parametrize(
    ("text", "service", "modality"),
    [
        ("vaginal ring manufacturing", "drug-product-manufacturing", "vaginal-form"),
        ("orodispersible tablets made", "oral-solid-dose", "orodispersible-tablet"),
        ("supply of Ac-225", "radioisotope-production", "actinium-225"),
        ("Ac-225 labelling of our antibody", "radiopharm-manufacturing", "actinium-225"),
    ],
)
def test_making_follows_from_what_is_made(text: str, service: str, modality: str) -> None:
    [need] = understand(text, vocabulary()).needs
    assert need.service
    assert need.modality
    assert (need.service.concepts, need.modality.concepts) == ((service,), (modality,))


def test_phase_wordings_mean_stages() -> None:
    meant = {stage for w in table("stages")["wordings"] for stage in w["stages"]}
    assert meant == set(STAGES)


def test_regulators_stand_for_countries() -> None:
    found = table("regulators")["regulators"]
    assert "BfArM" in found["EMA"]["forms"]
    assert all(len(code) == 2 for kept in found.values() for code in kept["countries"])
