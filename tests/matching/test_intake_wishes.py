"""What a text rules out, wishes for, and leaves open."""

import pytest

from app.matching.intake import understand
from tests.matching import shipped
from tests.matching.texts import read, services


class TestNegation:
    @pytest.mark.parametrize(
        "text",
        [
            "We need a monoclonal antibody cell line, no fill-finish",
            "We need a monoclonal antibody cell line development, but fill-finish is not needed",
            "항체 세포주 개발이 필요합니다. 무균충전은 제외",
        ],
    )
    def test_what_is_ruled_out_is_not_asked(self, text: str) -> None:
        assert ("fill-finish",) not in services(read(text))

    def test_not_gmp_yet(self) -> None:
        need = read("We need peptide synthesis for toxicology, not GMP yet").needs[0]
        assert need.quality == ()

    def test_no_later_than_rules_nothing_out(self) -> None:
        found = read("We need no later than June 2027 fill-finish of vials")
        assert services(found) == [("fill-finish",)]


class TestImportance:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (
                "plasmid manufacturing. must have: GMP. nice to have: fill-finish",
                [("plasmid-manufacturing", "must", 1), ("fill-finish", "should", 1)],
            ),
            (
                "plasmid manufacturing and fill-finish (optional), GMP must",
                [("plasmid-manufacturing", "must", 1), ("fill-finish", "should", 1)],
            ),
            # A standard that is only preferred is no gate of what must be done.
            (
                "plasmid manufacturing required, GMP optional",
                [("plasmid-manufacturing", "must", 0)],
            ),
            ("plasmid manufacturing, GMP optional", [("plasmid-manufacturing", "should", 1)]),
        ],
    )
    def test_each_need_has_that_of_its_own_words(
        self, text: str, expected: list[tuple[str, str, int]]
    ) -> None:
        needs = read(text).needs
        told = [(n.service.concepts[0], n.importance, len(n.quality)) for n in needs if n.service]
        assert told == expected


class TestWishes:
    def test_a_language_is_a_wish_of_its_own(self) -> None:
        wishes = read("Plasmid DNA manufacturing. All batch records must be in English.").wishes
        assert (wishes.languages, wishes.countries_required) == (("en",), ())

    @pytest.mark.parametrize(
        ("text", "required", "preferred", "markets"),
        [
            ("Finnish developer seeks fill-finish at a Danish plant", (), ("DK",), ()),
            ("Fill-finish must be done in Korea", ("KR",), (), ()),
            ("Nordic fill-finish sites preferred", (), ("DK", "FI", "IS", "NO", "SE"), ()),
            ("Dossier to file with Health Canada", (), (), ("Health Canada",)),
            ("Fill-finish for the US market", (), (), ("FDA",)),
            ("Fill-finish, not in China", (), (), ()),
            ("We are based in Paris and need a lab in Korea for toxicology", (), ("KR",), ()),
            ("CHO: Chinese hamster ovary cell line", (), (), ()),
            ("국내 바이오기업이 일본에서 할 무균충전을 찾습니다", (), ("JP",), ()),
            ("일본 시장 진출을 위한 인허가", (), (), ("PMDA",)),
            ("Call us about fill-finish", (), (), ()),
        ],
    )
    def test_places_have_roles(
        self,
        text: str,
        required: tuple[str, ...],
        preferred: tuple[str, ...],
        markets: tuple[str, ...],
    ) -> None:
        wishes = read(text).wishes
        assert wishes.countries_required == required
        assert wishes.countries_preferred == preferred
        assert wishes.markets == markets

    @pytest.mark.parametrize(
        ("text", "period"),
        [
            ("Fill-finish by Q2 2027", "2027-Q2"),
            ("Fill-finish from 2028", "2028"),
            ("Fill-finish, starting in June 2027", "2027-06"),
            ("Fill-finish needed by 15 March 2027", "2027-03-15"),
            ("Fill-finish in the second half of 2027", "2027-Q3"),
            ("Fill-finish in late 2027", "2027-Q4"),
            ("무균충전, 2027년 2분기", "2027-Q2"),
            ("무균충전 2027년 2분기부터", "2027-Q2"),
            ("무균충전 2027년 3월에", "2027-03"),
            ("Toxicology was completed in 2023, we need fill-finish", None),
            ("Fill-finish of 2027 vials", None),
        ],
    )
    def test_dates(self, text: str, period: str | None) -> None:
        needed = read(text).wishes.needed_from
        assert (needed.text if needed else None) == period


class TestLeftOver:
    def test_another_trade_lies_outside_the_field(self) -> None:
        found = read("Hospital wants liquid nitrogen deliveries for its freezers")
        assert [span.text for span in found.outside_the_field] == ["liquid nitrogen deliveries"]
        assert found.needs == ()

    @pytest.mark.parametrize(
        ("text", "outside"),
        [
            ("wedding photographer", ["wedding photographer"]),
            ("website and SEO", ["website", "SEO"]),
            ("LED lamp assembly", ["LED lamp assembly"]),
            ("drone manufacturing", ["drone manufacturing"]),
            ("car manufacturing", ["car manufacturing"]),
            ("dog food production", ["dog food production"]),
            ("자동차 제조", ["자동차 제조"]),
            ("웨딩 촬영", ["웨딩 촬영"]),
        ],
    )
    def test_everyday_trades_lie_outside_the_field(self, text: str, outside: list[str]) -> None:
        found = read(text)
        assert [span.text for span in found.outside_the_field] == outside
        assert found.needs == ()

    @pytest.mark.parametrize("text", ["CAR manufacturing", "anti-CD19 CAR production"])
    def test_a_receptor_is_no_car(self, text: str) -> None:
        found = read(text)
        assert found.outside_the_field == ()
        assert [need.service.concepts for need in found.needs if need.service] == [
            ("cell-therapy-manufacturing",)
        ]

    @pytest.mark.parametrize(
        ("text", "lang", "said"),
        [
            (
                "wedding photographer",
                "en",
                "“wedding photographer” is not what the providers here do, so no list of them "
                "means anything yet. What would you like done: for example development, "
                "manufacturing, testing or a clinical trial?",
            ),
            (
                "purple elephants",
                "en",
                "We could not read “purple elephants” as work of this field, so any list goes by "
                "its words alone. What would you like done: for example development, "
                "manufacturing, testing or a clinical trial?",
            ),
            (
                "자동차 제조",
                "ko",
                "‘자동차 제조’는 여기 있는 기관들이 하는 일이 아니므로, 아직은 어떤 목록도 의미가 "
                "없습니다. 어떤 일을 맡기고 싶으신가요? 예: 개발, 제조, 시험, 임상시험",
            ),
            (
                "보라색 코끼리",
                "ko",
                "‘보라색 코끼리’를 이 분야의 업무로 읽지 못해, 목록은 단어만 비교한 것입니다. 어떤 "
                "일을 맡기고 싶으신가요? 예: 개발, 제조, 시험, 임상시험",
            ),
        ],
    )
    def test_where_nothing_is_understood_the_one_question_says_so(
        self, text: str, lang: str, said: str
    ) -> None:
        found = understand(text, shipped.vocabulary(), lang)
        assert [question.ask for question in found.questions] == [said]

    def test_a_product_that_nobody_knows_is_asked_about(self) -> None:
        found = read("umbrella manufacturing").questions
        assert [(question.need, question.field, question.ask) for question in found] == [
            (
                "n1",
                "modality",
                "We could not read “umbrella”. What kind of product is it: for example a small "
                "molecule, an antibody, mRNA or a cell therapy?",
            )
        ]

    def test_what_nothing_explains_is_shown(self) -> None:
        text = "We need fill-finish with a frobnicating wobbulator"
        found = read(text).not_understood
        assert [(s.text, text[s.start : s.end]) for s in found] == [
            ("frobnicating wobbulator", "frobnicating wobbulator")
        ]

    def test_an_ambiguous_word_is_asked_about(self) -> None:
        found = read("We need PD.")
        service = found.needs[0].service
        assert service is not None
        assert (service.concepts, service.how) == ((), "ambiguous")
        assert service.readings == ("process-development", "pd-study")
        assert found.questions[0].ask == (
            "You wrote “PD”. Do you mean process development or pharmacodynamic study?"
        )

    def test_questions_come_in_the_language_of_the_sender(self) -> None:
        (asked,) = read("임상 1상", "ko").questions
        assert asked.ask == "어떤 일을 맡기고 싶으신가요? 예: 개발, 제조, 시험, 임상시험"

    def test_nothing_gives_one_question(self) -> None:
        found = read("")
        assert (found.needs, [q.field for q in found.questions]) == ((), ["service"])


class TestWordings:
    @pytest.mark.parametrize(
        "text",
        [
            "GMP-like plasmid",
            "plasmid production under GMP-like conditions",
        ],
    )
    def test_like_a_standard_is_not_the_standard(self, text: str) -> None:
        (need,) = read(text).needs
        assert [quality.concepts for quality in need.quality] == [("gmp-like",)]

    @pytest.mark.parametrize(
        ("text", "required", "preferred"),
        [
            ("Antibody drug substance, phase 1, 50 L, Korea only", ("KR",), ()),
            ("플라스미드 생산, 국내 업체만", ("KR",), ()),
            ("플라스미드 생산은 한국에서만 가능", ("KR",), ()),
            ("AAV production, not in China", (), ()),
            ("플라스미드 생산, 중국 제외", (), ()),
            ("a CDMO in Germany or France, but not in France", (), ("DE",)),
        ],
    )
    def test_where(self, text: str, required: object, preferred: object) -> None:
        wishes = read(text).wishes
        assert (wishes.countries_required, wishes.countries_preferred) == (required, preferred)

    def test_those_in_whom_a_study_is_done_are_no_need(self) -> None:
        assert services(read("bioequivalence study in 36 healthy volunteers")) == [("be-study",)]

    @pytest.mark.parametrize(
        ("text", "service"),
        [
            ("세푸주개발", "cell-line-development"),
            ("동결건죠", "lyophilization"),
            ("steril filling", "fill-finish"),
            ("lyophilsation of vials", "lyophilization"),
            ("moncolonal antibdy manufacturing", "mammalian-culture"),
            ("Wir brauchen Zelllinienentwicklung in Deutschland", "cell-line-development"),
            ("Nous cherchons un CDMO pour le remplissage aseptique", "fill-finish"),
            ("50L 이상 세포배양", "mammalian-culture"),
        ],
    )
    def test_slips_and_other_languages(self, text: str, service: str) -> None:
        found = read(text)
        assert services(found) == [(service,)]
        assert found.not_understood == ()

    @pytest.mark.parametrize(
        ("text", "amount", "unit"),
        [
            ("antibody manufacturing phase 2, 2000 L", 2000, "L"),
            ("mRNA production for phase 1, 5 g", 5, "g"),
            ("fill-finish of half a million doses", 500_000, "doses"),
            ("sterile Abfüllung von 5.000 Fläschchen", 5000, "vials"),
            ("we plan a 200 L batch of antibody", 200, "L"),
            ("바이알 50만 개 무균충전", 500_000, "vials"),
        ],
    )
    def test_amounts(self, text: str, amount: float, unit: str) -> None:
        (need,) = read(text).needs
        assert need.quantity is not None
        assert (need.quantity.maximum, need.quantity.unit) == (amount, unit)

    @pytest.mark.parametrize(
        ("text", "excluded"),
        [
            ("AAV production, not in China", ("CN",)),
            ("AAV production in Asia, but not in China", ("CN",)),
            ("No US sites. Plasmid production", ("US",)),
            ("AAV production, no Chinese CDMOs", ("CN",)),
            ("AAV production, excluding India and China", ("IN", "CN")),
            ("We need AAV production outside of the United States", ("US",)),
            ("GMP plasmid, ex-China", ("CN",)),
            ("AAV production at a non-US site", ("US",)),
            ("AAV 생산, 중국 제외", ("CN",)),
            ("AAV 생산. 중국이나 인도는 제외", ("CN", "IN")),
            ("중국 업체는 제외하고 AAV 생산 업체를 찾습니다", ("CN",)),
            ("A company based outside the US seeks AAV production", ()),
            ("We hold the rights outside Japan and need AAV production", ()),
            ("Our drug isn't sold in Korea; we need AAV production", ()),
            ("한국 이외 국가 판권 보유, AAV 생산", ()),
        ],
    )
    def test_countries_are_ruled_out_for_the_work_alone(
        self, text: str, excluded: tuple[str, ...]
    ) -> None:
        assert read(text).wishes.countries_excluded == excluded

    def test_what_is_ruled_out_was_understood(self) -> None:
        found = read("no viral work, only lentiviral vector release testing")
        assert found.not_understood == ()
