"""What pydantic finds wrong, told in plain words that hold nothing of the input."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.complaints import MOST, faults_of, place
from app.errors import Fault
from app.models.provider import ProviderCreate

CANARY = "canary-c4d5"
JUNK = st.recursive(
    st.sampled_from([CANARY, 1e300, -1, None, True, "", CANARY * 50]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just(CANARY), inner),
    max_leaves=5,
)


def faults(data: Any) -> tuple[Fault, ...]:
    try:
        TypeAdapter(ProviderCreate).validate_python(data)
    except ValidationError as error:
        found = error.errors()
        return faults_of([{**each, "loc": ("body", *each["loc"])} for each in found])
    return ()


@given(st.dictionaries(st.sampled_from(sorted(ProviderCreate.model_fields)), JUNK))
def test_holds_nothing_of_the_input(data: dict[str, Any]) -> None:
    for fault in faults(data):
        assert fault.where == "body" or fault.where.startswith("body.")
        assert CANARY not in fault.detail
        assert fault.detail.endswith(".")
        assert "{" not in fault.detail


def test_every_sentence_is_for_people() -> None:
    wrong = {
        "name": "x",
        "kind": "cdmo",
        "country": "Korea",
        "languages": ["Korean"],
        "founded_year": True,
        "state": 5,
        "assured_on": "2026-13-01",
        "capabilities": [
            {
                "service": "",
                "facility_id": "x",
                "lead_time_weeks": -1,
                "scale": {"minimum": "5", "unit": "L"},
            }
        ],
        "facilities": {},
        "certificates": [5],
    }
    assert {fault.where: fault.detail for fault in faults(wrong)} == {
        "body.country": "Write the country in two capital letters, such as KR.",
        "body.languages[0]": "Write the language in two or three small letters, such as ko.",
        "body.founded_year": "This has to be a whole number.",
        "body.state": "Use one of: draft, published, archived.",
        "body.assured_on": "Write the day as 2027-04-15.",
        "body.capabilities[0].service": "This is too short: at least 1 characters are needed.",
        "body.capabilities[0].facility_id": "This has to be an id, as this service gives them.",
        "body.capabilities[0].lead_time_weeks": "This has to be 0 or more.",
        "body.capabilities[0].scale.minimum": "This has to be a number.",
        "body.facilities": "This has to be a list.",
        "body.certificates[0]": "This has to be an object with fields.",
    }


def test_tells_so_many_at_most() -> None:
    data = {"name": "x", "kind": "cdmo", "aliases": [1] * 60}
    assert len(faults(data)) == MOST


def test_tells_of_very_many_at_once() -> None:
    # What is looked at is bounded, so that this ends; a second for each would be an hour.
    errors = [{"type": "extra_forbidden", "loc": ("body", f"k{n}")} for n in range(200_000)]
    told = faults_of(errors)
    assert [fault.where for fault in told] == [f"body.k{n}" for n in range(MOST)]


def test_tells_what_lies_within_instead_of_what_holds_it() -> None:
    errors: list[dict[str, Any]] = [
        {"type": "list_type", "loc": ("body", "quality", "list[str]")},
        {"type": "string_too_short", "loc": ("body", "quality", 0), "ctx": {"min_length": 1}},
    ]
    assert [fault.where for fault in faults_of(errors)] == ["body.quality[0]"]


@pytest.mark.parametrize(
    ("location", "where"),
    [
        (("body",), "body"),
        ((), "body"),
        (("body", 17), "body[17]"),
        (("query", "limit"), "query.limit"),
        (("header", "if-match"), "header.if-match"),
        (("body", "scale", "function-after[clean_text(), constrained-str]"), "body.scale"),
        (("body", "scale", "ScaleData", "unit"), "body.scale.unit"),
        (("body", "a" * 61), "body"),
        (("body", "<script>"), "body"),
    ],
)
def test_place(location: tuple[str | int, ...], where: str) -> None:
    assert place(location) == where
