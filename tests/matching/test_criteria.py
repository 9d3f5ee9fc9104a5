from datetime import date
from typing import Any

import pytest

from app.matching import criteria
from app.matching.brief import Brief
from app.matching.criteria import BY_NAME, CRITERIA
from app.matching.types import Need, Offer, Quantity, Wishes
from tests.matching.builders import (
    NO_WISHES,
    TODAY,
    candidate,
    catalogue,
    need,
    offer,
    period,
    proof,
    query,
    read,
    shares,
    site,
    wishes,
)

MET, UNKNOWN, MISSED = (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)
NOTHING = Need(id="n1")


def judged(criterion: str, made: Need, *offers: Offer, **of_provider: Any) -> tuple[float, float]:
    return shares(criterion, made, candidate("acme", *offers, **of_provider))


def wished(criterion: str, wish: Wishes, **of_provider: Any) -> tuple[float, float]:
    return shares(criterion, NOTHING, candidate("acme", **of_provider), wish)


def asked(made: Need, wish: Wishes = NO_WISHES) -> list[str]:
    """The criteria that a request asks for."""
    (ask,) = Brief.of(query(made, wishes=wish), catalogue()).asks
    return [criterion.name for criterion in CRITERIA if criterion.is_asked(ask)]


class TestTable:
    def test_every_criterion_has_a_public_text_and_a_prior_in_tenths(self) -> None:
        for criterion in CRITERIA:
            assert criterion.text.endswith(".")
            assert criterion.compares
            assert 0 <= criterion.prior <= 1
            assert round(criterion.prior * 10) == pytest.approx(criterion.prior * 10)

    def test_names_are_distinct(self) -> None:
        assert len(BY_NAME) == len(CRITERIA)

    def test_only_time_and_freshness_are_judged_of_a_need_that_asks_nothing(self) -> None:
        assert asked(NOTHING) == ["time", "freshness"]


class TestService:
    @pytest.mark.parametrize(
        ("asked", "offered", "expected"),
        [
            ("LNP formulation", offer("LNP formulation"), MET),
            ("Formulation", offer("LNP formulation"), MET),
            ("LNP formulation", offer(""), UNKNOWN),
            ("Toxicology", offer("LNP formulation"), MISSED),
            ("LNP formulation", offer("lipids"), UNKNOWN),
            ("frobnication", offer("LNP formulation"), UNKNOWN),
            ("frobnication", offer("frobnication"), (0.9, 0.1)),
            ("the", offer("LNP formulation"), UNKNOWN),
            ("LNP formulation", offer(flag="general_knowledge"), (0.5, 0.5)),
        ],
    )
    def test_share(self, asked: str, offered: Offer, expected: tuple[float, float]) -> None:
        assert judged("service", need(asked), offered) == expected

    def test_a_broader_offer_wins_a_part(self) -> None:
        won, unknown = judged("service", need("Vial filling"), offer("Fill and finish"))
        assert 0 < won < 1
        assert unknown == 0

    def test_the_same_words_without_the_concept_win_a_part(self) -> None:
        won, unknown = judged("service", need("Vial filling"), offer("vial washing"))
        assert 0 < won < 1
        assert won + unknown <= 1

    def test_two_services_in_one_phrase_are_covered_one_by_one(self) -> None:
        both = Need(id="n1", service=read("LNP formulation and vial filling", "service"))
        one, _ = judged("service", both, offer("LNP formulation"))
        whole, _ = judged("service", both, offer("LNP formulation; vial filling"))
        assert 0 < one < whole == 1


class TestModality:
    @pytest.mark.parametrize(
        ("offered", "expected"),
        [
            ("mRNA", MET),
            (None, UNKNOWN),
            ("all", MET),
            ("Antibody", MISSED),
            ("nucleic acid", (0.7, 0.0)),
            ("tablet", UNKNOWN),
            ("something else", UNKNOWN),
        ],
    )
    def test_share(self, offered: str | None, expected: tuple[float, float]) -> None:
        made = need(modality="mRNA")
        assert judged("modality", made, offer(modality=offered)) == expected

    def test_a_form_is_asked_of_those_who_name_one(self) -> None:
        made = need(modality="tablet")
        assert judged("modality", made, offer(modality="tablet")) == MET
        assert judged("modality", made, offer(modality="mRNA")) == UNKNOWN
        assert judged("modality", made, offer(modality="finished form")) == (0.7, 0.0)


class TestRegime:
    @pytest.mark.parametrize(
        ("offered", "kind", "expected"),
        [
            ("Nonclinical services", "cdmo", MET),
            ("LNP formulation", "cro_nonclinical", MET),
            ("LNP formulation", "cdmo", MISSED),
            ("LNP formulation", "research_institute", UNKNOWN),
        ],
    )
    def test_share(self, offered: str, kind: str, expected: tuple[float, float]) -> None:
        assert judged("regime", need("Toxicology"), offer(offered), kind=kind) == expected

    def test_a_service_of_no_known_kind_asks_for_none(self) -> None:
        assert {"regime", "breadth"}.isdisjoint(asked(need("LNP formulation")))
        assert {"regime", "breadth"} <= set(asked(need("Toxicology")))


class TestBreadth:
    @pytest.mark.parametrize(
        ("offered", "expected"),
        [
            (offer("Full-service toxicology"), MET),
            (offer("Toxicology", note="one-stop from cell to report"), MET),
            (offer("Toxicology"), UNKNOWN),
            (offer("Full-service LNP formulation"), UNKNOWN),
        ],
    )
    def test_share(self, offered: Offer, expected: tuple[float, float]) -> None:
        assert judged("breadth", need("Toxicology"), offered) == expected


class TestPlatform:
    @pytest.mark.parametrize(
        ("offered", "expected"), [("CHO", MET), (None, UNKNOWN), ("E. coli", MISSED)]
    )
    def test_share(self, offered: str | None, expected: tuple[float, float]) -> None:
        made = need(platform="CHO")
        assert judged("platform", made, offer(platform=offered)) == expected


class TestStage:
    @pytest.mark.parametrize(
        ("offered", "expected"),
        [
            (("phase1", "phase2", "phase3"), MET),
            (("phase2",), (0.5, 0.0)),
            (("commercial",), MISSED),
            ((), UNKNOWN),
            (("nonsense",), UNKNOWN),
        ],
    )
    def test_share(self, offered: tuple[str, ...], expected: tuple[float, float]) -> None:
        made = need(stages=("phase1", "phase2"))
        assert judged("stage", made, offer(stages=offered)) == expected

    def test_a_wording_that_names_no_stage_leaves_it_open(self) -> None:
        made = Need(id="n1", stage=read("soon", "stage"))
        assert judged("stage", made, offer(stages=("phase1",))) == UNKNOWN


class TestArea:
    @pytest.mark.parametrize(
        ("areas", "expected"),
        [
            (("oncology",), MET),
            ((), UNKNOWN),
            (("Infectious diseases",), (criteria.OTHER_AREAS_SHARE, 0.0)),
            (("golf",), UNKNOWN),
        ],
    )
    def test_share(self, areas: tuple[str, ...], expected: tuple[float, float]) -> None:
        made = need(area="cancer")
        assert judged("therapeutic_area", made, offer(), areas=areas) == expected

    def test_an_area_that_nobody_knows_is_open(self) -> None:
        made = need(area="golf")
        assert judged("therapeutic_area", made, offer(), areas=("cancer",)) == UNKNOWN


class TestQuality:
    @pytest.mark.parametrize(
        ("asked", "offered", "expected"),
        [
            ("GMP", "EU GMP", MET),
            ("EU GMP", "GMP", (0.5, 0.5)),
            ("GMP", "GLP", MISSED),
            ("GLP", "GMP", MISSED),
            ("GMP", "designed to cGMP, KGMP, BL2", UNKNOWN),
            (("GMP", "BL2"), "GMP", (0.5, 0.5)),
            (("GMP", "BL2"), "GMP; BL2", MET),
            (("GMP", "house rules"), "GMP", (0.5, 0.5)),
            ("house rules", "GMP", UNKNOWN),
        ],
    )
    def test_by_words(self, asked: str, offered: str, expected: tuple[float, float]) -> None:
        assert judged("quality", need(quality=asked), offer(quality=offered)) == expected

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            (proof("GMP", "s1"), MET),
            (proof("GMP", "s1", authority="MFDS", scope="drug product"), MET),
            (proof("GMP (Plant 2)", "s1"), MET),
            (proof("GMP", "s2"), UNKNOWN),
            (proof("GMP"), (0.5, 0.5)),
            (proof("GLP", "s1"), UNKNOWN),
            (proof("GMP", "s1", expires_on=period("2026-11-21")), UNKNOWN),
            (proof("GMP", "s1", expires_on=period("2026-11")), MET),
        ],
    )
    def test_by_certificates(self, given: Any, expected: tuple[float, float]) -> None:
        sites = (site(), site(id="s2"))
        made = offer(site_id="s1")
        found = judged("quality", need(quality="GMP"), made, sites=sites, proofs=(given,))
        assert found == expected

    def test_a_certificate_must_hold_when_it_is_needed(self) -> None:
        paper = proof("GMP", "s1", expires_on=period("2027-06"))
        who = candidate("acme", offer(site_id="s1"), sites=(site(),), proofs=(paper,))
        for needed, expected in (("2027-Q2", MET), ("2027-Q3", UNKNOWN), (None, MET)):
            assert shares("quality", need(quality="GMP"), who, wishes(needed)) == expected


class TestScale:
    @pytest.mark.parametrize(
        ("litres", "expected"),
        [(500, MET), (100, MET), (90, (0.5, 0.0)), (50, MISSED), (None, UNKNOWN)],
    )
    def test_share(self, litres: float | None, expected: tuple[float, float]) -> None:
        offered = (Quantity(None, litres, "L", "volume"),) if litres else ()
        made = need(litres=100)
        assert judged("scale", made, offer(quantities=offered)) == expected

    def test_another_kind_of_quantity_says_nothing(self) -> None:
        area = (Quantity(None, 900.0, "m2", "area"),)
        assert judged("scale", need(litres=100), offer(quantities=area)) == UNKNOWN

    def test_a_scale_that_nobody_could_read_is_open(self) -> None:
        made = Need(id="n1", scale=read("plenty", "scale"))
        offered = (Quantity(None, 900.0, "L", "volume"),)
        assert judged("scale", made, offer(quantities=offered)) == UNKNOWN


class TestWording:
    def test_what_is_not_found_is_lost(self) -> None:
        assert judged("wording", need("T-mixer skid"), offer()) == MISSED

    def test_a_record_with_words_of_the_text_wins_some(self) -> None:
        text = "LNP supplier wanted"
        won, unknown = shares("wording", NOTHING, candidate("acme", offer()), text=text)
        assert 0 < won <= 1
        assert unknown == 0


class TestPlace:
    @pytest.mark.parametrize(
        ("country", "facility", "expected"),
        [
            ("KR", None, MET),
            ("US", "KR", (0.7, 0.0)),
            (None, "KR", (0.7, 0.3)),
            ("US", "US", MISSED),
            (None, None, UNKNOWN),
        ],
    )
    def test_share(
        self, country: str | None, facility: str | None, expected: tuple[float, float]
    ) -> None:
        there = (site(country=facility),) if facility else ()
        wish = wishes(countries_preferred=("KR", "JP"))
        assert wished("place", wish, country=country, sites=there) == expected

    def test_required_countries_count_where_none_is_preferred(self) -> None:
        wish = wishes(countries_required=("KR",))
        assert wished("place", wish, country="KR") == MET
        assert wished("place", wish, country="US") == MISSED


class TestMarket:
    @pytest.mark.parametrize(
        ("proofs", "expected"),
        [
            ((), UNKNOWN),
            ((proof(authority="MFDS"),), (0.5, 0.5)),
            ((proof(authority="MFDS"), proof(authority="FDA")), MET),
            ((proof(authority="mfds", expires_on=period("2025")),), UNKNOWN),
        ],
    )
    def test_share(self, proofs: Any, expected: tuple[float, float]) -> None:
        assert wished("market", wishes(markets=("MFDS", "FDA")), proofs=proofs) == expected

    def test_an_authority_that_no_concept_names_is_compared_by_its_name(self) -> None:
        wish = wishes(markets=("Swissmedic",))
        assert wished("market", wish, proofs=(proof(authority="SWISSMEDIC"),)) == MET


class TestOtherWishes:
    @pytest.mark.parametrize(
        ("spoken", "expected"), [(("ko", "en"), MET), (("de",), MISSED), ((), UNKNOWN)]
    )
    def test_language(self, spoken: tuple[str, ...], expected: tuple[float, float]) -> None:
        assert wished("language", wishes(languages=("ko",)), languages=spoken) == expected

    @pytest.mark.parametrize(
        ("owner", "expected"), [("public", MET), ("private", MISSED), ("unknown", UNKNOWN)]
    )
    def test_ownership(self, owner: str, expected: tuple[float, float]) -> None:
        assert wished("ownership", wishes(ownership=("public",)), ownership=owner) == expected

    @pytest.mark.parametrize(
        ("assured", "expected"),
        [
            (TODAY, MET),
            (date(2027, 1, 1), MET),
            (date(2025, 11, 22), MET),
            (date(2024, 11, 22), (0.5, 0.0)),
            (date(2023, 11, 23), MISSED),
            (None, UNKNOWN),
        ],
    )
    def test_freshness(self, assured: date | None, expected: tuple[float, float]) -> None:
        assert wished("freshness", Wishes(), assured_on=assured) == expected

    def test_nothing_wished_for_is_not_judged(self) -> None:
        wish = wishes(countries_preferred=("KR",), languages=("ko",))
        assert asked(NOTHING, wish) == ["time", "place", "language", "freshness"]
