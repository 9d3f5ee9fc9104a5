import pytest

from app.services.certificate_words import CertificateWords, names_a_standard, site_named, split


@pytest.mark.parametrize(
    ("wording", "standard", "scope"),
    [
        ("GMP", "GMP", None),
        ("cGMP (Plant 2)", "cGMP", "Plant 2"),
        ("GLP, safety pharmacology", "GLP", "safety pharmacology"),
        ("GMP for contract manufacture", "GMP", "contract manufacture"),
        ("KGMP, drug substance (renewal)", "KGMP", "drug substance"),
        ("cGMP, oligonucleotide API (Banwol)", "cGMP", "oligonucleotide API (Banwol)"),
        ("GMP certificate, biosafety testing (again 2021)", "GMP certificate", "biosafety testing"),
        ("Full accreditation (continued)", "Full accreditation", None),
        ("GLP inspection, acceptable", "GLP inspection", None),
        ("MIA(IMP) and MIA licences", "MIA(IMP) and MIA licences", None),
    ],
)
def test_a_wording_is_parted_into_standard_and_scope(
    wording: str, standard: str, scope: str | None
) -> None:
    assert split(wording) == CertificateWords(standard, scope)


@pytest.mark.parametrize(
    ("scope", "site"),
    [
        ("Plant 2", 1),
        ("cholera drug substance plant 2", 1),
        ("Plant 1 and Plant 2", None),
        ("Plant 21", None),
        ("all plants", None),
        (None, None),
    ],
)
def test_a_site_is_named_only_by_its_whole_name(scope: str | None, site: int | None) -> None:
    assert site_named(scope, ["Plant 1", "Plant 2", "Head office"]) == site


@pytest.mark.parametrize(
    ("standard", "known"),
    [("cGMP", True), ("EU-GMP", True), ("Manufacturing licence", True), ("inspected site", False)],
)
def test_an_inspection_is_no_standard(standard: str, known: bool) -> None:
    assert names_a_standard(standard) is known
