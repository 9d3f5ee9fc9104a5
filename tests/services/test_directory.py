import pytest

from app.errors import InvalidError, UnauthorizedError
from app.matching.catalogue import Catalogue
from app.matching.types import Candidate, Concept, Offer
from app.matching.vocabulary import Vocabulary
from app.models.directory import ProviderQuery
from app.models.key import SCOPES_OF, Role
from app.services import directory
from app.services.tenancy import Caller

FILLING = Concept(id="fill-finish", facet="service", labels={"en": "Fill-finish"})


def catalogue(revision: int = 1, version: int = 1) -> Catalogue:
    candidates = [
        Candidate(
            id=f"00000000-0000-0000-0000-00000000000{number}",
            slug=f"filler-{number}",
            name=f"Filler {number}",
            kind="cdmo",
            offers=(Offer(id=str(number), service="Fill-finish"),),
        )
        for number in (1, 2, 3)
    ]
    return Catalogue.build(candidates, Vocabulary([FILLING], version), revision)


def query(**said: object) -> ProviderQuery:
    return ProviderQuery.model_validate(said)


class TestEtag:
    def test_it_changes_with_the_catalogue_the_vocabulary_and_the_page_asked_for(self) -> None:
        asked = query(q="filler")
        tags = [
            directory.etag(catalogue(), asked),
            directory.etag(catalogue(revision=2), asked),
            directory.etag(catalogue(version=2), asked),
            directory.etag(catalogue(), query(q="filler", limit=1)),
            directory.etag(catalogue(), query(q="filler", kind=["cdmo"])),
        ]
        assert len(set(tags)) == 5

    def test_the_order_of_a_filters_values_does_not_matter(self) -> None:
        one, other = query(kind=["cdmo", "hospital"]), query(kind=["hospital", "cdmo", "cdmo"])
        assert directory.etag(catalogue(), one) == directory.etag(catalogue(), other)


class TestRights:
    @pytest.mark.parametrize("state", ["draft", "archived"])
    def test_what_is_not_published_is_for_curators(self, state: str) -> None:
        with pytest.raises(UnauthorizedError):
            directory.check_rights(query(state=state), Caller())
        directory.check_rights(
            query(state=state), Caller(role=Role.CURATOR, scopes=SCOPES_OF[Role.CURATOR])
        )
        directory.check_rights(
            query(state=state), Caller(role=Role.ADMIN, scopes=SCOPES_OF[Role.ADMIN])
        )

    def test_what_is_published_is_for_everybody(self) -> None:
        directory.check_rights(query(), Caller())


class TestPage:
    def test_the_pages_of_a_search_hold_everybody_once(self) -> None:
        found, after = [], None
        for _ in range(3):
            page = directory.page(None, catalogue(), query(q="filler", limit=1, after=after))  # type: ignore[arg-type] # published ones need no session
            found += [item.slug for item in page.items]
            after = page.next
        assert (found, after) == (["filler-1", "filler-2", "filler-3"], None)

    def test_an_unknown_concept_is_told_at_its_place(self) -> None:
        asked = query(concept=["fill-finish", "no-such"])
        with pytest.raises(InvalidError) as caught:
            directory.page(None, catalogue(), asked)  # type: ignore[arg-type] # refused before
        assert [fault.where for fault in caught.value.faults] == ["query.concept[1]"]
