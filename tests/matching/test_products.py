import pytest

from app.matching.knowledge import table
from app.matching.products import diseases_in, modality_of
from app.matching.terms import tokens
from tests.matching.shipped import vocabulary


@pytest.mark.parametrize(
    ("name", "modality"),
    [
        ("trastuzumab", "monoclonal-antibody"),
        ("etanercept", "fc-fusion"),
        ("octocog", "recombinant-protein"),
        ("alteplase", "enzyme-therapeutic"),
        ("somatropin", "recombinant-protein"),
        ("emtansine", "adc"),
        ("inclisiran", "sirna"),
        ("nusinersen", "aso"),
        ("elasomeran", "mrna"),
        ("elosulfase", "enzyme-therapeutic"),
        ("tisagenlecleucel", "cell-therapy"),
        ("semaglutide", "peptide"),
        ("osimertinib", "small-molecule"),
        ("rosuvastatin", "small-molecule"),
        ("tetraxetan", "radioligand"),
        ("enoxaparin", "carbohydrate"),
    ],
)
def test_the_longest_ending_of_a_name_tells_the_modality(name: str, modality: str | None) -> None:
    assert modality_of(name) == modality


@pytest.mark.parametrize("word", ["thermostat", "concept", "department", "timeline", "kinase"])
def test_everyday_words_are_no_names(word: str) -> None:
    assert modality_of(word) is None


def test_every_ending_means_a_modality_of_the_vocabulary() -> None:
    meant = {m for m in table("inn_stems")["stems"].values() if m}
    assert {m for m in meant if vocabulary().concepts[m].facet != "modality"} == set()


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("a trial in non-small cell lung cancer", "oncology-area"),
        ("beta thalassaemia patients", "hematology-area"),
        ("Chagas disease", "infectious-disease"),
        ("Rett syndrome", "cns-area"),
        ("다발골수종 환자", "hematology-area"),
        ("척수성근위축증", "rare-disease"),
        ("당뇨망막병증", "ophthalmology-area"),
        ("diabetic foot ulcer", "derm-area"),
    ],
)
def test_a_disease_tells_its_area(text: str, area: str) -> None:
    assert area in [named.value for named in diseases_in(text, tokens(text))]


def test_every_disease_belongs_to_an_area_of_the_vocabulary() -> None:
    areas = table("diseases")["areas"]
    known = vocabulary().concepts
    assert {area for area in areas if known[area].facet != "therapeutic_area"} == set()
