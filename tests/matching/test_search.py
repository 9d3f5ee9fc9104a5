import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.listing import Wanted, listing
from app.matching.types import Offer, Site
from tests.matching import shipped
from tests.matching.listed import TODAY, catalogue, provider, slugs

HOSTILE = (
    "the and of",
    "\N{SLIGHTLY SMILING FACE}",
    "\0",
    "\ufdfa" * 4000,
    "x" * 4000,
    "백" * 4000,
    "e" + "\u0301" * 3000,
    "ab " * 1300,
    "\ud800",
    "'; drop table provider --",
    "(((",
    "%_",
)
SAMSUNG = (
    "samsung biologcs",
    "samsng",
    "삼성바이오로직스",
    "삼성바이오로직",
    "삼성 바이오로직스",
    "삼성바이오로직즈",
)


class TestSearch:
    def test_without_q_all_are_listed_in_order_of_slug(self) -> None:
        assert slugs(catalogue(provider("b"), provider("a"), provider("c"))) == ["a", "b", "c"]

    def test_a_name_stands_before_a_service_and_a_service_before_a_place(self) -> None:
        found = catalogue(
            provider("a", city="Aseptia"),
            provider("b", "Aseptia filling"),
            provider("c", name="Aseptia Bio"),
        )
        assert slugs(found, q="aseptia") == ["c", "b", "a"]

    def test_every_word_has_to_be_found(self) -> None:
        found = catalogue(provider("a", "Filling", city="Osong"), provider("b", "Filling"))
        assert slugs(found, q="filling in osong") == ["a"]
        assert slugs(found, q="filling in zzzzzz") == []

    def test_a_meaning_is_found_under_other_words_and_narrower_ones(self) -> None:
        found = catalogue(
            provider("dry", "Lyophilisation"),
            provider("aav", "Adeno-associated virus supply"),
            provider("maker", "LVV manufacturing"),
            provider("other", "Clinical monitoring"),
        )
        assert slugs(found, q="동결건조") == ["dry"]
        assert slugs(found, q="freeze-drying") == ["dry"]
        assert slugs(found, q="viral vector") == ["aav", "maker"]

    @pytest.mark.parametrize(
        ("q", "expected"),
        [
            ("Korea", ["korean"]),
            ("한국", ["korean"]),
            ("filling in Germany", ["german"]),
            ("German filling", ["german"]),
            ("Europe", ["german"]),
            ("US filling", ["american"]),
            ("us", []),
            ("화순", ["korean"]),
        ],
    )
    def test_a_place_is_found_by_its_names(self, q: str, expected: list[str]) -> None:
        site = Site(id="s", name="Plant", country="DE")
        found = catalogue(
            provider("korean", "Filling", country="KR", city="Hwasun"),
            provider("german", "Filling", country="CN", sites=(site,)),
            provider("american", "Filling", country="US"),
        )
        assert slugs(found, q=q) == expected

    @pytest.mark.parametrize("q", ["phase 1", "1상", "filling phase 1", "임상"])
    def test_a_stage_is_found_in_what_a_capability_covers(self, q: str) -> None:
        one = Offer(id="o", service="Filling", stages=("phase1",))
        other = Offer(id="p", service="Filling", stages=("discovery",))
        found = catalogue(provider("a", offers=(one,)), provider("b", offers=(other,)))
        assert slugs(found, q=q) == ["a"]

    def test_a_look_alike_is_not_found_by_meaning(self) -> None:
        found = catalogue(provider("lab", "GLP toxicology"), provider("x", "Anything"))
        assert slugs(found, q="GLP-1") == []

    def test_equal_scores_stand_in_order_of_slug(self) -> None:
        found = catalogue(provider("b", "Filling"), provider("a", "Filling"))
        assert slugs(found, q="filling") == ["a", "b"]

    def test_a_word_that_others_have_is_doubted_when_nobody_has_all_words(self) -> None:
        found = catalogue(
            provider("a", name="Vectr Motors"), provider("b", "Viral vector", city="Bonn")
        )
        assert slugs(found, q="vectr bonn") == ["b"]

    @pytest.mark.parametrize("q", HOSTILE)
    def test_hostile_text_finds_nobody_and_is_quick(self, q: str) -> None:
        found = shipped.catalogue()
        assert found.directory.words.size == len(found.candidates)
        start = time.process_time()
        assert slugs(found, q=f"qqqzzz {q}") == []
        assert time.process_time() - start < 0.5

    @given(st.text(max_size=40))
    @settings(max_examples=50, deadline=None)
    def test_any_text_gives_scores_that_never_rise(self, q: str) -> None:
        scores = listing(shipped.catalogue(), Wanted(q=q), TODAY).scores.tolist()
        assert all(one >= next_one > 0 for one, next_one in pairwise(scores))


class TestShipped:
    @pytest.mark.parametrize("q", ["PCMO", "Hwasun PCMO"])
    def test_an_alias_finds_its_provider_alone(self, q: str) -> None:
        assert slugs(shipped.catalogue(), q=q) == ["microbial-verification-support-center"]

    @pytest.mark.parametrize(
        "q", ["미생물실증 지원센터", "미생물실증지원센터", "미생물 실증 지원 센터"]
    )
    def test_a_korean_name_finds_its_provider_first_however_it_is_spaced(self, q: str) -> None:
        # Its words mean something as well, so that others may follow.
        assert slugs(shipped.catalogue(), q=q)[0] == "microbial-verification-support-center"

    def test_a_slip_in_a_long_name_finds_it_before_what_its_words_mean(self) -> None:
        listed = slugs(shipped.catalogue(), q="미생물실증지웜센터")
        assert listed == ["microbial-verification-support-center", "sk-bioscience"]

    @pytest.mark.parametrize(
        ("q", "concept"), [("CAR-T", "car-t"), ("CAR T", "car-t"), ("CHO", "cho-cell-line")]
    )
    def test_a_term_is_not_the_beginning_of_another_word(self, q: str, concept: str) -> None:
        found = catalogue(
            provider("term", offers=(Offer(id="o", service="Culture", pinned=(concept,)),)),
            provider("other", "Cartridge filling for cholera vaccines"),
        )
        assert slugs(found, q=q) == ["term"]

    @pytest.mark.parametrize("q", SAMSUNG)
    def test_samsung_biologics_is_found_despite_slips(self, q: str) -> None:
        assert slugs(shipped.catalogue(), q=q) == ["samsung-biologics"]

    def test_a_place_lists_who_is_named_after_it_first(self) -> None:
        assert slugs(shipped.catalogue(), q="Hwasun") == [
            "chonnam-national-university-hwasun-hospital",
            "microbial-verification-support-center",
            "national-immunotherapy-innovation-center",
            "gc-biopharma",
            "jeonnam-bioindustry-foundation-biopharmaceutical-research-ce",
            "korea-testing-research-institute-healthcare",
            "vaccine-center-for-assisting-safety-and-technology",
        ]

    def test_freeze_drying_is_one_thing_in_every_language(self) -> None:
        found = shipped.catalogue()
        drying = set(slugs(found, concepts=("lyophilization",)))
        assert len(drying) > 20
        for q in ("lyophilisation", "lyophilization", "동결건조", "freeze-drying", "lyophilistion"):
            assert set(slugs(found, q=q)) >= drying, q

    def test_mrna_lists_those_named_for_it_and_then_those_who_offer_it(self) -> None:
        found = shipped.catalogue()
        listed = slugs(found, q="mRNA")
        assert listed[:2] == [
            "a-star-bioprocessing-technology-institute-nati-mrna-biofound",
            "base-mrna-facility",
        ]
        assert set(listed) >= set(slugs(found, concepts=("mrna",)))
