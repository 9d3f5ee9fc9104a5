"""What an answer says beside its ledgers, from the scores that its matches were taken from."""

from app.matching.outlook import Outlook, outlook
from app.matching.rank import Search
from app.matching.types import Candidate, Query, Shortlist
from app.period import Period
from tests.matching.builders import candidate, catalogue, need, offer, query, wishes


def seen(request: Query, *candidates: Candidate) -> tuple[Shortlist, Outlook]:
    held = catalogue(*candidates)
    search = Search.of(request, held)
    return search.shortlist, outlook(search, search.shortlist)


MUST = need("LNP formulation", quality="GMP", must=True)
GOOD = candidate("good", offer(quality="GMP"), country="KR")
OPEN = candidate("open", offer(), country="KR")
GLP = candidate("glp", offer(quality="GLP"), country="KR")
OTHER = candidate("other", offer("Toxicology", quality="GLP"), country="KR")
ABROAD = candidate("abroad", offer(quality="GMP"), country="US")
LATE = candidate("late", offer(quality="GMP", available_from=Period.parse("2029")), country="KR")


def test_every_match_has_its_changes_and_those_ranked_their_place() -> None:
    found, told = seen(query(MUST), GOOD, OPEN, GLP)
    assert [match.candidate.slug for match in found.matches] == ["good", "open", "glp"]
    assert [[change.who for change in each] for each in told.changes] == [[], ["provider"], ["you"]]
    good, open_, glp = told.stability
    assert glp is None
    assert good is not None
    assert open_ is not None
    assert (good.ranks, open_.ranks) == ((1, 1), (2, 2))
    assert (good.group, open_.group, good.of) == (1, 2, 100)


def test_the_costliest_condition_counts_those_it_rules_out_alone() -> None:
    _, told = seen(query(MUST), GOOD, OPEN, GLP, OTHER)
    assert told.costliest is not None
    assert told.costliest.say == (
        "Among the 3 of 4 providers that may do this work, up to 1 more could fit without “GMP” as "
        "a must."
    )
    assert (told.costliest.alone, told.costliest.total) == (1, 1)


def test_a_country_and_a_date_are_conditions_of_the_whole() -> None:
    required = wishes(countries_required=("KR",))
    _, told = seen(query(MUST, wishes=required), GOOD, ABROAD)
    assert told.costliest is not None
    assert told.costliest.say == (
        "Among all 2 providers, up to 1 more could fit without the need to be in South Korea."
    )
    _, told = seen(query(MUST, wishes=wishes("2027")), GOOD, LATE)
    assert told.costliest is not None
    assert told.costliest.say == (
        "Among all 2 providers, up to 1 more could fit without the need to run by 2027."
    )
    _, told = seen(query(need("LNP formulation"), wishes=wishes("2027")), GOOD, LATE)
    assert told.costliest is not None
    assert (told.costliest.need, told.costliest.criterion) == (None, "time")


def test_a_wish_rules_nobody_out() -> None:
    _, told = seen(query(need("LNP formulation", quality="GMP")), GOOD, OTHER)
    assert told.costliest is None
    assert told.changes == ((), ())


def test_who_stopped_working_for_others_counts_only_where_wished() -> None:
    closed = candidate("closed", offer(quality="GLP"), operating="closed")
    _, told = seen(query(MUST), GOOD, closed)
    assert told.costliest is None
    _, told = seen(query(MUST, wishes=wishes(include_inactive=True)), GOOD, closed)
    assert told.costliest is not None
    assert told.costliest.considered == 2


def test_an_empty_catalogue_has_nothing_to_tell() -> None:
    _, told = seen(query(MUST))
    assert told == Outlook((), (), None)
