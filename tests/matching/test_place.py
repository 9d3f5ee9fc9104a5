import pytest

from app.matching.clauses import Outline
from app.matching.place import Places, places_of, spans_of_places
from app.matching.terms import tokens


def read(text: str) -> Places:
    return places_of(Outline(text), tokens(text))


@pytest.mark.parametrize(
    ("text", "preferred", "markets"),
    [
        ("Need drug substance for US commercial supply.", (), ("FDA",)),
        ("Need toxicology for a UK trial application.", (), ("MHRA",)),
        ("Need a site approved by the Italian agency.", (), ("EMA",)),
        ("Need commercial supply from a site in Italy.", ("IT",), ()),
        ("Must comply with Japanese GMP.", (), ("PMDA",)),
        ("US or EU GMP required", (), ("EMA", "FDA")),
        ("Must follow Korean guidelines.", (), ("MFDS",)),
        ("A Korean GMP site.", ("KR",), ()),
    ],
)
def test_a_place_of_approval_or_supply_is_a_market(
    text: str, preferred: tuple[str, ...], markets: tuple[str, ...]
) -> None:
    found = read(text)
    assert (found.preferred, found.markets) == (preferred, markets)


def test_places_stand_where_they_are_named_whatever_their_role() -> None:
    text = "Korean company seeks a plant in Japan, filing with FDA"
    assert [text[a:b] for a, b in spans_of_places(text, tokens(text))] == ["Korean", "Japan"]


@pytest.mark.parametrize(
    ("text", "required", "preferred", "excluded"),
    [
        ("국내외 CDMO 모두 가능합니다", (), (), ()),
        ("국내·외 CDMO 모두 가능", (), (), ()),
        ("국내 및 해외 CDMO 모두 가능", (), (), ()),
        ("국내 업체 또는 해외 업체", (), (), ()),
        ("국내 업체만", ("KR",), (), ()),
        ("A CDMO in Korea or abroad", (), (), ()),
        ("overseas or Korean CDMO", (), (), ()),
        ("Chinese herbal medicine tablets must be GMP", (), (), ()),
        ("Brown Norway rat asthma model only", (), (), ()),
        ("German chamomile extract must be pure", (), ("DE",), ()),
        ("The trial must enroll Chinese patients", (), (), ()),
        ("한국인 환자 대상, 일본인 자원자 필수", (), (), ()),
        ("fill-finish in Korea and must have GMP", (), ("KR",), ()),
        ("toxicology in Korea for rats only", (), ("KR",), ()),
        ("only in Korea", ("KR",), (), ()),
        ("Korean vendors only", ("KR",), (), ()),
        ("Must be in Germany, France or Italy", ("DE", "FR", "IT"), (), ()),
        ("한국, 일본 또는 대만 업체만", ("KR", "JP", "TW"), (), ()),
        ("not in China, India or Russia", (), (), ("CN", "IN", "RU")),
        ("중국, 인도 제외", (), (), ("CN", "IN")),
        ("Korea, not China", (), ("KR",), ("CN",)),
        ("We have no site in Korea and need a lab", (), (), ()),
        ("Korea is not required", (), (), ()),
        ("Korea is not required but preferred", (), ("KR",), ()),
        ("국내 업체가 아니어도 됩니다", (), (), ()),
        ("국내 필수 아님", (), (), ()),
        ("국내만, 해외 불가", ("KR",), (), ()),
        ("no matter if in Korea or Japan", (), ("KR", "JP"), ()),
        ("China is not acceptable", (), (), ("CN",)),
        ("raw material from China not allowed", (), (), ()),
        ("미국산 원료 필수", (), (), ()),
        ("Samples must be shipped to the US", (), (), ()),
        ("the cell line of our German partner must be used", (), (), ()),
        ("the Brazil strain is required", (), (), ()),
        ("한국 또는 일본, 중국 제외", (), ("KR", "JP"), ("CN",)),
        ("must have: GMP, Korea. nice to have: Japan", ("KR",), ("JP",), ()),
        ("필수: GMP, 국내. 우대: 일본", ("KR",), ("JP",), ()),
    ],
)
def test_only_a_place_of_work_is_a_condition(
    text: str, required: tuple[str, ...], preferred: tuple[str, ...], excluded: tuple[str, ...]
) -> None:
    found = read(text)
    assert (found.required, found.preferred, found.excluded) == (required, preferred, excluded)
