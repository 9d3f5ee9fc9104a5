import json
from importlib import resources
from typing import Any

from sqlmodel import Session, col, select

from app.models.concept import Concept, Facet
from app.models.event import Event
from app.services.revisions import current
from app.services.vocabulary_files import load, load_shipped


def entry(concept: str, **more: Any) -> str:
    record = {"id": concept, "facet": "service", "label_en": concept, "label_ko": None}
    links: dict[str, Any] = {"synonyms": [], "broader": None, "related": [], "not_same_as": []}
    return json.dumps({**record, **links, "basis": "seen", "sources": [], **more})


def test_a_line_becomes_a_concept(session: Session) -> None:
    match = [{"code": "X:1", "label": "x"}]
    text = entry("a") + "\n\n" + entry("b", label_ko="비", label_de="B", exact_match=match)
    assert load(session, text) is True
    first, second = session.exec(select(Concept).order_by(col(Concept.position))).all()
    assert (first.id, first.facet, first.labels) == ("a", Facet.SERVICE, {"en": "a"})
    assert (second.labels, second.codes) == (
        {"en": "b", "ko": "비", "de": "B"},
        {"exact_match": match},
    )
    assert (second.position, second.basis, second.is_decoy) == (1, "seen", False)


def test_the_same_text_is_loaded_once(session: Session) -> None:
    assert [load(session, entry("a")), load(session, entry("a"))] == [True, False]
    assert current(session, "vocabulary") == 1


def test_another_text_replaces_all_and_takes_the_next_revision(session: Session) -> None:
    load(session, entry("a"))
    assert load(session, entry("b")) is True
    assert session.exec(select(Concept.id)).all() == ["b"]
    assert current(session, "vocabulary") == 2
    assert [
        event.revision for event in session.exec(select(Event).order_by(col(Event.id))).all()
    ] == [1, 2]


def test_what_curators_changed_stays_until_another_text_ships(session: Session) -> None:
    load(session, entry("a"))
    concept = session.get_one(Concept, "a")
    concept.synonyms = ["ours"]
    session.flush()
    load(session, entry("a"))
    assert session.get_one(Concept, "a").synonyms == ["ours"]


def test_the_shipped_vocabulary_is_whole(session: Session) -> None:
    assert load_shipped(session) is True
    shipped = resources.files("app").joinpath("data/vocabulary.jsonl").read_text("utf-8")
    ids = [json.loads(line)["id"] for line in shipped.splitlines()]
    found = session.exec(select(Concept.id).order_by(col(Concept.position))).all()
    assert list(found) == ids
