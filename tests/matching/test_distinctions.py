"""Works of one name that are for different things."""

from typing import Any

import pytest

from app.matching.distinctions import named_in, told
from app.matching.types import Offer, Point
from tests.matching.shipped import vocabulary
from tests.quality.understanding import ledger_of


def service(asked: str, lang: str = "en", **offer: Any) -> Point:
    (line,) = (p for p in ledger_of(asked, Offer("o1", **offer), lang) if p.criterion == "service")
    return line


@pytest.mark.parametrize(
    ("phrase", "told_apart"),
    [
        ("vial filling", ("vial",)),
        ("AAV manufacturing", ("aav",)),
        ("렌티바이러스 벡터 생산", ("lentiviral-vector",)),
        ("cream manufacturing", ("cream",)),
        ("yeast fermentation", ("pichia",)),
        ("oncology trial", ("oncology-area",)),
        ("GLP audit", ("glp",)),
        ("Lu-177 labelling", ("lutetium-177",)),
        ("rat PK study", ("species:rat",)),
        ("fill-finish", ()),
        ("viral clearance of plasma", ()),
    ],
)
def test_a_phrase_bears_what_tells_its_service_apart(
    phrase: str, told_apart: tuple[str, ...]
) -> None:
    assert vocabulary().distinguishing(phrase) == told_apart


@pytest.mark.parametrize(
    ("phrase", "names"),
    [
        ("phase I/II trials", ("phase:1", "phase:2")),
        ("Phases 1 to 4", ("phase:1", "phase:2", "phase:3", "phase:4")),
        ("2상 임상시험", ("phase:2",)),
        ("제형 및 상태 분석", ()),
        ("13-week toxicity", ("duration:13",)),
        ("90-day toxicity", ("duration:13",)),
        ("28일 반복투여 독성", ("duration:4",)),
        ("3개월 시험", ("duration:13",)),
        ("single B cell cloning", ("discovery:single B cells",)),
        ("무균 충전", ("finishing:aseptic",)),
        ("ratio of rates", ()),
    ],
)
def test_names_that_no_concept_has(phrase: str, names: tuple[str, ...]) -> None:
    assert named_in(phrase) == names


def test_names_are_told_in_both_languages() -> None:
    names = ("species:rat", "phase:2", "duration:13", "aav")
    assert [told(name, "en") for name in names] == ["rat", "phase 2", "13 weeks", ""]
    assert [told(name, "ko") for name in names] == ["랫드", "2상", "13주", ""]


def test_the_sentence_names_the_difference() -> None:
    assert service("prefilled syringe filling", service="vial filling").because == (
        "It is the same kind of work, but for something else: the record names “Vial (container)” "
        "where you ask for “Prefilled syringe”."
    )
    assert service("대장균 발효", "ko", service="효모 발효").because == (
        "같은 종류의 업무이나 대상이 다릅니다. 요청은 ‘대장균 발현’인데 기록에는 "
        "‘피키아·효모 발현’이 적혀 있습니다."
    )


@pytest.mark.parametrize(
    ("asked", "offer"),
    [
        ("AAV manufacturing", {"service": "viral vector manufacturing"}),
        ("viral vector manufacturing", {"service": "AAV manufacturing"}),
        ("AAV manufacturing", {"service": "AAV and lentiviral vector manufacturing"}),
        ("lentiviral vector manufacturing",
         {"service": "AAV manufacturing", "modality": "AAV; lentiviral vector"}),
        ("lentiviral vector manufacturing", {"service": "AAV manufacturing", "modality": "all"}),
        ("vial filling", {"service": "fill-finish"}),
        ("fill-finish", {"service": "vial filling"}),
        ("phase 2 trial", {"service": "phase I-IV clinical trials"}),
        ("90-day toxicity study", {"service": "13-week toxicity study"}),
        ("GMP training", {"service": "GxP training"}),
        ("E. coli fermentation", {"service": "microbial fermentation", "platform": "yeast"}),
    ],
)  # fmt: skip
def test_what_says_the_same_or_less_is_held_against_nobody(
    asked: str, offer: dict[str, str]
) -> None:
    assert service(asked, **offer).verdict == "met"


@pytest.mark.parametrize(
    ("asked", "offered"),
    [("lentiviral vector manufacturing", "AAV manufacturing"), ("GMP audit", "GLP audit")],
)
def test_another_thing_wins_half(asked: str, offered: str) -> None:
    line = service(asked, service=offered)
    assert (line.verdict, 2 * line.won, line.unknown) == ("partly", line.possible, 0)
