import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib import resources
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, delete, select

from app.db import reading, writing
from app.errors import ConflictError, InvalidError
from app.models import Capability, Certificate, Concept, Event, Facility, Provider
from app.models.capability import CapabilityFlag, CapabilityStatus, Stage
from app.models.facility import Lifecycle
from app.models.provider import ProviderKind, State
from app.services.catalogue_files import export_lines, import_lines, seed
from app.services.records import derived_id
from app.services.revisions import current, next_revision
from app.settings import Seed

SHIPPED = resources.files("app").joinpath("data/providers.jsonl").read_text("utf-8").splitlines()

REQUEST = "0d3f6f1c4a365b0a9a396a8f2f6f9d11"


def line(**changes: Any) -> str:
    record: dict[str, Any] = {
        **{"slug": "acme", "name": "Acme", "native_name": None, "aliases": [], "kind": "cdmo"},
        **{"ownership": "private", "operating": "active", "successor": None, "country": "KR"},
        **{"region": None, "city": None, "website": None, "founded": None, "description": None},
        **{"facilities": [], "capabilities": [], "certifications": [], "languages": []},
        **{"memberships": [], "therapeutic_areas": [], "track_record": [], "confidence": None},
        "sources": [],
    }
    return json.dumps(record | changes, ensure_ascii=False)


def facility(name: str, **changes: Any) -> dict[str, Any]:
    known = {"city": None, "country": "KR", "operational_from": None, "notes": None}
    return {"name": name, **known, **changes}


def capability(service: str, **changes: Any) -> dict[str, Any]:
    unknown = dict.fromkeys(("modality", "platform", "scale", "quality", "note", "flag"))
    return {"service": service, **unknown, "stages": [], "facility": None, **changes}


def rows(session: Session) -> dict[str, list[dict[str, Any]]]:
    """All that the catalogue's tables hold, but for versions, revisions and times."""
    left_out = {"created_at", "updated_at", "version", "revision"}
    return {
        table.__name__: sorted(
            (
                row.model_dump(exclude=left_out, warnings=False)
                for row in session.exec(select(table)).all()
            ),
            key=lambda row: str(row["id"]),
        )
        for table in (Provider, Facility, Certificate, Capability)
    }


class TestImport:
    def test_it_reports_what_it_did(self, session: Session) -> None:
        session.commit()
        report = import_lines(session, [line(), "", line(slug="beta")], "key:1")
        assert (report.created, report.replaced, report.revision) == (2, 0, 1)
        assert current(session, "catalogue") == 1

    def test_providers_are_published_unless_the_line_says_otherwise(self, session: Session) -> None:
        import_lines(session, [line(), line(slug="beta", state="draft")], "key:1")
        found = session.exec(select(Provider).order_by(col(Provider.slug))).all()
        assert [(row.slug, row.state.value) for row in found] == [
            ("acme", "published"),
            ("beta", "draft"),
        ]

    def test_a_known_slug_is_replaced_as_a_whole(self, session: Session) -> None:
        import_lines(session, [line(facilities=[facility("A"), facility("B")])], "key:1")
        report = import_lines(session, [line(name="New", facilities=[facility("C")])], "key:1")
        assert (report.created, report.replaced, report.revision) == (0, 1, 2)
        (provider,) = session.exec(select(Provider)).all()
        assert (provider.name, provider.version, provider.revision) == ("New", 2, 2)
        (site,) = session.exec(select(Facility)).all()
        assert (site.name, site.id) == ("C", derived_id("acme", "facility", 0))

    def test_a_provider_made_by_hand_keeps_its_id(self, session: Session) -> None:
        made = Provider(slug="acme", name="Old", kind=ProviderKind.CDMO)
        session.add(made)
        session.commit()
        kept = made.id
        import_lines(session, [line(facilities=[facility("A")])], "key:1")
        (provider,) = session.exec(select(Provider)).all()
        (site,) = session.exec(select(Facility)).all()
        assert (provider.id, provider.name, site.provider_id) == (kept, "Acme", kept)

    def test_the_journal_keeps_both_states(self, session: Session) -> None:
        import_lines(session, [line()], "key:1")
        import_lines(session, [line(name="New")], "key:2", request_id=REQUEST)
        first, second = session.exec(select(Event).order_by(col(Event.id))).all()
        assert (first.actor, first.action, first.before, first.after, first.revision) == (
            *("key:1", "imported", None, json.loads(line())),
            1,
        )
        assert (second.before, second.after) == (json.loads(line()), json.loads(line(name="New")))
        assert (second.noun_id, second.request_id) == (derived_id("acme"), REQUEST)

    def test_nothing_is_imported_by_halves(self, engine: Engine) -> None:
        with pytest.raises(InvalidError), writing(engine) as session:
            import_lines(session, [line(), line(slug="beta", kind="circus")], "key:1")
        with reading(engine) as session:
            assert session.exec(select(Provider)).all() == []
            assert current(session, "catalogue") == 0

    def test_ids_of_other_records_are_a_conflict(self, engine: Engine) -> None:
        with writing(engine) as session:
            import_lines(session, [line(facilities=[facility("A")])], "key:1")
        taken = facility("B", id=str(derived_id("acme", "facility", 0)))
        with pytest.raises(ConflictError), writing(engine) as session:
            import_lines(session, [line(slug="beta", facilities=[taken])], "key:1")

    def test_another_id_than_the_stored_one_is_refused(self, session: Session) -> None:
        import_lines(session, [line()], "key:1")
        other = line(id="00000000-0000-4000-8000-000000000000")
        with pytest.raises(InvalidError) as refused:
            import_lines(session, [other], "key:1")
        assert [fault.where for fault in refused.value.faults] == ["line 1, id"]

    def test_imports_at_the_same_time_follow_each_other(self, engine: Engine) -> None:
        def again(_: int) -> None:
            with writing(engine) as session:
                import_lines(session, [line(slug="beta"), line()], "key:1")

        again(0)
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(again, range(6)))
        with reading(engine) as session:
            found = session.exec(select(Provider).order_by(col(Provider.slug))).all()
            assert [(row.version, row.revision) for row in found] == [(7, 7), (7, 7)]
            assert len(session.exec(select(Event).order_by(col(Event.id))).all()) == 14

    def test_an_empty_file_changes_nothing(self, session: Session) -> None:
        assert import_lines(session, ["", "  "], "key:1").created == 0
        assert current(session, "catalogue") == 0

    def test_doubts_are_counted(self, session: Session) -> None:
        offered = [capability("Tests", scale="plates of 96"), capability("Tours", scale="room 7")]
        report = import_lines(session, [line(capabilities=offered)], "key:1")
        assert report.counts == {"no quantity was read from its numbers": 2}
        assert [(doubt.slug, doubt.field) for doubt in report.doubts] == [
            ("acme", "capabilities[0].scale"),
            ("acme", "capabilities[1].scale"),
        ]


class TestExport:
    def test_the_shipped_catalogue_comes_back_byte_by_byte(self, session: Session) -> None:
        import_lines(session, SHIPPED, "key:1")
        assert list(export_lines(session)) == sorted(
            SHIPPED, key=lambda text: json.loads(text)["slug"]
        )

    def test_what_the_shipped_shape_cannot_say_comes_back_too(self, session: Session) -> None:
        provider = Provider(
            slug="acme",
            name="Acme",
            kind=ProviderKind.CDMO,
            founded_year=1999,
            founded="about 2000",
            assured_on=date(2026, 1, 2),
            state=State.DRAFT,
        )
        session.add(provider)
        session.flush()
        sites = [
            Facility(provider_id=provider.id, name="A", position=3, lifecycle=Lifecycle.CLOSED),
            Facility(provider_id=provider.id, name="A", position=5),
        ]
        session.add_all(sites)
        session.flush()
        session.add_all(
            [
                Certificate(
                    provider_id=provider.id,
                    facility_id=sites[1].id,
                    standard="GMP",
                    scope="API",
                    expires_on="2030",
                    source="https://a.example",
                ),
                Certificate(provider_id=provider.id, standard="GMP, all plants", position=1),
                Capability(
                    provider_id=provider.id,
                    facility_id=sites[0].id,
                    service="X",
                    stages=[Stage.PHASE1],
                    scale="500 L",
                    quantities=[],
                    pinned=["a"],
                    lead_time_weeks=8,
                    available_from="2027-Q1",
                    status=CapabilityStatus.PAUSED,
                    flag=CapabilityFlag.GENERAL_KNOWLEDGE,
                    evidence_address="https://b.example",
                    evidence_seen_on=date(2026, 3, 4),
                ),
                Capability(
                    provider_id=provider.id,
                    service="Y",
                    position=1,
                    status=CapabilityStatus.PLANNED,
                    flag=CapabilityFlag.NOT_A_SERVICE,
                    quantities=[{"minimum": 1.0, "maximum": None, "unit": "L", "kind": "volume"}],
                ),
            ]
        )
        session.commit()
        session.expire_all()
        before, lines = rows(session), list(export_lines(session))
        session.execute(delete(Provider))
        session.commit()
        assert rows(session)["Provider"] == []
        import_lines(session, lines, "key:1")
        assert rows(session) == before
        assert list(export_lines(session)) == lines

    def test_importing_an_export_gives_identical_rows(self, engine: Engine) -> None:
        with writing(engine) as session:
            import_lines(session, SHIPPED[:60], "key:1")
            before, lines = rows(session), list(export_lines(session))
            import_lines(session, lines, "key:1")
            assert rows(session) == before


class TestSeed:
    def test_an_empty_database_gets_vocabulary_and_catalogue_once(self, session: Session) -> None:
        told: list[str] = []
        started = time.thread_time()
        seed(session, Seed.CATALOGUE, told.append)
        took = time.thread_time() - started
        assert told == [
            "The vocabulary has been loaded.",
            "The shipped catalogue has been loaded: 369 providers.",
            "Not read for sure, and so left unknown:",
            "  24 x no quantity was read from its numbers",
            "  24 x the date is no date of operation: the notes say planned",
            "  18 x only a plan is told",
            "  11 x no known standard is named",
            "  4 x the date is no date of operation: the notes say closed",
            "  3 x the date is no date of operation: the notes say qualification",
            "  2 x no single year is stated",
        ]
        assert took < 30  # about 1 s; a loop of single statements takes far longer
        seed(session, Seed.CATALOGUE, told.append)
        assert len(told) == 10  # nothing more the second time
        assert [current(session, name) for name in ("catalogue", "vocabulary")] == [1, 1]
        assert len(session.exec(select(Provider.id)).all()) == 369
        history = session.exec(
            select(Event).where(Event.noun_id == derived_id("lonza")).order_by(col(Event.id))
        ).all()
        assert [(event.actor, event.action) for event in history] == [("system", "seeded")]

    def test_without_a_catalogue_only_the_vocabulary_is_loaded(self, session: Session) -> None:
        seed(session, Seed.NONE, lambda _: None)
        assert session.exec(select(Provider.id)).all() == []
        assert len(session.exec(select(Concept.id)).all()) > 600

    def test_a_catalogue_that_is_not_empty_is_left_alone(self, session: Session) -> None:
        import_lines(session, [line()], "key:1")
        seed(session, Seed.CATALOGUE, lambda _: None)
        assert session.exec(select(Provider.slug)).all() == ["acme"]

    def test_a_counter_that_went_on_is_not_set_back(self, session: Session) -> None:
        next_revision(session, "catalogue")
        seed(session, Seed.CATALOGUE, lambda _: None)
        assert set(session.exec(select(Provider.revision)).all()) == {2}
