import pytest

from tests.matching.texts import read, services


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("GMP manufacture of celecoxib tablets for a phase 2", "oral-solid-dose"),
        ("Commercial supply of atorvastatin in capsules", "oral-solid-dose"),
        ("We need a CMO to make our small molecule tablets", "oral-solid-dose"),
        ("Manufacture of an injectable small molecule", "parenteral-manufacturing"),
        ("Manufacture of semaglutide prefilled syringes", "parenteral-manufacturing"),
        (
            "We need commercial supply of a peptide drug in pen injectors",
            "parenteral-manufacturing",
        ),
        ("Manufacture of a psilocybin drug product", "drug-product-manufacturing"),
        ("저분자 정제 위탁생산이 필요합니다", "oral-solid-dose"),
        ("Manufacture of our kinase inhibitor for phase 1", "api-synthesis"),
        ("We need GMP-grade psilocybin for a Phase 2 capsule study", "api-synthesis"),
        ("Manufacture of our kinase inhibitor. Tablets come later.", "api-synthesis"),
    ],
)
def test_a_form_tells_what_is_made_of_a_chemical(text: str, made: str) -> None:
    assert services(read(text)) == [(made,)]


def test_a_placebo_goes_with_a_finished_product() -> None:
    found = read("Clinical trial manufacturing of fluoxetine (20 mg) and a matching placebo")
    assert services(found) == [("drug-product-manufacturing",), ("blinding",)]
    found = read("Need tablets and matching placebo of a botanical candidate.")
    assert services(found) == [("oral-solid-dose",), ("blinding",)]


def test_a_form_beside_the_substance_is_asked_for_as_well() -> None:
    found = read("Manufacture of a kinase inhibitor API and tablets")
    assert services(found) == [("api-synthesis",), ("oral-solid-dose",)]


@pytest.mark.parametrize(
    ("text", "work"),
    [
        ("Release testing of API and tablets", "qc-testing"),
        ("Stability of drug substance and capsules", "stability-testing"),
    ],
)
def test_what_is_tested_is_not_made(text: str, work: str) -> None:
    assert services(read(text)) == [(work,)]
