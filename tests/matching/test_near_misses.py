"""Near misses: what would make a provider fit, and the condition that costs most candidates."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.change_sentences import _ENGLISH, _KOREAN
from app.matching.near_misses import (
    Change,
    Condition,
    Costliest,
    asked_in_words,
    changes,
    costliest,
)
from app.matching.quantity import from_range, parse
from app.matching.types import Candidate, Need, Query, Understanding
from app.period import Period
from tests.matching.builders import candidate, need, offer, only, proof, query, site, wishes


def would(request: Query, one: Candidate) -> list[tuple[str, str, str | None]]:
    found = changes(request, only(request, one))
    return [(change.who, change.criterion, change.instead) for change in found]


def says(request: Query, one: Candidate) -> list[str]:
    return [change.say for change in changes(request, only(request, one))]


MUST: dict[str, Any] = {"service": "LNP formulation", "must": True}
FITS = candidate("acme", offer(modality="mRNA", quality="GMP", stages=("phase1",)))


class TestChanges:
    def test_who_fits_needs_none(self) -> None:
        request = query(need(**MUST, modality="mRNA", quality="GMP", stages=("phase1",)))
        assert changes(request, only(request, FITS)) == ()

    def test_where_the_record_is_silent_the_provider_has_to_show_it(self) -> None:
        request = query(need(**MUST, quality="GMP", litres=5))
        assert changes(request, only(request, candidate("acme", offer()))) == (
            Change(
                "provider",
                "n1",
                "quality",
                "GMP",
                None,
                "Together with the other change, it would fit if the provider showed that this "
                "work runs under GMP.",
            ),
            Change(
                "provider",
                "n1",
                "scale",
                "5 L",
                None,
                "Also, it would fit only if the provider showed that it can do 5 L.",
            ),
        )

    def test_names_the_site_that_has_to_show_its_standard(self) -> None:
        one = candidate("acme", offer(site_id="s1"), sites=(site(),), proofs=(proof("GMP"),))
        assert says(query(need(**MUST, quality="GMP")), one) == [
            "It would fit if the provider showed that this work runs under GMP at this site "
            "(Plant)."
        ]

    @pytest.mark.parametrize(
        ("asked", "offered", "instead", "said"),
        [
            (1000, (None, 800), "800 L", "It would fit if 800 L were enough instead of 1000 L."),
            (1000, (None, 950), "950 L", "It would fit if 950 L were enough instead of 1000 L."),
            (1, (50, 100), "5 L", "It would fit if you took 5 L or more instead of 1 L."),
        ],
    )
    def test_a_quantity_gives_way_no_further_than_it_must(
        self, asked: float, offered: tuple[float | None, float], instead: str, said: str
    ) -> None:
        one = candidate("acme", offer(quantities=(from_range(*offered, "L"),)))
        request = query(need(**MUST, litres=asked))
        assert would(request, one) == [("you", "scale", instead)]
        assert says(request, one) == [said]

    @pytest.mark.parametrize(
        ("start", "said"),
        [
            ("2027-Q2", "It would fit if you could wait until Q2 2027."),
            ("2027-04-15", "It would fit if you could wait until 15 April 2027."),
            ("2028", "It would fit if you could wait until the end of 2028."),
        ],
    )
    def test_who_comes_late_fits_from_a_date(self, start: str, said: str) -> None:
        one = candidate("acme", offer(available_from=Period.parse(start)))
        request = query(need(**MUST), wishes=wishes("2026-Q4"))
        assert would(request, one) == [("you", "time", start)]
        assert says(request, one) == [said]

    def test_waiting_for_the_last_need_is_waiting_for_all(self) -> None:
        one = candidate(
            "acme",
            offer(available_from=Period.parse("2027-Q1")),
            offer("Toxicology", id="o2", available_from=Period.parse("2027-Q3")),
        )
        needs = need(**MUST), need("Toxicology", id="n2", must=True)
        request = query(*needs, wishes=wishes("2026-Q4"))
        (change,) = changes(request, only(request, one))
        assert (change.need, change.instead) == (None, "2027-Q3")

    @pytest.mark.parametrize(
        ("offered", "said"),
        [
            (
                {"status": "planned", "available_from": Period.parse("2027-Q1")},
                "It would fit if the provider confirmed that this work will run from Q1 2027.",
            ),
            (
                {"status": "planned", "available_from": Period.parse("2025")},
                "It would fit if the provider confirmed that this work has been running since "
                "2025.",
            ),
            (
                {"status": "planned"},
                "It would fit if the provider confirmed that this work will run by 2028.",
            ),
            ({"status": "paused"}, "It would fit if the provider offered this work again."),
        ],
    )
    def test_a_plan_has_to_be_confirmed(self, offered: dict[str, Any], said: str) -> None:
        request = query(need(**MUST), wishes=wishes("2028"))
        assert says(request, candidate("acme", offer(**offered))) == [said]

    def test_without_a_date_it_has_to_run_already(self) -> None:
        assert says(query(need(**MUST)), candidate("acme", offer(status="planned"))) == [
            "It would fit if the provider confirmed that this work runs already."
        ]

    @pytest.mark.parametrize(
        ("lang", "said"),
        [
            (
                "en",
                [
                    "Together with the other change, it would fit if the provider showed that "
                    "“LNP formulation” runs under GMP.",
                    "Also, it would fit only if the provider showed that “Toxicology” runs under "
                    "GMP.",
                ],
            ),
            (
                "ko",
                [
                    "다른 변경과 함께, ‘LNP formulation’이 GMP 기준으로 운영된다고 기관이 증명하면 "
                    "조건에 맞습니다.",
                    "이에 더해, ‘Toxicology’가 GMP 기준으로 운영된다고 기관이 증명하면 조건에 "
                    "맞습니다.",
                ],
            ),
        ],
    )
    def test_of_several_needs_each_is_named(self, lang: str, said: list[str]) -> None:
        other = need("Toxicology", id="n2", quality="GMP", must=True)
        one = candidate("acme", offer(), offer("Toxicology", id="o2"))
        assert says(query(need(**MUST, quality="GMP"), other, lang=lang), one) == said

    def test_where_the_record_says_otherwise_the_need_gives_way(self) -> None:
        other = need("Toxicology", id="n2", modality="antibody", quality="GLP", must=True)
        one = candidate("acme", offer(modality="mRNA", quality="GMP"))
        assert says(query(need(**MUST), other), one) == [
            "Together with the other changes, it would fit if you had “Toxicology” done elsewhere.",
            "Also, it would fit only if your project were on “mRNA”, not on “antibody”.",
            "Also, it would fit only if you could accept GMP instead of GLP.",
        ]

    def test_who_does_nothing_of_what_is_asked_is_no_near_miss(self) -> None:
        one = candidate("acme", offer(modality="mRNA", quality="GMP"))
        alone = need("Toxicology", modality="antibody", quality="GLP", must=True)
        assert says(query(alone), one) == []
        assert says(query(alone, need("Toxicology", id="n2", must=True)), one) == []

    def test_of_a_range_of_stages_the_part_that_is_covered(self) -> None:
        request = query(need(**MUST, stages=("preclinical", "phase1", "phase2")))
        some = candidate("acme", offer(stages=("phase1", "phase2", "phase3")))
        assert would(request, some) == [("you", "stage", "phase1, phase2")]
        assert says(request, some) == ["It would fit if phase 1 and phase 2 alone were enough."]
        other = candidate("acme", offer(stages=("phase3", "commercial")))
        assert says(request, other) == [
            "It would fit if your project were at another stage: phase 3 or commercial."
        ]

    def test_a_country_gives_way_or_has_to_be_shown(self) -> None:
        request = query(need(**MUST), wishes=wishes(countries_required=("KR", "JP")))
        assert says(request, candidate("acme", offer(), country="US")) == [
            "It would fit if you accepted the United States instead of South Korea or Japan."
        ]
        assert says(request, candidate("acme", offer())) == [
            "It would fit if the provider showed that it works in South Korea or Japan."
        ]

    def test_a_word_that_means_something_only_in_its_context_is_named_by_its_meaning(self) -> None:
        service = Understanding("production", concepts=("toxicology",), how="context")
        request = query(need(**MUST), Need("n2", service=service, importance="must"))
        found = changes(request, only(request, candidate("acme", offer())), str.upper)
        assert [each.say for each in found] == [
            "It would fit if you had “TOXICOLOGY” done elsewhere."
        ]
        assert found[0].asked == "production"

    def test_in_korean(self) -> None:
        request = query(need(**MUST, litres=1000, quality="GMP"), lang="ko")
        one = candidate("acme", offer(quantities=(from_range(None, 500, "L"),)))
        assert says(request, one) == [
            "다른 변경과 함께, 이 업무가 GMP 기준으로 운영된다고 기관이 증명하면 조건에 맞습니다.",
            "이에 더해, 1000 L 대신 500 L로 충분하다면 조건에 맞습니다.",
        ]
        request = query(need(**MUST, litres=1000), lang="ko")
        assert says(request, one) == ["1000 L 대신 500 L로 충분하다면 조건에 맞습니다."]


def test_who_shows_all_that_was_to_be_shown_fits() -> None:
    request = query(
        need(**MUST, modality="mRNA", quality="GMP", stages=("phase1",), litres=5),
        wishes=wishes("2027", countries_required=("KR",)),
    )
    silent = candidate("acme", offer(status="planned"))
    shown: dict[str, Any] = {"modality": "mRNA", "quality": "GMP", "stages": ("phase1",)}
    told = offer(**shown, quantities=(from_range(None, 5, "L"),))
    found = changes(request, only(request, silent))
    assert {(change.who, change.criterion) for change in found} == {
        ("provider", name) for name in ("modality", "quality", "stage", "scale", "time", "place")
    }
    assert changes(request, only(request, candidate("acme", told, country="KR"))) == ()


@pytest.mark.parametrize(
    ("lang", "here", "nowhere", "costs"),
    [
        (
            "en",
            "It would fit if you didn't rule out China.",
            "It would fit if the provider showed that it works outside China or India.",
            "Among all 2 providers, up to 1 more could fit without the need to be outside China or "
            "India.",
        ),
        (
            "ko",
            "중국을 제외하지 않는다면 조건에 맞습니다.",
            "기관이 중국, 인도 밖에서 업무를 한다고 증명하면 조건에 맞습니다.",
            "제외 국가 조건 ‘중국, 인도’만 없다면 기관 2곳 중 최대 1곳이 더 맞을 수 있습니다.",
        ),
    ],
)
def test_countries_that_are_ruled_out(lang: str, here: str, nowhere: str, costs: str) -> None:
    wish = wishes(countries_excluded=("CN", "IN"))
    request = replace(query(need("LNP formulation"), wishes=wish), lang=lang)
    told = changes(request, only(request, candidate("there", offer(), country="CN")))
    assert told == (Change("you", None, "place", "CN, IN", "CN", here),)
    told = changes(request, only(request, candidate("nowhere", offer())))
    assert told == (Change("provider", None, "place", "CN, IN", None, nowhere),)
    asked = asked_in_words(request, None, "place")
    lost = Condition(None, "place", asked, np.array([True, False]), is_outside=True)
    found = costliest([lost], 2, lang)
    assert found == Costliest(None, "place", asked, 1, 1, 2, costs)


def test_every_sentence_exists_in_both_languages() -> None:
    assert set(_ENGLISH) == set(_KOREAN)


# --- the law ------------------------------------------------------------------------------------


def gave_way(request: Query, found: tuple[Change, ...]) -> Query:
    """The request after everything that would be for the sender to change."""
    for change in found:
        if change.who == "you":
            request = _with(request, change)
    return request


def _with(request: Query, change: Change) -> Query:
    if change.criterion == "time":
        when = Period.parse(str(change.instead))
        return replace(request, wishes=replace(request.wishes, needed_from=when))
    if change.criterion == "place":
        there = (str(change.instead),)
        return replace(request, wishes=replace(request.wishes, countries_required=there))
    needs = tuple(
        _eased(need, change) if need.id == change.need else need for need in request.needs
    )
    return replace(request, needs=needs)


def _eased(asked: Need, change: Change) -> Need:
    instead = change.instead
    match change.criterion:
        case "scale":
            scale = Understanding(str(instead))
            return replace(asked, scale=scale, quantity=parse(str(instead), plans=True)[0])
        case "stage":
            return replace(asked, stages=tuple(str(instead).split(", ")))
        case "quality":
            return replace(asked, quality=())
        case "service":
            return replace(asked, service=None)
        case _:
            return replace(asked, modality=None)


STAGES = ("preclinical", "phase1", "phase2", "commercial")
stages = st.lists(st.sampled_from(STAGES), max_size=3, unique=True).map(tuple)
services = st.sampled_from(["LNP formulation", "Formulation", "Toxicology", "Vial filling"])
modalities = st.sampled_from([None, "mRNA", "Antibody", "Nucleic acid"])
standards = st.sampled_from([None, "GMP", "GLP", "non-GMP", "designed to GMP"])
dates = st.sampled_from([None, "2025", "2027-Q1", "2027", "2028-06-01"]).map(
    lambda text: Period.parse(text) if text else None
)
ranges = st.tuples(
    st.sampled_from([None, 1.0, 30.0, 700.0]), st.sampled_from([700.0, 1000.0, 5000.0])
)


@st.composite
def offers(draw: st.DrawFn, name: str) -> Any:
    scale = draw(st.none() | ranges)
    return offer(
        draw(services),
        id=name,
        modality=draw(modalities),
        stages=draw(stages),
        quality=draw(standards),
        status=draw(st.sampled_from(["offered", "planned"])),
        available_from=draw(dates),
        quantities=(from_range(*scale, "L"),) if scale else (),
    )


@st.composite
def needs(draw: st.DrawFn, name: str) -> Need:
    return need(
        draw(services),
        id=name,
        modality=draw(modalities),
        stages=draw(stages),
        quality=draw(standards.map(lambda text: text or "").filter(lambda t: "designed" not in t))
        or (),
        litres=draw(st.sampled_from([None, 0.01, 5.0, 800.0, 2000.0, 1e6])),
        must=draw(st.booleans()),
    )


LOST = ("service", "missed")


@given(st.data())
def test_who_was_ruled_out_is_so_no_more_when_the_need_gives_way(data: st.DataObject) -> None:
    asked = [data.draw(needs(f"n{number}")) for number in (1, 2)][: data.draw(st.integers(1, 2))]
    wished = data.draw(
        st.builds(
            wishes,
            st.sampled_from([None, "2026-Q4", "2027"]),
            countries_required=st.sampled_from([(), ("KR",)]),
        )
    )
    request = query(*asked, wishes=wished)
    made = [data.draw(offers(f"o{number}")) for number in range(data.draw(st.integers(1, 3)))]
    one = candidate("acme", *made, country=data.draw(st.sampled_from([None, "KR", "US"])))
    before = only(request, one)
    found = changes(request, before)
    assert len(found) <= len(before.gates)
    missed = {gate.need for gate in before.gates if (gate.criterion, gate.verdict) == LOST}
    if missed == {each.id for each in asked}:  # nothing of the request would be left
        assert found == ()
        return
    assert bool(found) == (before.eligibility != "eligible")
    after = only(gave_way(request, found), one)
    stopped = any(c.criterion == "time" and "again" in c.say for c in found)
    assert stopped or after.eligibility != "ineligible"
    if before.eligibility == "ineligible" and not stopped:
        assert any(change.who == "you" for change in found)
    if len(made) == 1:
        eased = {(c.need, c.criterion) for c in found if c.who == "you" and c.criterion != "time"}
        assert eased.isdisjoint({(gate.need, gate.criterion) for gate in after.gates})


# --- the whole answer ---------------------------------------------------------------------------


def condition(criterion: str, asked: str, *missed: int) -> Condition:
    return Condition("n1", criterion, asked, np.array(missed, dtype=np.bool_))


class TestCostliest:
    def test_is_the_one_that_rules_out_most_by_itself(self) -> None:
        found = costliest(
            [condition("quality", "GMP", 1, 1, 1, 0, 0), condition("scale", "5 L", 1, 1, 0, 1, 1)],
            5,
        )
        assert found == Costliest(
            "n1",
            "scale",
            "5 L",
            2,
            4,
            5,
            "Among all 5 providers, up to 2 more could fit without “5 L” as a must.",
        )

    def test_where_each_fails_several_it_is_the_one_that_most_fail(self) -> None:
        found = costliest(
            [
                condition("quality", "GMP", 1, 1, 0),
                condition("time", "Q2 2027", 1, 1, 1),
                condition("scale", "5 L", 1, 0, 1),
            ],
            1200,
        )
        assert found is not None
        assert (found.criterion, found.alone, found.total) == ("time", 0, 3)
        assert found.say == (
            "Among the 3 of 1,200 providers that may do this work, 3 fail the need to run by Q2 "
            "2027, but each of them fails another condition too."
        )

    def test_counts_those_who_may_do_the_work(self) -> None:
        lost = [condition("quality", "GMP", 1, 0), condition("scale", "5 L", 0, 0)]
        said = [found.say for lang in ("en", "ko") if (found := costliest(lost, 334, lang))]
        assert said == [
            "Among the 2 of 334 providers that may do this work, up to 1 more could fit without "
            "“GMP” as a must.",
            "필수 조건 ‘GMP’만 없다면 기관 334곳 중 이 업무를 할 수도 있는 2곳에서 최대 1곳이 더 "
            "맞을 수 있습니다.",
        ]

    def test_the_whole_of_a_request_is_no_condition_to_do_without(self) -> None:
        whole = replace(condition("service", "Toxicology", 1, 1, 0), is_whole=True)
        found = costliest([whole, condition("quality", "GMP", 1, 0, 0)], 3)
        assert found is not None
        assert (found.criterion, found.alone, found.total) == ("quality", 0, 1)
        assert costliest([whole], 3) is None

    def test_is_none_where_nobody_is_ruled_out(self) -> None:
        assert costliest([], 5) is None
        assert costliest([condition("quality", "GMP", 0, 0)], 2) is None

    def test_in_korean(self) -> None:
        found = costliest([condition("quality", "GMP", 1, 0)], 2, "ko")
        assert found is not None
        assert found.say == ("필수 조건 ‘GMP’만 없다면 기관 2곳 중 최대 1곳이 더 맞을 수 있습니다.")
