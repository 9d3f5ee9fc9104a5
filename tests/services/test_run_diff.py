"""The difference of two runs: of real matches, before and after a curator's edits."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from app.db import writing
from app.errors import InvalidError
from app.matching import ENGINE
from app.matching.phrasing import period_in_words
from app.models.facility import FacilityCreate
from app.models.match import CriterionName, MatchData
from app.models.provider import ProviderUpdate
from app.models.run import Run
from app.models.run_diff import Move, RunDiff
from app.period import Period
from app.services import facilities, match, providers, run_diff, run_diff_words
from app.services.catalogue import LiveCatalogue
from app.services.editing import Editor
from app.services.precondition import Precondition
from app.web.texts import words
from tests.catalogue import load

ANY = Precondition(anything=True)
CURATOR = Editor("key:curator-of-the-centre", "request-1")
REQUIREMENT = UUID(int=7)
ASKED: dict[str, Any] = {
    "needs": [{"service": "LNP formulation", "modality": "mRNA", "quality": "GMP"}],
    "wishes": {"markets": ["EMA"], "languages": ["fr"], "countries": {"preferred": ["KR"]}},
    "as_of": "2026-11-21",
}
Edit = Callable[..., None]


def kept(live: LiveCatalogue, requirement: UUID = REQUIREMENT, **fields: Any) -> Run:
    data = MatchData.model_validate(ASKED | fields)
    snapshot = live.current()
    answer, _ = match.match_json(data, snapshot)
    return Run(
        portal_id=uuid4(),
        company_id=uuid4(),
        requirement_id=requirement,
        requirement_version=1,
        request=data.model_dump(mode="json"),
        engine=ENGINE,
        vocabulary=snapshot.vocabulary.version,
        catalogue=snapshot.revision,
        request_digest="",
        answer_digest="",
        answer=answer.decode(),
    )


@pytest.fixture
def live(engine: Engine) -> LiveCatalogue:
    load(engine)
    return LiveCatalogue(engine)


@pytest.fixture
def edit(engine: Engine) -> Edit:
    def edit(slug: str, **fields: Any) -> None:
        with writing(engine) as session:
            data = ProviderUpdate.model_validate(fields)
            providers.update(session, slug, data, wanted=ANY, editor=CURATOR)

    return edit


def compared(engine: Engine, old: Run, new: Run, lang: Any = "en") -> RunDiff:
    with Session(engine) as session:
        return run_diff.compare(session, old, new, lang)


def of(diff: RunDiff, slug: str) -> Move:
    (found,) = (move for move in diff.moves if move.provider.slug == slug)
    return found


def order(run: Run) -> list[str]:
    return [each["provider"]["slug"] for each in json.loads(run.answer)["matches"]]


def today(lang: str = "en") -> str:
    return period_in_words(lang, Period.parse(datetime.now(UTC).date().isoformat()))


class TestFacts:
    def test_a_fact_that_moved_a_rank_is_named(
        self, engine: Engine, live: LiveCatalogue, edit: Edit
    ) -> None:
        old = kept(live)
        assert order(old)[-2:] == ["landmark-bio", "amri"]
        edit("amri", languages=["fr", "en"], country="KR")
        diff = compared(engine, old, kept(live))
        assert [move.provider.slug for move in diff.moves] == ["amri", "landmark-bio"]
        moved, passed = diff.moves
        assert (moved.rank_before, moved.rank_after) == (6, 5)
        assert [
            (line.need, line.criterion, line.verdict_before, line.verdict_after)
            for line in moved.lines
        ] == [(None, "place", "missed", "met"), (None, "language", "missed", "met")]
        gained = sum((line.score_after or 0) - (line.score_before or 0) for line in moved.lines)
        assert round(gained, 2) == round((moved.score_after or 0) - (moved.score_before or 0), 2)
        (fact,) = moved.facts
        assert (fact.action, fact.revision) == ("updated", diff.new.catalogue)
        assert fact.before == {"country": "US", "languages": ["en"]}
        assert fact.after == {"country": "KR", "languages": ["fr", "en"]}
        assert moved.text == (
            "Moved from 6 to 5: place went from missed to met and language went from missed to met "
            f"after its record changed on {today()} (country, languages)."
        )
        assert passed.text == (
            "Moved from 5 to 6: its own points are the same, but Curia now stands above it."
        )
        assert [line.facts for line in moved.lines] == [[fact.id], [fact.id]]
        assert (moved.overtook, moved.overtaken_by) == (["landmark-bio"], [])
        assert (passed.overtook, passed.overtaken_by) == ([], ["amri"])
        assert diff.direction == "forward"
        assert diff.summary == (
            "Of the providers listed, 2 moved on the list. The journal tells of changed records: 1."
        )

    def test_the_other_way_round_the_fact_was_not_known_yet(
        self, engine: Engine, live: LiveCatalogue, edit: Edit
    ) -> None:
        old = kept(live)
        edit("amri", languages=["fr", "en"])
        new = kept(live)
        there, back = compared(engine, old, new), compared(engine, new, old)
        assert back.direction == "backward"
        assert of(back, "amri").facts == of(there, "amri").facts
        assert of(back, "amri").text == (
            "Stays at 6: language went from met to missed, because this run is from before its "
            f"record changed on {today()} (languages)."
        )
        assert back.summary == (
            "Of the providers listed, 1 kept the rank while their points or records changed. The "
            "second run saw an earlier catalogue: changes of records that it didn't know yet: 1."
        )

    def test_korean(self, engine: Engine, live: LiveCatalogue, edit: Edit) -> None:
        old = kept(live)
        edit("amri", languages=["fr", "en"])
        diff = compared(engine, old, kept(live), "ko")
        assert of(diff, "amri").text == (
            f"6위를 유지합니다: 언어 불충족 → 충족. {today('ko')} 기록이 변경되었습니다(언어)."
        )

    def test_a_fact_may_move_no_points(
        self, engine: Engine, live: LiveCatalogue, edit: Edit
    ) -> None:
        old = kept(live)
        edit("amri", website="https://example.org/")
        (move,) = compared(engine, old, kept(live)).moves
        assert (move.rank_before, move.rank_after, move.lines) == (6, 6, [])
        assert move.text == (
            f"Stays at 6 with the same points, although its record changed on {today()} (website)."
        )

    def test_a_certificate_of_a_part_is_named(self, engine: Engine, live: LiveCatalogue) -> None:
        old = kept(live)
        with writing(engine) as session:
            facility = FacilityCreate.model_validate(
                {"name": "New hall", "certificates": [{"authority": "EMA", "standard": "GMP"}]}
            )
            facilities.create(session, "amri", facility, wanted=None, editor=CURATOR)
        move = of(compared(engine, old, kept(live)), "amri")
        assert "market" in [line.criterion for line in move.lines]
        assert move.text.endswith(f"after its record changed on {today()} (a new facility).")

    def test_nobody_learns_who_changed_it(
        self, engine: Engine, live: LiveCatalogue, edit: Edit
    ) -> None:
        old = kept(live)
        edit("amri", languages=["fr"])
        told = compared(engine, old, kept(live)).model_dump_json()
        assert "curator" not in told
        assert "request-1" not in told

    def test_what_the_record_moved_is_told_apart_from_what_others_moved(
        self, engine: Engine, live: LiveCatalogue, edit: Edit
    ) -> None:
        old = kept(live)
        edit("amri", languages=["fr"])
        edit(order(old)[0], state="archived")
        move = of(compared(engine, old, kept(live)), "amri")
        (fact,) = move.facts
        assert [(line.criterion, line.facts) for line in move.lines] == [
            ("wording", []),
            ("language", [fact.id]),
        ]
        assert move.text == (
            "Moved from 6 to 5: language went from missed to met after its record changed on "
            f"{today()} (languages). As records of other providers changed, wording went from "
            "15.27 to 13.53 points."
        )

    def test_a_fact_beside_what_others_moved_is_told_as_such(
        self, engine: Engine, live: LiveCatalogue, edit: Edit
    ) -> None:
        old = kept(live)
        edit("amri", website="https://example.org/")
        edit(order(old)[0], state="archived")
        move = of(compared(engine, old, kept(live)), "amri")
        assert move.text == (
            "Moved from 6 to 5: wording went from 15.27 to 13.53 points, because records of other "
            f"providers changed. Its record changed on {today()} as well (website). It moved this "
            "way because ST Pharm no longer stands above it."
        )


class TestList:
    def test_who_left_stands_last_and_what_happens_to_it_then_is_not_told(
        self, engine: Engine, live: LiveCatalogue, edit: Edit
    ) -> None:
        old = kept(live)
        first = order(old)[0]
        edit(first, state="archived")
        edit(first, description="A word among curators")
        diff = compared(engine, old, kept(live))
        ranks = [move.rank_after for move in diff.moves]
        assert ranks == [1, 2, 3, 4, 5, None]
        left = diff.moves[-1]
        assert (left.provider.slug, left.rank_before, left.score_after) == (first, 1, None)
        assert [fact.action for fact in left.facts] == ["archived"]
        assert left.text == (
            "Left the list (it was at 1) after its record changed on "
            f"{today()} (taken out of the catalogue)."
        )
        assert of(diff, "amri").text == (
            "Moved from 6 to 5: wording went from 15.27 to 13.53 points, because records of other "
            "providers changed. It moved this way because ST Pharm no longer stands above it."
        )
        assert diff.summary == (
            "Of the providers listed, 4 moved on the list, 1 left the list and 1 kept the rank "
            "while their points or records changed. The journal tells of changed records: 1."
        )

    def test_who_enters_is_told_with_its_facts(
        self, engine: Engine, live: LiveCatalogue, edit: Edit
    ) -> None:
        edit("amri", state="archived")
        old = kept(live)
        edit("amri", state="published", country="KR")
        diff = compared(engine, old, kept(live))
        entered = of(diff, "amri")
        assert (entered.rank_before, entered.rank_after, entered.lines) == (None, 5, [])
        assert entered.text == (
            f"New on the list at 5 after its record changed on {today()} (published)."
        )
        others = [move for move in diff.moves if move.provider.slug != "amri" and move.lines]
        assert len(others) == 5
        assert all("because records of other providers changed" in move.text for move in others)


class TestCauses:
    def test_the_request(self, engine: Engine, live: LiveCatalogue) -> None:
        wishes = {**ASKED["wishes"], "languages": ["en"]}
        diff = compared(engine, kept(live), kept(live, wishes=wishes))
        assert not diff.same_request
        assert [dict(change) for change in diff.request_changes] == [
            {"path": "wishes.languages", "before": ["fr"], "after": ["en"]}
        ]
        assert of(diff, "amri").text == (
            "Stays at 6: language went from missed to met, because the request changed."
        )
        assert diff.summary.endswith(" The request changed.")

    def test_fields_of_needs_are_named_by_their_path(
        self, engine: Engine, live: LiveCatalogue
    ) -> None:
        need = {**ASKED["needs"][0], "stage": "phase 1"}
        diff = compared(engine, kept(live), kept(live, needs=[need]))
        assert [dict(change) for change in diff.request_changes] == [
            {"path": "needs[0].stage", "before": None, "after": "phase 1"}
        ]

    def test_a_shorter_list(self, engine: Engine, live: LiveCatalogue) -> None:
        diff = compared(engine, kept(live), kept(live, limit=5))
        (move,) = diff.moves
        assert move.text == "Left the list (it was at 6), because the request changed."

    def test_the_day(self, engine: Engine, live: LiveCatalogue, edit: Edit) -> None:
        edit("amri", assured_on="2026-11-01")
        diff = compared(engine, kept(live), kept(live, as_of="2031-01-01"))
        assert diff.same_request
        assert (diff.old.as_of.year, diff.new.as_of.year) == (2026, 2031)
        assert of(diff, "amri").text.endswith(
            ": freshness of the record went from met to missed, because the day as of which it is "
            "judged changed."
        )

    def test_the_language_alone_moves_nothing(self, engine: Engine, live: LiveCatalogue) -> None:
        diff = compared(engine, kept(live), kept(live, lang="ko"))
        assert diff.moves == []
        assert diff.summary == "Nothing moved between the two runs."

    def test_engine_and_vocabulary(self, engine: Engine, live: LiveCatalogue) -> None:
        old, new = kept(live), kept(live)
        new.engine, new.vocabulary = "9.0.0", 9
        diff = compared(engine, old, new)
        assert not diff.same_engine
        assert not diff.same_vocabulary
        assert diff.moves == []
        assert diff.summary == (
            "Nothing moved between the two runs. The vocabulary and the matching engine changed."
        )

    def test_runs_of_two_requirements_are_refused(
        self, engine: Engine, live: LiveCatalogue
    ) -> None:
        with pytest.raises(InvalidError):
            compared(engine, kept(live), kept(live, UUID(int=8)))


def test_the_words_are_those_of_the_pages() -> None:
    for table, name in (
        (run_diff_words.CRITERIA, "criterion"),
        (run_diff_words.VERDICTS, "verdict"),
        (run_diff_words.ELIGIBILITY, "eligibility"),
    ):
        for key, said in table.items():
            assert words.TEXTS[f"{name}.{key}"] == said
    assert set(run_diff_words.CRITERIA) == {name.value for name in CriterionName}


class TestLaws:
    @given(
        limit=st.integers(1, 100),
        lang=st.sampled_from(["en", "ko"]),
        everybody=st.booleans(),
    )
    @settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_a_run_does_not_differ_from_itself(
        self, engine: Engine, live: LiveCatalogue, limit: int, lang: str, everybody: bool
    ) -> None:
        run = kept(live, limit=limit, lang=lang, include_ineligible=everybody)
        diff = compared(engine, run, run, lang)
        assert (diff.moves, diff.request_changes, diff.direction) == ([], [], "same")
        assert diff.same_request
        assert diff.same_engine
        assert diff.same_vocabulary
        assert diff.summary == run_diff_words.SENTENCES["nothing"][lang == "ko"]

    @given(limits=st.tuples(st.integers(1, 7), st.integers(1, 7)), later=st.booleans())
    @settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_the_other_way_round_it_is_the_mirror_image(
        self, engine: Engine, live: LiveCatalogue, limits: tuple[int, int], later: bool
    ) -> None:
        day = "2029-01-01" if later else "2026-11-21"
        old, new = kept(live, limit=limits[0]), kept(live, limit=limits[1], as_of=day)
        there, back = compared(engine, old, new), compared(engine, new, old)
        assert {mirrored(move) for move in back.moves} == {plain(move) for move in there.moves}

    @given(
        fields=st.fixed_dictionaries(
            {},
            optional={
                "languages": st.sampled_from([[], ["fr"], ["ko", "fr"]]),
                "country": st.sampled_from([None, "KR", "FR"]),
                "operating": st.sampled_from(["active", "closed", "captive"]),
                "description": st.sampled_from([None, "mRNA", "Full service for LNP"]),
                "assured_on": st.sampled_from([None, "2020-01-01", "2026-11-01"]),
                "website": st.sampled_from([None, "https://example.org/"]),
            },
        )
    )
    @settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_where_one_record_changed_each_of_its_lines_is_tied_to_a_fact(
        self, engine: Engine, live: LiveCatalogue, edit: Edit, fields: dict[str, Any]
    ) -> None:
        old = kept(live, include_ineligible=True, limit=7)
        edit("amri", **fields)
        new = kept(live, include_ineligible=True, limit=7)
        for move in compared(engine, old, new).moves:
            told = {fact.id for fact in move.facts}
            for line in move.lines:
                assert set(line.facts) <= told
                # Words are weighed by how rare they are in the whole catalogue.
                assert line.facts or line.criterion == "wording"


def plain(move: Move) -> tuple[object, ...]:
    lines = tuple((line.criterion, line.score_before, line.score_after) for line in move.lines)
    return move.provider.id, move.rank_before, move.rank_after, lines


def mirrored(move: Move) -> tuple[object, ...]:
    lines = tuple((line.criterion, line.score_after, line.score_before) for line in move.lines)
    return move.provider.id, move.rank_after, move.rank_before, lines
