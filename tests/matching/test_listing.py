import time
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.catalogue import Catalogue
from app.matching.listing import Wanted, holders, listing
from app.matching.types import Candidate, Offer, Proof, Site
from app.period import Period
from tests.matching import shipped

TODAY = date(2026, 11, 22)
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


def provider(slug: str, *services: str, name: str = "", **fields: object) -> Candidate:
    offers = tuple(Offer(id=f"{slug}-{i}", service=s) for i, s in enumerate(services))
    given = {"kind": "cdmo", "offers": offers} | fields
    return Candidate(id=slug, slug=slug, name=name or slug.title(), **given)  # type: ignore[arg-type] # fields of any kind


def catalogue(*candidates: Candidate) -> Catalogue:
    return Catalogue.build(candidates, shipped.vocabulary(), 1)


def slugs(found: Catalogue, **wanted: object) -> list[str]:
    numbers = listing(found, Wanted(**wanted), TODAY).numbers  # type: ignore[arg-type] # likewise
    return [found.candidates[number].slug for number in numbers]


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


class TestFilters:
    def test_values_of_one_filter_widen_and_filters_together_narrow(self) -> None:
        found = catalogue(
            provider("a", kind="cdmo", country="KR"),
            provider("b", kind="hospital", country="KR"),
            provider("c", kind="cdmo", country="FR"),
        )
        assert slugs(found, labels={"kind": ["cdmo", "hospital"]}) == ["a", "b", "c"]
        assert slugs(found, labels={"kind": ["cdmo"], "country": ["KR"]}) == ["a"]

    def test_a_facility_puts_a_provider_into_its_country(self) -> None:
        site = Site(id="s", name="Plant", country="US")
        found = catalogue(provider("a", country="KR", sites=(site,)), provider("b", country="KR"))
        assert slugs(found, labels={"country": ["US"]}) == ["a"]

    def test_a_facet_ignores_its_own_filter_and_no_other(self) -> None:
        found = catalogue(
            provider("a", kind="cdmo", country="KR"),
            provider("b", kind="hospital", country="KR"),
            provider("c", kind="cdmo", country="FR"),
            provider("d", kind="cdmo", country="DE"),
        )
        wanted = Wanted(labels={"kind": ["cdmo"], "country": ["KR"]})
        assert listing(found, wanted, TODAY).facets == {
            "kind": (("cdmo", 1), ("hospital", 1)),
            "country": (("DE", 1), ("FR", 1), ("KR", 1)),
            "ownership": (("unknown", 1),),
            "stage": (),
            "operating": (("unknown", 1),),
        }

    def test_a_concept_covers_narrower_ones_unless_it_is_told_not_to(self) -> None:
        found = catalogue(
            provider("exact", "Toxicology"),
            provider("narrow", "Carcinogenicity study"),
        )
        ids = ("toxicology",)
        assert slugs(found, concepts=ids) == ["exact", "narrow"]
        assert slugs(found, concepts=ids, narrower=False) == ["exact"]

    def test_a_concept_that_nobody_offers_finds_nobody(self) -> None:
        assert holders(
            catalogue(provider("a", "Filling")), ["lyophilization", "no-such"]
        ).tolist() == [False]

    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ("GMP", ["eu", "gmp"]),
            ("gmp", ["eu", "gmp"]),
            ("MFDS", ["gmp"]),
            ("MFDS GMP", ["gmp"]),
            ("EMA", ["eu"]),
            ("WHO", ["who"]),
            ("ISO 15189", ["iso"]),
            ("FDA", []),
            ("nothing like it", []),
            ("!", []),
        ],
    )
    def test_a_certificate_by_standard_or_authority(self, asked: str, expected: list[str]) -> None:
        found = catalogue(
            provider("gmp", proofs=(Proof(standard="GMP", authority="MFDS"),)),
            provider("eu", proofs=(Proof(standard="EU-GMP", authority="EMA", site_id="s"),)),
            provider("who", proofs=(Proof(standard="Prequalification", authority="WHO"),)),
            provider("iso", proofs=(Proof(standard="ISO 15189"),)),
            provider("old", proofs=(Proof("GMP", "MFDS", expires_on=Period.parse("2026-10")),)),
        )
        assert slugs(found, certificates=(asked,)) == expected

    @pytest.mark.parametrize(
        ("by", "expected"),
        [
            ("2015", []),
            ("2020", ["dated"]),
            ("2026", ["dated", "undated"]),
            ("2027-Q1", ["dated", "undated"]),
            ("2027-Q2", ["dated", "planned", "undated"]),
            ("2030", ["dated", "planned", "undated"]),
        ],
    )
    def test_operational_by_counts_what_runs_and_plans_that_have_time(
        self, by: str, expected: list[str]
    ) -> None:
        def site(lifecycle: str, start: str | None) -> tuple[Site, ...]:
            period = Period.parse(start) if start else None
            return (Site(id="s", name="Plant", lifecycle=lifecycle, operational_from=period),)

        found = catalogue(
            provider("dated", sites=site("operating", "2019")),
            provider("planned", sites=site("construction", "2027-Q2")),
            provider("overdue", sites=site("construction", "2025-Q3")),
            provider("someday", sites=site("planned", None)),
            provider("closed", sites=site("closed", "2001")),
            provider("silent"),
            provider("undated", "Filling"),
        )
        assert slugs(found, operational_by=Period.parse(by)) == expected

    def test_nobody_is_listed_of_an_empty_catalogue(self) -> None:
        wanted = {
            "q": "mRNA filling",
            "concepts": ("mrna", "cgmp"),
            "certificates": ("GMP",),
            "operational_by": Period.parse("2027"),
            "labels": {"kind": ["cdmo"]},
        }
        assert slugs(catalogue(), **wanted) == []


class TestAfter:
    def test_what_follows_a_place_is_the_rest_of_the_list(self) -> None:
        found = shipped.catalogue()
        whole = listing(found, Wanted(q="vaccine"), TODAY)
        score, number = int(whole.scores[9]), int(whole.numbers[9])
        rest = whole.after(score, number + 1)
        assert rest.numbers.tolist() == whole.numbers[10:].tolist()
        assert rest.facets == whole.facets


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
