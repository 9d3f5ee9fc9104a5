import pytest

from tests.matching.texts import products, read, services


@pytest.mark.parametrize(
    "text",
    [
        "Need a CRO for a randomised, placebo-controlled, double-blind Phase 2 in asthma.",
        "Looking for a network to run an open-label, single-arm Phase 1b in sarcoma.",
        "We want a randomised double-blind study of our tablets.",
        "이중눈가림 위약대조 임상 2상을 수행할 CRO를 찾습니다.",
    ],
)
def test_how_a_trial_is_built_asks_for_the_trial_alone(text: str) -> None:
    assert services(read(text)) == [("clinical-services",)]


def test_how_a_trial_is_built_is_no_request_beside_other_work_for_it() -> None:
    found = read("We need packaging and labelling for an open-label Phase 3.")
    assert services(found) == [("clinical-packaging",)]
    found = read("Blinded supplies and randomisation services for a Phase 3.")
    assert services(found) == [("blinding",), ("ecoa-epro",)]


def test_what_a_medicine_is_measured_in_is_no_medicine() -> None:
    found = read("We need mouse brain and plasma PK of our peptide.")
    assert (services(found), products(found)) == ([("pk-study",)], [("peptide",)])
    found = read("We need fractionation of human plasma.")
    assert products(found) == [("plasma",)]


def test_what_has_to_be_developed_and_made_is_asked_for_without_a_noun() -> None:
    found = read("A vaccine component has to be developed and made for clinical trials.")
    assert services(found) == [("process-development",), ("vaccine-manufacturing",)]
    found = read("Development and cGMP manufacture of our tablets")
    assert services(found) == [("formulation-development",), ("oral-solid-dose",)]
    found = read("We want a softgel of our cannabinoid product developed and manufactured.")
    assert services(found) == [("formulation-development",), ("oral-solid-dose",)]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Contract production of hyaluronidase in CHO cells, 500 L.", "mammalian-culture"),
        ("Production in Pichia", "microbial-fermentation"),
        ("We need a CMO with isolators", "cmo"),
    ],
)
def test_the_cells_tell_what_is_made_where_no_product_does(text: str, made: str) -> None:
    assert services(read(text)) == [(made,)]
