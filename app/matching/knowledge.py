"""The tables of general knowledge that ship in app/data, each naming its public source."""

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

# Tables of names by concept: of animals, of what a medicine is taken as, of studies, of nuclides.
NAMES = ("species", "dosage_forms", "study_types", "isotopes")


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


def names_of(concept: str) -> Sequence[str]:
    """What the tables of names call a concept, beside its labels and synonyms."""
    return _names().get(concept, ())


@cache
def _names() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in NAMES:
        for concept, written in table(name)["names"].items():
            found.setdefault(concept, []).extend(written)
    return found
