"""The shipped vocabulary: loaded into the table of concepts whenever its file has changed."""

import json
from collections.abc import Iterable
from hashlib import sha256
from importlib import resources
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, insert, select

from app.matching.vocabulary import concepts_from_records
from app.models.concept import Concept, Facet
from app.models.event import Event
from app.services import journal
from app.services.revisions import VOCABULARY, next_revision

# The journal's name for the vocabulary as a whole.
_VOCABULARY = UUID("0f9f2a52-9d37-5d59-8f5c-3a3c1f0f6a10")
_LOADED = "vocabulary-loaded"


def load_shipped(session: Session) -> bool:
    """Load the vocabulary that ships with this version; False if it is the one loaded last."""
    shipped = resources.files("app").joinpath("data/vocabulary.jsonl").read_text("utf-8")
    return load(session, shipped)


def load(session: Session, text: str) -> bool:
    """Replace all concepts by those of a text in JSON Lines and take a vocabulary revision.

    Does nothing and answers False if the text is the one that was loaded last: what curators
    changed since then stays until a new file ships.
    """
    digest = sha256(text.encode()).hexdigest()
    if digest == _last_digest(session):
        return False
    records = [json.loads(line) for line in text.splitlines() if line.strip()]
    rows = _rows(records)
    session.execute(delete(Concept))
    if rows:
        session.execute(insert(Concept), rows)
    journal.record(
        session,
        actor="system",
        action=_LOADED,
        noun="vocabulary",
        noun_id=_VOCABULARY,
        after={"digest": digest, "concepts": len(rows)},
        revision=next_revision(session, VOCABULARY),
    )
    session.flush()
    session.expire_all()
    return True


def _last_digest(session: Session) -> str | None:
    query = (
        select(Event.after)
        .where(Event.noun_id == _VOCABULARY, Event.action == _LOADED)
        .order_by(col(Event.id).desc())
        .limit(1)
    )
    after = session.exec(query).first()
    return after["digest"] if after else None


def _rows(records: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    records = list(records)
    concepts = concepts_from_records(records)
    return [
        {
            "id": concept.id,
            "facet": Facet(concept.facet),
            "labels": dict(concept.labels),
            "synonyms": list(concept.synonyms),
            "broader": concept.broader,
            "related": list(concept.related),
            "not_same_as": list(concept.not_same_as),
            "codes": dict(concept.codes),
            "is_decoy": concept.is_decoy,
            "basis": record.get("basis"),
            "sources": list(record.get("sources") or ()),
            "position": position,
            "version": 1,
        }
        for position, (concept, record) in enumerate(zip(concepts, records, strict=True))
    ]
