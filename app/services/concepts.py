"""The vocabulary as people read it: listed, one by one, and suggested while typing."""

import json
from collections.abc import Sequence
from hashlib import blake2b

from pydantic import BaseModel
from sqlmodel import Session, col, select

from app.errors import NotFoundError
from app.matching import ENGINE
from app.matching.knowledge import names_of
from app.matching.vocabulary import Vocabulary
from app.models.concept import Concept, ConceptPublic, Facet
from app.models.directory import (
    ConceptPage,
    ConceptQuery,
    Suggestion,
    SuggestionQuery,
    Suggestions,
)
from app.services import cursor

_MOST_FOUND = 200  # concepts that a search of the list finds


def page(session: Session, vocabulary: Vocabulary, query: ConceptQuery) -> ConceptPage:
    """A page of concepts: in order of id, or, of a search, the 200 best, best first.

    BadRequestError for a cursor of another search.
    """
    asked = _asked(query)
    after = None
    if query.after:
        after = str(cursor.read(query.after, asked, str)[0])
    ids = _listed(vocabulary, query)
    if after is not None:
        # Of a search the place itself is known; should it be gone, nothing is left to follow.
        rest = ids[ids.index(after) + 1 :] if after in ids else []
        ids = rest if query.q else [each for each in ids if each > after]
    kept = ids[: query.limit]
    return ConceptPage(
        items=_public(session, vocabulary, kept),
        next=cursor.write([kept[-1]], asked) if len(ids) > query.limit else None,
    )


def read(session: Session, vocabulary: Vocabulary, concept: str) -> ConceptPublic:
    """A concept with those right below it; NotFoundError if there is none."""
    found = _public(session, vocabulary, [concept] if concept in vocabulary.concepts else [])
    if not found:
        raise NotFoundError("There is no concept with this id.")
    return found[0]


def suggest(vocabulary: Vocabulary, query: SuggestionQuery) -> Suggestions:
    """Concepts for what someone is typing, best first."""
    return Suggestions(
        items=[
            Suggestion(
                id=concept,
                facet=Facet(vocabulary.concepts[concept].facet),
                labels=dict(vocabulary.concepts[concept].labels),
                matched=matched,
            )
            for concept, matched in vocabulary.suggest(query.q, query.limit, query.facet)
        ]
    )


def etag(vocabulary: Vocabulary, query: BaseModel | None = None) -> str:
    """The entity tag of what is read from a vocabulary: its version, the engine, the query."""
    said = query.model_dump_json() if query else ""
    made_of = json.dumps([ENGINE, vocabulary.version, said])
    return f'"{blake2b(made_of.encode(), digest_size=12).hexdigest()}"'


def _asked(query: ConceptQuery) -> str:
    return query.model_dump_json(exclude={"limit", "after"})


def _listed(vocabulary: Vocabulary, query: ConceptQuery) -> list[str]:
    if query.q:
        return [concept for concept, _ in vocabulary.suggest(query.q, _MOST_FOUND, query.facet)]
    return sorted(
        concept.id
        for concept in vocabulary.concepts.values()
        if query.facet in (None, concept.facet) and (query.decoys or not concept.is_decoy)
    )


def _public(session: Session, vocabulary: Vocabulary, ids: Sequence[str]) -> list[ConceptPublic]:
    rows = session.exec(select(Concept).where(col(Concept.id).in_(ids))).all()
    by_id = {row.id: row for row in rows}
    below: dict[str, list[str]] = {}
    for concept in vocabulary.concepts.values():
        if concept.broader in by_id and not concept.is_decoy:
            below.setdefault(concept.broader, []).append(concept.id)
    return [
        ConceptPublic(
            **by_id[concept].model_dump(exclude={"basis", "position", "synonyms", "version"}),
            # With those of the shipped tables: readers want to see all that it answers to.
            synonyms=[*by_id[concept].synonyms, *names_of(concept)],
            narrower=sorted(below.get(concept, ())),
        )
        for concept in ids
        if concept in by_id
    ]
