"""Who is shown, in which order, and who is named apart."""

from dataclasses import replace

from app.matching.types import (
    Need,
    Quantity,
    Wishes,
)
from tests.matching.builders import (
    answer,
    candidate,
    need,
    offer,
    only,
    query,
    slugs,
    wishes,
)

FIT = offer(
    modality="mRNA",
    stages=("phase1",),
    quality="GMP",
    quantities=(Quantity(None, 50.0, "L", "volume"),),
)


class TestShown:
    GONE = candidate("gone", FIT, operating="closed", successor="heir")
    HEIR = candidate("heir", offer("Vial filling"))

    def test_inactive_providers_are_left_out_and_named(self) -> None:
        found = answer(query(need("LNP formulation")), self.GONE, self.HEIR)
        assert (slugs(found.matches), found.considered) == (["heir"], 1)
        assert [(who.slug, who.successor) for who in found.left_out] == [("gone", "heir")]

    def test_they_are_named_even_when_nobody_else_fits(self) -> None:
        request = query(need("LNP formulation", must=True), include_ineligible=False)
        found = answer(request, self.GONE, candidate("other", offer("Toxicology")))
        assert (found.matches, [who.slug for who in found.left_out]) == ((), ["gone"])

    def test_those_below_the_last_place_are_not(self) -> None:
        gone = replace(self.GONE, offers=(offer("Toxicology"),))
        found = answer(query(need("LNP formulation"), limit=1), gone, candidate("fit", FIT))
        assert (slugs(found.matches), found.left_out) == (["fit"], ())

    def test_they_are_ranked_where_that_is_wished(self) -> None:
        request = query(need("LNP formulation"), wishes=Wishes(include_inactive=True))
        found = answer(request, self.GONE, self.HEIR)
        assert (slugs(found.matches), found.considered, found.left_out) == (
            ["gone", "heir"],
            2,
            (),
        )

    MUST = need("LNP formulation", modality="mRNA", must=True)
    MIXED = (
        candidate("a-barred", offer("Toxicology", modality="mRNA")),
        candidate("b-open", offer()),
        candidate("c-fit", FIT),
        candidate("d-barred", offer(modality="Antibody")),
    )

    def test_the_ineligible_follow_best_first(self) -> None:
        found = answer(query(self.MUST), *self.MIXED)
        assert slugs(found.matches) == ["c-fit", "b-open", "d-barred", "a-barred"]
        assert (found.considered, found.eligible, found.conditional, found.ineligible) == (
            4,
            1,
            1,
            2,
        )

    def test_the_limit_counts_everything(self) -> None:
        found = answer(query(self.MUST, limit=3), *self.MIXED)
        assert slugs(found.matches) == ["c-fit", "b-open", "d-barred"]

    def test_the_ineligible_are_kept_back_unless_asked_for(self) -> None:
        found = answer(query(self.MUST, include_ineligible=False), *self.MIXED)
        assert (slugs(found.matches), found.ineligible) == (["c-fit", "b-open"], 2)

    def test_equal_scores_are_told_as_ties_in_order_of_slug(self) -> None:
        found = answer(
            query(need("LNP formulation")), *(candidate(slug, FIT) for slug in ("c", "a", "b"))
        )
        assert slugs(found.matches) == ["a", "b", "c"]
        assert [match.tied_with_previous for match in found.matches] == [False, True, True]

    def test_an_empty_catalogue_answers_nothing(self) -> None:
        found = answer(query(self.MUST, wishes=wishes("2028", countries_required=("KR",))))
        assert (found.considered, found.matches, found.left_out) == (0, (), ())

    def test_a_silent_provider_is_conditional_and_not_unfit(self) -> None:
        match = only(query(self.MUST), candidate("silent"))
        assert (match.eligibility, match.needs[0].offer_id) == ("conditional", None)
        assert [gate.criterion for gate in match.gates] == ["service", "modality"]

    def test_a_text_alone_ranks_by_its_words(self) -> None:
        request = query(Need(id="n1"), text="xyz")
        found = answer(request, candidate("a", offer()), candidate("b", offer("xyz skids")))
        assert slugs(found.matches) == ["b", "a"]

    def test_words_that_nobody_knows_are_compared_as_words(self) -> None:
        request = query(need("frobnication of quux", modality="blargh"))
        found = answer(request, candidate("a", offer()), candidate("b", offer("frobnication")))
        assert slugs(found.matches) == ["b", "a"]
