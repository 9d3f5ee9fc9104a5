"""Our own ranking, by the path that the service takes from the shipped files."""

from datetime import date
from functools import cache

from app.matching.catalogue import Catalogue
from app.matching.rank import score
from app.matching.vocabulary import Vocabulary, concepts_from_records
from app.models.match import MatchData, NeedData, WishesData
from app.services.candidates import candidate_of
from app.services.match import query_of
from app.services.record_lines import ProviderLine
from app.services.records import to_provider
from tests.quality.deals import CATALOGUE, Need, Rank, read_lines

AS_OF = date(2026, 11, 22)  # a fixed day, so that a figure means the same next year


@cache
def catalogue() -> Catalogue:
    """The shipped catalogue under the shipped vocabulary."""
    concepts = concepts_from_records(read_lines(CATALOGUE.with_name("vocabulary.jsonl")))
    providers = [to_provider(ProviderLine.model_validate(row)) for row in read_lines(CATALOGUE)]
    slugs = {provider.slug for provider in providers}
    candidates = [candidate_of(provider, slugs) for provider in providers]
    return Catalogue.build(candidates, Vocabulary(concepts, version=1), revision=1)


def ranker() -> Rank:
    """Ranks every provider, closed ones too, for deals go back to the 1990s."""
    found = catalogue()
    slugs = [candidate.slug for candidate in found.candidates]

    def rank(text: str | None, needs: list[Need] | None) -> list[str]:
        data = MatchData(
            text=text,
            needs=[NeedData.model_validate(need) for need in needs or []],
            wishes=WishesData(include_inactive=True),
            as_of=AS_OF,
        )
        query, _ = query_of(data, found.vocabulary)
        totals = score(query, found).totals
        order = sorted(range(len(slugs)), key=lambda number: (-totals[number], slugs[number]))
        return [slugs[number] for number in order]

    return rank
