import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.stage import stage_spans, stages_asked, stages_of
from app.matching.types import STAGES

CLINICAL = ("phase1", "phase2", "phase3")


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        ("Phase I/IIa", ("phase1", "phase2")),
        ("clinical to commercial", (*CLINICAL, "commercial")),
        ("IND-enabling", ("preclinical",)),
        ("IND", ("preclinical",)),
        ("first-in-human", ("phase1",)),
        ("early clinical", ("phase1", "phase2")),
        ("late clinical", ("phase2", "phase3")),
        ("출시", ("commercial",)),
        ("방출시험", ()),
        ("임상 1상", ("phase1",)),
        ("임상1~3상", CLINICAL),
        ("임상 1/2a상", ("phase1", "phase2")),
        ("1b상", ("phase1",)),
        ("건강한 지원자 대상", ("phase1",)),
        ("용량 증량 시험", ("phase1",)),
        ("ascending-dose study", ("phase1",)),
        ("dose-ranging trial", ("phase2",)),
        ("clinical proof of concept", ("phase2",)),
        ("허가용 임상", ("phase3",)),
        ("post-authorisation study", ("commercial",)),
        ("비임상부터 임상 1상까지", ("preclinical", "phase1")),
        ("Phase 1-3", CLINICAL),
        ("phases I–III", CLINICAL),
        ("Phase 1-4", (*CLINICAL, "commercial")),
        ("pivotal", ("phase3",)),
        ("Phase 2b", ("phase2",)),
        ("Ph1", ("phase1",)),
        ("preclinical to phase 1", ("preclinical", "phase1")),
        ("non-clinical", ("preclinical",)),
        ("clinical-grade", CLINICAL),
        ("all phases", CLINICAL),
        ("any stage", STAGES),
        ("SBIR Phase I", ()),
        ("phase 1 of the project", ()),
        ("Phase 10", ()),
        ("toxicology", ()),
        ("", ()),
    ],
)
def test_stages_of(text: str, stages: tuple[str, ...]) -> None:
    assert stages_of(text) == stages


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_stages_come_in_order_and_once(text: str) -> None:
    found = stages_of(text)
    assert found == tuple(stage for stage in STAGES if stage in found)


def test_spans_are_places_in_the_original() -> None:
    text = "Ⅰ mg for a Phase Ⅱ trial"
    assert [(text[low:high], stages) for low, high, stages in stage_spans(text)] == [
        ("Phase Ⅱ", ("phase2",))
    ]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("1상 완료, 2상용 정제 생산", ["2상"]),
        ("1상을 완료하고 2상 정제 생산", ["2상"]),
        ("1상 완료 예정, 2상용 정제", ["2상"]),
        ("전임상 완료 후 1상 시료 생산", ["1상"]),
        ("1상 임상시험을 마치고 2상 준비", ["2상"]),
        ("We finished preclinical and need phase 1 material", ["phase 1"]),
        ("We have completed phase 1 and phase 2; phase 3 tablets", ["phase 3"]),
        ("preclinical and phase 1 completed, phase 2 supply", ["phase 2"]),
        ("Phase 1 is done, now phase 2", ["phase 2"]),
        ("After completion of phase 1 we plan phase 2", ["phase 2"]),
        ("Our phase 1 started in 2024 and we need phase 2 tablets", ["phase 2"]),
        ("phase 1 ongoing, phase 2 material", ["phase 2"]),
        ("phase 1 completed", []),
        # What is still to be done is asked.
        ("preclinical ongoing, need tox", ["preclinical"]),
        ("2상까지 완료하고 싶습니다", ["2상"]),
        ("1상을 완료해 줄 CRO", ["1상"]),
        ("finished product for phase 1", ["phase 1"]),
        ("finished phase 1 tablets", ["phase 1"]),
        ("phase 1 to be completed by March", ["phase 1"]),
        ("phase 1 completed by Q2 2027", ["phase 1"]),
        ("up to the end of phase 2", ["phase 2"]),
        ("complete phase 1 development", ["phase 1"]),
    ],
)
def test_what_is_over_is_no_stage_that_is_asked(text: str, asked: list[str]) -> None:
    found = [text[low:high].lower() for low, high, _ in stages_asked(text)]
    assert found == asked
