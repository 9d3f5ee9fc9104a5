"""Our own ranking, by the path that the service takes from the shipped files."""

from datetime import date

from app.matching.rank import score
from app.models.match import MatchData
from app.models.need import NeedData, WishesData
from app.services.match import query_of
from tests.matching import shipped
from tests.quality.deals import Need, Rank

AS_OF = date(2026, 11, 22)  # a fixed day, so that a figure means the same next year


def ranker() -> Rank:
    """Ranks every provider, closed ones too, for deals go back to the 1990s."""
    found = shipped.catalogue()
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
