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
