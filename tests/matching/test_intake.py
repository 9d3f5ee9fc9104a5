import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.types import Need
from tests.matching.texts import products, read, services


class TestNeeds:
    def test_one_per_service_sharing_what_belongs_to_it(self) -> None:
        found = read(
            "GMP mRNA drug substance and LNP formulation for a phase 1 vaccine, "
            "fill-finish in vials, Korea preferred"
        )
        assert services(found) == [("mrna-manufacturing",), ("lnp-formulation",), ("fill-finish",)]
        assert products(found) == [("mrna",)] * 3
        assert [need.stages for need in found.needs] == [("phase1",)] * 3
        assert [need.quality[0].concepts for need in found.needs] == [("cgmp",)] * 3
        assert found.wishes.countries_preferred == ("KR",)

    def test_korean(self) -> None:
        found = read(
            "임상 1상을 위한 항체 원액 생산과 무균충전이 필요합니다. 국내 선호, 2027년 2분기부터"
        )
        assert ("fill-finish",) in services(found)
        assert found.needs[0].stages == ("phase1",)
        assert found.wishes.countries_preferred == ("KR",)
        assert found.wishes.needed_from is not None
        assert found.wishes.needed_from.text == "2027-Q2"

    def test_what_is_done_comes_before_what_it_is_for(self) -> None:
        found = read(
            "We need AAV vector batches, 200 L, for a cell therapy entering a phase 1 trial"
        )
        assert services(found) == [("viral-vector-manufacturing",)]
        assert products(found) == [("aav",)]

    def test_a_test_article_is_not_made(self) -> None:
        found = read("We need toxicology of a plasmid in rats and minipigs under GLP")
        assert services(found) == [("toxicology",)]
        assert products(found) == [("plasmid-dna",)]

    def test_the_asker_is_not_the_request(self) -> None:
        found = read("Cell therapy company seeks plasmid DNA manufacturing under GMP")
        assert services(found) == [("plasmid-manufacturing",)]
        assert products(found) == [("plasmid-dna",)]

    def test_a_cro_with_a_phase_runs_the_trial(self) -> None:
        assert services(read("We need a CRO for a Phase 2 in asthma")) == [("clinical-services",)]

    def test_a_product_alone_is_a_need_with_a_question(self) -> None:
        found = read("Our product is a bispecific antibody")
        assert [need.service for need in found.needs] == [None]
        assert products(found) == [("bispecific",)]
        assert found.questions[0].field == "service"

    def test_a_disease_gives_the_area(self) -> None:
        need = read("We need a CRO for a Phase 2 in glioblastoma").needs[0]
        assert need.therapeutic_area is not None
        assert need.therapeutic_area.concepts == ("oncology-area",)

    def test_a_substance_name_gives_the_product(self) -> None:
        assert products(read("We need tablets of roxetinib packed and labelled")) == [
            ("small-molecule",)
        ]

    def test_an_amount_is_kept_with_its_place(self) -> None:
        text = "We need a CDMO for fermentation of an enzyme at 500 L"
        need = read(text).needs[0]
        assert need.scale is not None
        assert need.scale.span is not None
        assert text[slice(*need.scale.span)] == need.scale.text
        assert need.quantity is not None
        assert (need.quantity.maximum, need.quantity.unit) == (500.0, "L")

    @pytest.mark.parametrize(
        ("text", "importance"),
        [
            ("We need fill-finish of vials, GMP is mandatory", "must"),
            ("We need fill-finish of vials, ideally under GMP", "should"),
            ("무균충전이 필요합니다. GMP 필수", "must"),
            ("무균충전이 필요합니다. GMP 우대", "should"),
        ],
    )
    def test_importance(self, text: str, importance: str) -> None:
        assert {need.importance for need in read(text).needs} == {importance}

    @pytest.mark.parametrize(
        ("text", "importances"),
        [
            ("GMP required for mRNA LNP", ["must"]),
            ("GMP mRNA LNP formulation, 5 L, must", ["must"]),
            ("Must have: mRNA drug substance, LNP formulation", ["must", "must"]),
            ("Mandatory: fill-finish. Nice to have: serialisation", ["must", "should"]),
            ("Toxicology in rats, essential; fill-finish", ["must", "should"]),
            ("mRNA drug substance and LNP formulation. Both are essential.", ["must", "must"]),
            ("Fill-finish, GMP is non-negotiable, Korea preferred", ["must"]),
            ("We must have fill-finish preferably in Korea", ["must"]),
            ("Antibody drug substance, GMP required; fill-finish optional", ["must", "should"]),
            ("We need fill-finish for an essential tremor drug", ["should"]),
            ("Fill-finish, GMP is not required", ["should"]),
            ("We prepare the required documents for an IND filing", ["should"]),
            ("AAV 벡터 GMP 생산이 필요합니다. 임상 1상용, 200 L, 필수", ["must"]),
            ("CAR-T 생산, GMP 필수, 냉동 물류 우대", ["must", "should"]),
            ("필수: 무균충전. 우대: 동결건조", ["must", "should"]),
            ("무균충전, GMP 필수는 아님", ["should"]),
        ],
    )
    def test_a_must_holds_in_any_position(self, text: str, importances: list[str]) -> None:
        assert [need.importance for need in read(text).needs] == importances


FOUNDERS = [
    (
        "임상 1상 mRNA 백신 GMP 생산",
        ["should mrna-manufacturing mrna phase1 cgmp -"],
    ),
    (
        "임상 1상 백신용 mRNA 원액과 LNP 제형 GMP 생산, 바이알 충전이 필요합니다",
        [
            "should mrna-manufacturing mrna phase1 cgmp -",
            "should lnp-formulation mrna phase1 cgmp -",
            "should fill-finish mrna phase1 cgmp -",
        ],
    ),
    (
        "임상 1상용 mRNA 백신 원액 생산과 LNP 제형, 바이알 충전이 필요합니다. "
        "국내 업체 선호, GMP 필수",
        [
            "must mrna-manufacturing mrna phase1 cgmp -",
            "must lnp-formulation mrna phase1 cgmp -",
            "must fill-finish mrna phase1 cgmp -",
        ],
    ),
    (
        "mRNA drug substance, LNP formulation and fill-finish in vials for a phase 1 vaccine",
        [
            "should mrna-manufacturing mrna phase1 - -",
            "should lnp-formulation mrna phase1 - -",
            "should fill-finish mrna phase1 - vial",
        ],
    ),
    (
        "Antibody cell line development, then GMP drug substance and fill-finish in syringes",
        [
            "should cell-line-development monoclonal-antibody - cgmp -",
            "should mammalian-culture monoclonal-antibody - cgmp -",
            "should fill-finish monoclonal-antibody - cgmp pfs",
        ],
    ),
    (
        "We need a CRO to run our phase 2 trial, and to submit the trial applications",
        ["should clinical-services - phase2 - -", "should cta-filing - phase2 - -"],
    ),
    (
        "We need a CRO for our phase 2 asthma trial, and to do data management",
        ["should clinical-services - phase2 - -", "should data-management - phase2 - -"],
    ),
    (
        "임상 2상 CRO를 찾습니다. 데이터 관리와 IND 신청도 필요합니다",
        [
            "should clinical-services - phase2 - -",
            "should data-management - phase2 - -",
            "should ind-filing - phase2 - -",
        ],
    ),
    ("We need a CRO", ["should cro - - - -"]),
    ("We need a CRO for data management", ["should data-management - - - -"]),
    (
        "Phase 1 SAD/MAD trial of our kinase inhibitor, CRO wanted",
        ["should clinical-services small-molecule phase1 - -"],
    ),
    (
        "AAV development and GMP production",
        ["should process-development aav - - -", "should viral-vector-manufacturing aav - cgmp -"],
    ),
    (
        "We need development and manufacturing of tablets",
        ["should formulation-development - - - -", "should oral-solid-dose - - - -"],
    ),
    (
        "Solid-phase peptide synthesis, GMP is a must",
        ["must peptide-synthesis peptide - cgmp -"],
    ),
    (
        "CAR-T cell therapy manufacturing, then ship frozen to our hospital",
        [
            "should cell-therapy-manufacturing car-t - - -",
            "should distribution-logistics car-t - - -",
        ],
    ),
    ("원액과 완제의 안정성 시험", ["should stability-testing - - - -"]),
    (
        "저분자 후보물질 GLP 독성시험, 필수입니다",
        ["must toxicology small-molecule preclinical glp -"],
    ),
    ("GMP audit of our supplier", ["should audit-readiness - - - -"]),
]


def in_brief(need: Need) -> str:
    """Importance, service, product, stages, standards and technology, `-` for what is silent."""
    fields = (need.service, need.modality)
    concepts = ["/".join(field.concepts) if field else "-" for field in fields]
    standards = "/".join(c for field in need.quality for c in field.concepts)
    platform = "/".join(need.platform.concepts) if need.platform else ""
    told = (need.importance, *concepts, "/".join(need.stages), standards, platform)
    return " ".join(part or "-" for part in told)


class TestWholeAnswers:
    @pytest.mark.parametrize(("text", "needs"), FOUNDERS)
    def test_what_a_founder_writes(self, text: str, needs: list[str]) -> None:
        found = read(text)
        assert [in_brief(need) for need in found.needs] == needs
        assert [need.id for need in found.needs] == [f"n{i}" for i in range(1, len(needs) + 1)]
        assert found.outside_the_field == ()

    def test_a_wish_for_a_country_is_kept_apart_from_the_musts(self) -> None:
        wishes = read("임상 1상용 mRNA 원액 생산. 국내 업체 선호, GMP 필수").wishes
        assert (wishes.countries_required, wishes.countries_preferred) == ((), ("KR",))

    def test_a_standard_told_in_the_service_is_read(self) -> None:
        (need,) = read("임상 1상 mRNA 백신 GMP 생산", "ko").needs
        assert [quality.concepts for quality in need.quality] == [("cgmp",)]


WORDS = st.lists(
    st.sampled_from(
        [
            *("we", "need", "seek", "no", "not", "for", "must", "CRO", "PD", "mRNA", "fill-finish"),
            *("GMP", "phase", "2", "500", "L", "in", "Korea", "US", "2027", "by", "Q2", "cancer"),
            *(
                "정제",
                "임상",
                "1상을",
                "위한",
                "제외",
                "필수",
                ".",
                ",",
                "(",
                ")",
                "deep",
                "cleans",
            ),
        ]
    ),
    max_size=25,
).map(" ".join)


def spans_of(need: Need) -> list[tuple[str, tuple[int, int] | None]]:
    fields = (need.service, need.modality, need.platform, need.stage, need.therapeutic_area)
    every = (*fields, need.scale, *need.quality)
    return [(field.text, field.span) for field in every if field]


@settings(max_examples=150, deadline=None)
@given(st.one_of(WORDS, st.text(st.characters(exclude_categories=["Cs"]), max_size=200)))
def test_every_span_is_a_place_in_the_text(text: str) -> None:
    found = read(text)
    assert found == read(text)
    for need in found.needs:
        for written, span in spans_of(need):
            assert span is not None
            assert text[slice(*span)] == written
    for left in (*found.not_understood, *found.outside_the_field):
        assert text[left.start : left.end] == left.text


@pytest.mark.parametrize(
    "text",
    [
        *("\ufdfa" * 4000, "for " * 1000, "no " * 1300, "phase 1-" * 500, "in Korea, " * 400),
        *("we need PD " * 360, "1" * 4000, "a" * 4000, "-" * 4000, "2027 " * 800),
        *("정제를 위한 " * 500, "must only " * 400, "(" * 4000),
    ],
)
def test_hostile_text_stays_fast(text: str) -> None:
    start = time.thread_time()
    read(text)
    assert time.thread_time() - start < 2.0


def test_material_for_a_trial_asks_for_no_trial_and_takes_no_stage_from_animal_work() -> None:
    for text in (
        "AAV 벡터 GMP 생산과 GLP 독성시험이 필요합니다. 1상 임상용.",
        "We need GMP production of AAV vector and GLP toxicology, for phase 1 clinical use.",
    ):
        needs = read(text).needs
        told = [(need.service.concepts if need.service else (), need.stages) for need in needs]
        assert told == [
            (("viral-vector-manufacturing",), ("phase1",)),
            (("toxicology",), ("preclinical",)),
        ]


def test_a_trial_to_come_is_no_stage_of_the_animal_work_before_it() -> None:
    found = read("Need a 28-day toxicity study to set a first-in-human dose.")
    assert [need.stages for need in found.needs] == [()]


def test_what_follows_a_step_is_asked_for_as_well() -> None:
    found = read("We need process development followed by vector production.")
    assert services(found) == [("process-development",), ("viral-vector-manufacturing",)]


def test_approval_of_a_site_is_no_filing() -> None:
    found = read("We need formulation development at a GMP site approved by FDA.")
    assert services(found) == [("formulation-development",)]


@pytest.mark.parametrize(
    ("text", "scales"),
    [
        ("API with OEL < 1 µg/m3, 5 kg", ["5 kg"]),
        ("three engineering runs and one GMP batch of AAV at 200 L", ["200 L", "200 L"]),
        ("GMP AAV, three batches at 200 L, must", ["200 L"]),
        ("GMP AAV, three batches, must", ["three batches"]),
        ("50 kg/year API", ["50 kg"]),
    ],
)
def test_the_size_of_a_batch_tells_more_than_their_number(text: str, scales: list[str]) -> None:
    needs = read(text).needs
    assert [need.scale.text for need in needs if need.scale] == scales


@pytest.mark.parametrize(
    ("text", "service", "concept"),
    [
        ("GMP AAV, three batches at 200 L, must", "AAV", "viral-vector-manufacturing"),
        ("50 kg/year API", "API", "api-synthesis"),
        ("three consecutive batches to validate", "consecutive batches", "process-validation"),
    ],
)
def test_an_amount_names_no_service(text: str, service: str, concept: str) -> None:
    fields = [need.service for need in read(text).needs]
    assert [(f.text, f.concepts) for f in fields if f] == [(service, (concept,))]


def test_an_everyday_word_is_no_short_form() -> None:
    found = read("AAV manufacturing. Does it need a licence?")
    assert services(found) == [("viral-vector-manufacturing",)]


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("Mammalian drug substance must be GMP", []),
        ("원액 생산이 필요합니다", []),
        ("We need GMP drug substance for a monoclonal antibody", [("monoclonal-antibody",)]),
    ],
)
def test_a_step_of_making_is_no_product(text: str, modality: list[tuple[str, ...]]) -> None:
    assert products(read(text)) == modality
