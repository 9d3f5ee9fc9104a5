"""Slugs made from names."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services import slugs

FORM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@given(st.text(min_size=1, max_size=160))
def test_every_name_has_one_that_is_sound(name: str) -> None:
    slug = slugs.from_name(name)
    assert FORM.fullmatch(slug)
    assert slugs.SHORTEST <= len(slug) <= slugs.LONGEST
    assert slug not in slugs.RESERVED
    assert slug == slugs.from_name(name)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("  WuXi   Biologics, Inc.  ", "wuxi-biologics-inc"),
        ("Boehringer Ingelheim Österreich", "boehringer-ingelheim-osterreich"),
        ("Ｆｕｌｌｗｉｄｔｈ", "fullwidth"),
        ("a" * 79 + " b", "a" * 79),
        ("SK바이오사이언스", "provider-c0ccb8f0ea91"),
    ],
)
def test_is_made_from_latin_letters(name: str, slug: str) -> None:
    assert slugs.from_name(name) == slug


def test_is_the_same_for_both_written_forms_of_hangul() -> None:
    composed, decomposed = "\ud55c\ube5b", "\u1112\u1161\u11ab\u1107\u1175\u11be"
    assert slugs.from_name(composed) == slugs.from_name(decomposed)
