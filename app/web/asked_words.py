"""What differs between two requests, as a person reads it."""

import re
from dataclasses import dataclass
from typing import Any

from app.models.match import Lang
from app.models.run_diff import RequestChange
from app.web import wording
from app.web.texts import TEXTS, say

_NEED = re.compile(r"needs\[(\d+)\]\.?(.*)")


@dataclass(frozen=True, slots=True)
class AskedChange:
    """A field of the request that differs, in words."""

    name: str
    before: str
    after: str


def change(found: RequestChange, lang: Lang) -> AskedChange:
    """A change of the request in words; a field that has no words keeps its name."""
    path = found.path
    return AskedChange(
        _name(path, lang), _value(path, found.before, lang), _value(path, found.after, lang)
    )


def _name(path: str, lang: Lang) -> str:
    key = f"run.field.{path}"
    if key in TEXTS:
        return say(lang, key)
    need = _NEED.fullmatch(path)
    if need is None:
        return path.replace("_", " ").replace(".", ": ")
    title = say(lang, "run.field.need", number=int(need[1]) + 1)
    field = f"criterion.{need[2]}"
    return f"{title}: {say(lang, field) if field in TEXTS else need[2]}" if need[2] else title


def _value(path: str, value: Any, lang: Lang) -> str:
    if value is None or value in ("", []):
        return say(lang, "run.diff.nothing")
    if isinstance(value, bool):
        return say(lang, f"run.diff.{str(value).lower()}")
    if isinstance(value, list):
        return ", ".join(_value(path, each, lang) for each in value)
    if path.startswith("wishes.countries"):
        return wording.country(lang, str(value))
    return wording.period(lang, value) if path == "wishes.needed_from" else str(value)
