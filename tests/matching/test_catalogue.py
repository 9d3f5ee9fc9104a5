from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching import rank
from app.matching.catalogue import Catalogue
from app.matching.offer_columns import IS_SILENT
from app.matching.offer_reading import SILENT
from app.matching.rank import score, shortlist
from app.matching.types import Candidate
from tests.matching.builders import candidate, catalogue, need, offer, query, site, vocabulary


def concepts_of(found: Catalogue, row: int) -> set[str]:
    return {found.vocabulary.ids[position] for position in found.offers.concepts.at(row)}


def test_candidates_stand_by_slug_and_offers_by_id() -> None:
    found = catalogue(candidate("b", offer(id="2"), offer(id="1")), candidate("a", offer(id="3")))
    assert [who.slug for who in found.candidates] == ["a", "b"]
    assert found.providers.bounds.tolist() == [0, 1, 3]
    assert [found.offer(who, row).id for who, row in ((0, 0), (1, 1), (1, 2))] == ["3", "1", "2"]


def test_a_provider_without_a_capability_is_judged_by_an_empty_offer() -> None:
    found = catalogue(candidate("a"))
    assert found.offer(0, 0) is SILENT
    assert found.offers.marks.tolist() == [IS_SILENT]


def test_an_empty_catalogue_can_be_built() -> None:
    found = catalogue()
    assert (found.candidates, found.rows, found.listed.tolist()) == ((), (), [])
    assert not found.wants_rebuild


def test_inactive_providers_are_marked() -> None:
    states = ("active", "renamed", "absorbed", "closed", "captive", "unknown")
    found = catalogue(*(candidate(state, operating=state) for state in sorted(states)))
    inactive = found.providers.is_inactive.tolist()
    marked = [who.slug for who, out in zip(found.candidates, inactive, strict=True) if out]
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
        found = catalogue(who)
        (areas,) = found.offers.areas.values
        assert {found.vocabulary.ids[area] for area in areas} == {"infectious", "oncology"}


class TestChanged:
    def test_candidates_are_replaced_added_and_removed(self) -> None:
        one, two, three = candidate("one"), candidate("two"), candidate("three")
        before = catalogue(one, two)
        renamed = candidate("one", name="Present Name")
        after = before.changed({one.id: renamed, two.id: None, three.id: three}, revision=2)
        assert after.candidates == (renamed, three)
        assert after.revision == 2
        assert before.candidates == (one, two)

    def test_a_change_that_changes_nothing_finds_the_same(self) -> None:
        one = candidate("one", offer())
        before = catalogue(one)
        after = before.changed({"nobody": None}, revision=2)
        assert after.candidates == before.candidates
        assert after.ids.row(one.id, after.rows) == 0

    def test_many_hidden_rows_want_a_rebuild(self) -> None:
        one, two = candidate("one"), candidate("two")
        changed = catalogue(one, two).changed({one.id: None}, 2)
        assert changed.wants_rebuild
        assert not Catalogue.build(changed.candidates, vocabulary(), 2).wants_rebuild

    @given(st.data())
    def test_it_answers_like_one_built_afresh(self, data: st.DataObject) -> None:
        found = catalogue(*data.draw(PROVIDERS))
        for revision in range(2, data.draw(st.integers(2, 5))):
            changes: dict[str, Candidate | None] = {who.id: who for who in data.draw(PROVIDERS)}
            gone = data.draw(st.sampled_from([None, *(who.id for who in found.candidates)]))
            found = found.changed({**changes, **({gone: None} if gone else {})}, revision)
        afresh = Catalogue.build(found.candidates, vocabulary(), found.revision)
        assert found.providers.usage.rows == afresh.providers.usage.rows
        for request in REQUESTS:
            assert shortlist(request, found) == shortlist(request, afresh)


@st.composite
def _provider(draw: st.DrawFn) -> Candidate:
    services = st.sampled_from(["LNP formulation", "Vial filling", "Toxicology", "T-mixer runs"])
    offers = [
        offer(
            draw(services),
            id=f"o{number}",
            modality=draw(st.sampled_from([None, "mRNA", "antibody", "all"])),
            quality=draw(st.sampled_from([None, "GMP", "GLP"])),
            status=draw(st.sampled_from(["offered", "offered", "planned"])),
            site_id=draw(st.sampled_from([None, "s1"])),
        )
        for number in range(draw(st.integers(0, 3)))
    ]
    return candidate(
        draw(st.sampled_from("abcdef")),
        *offers,
        country=draw(st.sampled_from([None, "KR", "US"])),
        description=draw(st.sampled_from([None, "LNP pioneers", "vials and vials"])),
        operating=draw(st.sampled_from(["active", "closed"])),
        assured_on=draw(st.sampled_from([None, date(2026, 1, 1)])),
        sites=(site(draw(st.sampled_from(["operating", "planned"]))),),
    )


PROVIDERS = st.lists(_provider(), max_size=5, unique_by=lambda who: who.slug)
REQUESTS = (
    query(need("LNP formulation", modality="mRNA", quality="GMP")),
    query(need("Vial filling", must=True), need("Toxicology", id="n2"), limit=2),
    query(need("frobnication"), text="T-mixer vials", include_ineligible=False, limit=1),
)


@pytest.fixture(scope="module", autouse=True)
def _few_at_a_time() -> Iterator[None]:
    """So few that even a small catalogue isn't looked at as a whole."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_FIRST", "_AT_ONCE", "_TOGETHER"):
            patch.setattr(rank, name, 1)
        yield


@given(PROVIDERS, st.integers(1, 4))
def test_the_shortlist_is_what_scoring_everybody_gives(
    providers: list[Candidate], limit: int
) -> None:
    found = catalogue(*providers)
    for request in REQUESTS:
        asked = query(*request.needs, text=request.text, limit=limit, include_ineligible=False)
        scores = score(asked, found)
        ranked = sorted(
            (-int(total), found.rows[number].slug)
            for number, (total, fate) in enumerate(zip(scores.totals, scores.fates, strict=True))
            if fate < 2 and not found.providers.is_inactive[number]
        )
        answer = shortlist(asked, found)
        told = [(-match.score, match.candidate.slug) for match in answer.matches]
        assert told == ranked[:limit]
        assert answer.eligible + answer.conditional == len(ranked)
