"""What hangs on the fields that a request leaves open."""

from typing import Any

from app.matching.catalogue import Catalogue
from app.matching.quantity import parse
from app.matching.questions import is_scaled
from app.matching.rank import Search
from app.matching.stakes import Stake, stakes
from app.matching.types import Candidate, Need, Query, Wishes
from tests.matching.builders import (
    WEIGHTS,
    candidate,
    catalogue,
    need,
    offer,
    proof,
    query,
    vocabulary,
    wishes,
)


def found(request: Query, *candidates: Candidate) -> dict[str, Stake]:
    return {stake.field: stake for stake in at_stake(request, catalogue(*candidates))}


def at_stake(request: Query, known: Catalogue) -> tuple[Stake, ...]:
    return stakes(Search.of(request, known), lambda each: is_scaled(each, vocabulary()))


def asking(made: Need | None = None, wish: Wishes | None = None) -> Query:
    return query(made or need("fill-finish"), wishes=wish or wishes())


def filler(slug: str, **others: Any) -> Candidate:
    return candidate(slug, offer("fill-finish", **others))


class TestWhatIsAtStake:
    def test_nothing_where_all_say_the_same(self) -> None:
        both = [candidate(slug, offer("fill-finish", stages=("phase1",))) for slug in ("a", "b")]
        assert found(asking(), *both) == {}

    def test_nothing_where_nobody_is_found(self) -> None:
        assert at_stake(asking(), catalogue()) == ()

    def test_an_answer_parts_those_who_say_so_from_the_others(self) -> None:
        one = candidate("a", offer("fill-finish", stages=("phase1",)), country="KR")
        other = candidate("b", offer("fill-finish", stages=("commercial",)), country="DE")
        told = found(asking(), one, other)
        assert {field: stake.said for field, stake in told.items()} == {
            "stage": ("phase1", "commercial"),
            "countries": ("KR", "DE"),
        }
        assert told["stage"].need == "n1"
        assert told["countries"].need is None
        # Two candidates are one pair in four; either answer sets them apart by all its points.
        asked = sum(WEIGHTS[c] for c in ("service", "wording", "time", "freshness"))
        weight = WEIGHTS["stage"]
        assert told["stage"].points == 100 * (2 / 4) * weight / (asked + weight)

    def test_the_heavier_and_the_more_even_comes_first(self) -> None:
        four = [
            candidate("a", offer("fill-finish", stages=("phase1",)), country="KR"),
            candidate("b", offer("fill-finish", stages=("phase1",)), country="KR"),
            candidate("c", offer("fill-finish", stages=("commercial",)), country="KR"),
            candidate("d", offer("fill-finish", stages=("commercial",)), country="DE"),
        ]
        order = [stake.field for stake in at_stake(asking(), catalogue(*four))]
        assert order == ["stage", "countries"]

    def test_silence_parts_less_than_another_answer(self) -> None:
        says = candidate("a", offer("fill-finish", stages=("phase1",)))
        silent, other = filler("b"), candidate("c", offer("fill-finish", stages=("commercial",)))
        beside_silence = found(asking(), says, silent)["stage"].points
        assert 0 < beside_silence < found(asking(), says, other)["stage"].points

    def test_what_is_stated_is_not_asked(self) -> None:
        one = candidate("a", offer("fill-finish", stages=("phase1",)), country="KR")
        other = candidate("b", offer("fill-finish", stages=("commercial",)), country="DE")
        stated = asking(
            need("fill-finish", stages=("phase1",)), wishes(countries_preferred=("KR",))
        )
        assert found(stated, one, other) == {}

    def test_a_criterion_without_weight_decides_nothing(self) -> None:
        one = candidate("a", offer("fill-finish", stages=("phase1",)))
        other = candidate("b", offer("fill-finish", stages=("commercial",)))
        light = query(need("fill-finish"), weights={**WEIGHTS, "stage": 0.0})
        assert found(light, one, other) == {}


class TestEachField:
    def test_medicines_and_those_who_take_any(self) -> None:
        one = candidate("a", offer("toxicology", modality="mRNA"))
        other = candidate("b", offer("toxicology", modality="antibody"))
        every = candidate("c", offer("toxicology", modality="all"))
        told = found(asking(need("toxicology")), one, other, every)
        assert told["modality"].said == ("mrna", "antibody")
        assert found(asking(need("toxicology")), every, filler("d")) == {}

    def test_a_form_is_no_medicine(self) -> None:
        one = candidate("a", offer("toxicology", modality="tablet"))
        assert found(asking(need("toxicology")), one, candidate("b", offer("toxicology"))) == {}

    def test_amounts_of_the_kind_that_most_state(self) -> None:
        known = [
            candidate("a", offer("vial filling", quantities=parse("up to 500 L"))),
            candidate("b", offer("vial filling", quantities=parse("2,000 L"))),
            candidate("c", offer("vial filling", quantities=parse("3 million vials"))),
        ]
        request = asking(need("vial filling"))
        (stake,) = stakes(Search.of(request, catalogue(*known)), lambda _: True)
        assert [amount.maximum for amount in stake.said] == [500.0, 2000.0]
        assert stakes(Search.of(request, catalogue(*known)), lambda _: False) == ()

    def test_standards_held_and_not_those_hoped_for(self) -> None:
        held, hoped = filler("a", quality="GMP"), filler("b", quality="GMP planned")
        assert found(asking(), held, hoped)["quality"].said == ("cgmp",)
        assert "quality" not in found(asking(), hoped, filler("c"))

    def test_authorities_under_their_own_names(self) -> None:
        one = candidate("a", offer("fill-finish"), proofs=(proof(authority="US FDA"),))
        other = candidate("b", offer("fill-finish"), proofs=(proof(authority="AAALAC"),))
        assert found(asking(), one, other)["markets"].said == ("FDA",)
        assert "markets" not in found(asking(), other, filler("c"))

    def test_the_date_where_somebody_starts_later(self) -> None:
        runs, later = filler("a"), filler("b", status="planned")
        assert "needed_from" in found(asking(), runs, later)
        assert "needed_from" not in found(asking(None, wishes("2028")), runs, later)

    def test_the_disease_only_where_nothing_is_made(self) -> None:
        one = candidate("a", offer("toxicology"), areas=("oncology",))
        other = candidate("b", offer("toxicology"), areas=("infectious diseases",))
        request = asking(need("toxicology"))
        (stake,) = stakes(Search.of(request, catalogue(one, other)), lambda _: False)
        assert (stake.field, stake.said) == ("therapeutic_area", ("oncology", "infectious"))
        assert stakes(Search.of(request, catalogue(one, other)), lambda _: True) == ()
