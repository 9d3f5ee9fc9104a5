"""What a negation reaches, and what it leaves asked."""

import pytest

from app.matching.clauses import Outline
from tests.matching.texts import products, read, services


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "We don't have in-house analytics and need a CRO for method validation",
            "method-validation",
        ),
        ("We do not have a cell line and need cell line development", "cell-line-development"),
        ("There are no suitable labs here and we need GLP toxicology in rats", "toxicology"),
        (
            "no in-house capacity for plasmid so need plasmid DNA manufacturing",
            "plasmid-manufacturing",
        ),
        ("As a virtual company without own labs we need bioanalysis of an ADC", "bioanalysis"),
        (
            "We have no GMP facility and need a partner for clinical material",
            "clinical-trial-material",
        ),
        ("We cannot do bioanalysis ourselves and seek a CRO for bioanalysis", "bioanalysis"),
        ("We do not need fill-finish but need plasmid manufacturing", "plasmid-manufacturing"),
        ("plasmid manufacturing (no GMP)", "plasmid-manufacturing"),
        ("(no GMP) plasmid manufacturing", "plasmid-manufacturing"),
        ("Product without preservative (vial fill-finish)", "fill-finish"),
        ("플라스미드 생산 (GMP 불필요)", "plasmid-manufacturing"),
        ("플라스미드 생산은 GMP 불필요", "plasmid-manufacturing"),
        ("사내 분석 역량이 없어서 분석법 밸리데이션 CRO를 찾습니다", "method-validation"),
        ("바이러스 벡터는 필요 없고 LNP 제형화만 필요합니다", "lnp-formulation"),
        ("항체 생산(무균충전 제외)", "mammalian-culture"),
        ("무균충전 빼고 플라스미드 생산", "plasmid-manufacturing"),
    ],
)
def test_a_request_or_a_bracket_ends_what_is_ruled_out(text: str, asked: str) -> None:
    found = read(text)
    assert services(found) == [(asked,)]
    assert [need.quality for need in found.needs if "GLP" not in text] in ([()], [])


@pytest.mark.parametrize(
    "text",
    [
        "GMP grade not yet required: plasmid manufacturing",
        "plasmid manufacturing, GMP grade is not required",
        "plasmid manufacturing, GMP not needed at this stage",
        "plasmid manufacturing, GMP isn't needed",
        "Not sure whether we need GMP: plasmid manufacturing",
        "Unsure if GMP is required for plasmid manufacturing",
        "plasmid manufacturing, GMP to be decided",
        "plasmid manufacturing. GMP will not be needed.",
        "plasmid manufacturing. We don't think we need GMP yet.",
        "plasmid manufacturing. GMP doesn't matter",
        "plasmid manufacturing; GMP required later, not now",
        "GMP까지는 필요 없고 플라스미드 생산",
        "GMP 아니어도 됩니다. 플라스미드 생산",
        "non-GMP plasmid manufacturing first, GMP later",
        "plasmid manufacturing, GMP at a later stage",
        "플라스미드 생산, GMP 등급은 아직 필요하지 않음",
        "GMP 여부 미정, 플라스미드 생산",
        "GMP가 필요한지 모르겠습니다. 플라스미드 생산",
        "플라스미드 생산, 추후 GMP 생산",
        "GMP 또는 비GMP 플라스미드 생산",
    ],
)
def test_what_is_open_or_put_off_is_no_standard_asked(text: str) -> None:
    needs = read(text).needs
    assert [(n.service and n.service.concepts, n.importance, n.quality) for n in needs] == [
        (("plasmid-manufacturing",), "should", ())
    ]


@pytest.mark.parametrize(
    "text",
    [
        "GMP is not mandatory, plasmid manufacturing",
        "plasmid manufacturing, GMP no later than June 2027",
        "Not sure if you can do GMP plasmid manufacturing",
        "GMP 필수는 아니지만 있으면 좋음, 플라스미드 생산",
    ],
)
def test_what_is_a_wish_stays_asked(text: str) -> None:
    (need,) = read(text).needs
    assert (need.importance, [q.concepts for q in need.quality]) == ("should", [("cgmp",)])


@pytest.mark.parametrize(
    ("text", "service", "product"),
    [
        ("endotoxin-free protein production", "protein-manufacturing", ["recombinant-protein"]),
        ("low-endotoxin protein production", "protein-manufacturing", ["recombinant-protein"]),
        ("엔도톡신 프리 단백질 생산", "protein-manufacturing", ["recombinant-protein"]),
        ("antibiotic-free CHO process development", "process-development", []),
        ("무항생제 CHO 공정개발", "process-development", []),
        ("serum free CHO process development", "process-development", []),
        ("preservative-free vial fill-finish", "fill-finish", []),
        ("xeno-free MSC manufacturing", "cell-therapy-manufacturing", ["msc"]),
        ("virus-free protein production", "protein-manufacturing", ["recombinant-protein"]),
        ("비바이러스 벡터 LNP 제형화", "lnp-formulation", []),
        ("non-viral vector manufacturing", "plasmid-manufacturing", []),
        ("비바이러스 벡터 생산", "plasmid-manufacturing", []),
    ],
)
def test_what_a_product_is_free_of_is_not_asked(
    text: str, service: str, product: list[str]
) -> None:
    found = read(text)
    assert services(found) == [(service,)]
    assert products(found) == [(each,) for each in product]


def test_a_row_in_brackets_belongs_to_what_is_ruled_out() -> None:
    text = "no viral vectors (AAV, lenti) and plasmid"
    outline = Outline(text)
    ruled_out = [outline.negated(text.index(w), text.index(w) + 3) for w in ("AAV", "lenti", "pla")]
    assert ruled_out == [True, True, False]


@pytest.mark.parametrize(
    "text",
    [
        "CDMOs without GMP need not apply: plasmid manufacturing",
        "We will not work with a CDMO without GMP; plasmid manufacturing",
        "no compromise on GMP; plasmid manufacturing",
        "We still don't have a supplier of GMP plasmid",
        "GMP 경험이 없는 업체는 제외. 플라스미드 생산",
    ],
)
def test_a_lack_that_is_ruled_out_is_asked_for(text: str) -> None:
    (need,) = read(text).needs
    assert [q.concepts for q in need.quality] == [("cgmp",)]


@pytest.mark.parametrize(
    "text",
    [
        "We have not found a CRO for toxicology yet",
        "We do not yet have a partner for toxicology",
        "We can't find a CRO for toxicology",
    ],
)
def test_a_provider_not_found_is_sought(text: str) -> None:
    assert services(read(text)) == [("toxicology",)]
