"""The catalogue and the vocabulary that ship with the service, as the core sees them."""

import json
from functools import cache
from importlib import resources

from app.matching.catalogue import Catalogue
from app.matching.vocabulary import Vocabulary, concepts_from_records
from app.models.provider import State
from app.services.candidates import candidate_of
from app.services.record_lines import ProviderLine
from app.services.records import to_provider


def _lines(name: str) -> list[str]:
    text = resources.files("app").joinpath(f"data/{name}").read_text("utf-8")
    return text.splitlines()


@cache
def vocabulary() -> Vocabulary:
    return Vocabulary(concepts_from_records(map(json.loads, _lines("vocabulary.jsonl"))), 1)


@cache
def catalogue() -> Catalogue:
    rows = [to_provider(ProviderLine.model_validate_json(r)) for r in _lines("providers.jsonl")]
    states = {row.slug: State.PUBLISHED for row in rows}
    return Catalogue.build([candidate_of(row, states) for row in rows], vocabulary(), 1)
