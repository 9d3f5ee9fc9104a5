"""What pydantic finds wrong, in plain words that never repeat what was sent."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from app.errors import Fault

MOST = 20  # faults that one answer tells
_LOOKED_AT = 1000  # errors of one body; to sort more of them only keeps others waiting
_FIELD = re.compile(r"[a-z_][a-z0-9_-]{0,59}")
_BRANCHES = frozenset({"bool", "constrained-str", "dict", "float", "int", "list", "none", "str"})

# {name} is filled from the limits that the schema sets, never from the input.
_SENTENCES = {
    "missing": "This is needed.",
    "extra_forbidden": "There is no such field here. Check how it is written.",
    "enum": "Use one of: {expected}.",
    "literal_error": "Use one of: {expected}.",
    "string_type": "This has to be text.",
    "string_too_short": "This is too short: at least {min_length} characters are needed.",
    "string_too_long": "This is too long: at most {max_length} characters are kept.",
    "string_unicode": "The text holds a character that can't be stored.",
    "int_type": "This has to be a whole number.",
    "int_parsing": "This has to be a whole number.",
    "int_parsing_size": "This number is too large.",
    "int_from_float": "This has to be a whole number.",
    "float_type": "This has to be a number.",
    "float_parsing": "This has to be a number.",
    "finite_number": "This has to be a number that has an end.",
    "bool_type": "Use true or false.",
    "bool_parsing": "Use true or false.",
    "greater_than": "This has to be more than {gt}.",
    "greater_than_equal": "This has to be {ge} or more.",
    "less_than": "This has to be less than {lt}.",
    "less_than_equal": "This has to be {le} or less.",
    "list_type": "This has to be a list.",
    "too_short": "At least {min_length} are needed here.",
    "too_long": "At most {max_length} can be kept here.",
    "dict_type": "This has to be an object with fields.",
    "model_type": "This has to be an object with fields.",
    "model_attributes_type": "This has to be an object with fields.",
    "uuid_type": "This has to be an id, as this service gives them.",
    "uuid_parsing": "This has to be an id, as this service gives them.",
    "date_type": "Write the day as 2027-04-15.",
    "date_parsing": "Write the day as 2027-04-15.",
    "date_from_datetime_parsing": "Write the day as 2027-04-15.",
    "date_from_datetime_inexact": "Write the day as 2027-04-15, without a time.",
    "date_future": "This day has to lie in the future.",
    "date_past": "This day has to lie in the past.",
}
_PATTERNS = {
    "^[A-Z]{2}$": "Write the country in two capital letters, such as KR.",
    "^[a-z]{2,3}$": "Write the language in two or three small letters, such as ko.",
    "^[a-z0-9]+(?:-[a-z0-9]+)*$": "Use small letters, digits and single hyphens between them.",
}
_OTHERWISE = "This can't be used here."


def faults_of(errors: Iterable[Mapping[str, Any]]) -> tuple[Fault, ...]:
    """The faults of a validation: one for each place, at most MOST, in the order found."""
    found: dict[str, Mapping[str, Any]] = {}
    outer: set[str] = set()
    for error in islice(errors, _LOOKED_AT):
        where = place(error["loc"])
        # Of a value that may have several forms, the form that it has says more than the others.
        if where not in found or (_is_of_form(found[where]) and not _is_of_form(error)):
            found[where] = error
        outer.update(_around(error["loc"]))
    # Where one of several forms was nearly right, what it lacks says more than that the other
    # forms don't fit.
    kept = ((where, error) for where, error in found.items() if where not in outer)
    return tuple(Fault(where, _sentence(error)) for where, error in islice(kept, MOST))


def _is_of_form(error: Mapping[str, Any]) -> bool:
    return str(error["type"]).endswith("_type")


def place(location: Sequence[str | int]) -> str:
    """Where something is wrong, such as `body.capabilities[0].scale.unit` or `query.limit`."""
    source, *steps = location or ("body",)
    path = str(source)
    for step in steps:
        if isinstance(step, int):
            path += f"[{step}]"
        elif _FIELD.fullmatch(step) and step not in _BRANCHES:
            path += f".{step}"
    return path


def _around(location: Sequence[str | int]) -> set[str]:
    """The places that hold this one, without itself."""
    inner = place(location)
    return {place(location[:end]) for end in range(1, len(location))} - {inner}


def _sentence(error: Mapping[str, Any]) -> str:
    kind = error["type"]
    limits = {name: _plain(limit) for name, limit in (error.get("ctx") or {}).items()}
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(limits.get("pattern", ""), _OTHERWISE)
    if kind == "value_error":
        return _own_words(limits.get("error"))
    if kind in ("enum", "literal_error"):
        allowed = str(limits.get("expected", "")).replace("'", "").replace(" or ", ", ")
        return _SENTENCES[kind].format(expected=allowed)
    return _SENTENCES.get(kind, _OTHERWISE).format_map(limits)


def _plain(limit: Any) -> Any:
    """A limit as people write it: 0, not 0.0."""
    return f"{limit:.12g}" if isinstance(limit, float) else limit


def _own_words(error: object) -> str:
    """The words of a check of ours; they are written so that they hold no input."""
    text = str(error) if type(error) is ValueError else ""
    return f"{text[:1].upper()}{text[1:]}." if text else _OTHERWISE
