"""Reads lines of the catalogue file, and tells their faults by line and field in plain words."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from app.errors import Fault, InvalidError
from app.models.provider import Provider
from app.services import slugs
from app.services.record_lines import PROVIDER_LINE
from app.services.records import FacilityReferenceError, to_provider

LONGEST_LINE = 1_048_576  # characters; the longest shipped line has some 12,000
MOST_FAULTS = 100  # told at once; more help nobody

_PLAIN = {
    "missing": "This key is missing.",
    "extra_forbidden": "There is a key here that isn't known.",
    "enum": "This isn't one of the words that may stand here.",
    "literal_error": "This isn't one of the words that may stand here.",
    "string_pattern_mismatch": "This isn't written the way it must be here.",
    "string_type": "This must be a text.",
    "list_type": "This must be a list.",
    "model_type": "This must be an object with named keys.",
    "model_attributes_type": "This must be an object with named keys.",
    "date_from_datetime_parsing": "A day is written 2027-04-15.",
    "date_parsing": "A day is written 2027-04-15.",
    "uuid_parsing": "This isn't an id.",
    "string_too_short": "This may not be empty.",
}


def read(lines: Iterable[str | bytes]) -> list[tuple[int, Provider]]:
    """The providers of a file in JSON Lines, each with its line number; blank lines count.

    InvalidError with every fault (a hundred at most) if any line can't be used: nothing is read
    by halves. The same slug twice is a fault.
    """
    providers: list[tuple[int, Provider]] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        try:
            provider = _provider(line, number)
            if provider is None:
                continue
            if slugs.is_mistakable(provider.slug):
                raise _FaultyLineError([("slug", "This would be mistaken for something else.")])
            if provider.slug in seen:
                first = seen[provider.slug]
                raise _FaultyLineError([("slug", f"Line {first} has the same slug.")])
            seen[provider.slug] = number
            providers.append((number, provider))
        except _FaultyLineError as error:
            faults += [Fault(_where(number, field), why) for field, why in error.faults]
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise InvalidError("Nothing was imported.", faults=faults[:MOST_FAULTS])
    return providers


class _FaultyLineError(Exception):
    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__("faults")
        self.faults = faults


def _where(number: int, field: str) -> str:
    return f"line {number}, {field}" if field else f"line {number}"


def _provider(line: str | bytes, number: int) -> Provider | None:
    text = _text(line, number)
    if not text:
        return None
    value = _value(text)
    if not isinstance(value, dict):
        raise _FaultyLineError([("", "A line must be an object with named keys.")])
    try:
        return to_provider(PROVIDER_LINE.validate_python(value))
    except ValidationError as error:
        raise _FaultyLineError(list(_told(error))) from None
    except FacilityReferenceError as error:
        raise _FaultyLineError([(error.field, str(error))]) from None


def _text(line: str | bytes, number: int) -> str:
    if len(line) > LONGEST_LINE:
        raise _FaultyLineError([("", f"The line is longer than {LONGEST_LINE:,} characters.")])
    if isinstance(line, bytes):
        try:
            line = line.decode("utf-8")
        except UnicodeDecodeError:
            raise _FaultyLineError([("", "The line isn't UTF-8 text.")]) from None
    return (line.removeprefix("\ufeff") if number == 1 else line).strip()


def _value(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    except _FaultyLineError:
        raise
    except (ValueError, RecursionError):
        raise _FaultyLineError([("", "The line isn't JSON.")]) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _FaultyLineError([("", "A key stands twice in the same object.")])
    return value


def _refuse(_: str) -> None:
    raise _FaultyLineError([("", "NaN and Infinity aren't numbers that can be kept.")])


def _told(error: ValidationError) -> Iterator[tuple[str, str]]:
    for fault in error.errors(include_url=False, include_input=False):
        place = fault["loc"]
        if fault["type"] == "extra_forbidden":
            place = place[:-1]  # the unknown key's name is the sender's text
        yield _path(place), _reason(fault["type"], fault.get("ctx") or {})


def _path(place: tuple[int | str, ...]) -> str:
    path = ""
    for step in place:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path


def _reason(kind: str, details: dict[str, Any]) -> str:
    if kind == "value_error":
        reason = str(details["error"])
        return f"{reason[0].upper()}{reason[1:]}."
    if kind == "string_too_long":
        return f"This is longer than {details['max_length']} characters."
    if kind == "too_long":
        return f"There are more than {details['max_length']} entries."
    if kind in ("less_than_equal", "greater_than_equal"):
        return "This number is out of range."
    return _PLAIN.get(kind, "This can't be used here.")
