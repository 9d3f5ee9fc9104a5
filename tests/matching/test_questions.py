"""The few questions, in the words of both languages."""

import pytest

from app.matching.quantity import from_range
from app.matching.questions import questions_for
from app.matching.stakes import Stake
from app.matching.types import Need, Understanding
from tests.matching import shipped
from tests.matching.builders import need, vocabulary

STAKES = (
    Stake(None, "countries", 6.0, ("US", "KR")),
    Stake("n1", "stage", 4.0, ("phase1", "commercial")),
    Stake("n1", "modality", 3.0, ("mrna", "antibody")),
    Stake("n1", "scale", 2.0, (from_range(500, 500, "L"), from_range(2000, 2000, "L"))),
    Stake("n1", "quality", 1.0, ("cgmp",)),
    Stake(None, "needed_from", 0.5, ("now", "later")),
)


def asked(*needs: Need, lang: str = "en", stakes: tuple[Stake, ...] = STAKES) -> list[str]:
    return [question.ask for question in questions_for(needs, vocabulary(), lang, stakes)]


def test_what_most_hangs_on_comes_first_with_what_candidates_say() -> None:
    assert asked(need("fill-finish")) == [
        "Where may the work be done? Those that fit best differ here: the United States and South "
        "Korea.",
        "Which stage is the work for? Those that fit best differ here: phase 1 and commercial.",
        "What kind of product is it? Those that fit best differ here: mRNA and antibody.",
        "How much do you need? Those that fit best differ here: 500 L and 2,000 L.",
        "Which quality rules must the work follow: for example GMP, GLP or GCP?",
    ]


def test_korean() -> None:
    assert asked(need("fill-finish"), lang="ko")[:2] == [
        "어느 나라에서 진행해도 되나요? 가장 잘 맞는 기관들도 여기서 갈립니다: 미국, 대한민국.",
        "어느 단계에 쓰이나요? 가장 잘 맞는 기관들도 여기서 갈립니다: 1상, 상업 생산.",
    ]


def test_what_was_not_understood_comes_before() -> None:
    unread = Need("n1", service=Understanding("zork"), stage=Understanding("blip"))
    said = questions_for([unread], vocabulary(), "en", STAKES)
    assert [question.field for question in said] == [
        "service",
        "stage",
        "countries",
        "modality",
        "scale",
    ]
    assert said[1].ask == (
        "We could not read “blip”. Which stage is the work for: preclinical, phase 1, 2 or 3, or "
        "the market?"
    )


def test_two_wordings_that_were_not_understood_are_two_questions() -> None:
    needs = [Need(f"n{n}", service=Understanding(text)) for n, text in enumerate(("zork", "blip"))]
    said = questions_for(needs, vocabulary(), "en", ())
    assert [(question.need, question.field) for question in said] == [
        ("n0", "service"),
        ("n1", "service"),
    ]


def test_a_field_is_asked_once_about_the_need_where_most_hangs_on_it() -> None:
    two = (Stake("n2", "stage", 4.0, ()), Stake("n1", "stage", 3.0, ()))
    said = questions_for([need("fill-finish"), need("PCR", id="n2")], vocabulary(), "en", two)
    assert [(q.need, q.field) for q in said if q.field == "stage"] == [("n2", "stage")]


def test_without_a_need_only_what_is_to_be_done() -> None:
    (only,) = questions_for((), vocabulary(), "en", STAKES)
    assert only.ask == (
        "What would you like done: for example development, manufacturing, testing or a clinical "
        "trial?"
    )


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_field_can_be_asked_about_in_every_way(lang: str) -> None:
    fields = (
        *("modality", "platform", "stage", "therapeutic_area", "scale", "quality"),
        *("needed_from", "countries", "markets"),
    )
    for field in fields:
        for said in ((), ("FDA", "EMA")):
            stake = Stake(None, field, 1.0, said)
            (found,) = asked(need("fill-finish"), lang=lang, stakes=(stake,))
            assert "{" not in found
            assert "?" in found
            assert ("FDA" in found) == bool(said) or field in ("markets", "needed_from")


def test_labels_keep_their_capitals_and_lose_their_glosses() -> None:
    ids = ("cho-cell-line", "lnp", "drug-substance")
    stake = Stake("n1", "platform", 1.0, ids)
    (found,) = questions_for([need("fill-finish")], shipped.vocabulary(), "en", (stake,))
    assert found.ask.endswith("CHO cell line, lipid nanoparticle and drug substance.")
