from app.matching.catalogue import SILENT, Catalogue
from app.matching.columns import ConceptLists
from tests.matching.builders import candidate, catalogue, offer, vocabulary


def concepts_of(found: Catalogue, number: int) -> set[str]:
    lists: ConceptLists = found.concepts
    code = int(found.profiles.codes[number])
    ends = [*lists.starts.tolist(), len(lists.positions)]
    positions = lists.positions[ends[code] : ends[code + 1]].tolist()
    return {found.vocabulary.ids[position] for position in positions if position >= 0}


def test_candidates_stand_by_slug_and_offers_by_id() -> None:
    found = catalogue(candidate("b", offer(id="2"), offer(id="1")), candidate("a", offer(id="3")))
    assert [who.slug for who in found.candidates] == ["a", "b"]
    assert [made.id for made in found.offers] == ["3", "1", "2"]
    assert (found.starts.tolist(), found.owner.tolist()) == ([0, 1], [0, 1, 1])


def test_a_provider_without_a_capability_is_judged_by_an_empty_offer() -> None:
    assert catalogue(candidate("a")).offers == (SILENT,)


def test_equal_profiles_are_kept_once() -> None:
    found = catalogue(candidate("a", offer(id="1", quality="GMP"), offer(id="2")))
    assert len(found.profiles.values) == 1


def test_an_empty_catalogue_can_be_built() -> None:
    found = catalogue()
    assert (found.candidates, found.offers, found.starts.tolist()) == ((), (), [])


def test_inactive_providers_are_marked() -> None:
    states = ("active", "renamed", "absorbed", "closed", "captive", "unknown")
    found = catalogue(*(candidate(state, operating=state) for state in sorted(states)))
    marked = [who.slug for who, out in zip(found.candidates, found.inactive, strict=True) if out]
    assert marked == ["absorbed", "captive", "closed"]


class TestConcepts:
    def test_every_field_and_every_part_of_it_speaks(self) -> None:
        made = offer("LNP formulation; vial filling", modality="mRNA; antibody", platform="CHO")
        assert concepts_of(catalogue(candidate("a", made)), 0) == {
            "lnp-formulation",
            "vial-filling",
            "mrna",
            "antibody",
            "cho",
        }

    def test_a_pinned_concept_settles_its_facet_and_leaves_the_others(self) -> None:
        made = offer("LNP formulation", modality="mRNA", pinned=("vial-filling",))
        assert concepts_of(catalogue(candidate("a", made)), 0) == {"vial-filling", "mrna"}

    def test_a_pinned_concept_that_nobody_knows_settles_nothing(self) -> None:
        made = offer("LNP formulation", pinned=("gone",))
        assert concepts_of(catalogue(candidate("a", made)), 0) == {"lnp-formulation"}

    def test_disease_areas_come_from_the_offer_and_the_provider(self) -> None:
        who = candidate("a", offer("cancer toxicology"), areas=("Infectious diseases", "golf"))
        assert catalogue(who).areas.values == (("infectious", "oncology"),)


class TestChanged:
    def test_candidates_are_replaced_added_and_removed(self) -> None:
        one, two, three = candidate("one"), candidate("two"), candidate("three")
        before = catalogue(one, two)
        renamed = candidate("one", name="Present Name")
        after = before.changed({one.id: renamed, two.id: None, three.id: three}, revision=2)
        assert after.candidates == (renamed, three)
        assert after.revision == 2
        assert before.candidates == (one, two)

    def test_it_answers_like_one_built_afresh(self) -> None:
        one, two = candidate("one", offer()), candidate("two", offer("Vial filling"))
        changed = catalogue(one).changed({two.id: two}, revision=1)
        built = Catalogue.build([two, one], vocabulary(), 1)
        assert changed.offers == built.offers
        assert changed.profiles.values == built.profiles.values
