import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import InvalidError
from app.services.record_reading import LONGEST_LINE, MOST_FAULTS, read
from tests.services.test_catalogue_files import capability, facility, line


def faults(*lines: str | bytes) -> list[tuple[str, str]]:
    with pytest.raises(InvalidError) as refused:
        read(lines)
    return [(fault.where, fault.detail) for fault in refused.value.faults]


def without(key: str) -> str:
    record = json.loads(line())
    del record[key]
    return json.dumps(record)


def test_lines_keep_their_numbers() -> None:
    found = read(["", line(), "   ", line(slug="beta").encode()])
    assert [(number, provider.slug) for number, provider in found] == [(2, "acme"), (4, "beta")]


def test_a_byte_order_mark_may_stand_at_the_start_only() -> None:
    assert len(read([b"\xef\xbb\xbf" + line().encode()])) == 1
    assert len(read(["\ufeff" + line()])) == 1
    assert faults(line(), "\ufeff" + line(slug="b")) == [("line 2", "The line isn't JSON.")]


@pytest.mark.parametrize(
    ("bad", "where", "detail"),
    [
        ("{", "line 1", "The line isn't JSON."),
        ("[" * 100_000, "line 1", "The line isn't JSON."),
        ("[]", "line 1", "A line must be an object with named keys."),
        ('{"a": NaN}', "line 1", "NaN and Infinity aren't numbers that can be kept."),
        ('{"a": 1, "a": 2}', "line 1", "A key stands twice in the same object."),
        (b'{"slug": "\xff"}', "line 1", "The line isn't UTF-8 text."),
        (" " * (LONGEST_LINE + 1), "line 1", "The line is longer than 1,048,576 characters."),
        (without("kind"), "line 1, kind", "This key is missing."),
        (line(secret="x"), "line 1", "There is a key here that isn't known."),
        (line(kind="circus"), "line 1, kind", "This isn't one of the words that may stand here."),
        (line(slug="A b"), "line 1, slug", "This isn't written the way it must be here."),
        (line(slug="import"), "line 1, slug", "This would be mistaken for something else."),
        (
            line(slug="56705149-8627-559a-b42b-eab71a56555c"),
            "line 1, slug",
            "This would be mistaken for something else.",
        ),
        (line(name="x" * 161), "line 1, name", "This is longer than 160 characters."),
        (line(name=" "), "line 1, name", "This may not be empty."),
        (line(name=3), "line 1, name", "This must be a text."),
        (line(aliases="x"), "line 1, aliases", "This must be a list."),
        (line(assured_on="soon"), "line 1, assured_on", "A day is written 2027-04-15."),
        (line(id="x"), "line 1, id", "This isn't an id."),
        (
            line(name="a\x00b"),
            "line 1, name",
            "The text holds a character that can't be stored.",
        ),
        (
            line(facilities=[facility("A", operational_from="soon")]),
            "line 1, facilities[0].operational_from",
            "A date is written 2027, 2027-Q2, 2027-04 or 2027-04-15.",
        ),
        (
            line(capabilities=[capability("A"), capability("B", flag="maybe")]),
            "line 1, capabilities[1].flag",
            "This isn't one of the words that may stand here.",
        ),
        (
            line(capabilities=[capability("A", quantities=[{"unit": "L", "kind": "volume"}])]),
            "line 1, capabilities[0].quantities[0]",
            "A quantity needs a minimum or a maximum.",
        ),
        (
            line(capabilities=[capability("A", facility="B")]),
            "line 1, capabilities[0].facility",
            "The record has no facility of this name or id, or has several.",
        ),
    ],
)
def test_a_fault_is_told_by_line_and_field(bad: str | bytes, where: str, detail: str) -> None:
    assert faults(bad) == [(where, detail)]


def test_a_slug_may_stand_once() -> None:
    assert faults(line(), "", line(name="B")) == [
        ("line 3, slug", "Line 1 has the same slug."),
    ]


def test_all_faults_are_told_up_to_a_limit() -> None:
    assert len(faults("{", line(), "{")) == 2
    assert len(faults(*["{"] * 1000)) == MOST_FAULTS


def test_the_sender_s_text_is_never_repeated() -> None:
    told = faults(line(kind="SECRET", SECRET=1, founded="SECRET" * 99, country="SECRET"))
    assert len(told) == 4
    assert "SECRET" not in repr(told)


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(), lambda some: st.lists(some, max_size=3)
)


def is_read_or_refused(text: str | bytes) -> bool:
    try:
        read([text])
    except InvalidError as refused:
        return len(refused.faults) > 0
    return True


@given(st.sampled_from(sorted(json.loads(line()))), JSON)
def test_whatever_stands_in_a_key_is_read_or_refused(key: str, value: Any) -> None:
    assert is_read_or_refused(line(**{key: value}))


@given(st.text() | st.binary())
def test_any_text_is_read_or_refused(text: str | bytes) -> None:
    assert is_read_or_refused(text)
