"""The tables of general knowledge that ship in app/data, each naming its public source."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The table `name` of app/data; its `source` key says where the facts come from."""
    text = files("app").joinpath("data", f"{name}.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def words_of(name: str, key: str) -> frozenset[str]:
    """A list of words, which tables keep as one string or as an array."""
    kept = table(name)[key]
    return frozenset(kept.split() if isinstance(kept, str) else kept)
