"""What is said of a line: every reason that the code can give, in both languages."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from app.matching import explain, sentences
from app.matching.explain import wording_words
from app.matching.sentences import LANGUAGES
from app.matching.types import Candidate, How, Match, Need, Point, Quantity, Understanding
from tests.matching.builders import (
    TODAY,
    answer,
    candidate,
    line,
    need,
    offer,
    only,
    period,
    proof,
    query,
    read,
    site,
    wishes,
)

LITRES = Quantity(None, 50.0, "L", "volume")
AREA = Quantity(None, 900.0, "m2", "area")
LARGE = Quantity(40_000.0, 120_000.0, "L", "volume")
AT_LEAST = Quantity(1.0, None, "L", "volume")


def point(criterion: str, made: Need, who: Candidate, **others: Any) -> Point:
    return line(only(query(made, **others), who), criterion)


def because(criterion: str, made: Need, **of_offer: Any) -> str:
    return point(criterion, made, candidate("acme", offer(**of_offer))).because


class TestConcepts:
    @pytest.mark.parametrize(
        ("asked", "offered", "said"),
        [
            (
                "LNP formulation",
                "LNP formulation",
                "By our reading the record means exactly this: “LNP formulation”.",
            ),
            ("Formulation", "LNP formulation", "“LNP formulation” is a kind of “Formulation”."),
            (
                "LNP formulation",
                "Formulation",
                "“Formulation” is broader than “LNP formulation”: it may include it, but the "
                "record doesn't say so.",
            ),
            (
                "Fill and finish",
                "Formulation",
                "“Formulation” is related to “Fill and finish”, but it is not the same.",
            ),
            ("Toxicology", "LNP formulation", "None of this provider's offers is “Toxicology”."),
            (
                "Vial filling",
                "vial washing",
                "The record names no known term for “Vial filling”, but it shares some of its "
                "words.",
            ),
            (
                "LNP formulation and vial filling",
                "Vial filling",
                "The record names “Vial filling”, which is part of what you asked for.",
            ),
            (
                "LNP formulation",
                "lipids",
                "The offer doesn't say plainly what work it is.",
            ),
            (
                "frobnication",
                "LNP formulation",
                "We could not read this phrase as a known term, so we compared only its words.",
            ),
        ],
    )
    def test_service(self, asked: str, offered: str, said: str) -> None:
        found = point("service", need(asked), candidate("acme", offer(offered)))
        assert (found.asked, found.offered, found.because) == (asked, offered, said)

    def test_general_knowledge_is_called_that(self) -> None:
        assert because("service", need("LNP formulation"), flag="general_knowledge") == (
            "By our reading the record means exactly this: “LNP formulation”. This is general "
            "knowledge: we have seen no page of the provider that says it."
        )

    @pytest.mark.parametrize(
        ("offered", "said"),
        [
            (None, "The offer doesn't name a kind of medicine."),
            ("Antibody", "The offer is for something other than “mRNA”."),
            ("all", "The provider says that it works with every kind of medicine."),
        ],
    )
    def test_modality(self, offered: str | None, said: str) -> None:
        found = point("modality", need(modality="mRNA"), candidate("a", offer(modality=offered)))
        assert (found.asked, found.offered, found.because) == ("mRNA", offered, said)

    def test_a_modality_in_the_name_of_the_service_is_what_is_offered(self) -> None:
        who = candidate("acme", offer("nucleic acid formulation"))
        match = only(query(need(modality="mRNA", must=True)), who)
        assert line(match, "modality").offered == "Nucleic acid"
        assert [gate.ask for gate in match.gates] == [
            "Does your work with “Nucleic acid” include “mRNA”?"
        ]

    def test_an_area_named_by_the_offer_is_what_is_offered(self) -> None:
        found = point("therapeutic_area", need(area="cancer"), candidate("a", offer("Oncology")))
        assert (found.offered, found.because) == (
            "Oncology",
            "By our reading the record means exactly this: “Oncology”.",
        )

    def test_other_areas(self) -> None:
        found = point(
            "therapeutic_area", need(area="cancer"), candidate("a", areas=("Infectious diseases",))
        )
        assert (found.offered, found.because) == (
            "Infectious diseases",
            "The provider names other disease areas, not “Oncology”.",
        )

    def test_an_area_that_nobody_knows(self) -> None:
        found = point("therapeutic_area", need(area="golf"), candidate("acme", areas=("cancer",)))
        assert found.because == "We could not read this phrase as a known disease area."


class TestQuality:
    def test_each_standard_is_explained(self) -> None:
        made = need(quality=("GMP", "BL2", "house rules"))
        found = point("quality", made, candidate("acme", offer(quality="EU GMP")))
        assert (found.asked, found.offered) == ("GMP; BL2; house rules", "EU GMP")
        assert found.because == (
            "The provider states “GMP” for this offer: “EU GMP”. The record doesn't say "
            "whether the offer is under “BSL-2”. We could not read a part of this as a "
            "known standard."
        )

    def test_a_certificate_is_what_is_offered(self) -> None:
        paper = proof("GMP", "s1", authority="MFDS", expires_on=period("2025"))
        who = candidate("acme", offer(site_id="s1"), sites=(site(),), proofs=(paper,))
        found = point("quality", need(quality="GMP"), who)
        assert (found.offered, found.because) == (
            "MFDS GMP, 2025",
            "The certificate for “GMP” will have run out by then, and the record names no "
            "newer one: “MFDS GMP, 2025”.",
        )


class TestScale:
    @pytest.mark.parametrize(
        ("of_offer", "offered", "said"),
        [
            ({"quantities": (LITRES,)}, "up to 50 L", "The stated scale covers it: “up to 50 L”."),
            ({}, None, "The record doesn't state a scale."),
            (
                {"scale": "large"},
                "large",
                "We could not read the stated scale as a quantity: “large”.",
            ),
            (
                {"scale": "900 m2", "quantities": (AREA,)},
                "900 m2",
                "The record states another kind of quantity: “900 m2”.",
            ),
            (
                {"scale": "at least 1 L", "quantities": (AT_LEAST,)},
                "at least 1 L",
                "The stated scale has no upper end, so it may or may not reach it: “at least 1 L”.",
            ),
        ],
    )
    def test_scale(self, of_offer: dict[str, Any], offered: str | None, said: str) -> None:
        found = point("scale", need(litres=10), candidate("acme", offer(**of_offer)))
        assert (found.asked, found.offered, found.because) == ("10 L", offered, said)


class TestPlace:
    @pytest.mark.parametrize(
        ("country", "facility", "offered", "said"),
        [
            ("KR", None, "KR", "The provider sits in South Korea."),
            (
                "FR",
                "KR",
                "KR",
                "The provider sits elsewhere, but it has a facility in South Korea.",
            ),
            (
                None,
                "KR",
                "KR",
                "The provider has a facility in South Korea, but the record doesn't say where "
                "it sits.",
            ),
            (None, None, None, "The record doesn't say where the provider sits."),
        ],
    )
    def test_place(
        self, country: str | None, facility: str | None, offered: str | None, said: str
    ) -> None:
        there = (site(country=facility),) if facility else ()
        who = candidate("acme", offer(), country=country, sites=there)
        found = point("place", need("x"), who, wishes=wishes(countries_preferred=("KR", "JP")))
        assert (found.asked, found.offered, found.because) == ("KR, JP", offered, said)


def test_the_words_found_stand_rarest_first() -> None:
    found = answer(
        query(Need(id="n1"), text="LNP skid and formulation"),
        candidate("a", offer("LNP formulation", note="skid")),
        candidate("b", offer("LNP formulation")),
        candidate("c", offer("Formulation")),
    )
    said = {m.candidate.slug: line(m, "wording").offered for m in found.matches}
    assert said == {"a": "skid, LNP, formulation", "b": "LNP, formulation", "c": "formulation"}


@pytest.mark.parametrize(
    ("lang", "found", "translated", "said"),
    [
        ("en", ["mRNA"], [], "This word of your request stands in the provider's record: mRNA."),
        (
            "en",
            ["mRNA", "LNP"],
            [],
            "These words of your request stand in the provider's record: mRNA and LNP.",
        ),
        ("en", [], [], "None of the telling words of your request stand in the provider's record."),
        (
            "en",
            ["GMP"],
            ["cell", "culture"],
            "This word of your request stands in the provider's record: GMP. English words for "
            "what you ask for that stand there too: cell and culture.",
        ),
        (
            "en",
            [],
            ["cell"],
            "English words for what you ask for that stand in the provider's record: cell.",
        ),
        (
            "ko",
            ["GMP"],
            ["cell", "culture"],
            "요청의 단어 중 기관의 기록에 있는 것: GMP. 요청에 해당하는 영어 용어 중 기록에 있는 "
            "단어: cell, culture.",
        ),
        ("ko", [], ["cell"], "요청에 해당하는 영어 용어 중 기관의 기록에 있는 단어: cell."),
    ],
)
def test_words_that_were_written_are_told_apart_from_those_of_their_english_terms(
    lang: str, found: list[str], translated: list[str], said: str
) -> None:
    offered = ", ".join((*found, *translated)) or None
    assert wording_words(lang, found, translated) == (None, offered, said)


def test_a_line_names_the_words_that_hold_what_it_speaks_of() -> None:
    asked = need(modality="mRNA")
    who = candidate("acme", offer("Filling", modality="nucleic acid", platform="mRNA; LNP"))
    found = point("modality", asked, who)
    assert (found.offered, found.because) == (
        "mRNA; LNP",
        "By our reading the record means exactly this: “mRNA”.",
    )


def test_what_only_goes_with_something_is_not_told_as_a_kind_of_it() -> None:
    found = point("platform", need(platform="isolator"), candidate("a", offer("Fill and finish")))
    assert found.because == (
        "The record names “Fill and finish”, which goes with “Isolator”, but not “Isolator” itself."
    )


def test_a_form_is_no_kind_of_medicine() -> None:
    found = point("modality", need(modality="mRNA"), candidate("a", offer(modality="tablet")))
    assert (found.verdict, found.because) == (
        "unknown",
        "The offer names no kind of medicine, only “tablet”.",
    )


@pytest.mark.parametrize(
    ("needed", "of_offer", "said"),
    [
        (None, {}, "By its record the offer runs today."),
        ("2027", {}, "By its record the offer runs by then."),
        (None, {"available_from": period("2028")}, "It doesn't run yet: it fits from 2028."),
        (
            "2027",
            {"available_from": period("2028")},
            "It will not run by then: it fits from 2028.",
        ),
    ],
)
def test_without_a_date_today_is_meant(
    needed: str | None, of_offer: dict[str, Any], said: str
) -> None:
    who = candidate("acme", offer(**of_offer))
    assert point("time", need("LNP formulation"), who, wishes=wishes(needed)).because == said


def test_of_authorities_only_those_asked_for_are_named() -> None:
    papers = proof("GMP", authority="MFDS"), proof("GMP", authority="PMDA")
    who = candidate("acme", offer(), proofs=papers)
    found = point("market", need("x"), who, wishes=wishes(markets=("MFDS", "FDA")))
    assert (found.offered, found.because) == (
        "MFDS, PMDA",
        "It is licensed or certified by some of the authorities you asked for: MFDS.",
    )


@pytest.mark.parametrize(
    ("asked", "offered", "said", "ask"),
    [
        (
            (2000, 2000),
            LARGE,
            "The stated scale is much larger than what you asked for: “40,000 to 120,000 L”. Ask "
            "whether they take so small an amount.",
            "Would you take on as little as 2000 L? What you state is much larger: 40,000 to "
            "120,000 L.",
        ),
        (
            (20, 20),
            LARGE,
            "The stated scale is far too large for what you asked for: “40,000 to 120,000 L”.",
            "Would you take on as little as 20 L? What you state is far larger: 40,000 to "
            "120,000 L.",
        ),
        (
            (10, 200),
            LITRES,
            "The stated scale covers only the lower part of what you asked for: “up to 50 L”.",
            "Can you do all of this: 200 L? You state: up to 50 L.",
        ),
        (
            (55, 55),
            LITRES,
            "The stated scale is close to what you asked for: “up to 50 L”.",
            "Can you do 55 L? It is close to what you state: up to 50 L.",
        ),
        (
            (500, 500),
            LITRES,
            "The stated scale doesn't reach it: “up to 50 L”.",
            "Could you reach 500 L?",
        ),
    ],
)
def test_a_scale_that_is_too_large_is_not_told_as_close(
    asked: tuple[float, float], offered: Quantity, said: str, ask: str
) -> None:
    made = need("LNP formulation", litres=asked[1], must=True)
    wanted = replace(made, quantity=Quantity(*asked, "L", "volume"))
    match = only(query(wanted), candidate("acme", offer(quantities=(offered,))))
    assert line(match, "scale").because == said
    assert [gate.ask for gate in match.gates] == [ask]


@pytest.mark.parametrize(
    ("lang", "how", "ask"),
    [
        ("en", "context", "Do you offer “LNP formulation”?"),
        ("en", "exact", "Do you offer “production”?"),
        ("ko", "context", "‘LNP formulation(한)’을 제공합니까?"),
        ("ko", "exact", "‘production’을 제공합니까?"),
    ],
)
def test_a_question_names_what_words_mean_in_their_context(lang: str, how: How, ask: str) -> None:
    told = need("LNP formulation", must=True)
    assert told.service is not None
    wanted = replace(told, service=replace(told.service, text="production", how=how))
    match = only(query(wanted, lang=lang), candidate("a", offer("Something unheard of")))
    assert [gate.ask for gate in match.gates if gate.criterion == "service"] == [ask]


def test_evidence_is_named_where_it_won_points() -> None:
    seen: dict[str, Any] = {"evidence": "https://example.org/lnp", "seen_on": date(2026, 1, 2)}
    match = only(query(need("LNP formulation", modality="mRNA")), candidate("a", offer(**seen)))
    assert [(p.criterion, p.evidence, p.seen_on) for p in match.lines if p.evidence] == [
        (name, seen["evidence"], seen["seen_on"]) for name in ("service", "time", "wording")
    ]


NEEDS = (
    need(
        "LNP formulation and vial filling",
        modality="mRNA",
        platform="CHO",
        area="cancer",
        stages=("phase1", "phase2"),
        quality=("EU GMP", "house rules"),
        litres=55,
        must=True,
    ),
    need("frobnication", modality="x", platform="y", area="golf", quality="z", id="n2", must=True),
    Need(
        id="n3",
        service=read("Fill and finish", "service"),
        quality=need(quality="EU GMP").quality,
        stage=Understanding("soon"),
        scale=Understanding("plenty"),
        importance="must",
    ),
    need("Rat toxicology", modality="tablet", id="n4"),
    replace(
        need("LNP formulation", id="n5", platform="isolator", litres=55, must=True),
        quantity=Quantity(10.0, 80.0, "L", "volume"),
    ),
)
OFFERS = (
    offer(),
    offer(""),
    offer("vial washing"),
    offer("Vial filling; LNP formulation", modality="all", stages=("phase1",), quality="GLP"),
    offer("Toxicology", modality="Antibody", platform="E. coli", stages=("commercial",)),
    offer("Full-service toxicology", modality="tablet"),
    offer("Mouse toxicology", modality="no tablet"),
    offer("Toxicology, no vial filling, no LNP formulation"),
    offer("nucleic acid formulation", quality="designed to EU GMP", quantities=(LITRES,)),
    offer("Fill and finish"),
    offer("frobnication", quality="non-GMP", scale="large", flag="general_knowledge"),
    offer(quality="GMP", quantities=(AREA,), status="paused"),
    offer(quality="EU GMP", quantities=(AT_LEAST,), status="planned"),
    offer(stages=("phase1", "phase2"), available_from=period("2027"), platform="CHO"),
    offer(status="planned", available_from=period("2027-Q1")),
    offer(status="planned", available_from=period("2025")),
    offer(site_id="s1", quantities=(Quantity(None, 1.0, "L", "volume"),)),
    offer("Formulation", site_id="s1", quantities=(Quantity(None, 100.0, "L", "volume"),)),
    offer(quantities=(LARGE,)),
    offer(quantities=(Quantity(1e6, 1e6, "L", "volume"),)),
)
PROVIDERS: tuple[dict[str, Any], ...] = (
    {},
    {
        "country": "KR",
        "areas": ("cancer",),
        "proofs": (proof("EU GMP", authority="MFDS"),),
        "languages": ("ko",),
        "ownership": "public",
        "assured_on": TODAY,
    },
    {
        "country": "FR",
        "sites": (site("closed", country="KR"),),
        "areas": ("Infectious diseases",),
        "proofs": (proof("EU GMP", "s1", expires_on=period("2020"), authority="MFDS"),),
        "languages": ("fr",),
        "ownership": "private",
        "assured_on": date(2024, 1, 1),
    },
    {
        "sites": (site("planned", country="JP"),),
        "proofs": (proof("EU GMP", "s2", authority="FDA"), proof("GMP", authority="MFDS")),
        "assured_on": date(2001, 1, 1),
    },
    {"sites": (site(country="KR"),), "proofs": (proof("EU GMP", "s1", authority="MFDS"),)},
    {"country": "FR", "kind": "research_institute"},
)
WISHES = {
    "countries_preferred": ("KR",),
    "countries_required": ("JP", "KR"),
    "markets": ("MFDS", "FDA"),
    "ownership": ("public",),
    "languages": ("ko",),
}


def explained(lang: str) -> list[Match]:
    found = []
    for made, about, needed in product(OFFERS, PROVIDERS, (None, "2024", "2027-Q2", "2028")):
        request = query(*NEEDS, wishes=wishes(needed, **WISHES), lang=lang, text="LNP lipids")
        found.append(only(request, candidate("acme", made, **about)))
    ruled_out = query(*NEEDS, wishes=wishes(countries_excluded=("FR",)), lang=lang)
    found += [only(ruled_out, candidate("acme", **about)) for about in PROVIDERS]
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_line_and_question_reads_without_holes(lang: str) -> None:
    """Every offer beside every provider and date: no reason lacks its sentence or its words."""
    matches = explained(lang)
    said = {point.because for match in matches for point in match.lines}
    asked = {gate.ask for match in matches for gate in match.gates}
    texts = said | asked
    assert sorted(text for text in texts if set("{}–") & set(text)) == []
    assert sorted(text for text in texts if "()" in text or ": ." in text or "  " in text) == []
    assert sorted(text for text in texts if text[-1] not in ".?") == []


def test_no_sentence_is_written_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    said: set[tuple[str, str, str]] = set()

    def note(lang: str, group: str, criterion: str, reason: str, *asked: str, **others: str) -> str:
        own, general = (group, criterion, reason), (group, "*", reason)
        said.add(own if own in sentences._ENGLISH else general)
        return sentences.say(lang, group, criterion, reason, *asked, **others)

    monkeypatch.setattr(explain, "say", note)
    explained("en")
    for found in ([], ["GMP"]):  # of a request in Korean
        explain.wording_words("en", found, ["cell"])
    assert set(sentences._ENGLISH) - said == set()


def test_korean_is_told_in_korean() -> None:
    texts = {point.because for match in explained("ko") for point in match.lines}
    assert sorted(text for text in texts if not any("가" <= sign <= "힣" for sign in text)) == []
