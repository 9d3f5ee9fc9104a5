import pytest

from app.matching.listing import Wanted, listing
from app.matching.search import holders
from app.matching.types import Proof, Site
from app.period import Period
from tests.matching import shipped
from tests.matching.listed import TODAY, catalogue, provider, slugs


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
            catalogue(provider("a", "Filling")), ["lyophilization", "no-such"], TODAY
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
