"""JSON that two programs could read differently, or that can't be stored: malformed, nested deeply,
with repeated names, very many names or items, NaN, numbers beyond bounds, half characters."""

import json
from typing import Any

from app.errors import BadRequestError, Fault

DEEPEST = 32  # levels of nesting in a JSON body
MOST_NAMES = 100  # in one object; no body has a third of them, and each unknown one is a fault
MOST_ITEMS = 1000  # in one list; the longest that any body has room for holds 200
_LARGEST = 2**53  # beyond it, programs disagree about a number


def check(body: bytes) -> None:
    """BadRequestError unless the body is JSON that every program reads alike."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise _unreadable("The body isn't UTF-8 text.") from None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_distinct,
            parse_constant=_no_constant,
            parse_int=_bounded,
            parse_float=_finite,
        )
    except RecursionError:
        raise _too_deep() from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _unreadable(f"The body isn't JSON: look at {place}.") from None
    _check_tree(value, has_escapes="\\u" in text)


def _check_tree(value: Any, *, has_escapes: bool) -> None:
    level = [value]
    for _ in range(DEEPEST + 1):
        if any(isinstance(each, list) and len(each) > MOST_ITEMS for each in level):
            raise _unreadable(f"A list in the body has more than {MOST_ITEMS} items.")
        if has_escapes:
            _check_characters(level)
        if all(not isinstance(each, dict | list) for each in level):
            return
        level = [inner for outer in level for inner in _inside(outer)]
    raise _too_deep()


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.values()]
    return value if isinstance(value, list) else []


def _check_characters(values: list[Any]) -> None:
    for value in values:
        texts = value if isinstance(value, dict) else [value] if isinstance(value, str) else []
        for text in texts:
            if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
                raise _unreadable("The body holds half of a character (a lone surrogate).")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MOST_NAMES:
        raise _unreadable(f"An object in the body has more than {MOST_NAMES} names.")
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _unreadable("An object in the body has the same name twice.")
    return made


def _no_constant(_: str) -> None:
    raise _unreadable("NaN and Infinity aren't numbers that can be kept.")


def _bounded(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > _LARGEST:
        raise _unreadable("A number in the body is too large.")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise _unreadable("A number in the body is too large.")
    return number


def _unreadable(detail: str) -> BadRequestError:
    return BadRequestError(detail, faults=[Fault("body", detail)])


def _too_deep() -> BadRequestError:
    return _unreadable(f"The body is nested more than {DEEPEST} levels deep.")
