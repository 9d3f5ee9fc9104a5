"""Dates as running text writes them, and which of them say from when something is wanted."""

from datetime import date

import pytest

from app.matching.dates import needed_from

ASKED = date(2026, 11, 26)


def read(text: str) -> tuple[str | None, list[str]]:
    period, spans = needed_from(text, ASKED)
    return period.text if period else None, [span.text for span in spans]


@pytest.mark.parametrize(
    ("text", "period", "written"),
    [
        ("not later than March 2028", "2028-03", "March 2028"),
        ("not until March 2028", "2028-03", "March 2028"),
        ("by mid-March 2028", "2028-03", "March 2028"),
        ("by the end of March 2028", "2028-03", "March 2028"),
        ("start 03/2027", "2027-03", "03/2027"),
        ("start: 2027/03", "2027-03", "2027/03"),
        ("delivery: 03.2027", "2027-03", "03.2027"),
        ("need tablets 15.03.2027", "2027-03-15", "15.03.2027"),
        ("tablets by 15/03/2027", "2027-03-15", "15/03/2027"),
        ("deadline 03/15/2027", "2027-03-15", "03/15/2027"),
        ("deadline 02/03/2027", "2027-Q1", "02/03/2027"),
        ("deadline 03/04/2027", "2027", "03/04/2027"),
        ("need tablets 2027.3", "2027-03", "2027.3"),
        ("2027.03.15까지 생산", "2027-03-15", "2027.03.15"),
        ("2027. 3. 15까지", "2027-03-15", "2027. 3. 15"),
        ("by 1Q27", "2027-Q1", "1Q27"),
        ("in 1Q 2027", "2027-Q1", "1Q 2027"),
        ("by end Q2/27", "2027-Q2", "Q2/27"),
        ("in Q2'27", "2027-Q2", "Q2'27"),
        ("from 1H27", "2027-Q1", "1H27"),
        ("by H1/27", "2027-Q2", "H1/27"),
        ("need it by March '27", "2027-03", "March '27"),
        ("27년 3월까지 정제 생산", "2027-03", "27년 3월"),
        ("2027. 3월까지 정제 생산", "2027-03", "2027. 3월"),
        ("'27년 1분기 정제 생산", "2027-Q1", "'27년 1분기"),
        ("27년 초까지", "2027-Q1", "27년 초"),
        ("2027년 3~6월", "2027-03", "2027년 3~6월"),
        ("between March and June 2027", "2027-03", "March and June 2027"),
        ("from March to June 2027", "2027-03", "March to June 2027"),
        ("in Q1/Q2 2027", "2027-Q1", "Q1/Q2 2027"),
        ("GMP plasmid, 100 g, March 2027", "2027-03", "March 2027"),
        ("should be completed by March 2028", "2028-03", "March 2028"),
        ("2027년 3월까지 완료해야 합니다", "2027-03", "2027년 3월"),
        ("need phase 1 completed by Q2 2027", "2027-Q2", "Q2 2027"),
        ("2027년도 상반기", "2027-Q1", "2027년도 상반기"),
        ("27.3.15까지 정제 생산", "2027-03-15", "27.3.15"),
        ("'27.3부터", "2027-03", "'27.3"),
        ("need it in 2026", "2026", "2026"),
    ],
)
def test_how_dates_are_written(text: str, period: str, written: str) -> None:
    assert read(text) == (period, [written])


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("In 2019 we started the programme; now need AAV drug substance", "2019"),
        ("Our phase 1 started in 2024 and we need phase 2 tablets", "2024"),
        ("in 2021 our company began work on mRNA; we need LNP formulation", "2021"),
        ("In 2026 we started the programme; now need tablets", "2026"),
        ("2024년에 설립된 회사입니다", "2024년"),
        ("2026년에 1상을 완료했고 2상 정제가 필요합니다", "2026년"),
        ("in early 2026, tablets", "early 2026"),
        ("founded in March 2027", "March 2027"),
    ],
)
def test_what_is_over_is_never_wanted(text: str, written: str) -> None:
    assert read(text) == (None, [written])


@pytest.mark.parametrize(
    "text",
    ["27년 경력의 회사", "27년 초과 보관", "ICH Q2/Q3", "at 15/03", "by 31.02.2027", "2027.3 mg"],
)
def test_what_is_no_date(text: str) -> None:
    assert read(text) == (None, [])
