"""Retention: requirements forgotten with their traces, idle ones ended, expired rows swept."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from app.db import reading, writing
from app.models.event import Event
from app.models.idempotency import IdempotentAnswer
from app.models.key import Role
from app.models.requirement import Requirement
from app.services import companies, portals, retention
from app.services.editing import Editor
from app.services.retention import Swept
from app.services.tenancy import SYSTEM, Caller
from app.settings import Settings
from tests import kept
from tests.kept import CANARY, OTHER


@pytest.fixture
def company(engine: Engine) -> str:
    """The id of a company of the centre."""
    with writing(engine, SYSTEM.claims) as session:
        centre = portals.centre(session).id
        return str(companies.make(session, "a start-up", centre, Editor()).id)


def journal(engine: Engine) -> list[tuple[str, str, str, UUID, Any, Any]]:
    """All that was told of requirements."""
    with reading(engine) as session:
        rows = session.exec(
            select(Event).where(Event.noun == "requirement").order_by(col(Event.id))
        ).all()
    return [(e.actor, e.action, e.noun, e.noun_id, e.before, e.after) for e in rows]


class TestForgetRequirement:
    @pytest.mark.parametrize("role", ["partner", "company"])
    def test_leaves_nothing_of_it_and_all_of_others(
        self, engine: Engine, company: str, role: str
    ) -> None:
        with writing(engine, SYSTEM.claims) as session:
            gone, run = kept.requirement(session, company)
            stays, other = kept.requirement(session, company, OTHER)
            portal = session.get_one(Requirement, gone).portal_id
            for wanted, its_run, word in ((gone, run, CANARY), (stays, other, OTHER)):
                for route, location in (
                    ("POST /v1/requirements", f"/v1/requirements/{wanted}"),
                    (f"POST /v1/requirements/{wanted}/runs", f"/v1/runs/{its_run}"),
                    (f"POST /v1/requirements/{wanted}/share", None),
                    (f"POST /v1/runs/{its_run}/replay", None),
                ):
                    kept.answer(session, "key:another", route, location, word)
        caller = Caller("key:own", Role(role), portal_id=portal, company_id=UUID(company))
        with writing(engine, caller.claims) as session:
            retention.forget_requirement(session, gone)
            seen = session.exec(select(IdempotentAnswer.id)).all()
        # It speaks for the caller again, who sees no other caller's answers.
        assert len(seen) == (0 if engine.dialect.name == "postgresql" else 4)
        assert kept.leftovers(engine, [CANARY]) == []
        counts = kept.counts(engine)
        names = ("requirement", "requirement_need", "run", "idempotent_answer")
        assert [counts[name] for name in names] == [1, 2, 1, 4]
        assert journal(engine) == []  # its caller tells

    def test_is_undone_with_the_transaction(self, engine: Engine, company: str) -> None:
        with writing(engine, SYSTEM.claims) as session:
            wanted, _ = kept.requirement(session, company)
            kept.answer(session, "key:x", f"POST /v1/requirements/{wanted}/runs", None)
        before = kept.counts(engine)
        with reading(engine, SYSTEM.claims) as session:
            retention.forget_requirement(session, wanted)  # and is never committed
        assert kept.counts(engine) == before

    def test_what_is_not_there_is_no_matter(self, engine: Engine, company: str) -> None:
        before = kept.counts(engine)
        with writing(engine, SYSTEM.claims) as session:
            retention.forget_requirement(session, UUID(company))
        assert kept.counts(engine) == before


class TestSweep:
    def idle(self, engine: Engine, company: str, days: float, word: str = CANARY) -> UUID:
        with writing(engine, SYSTEM.claims) as session:
            used_at = datetime.now(UTC) - timedelta(days=days)
            wanted, _ = kept.requirement(session, company, word, used_at=used_at)
            kept.answer(session, "key:x", f"POST /v1/requirements/{wanted}/runs", None, word)
            return wanted

    def test_ends_requirements_that_were_idle_too_long(
        self, engine: Engine, settings: Settings, company: str
    ) -> None:
        idle = self.idle(engine, company, 730.01)
        self.idle(engine, company, 729.99, OTHER)
        assert retention.sweep(engine, settings) == Swept(1, 0, 0, 0)
        assert retention.sweep(engine, settings) == Swept(0, 0, 0, 0)
        assert kept.leftovers(engine, [CANARY]) == []
        counts = kept.counts(engine)
        names = ("requirement", "requirement_need", "run", "idempotent_answer")
        assert [counts[name] for name in names] == [1, 2, 1, 1]
        assert journal(engine) == [("system", "expired", "requirement", idle, None, None)]

    def test_the_time_is_a_setting_and_may_be_never(
        self, engine: Engine, settings: Settings, company: str
    ) -> None:
        self.idle(engine, company, 30_000)
        for days, ended in ((0, 0), (36_500, 0), (30, 1)):
            chosen = settings.model_copy(update={"requirement_idle_days": days})
            assert retention.sweep(engine, chosen).requirements == ended

    def test_deletes_what_has_expired_and_nothing_else(
        self, engine: Engine, settings: Settings, company: str
    ) -> None:
        now = datetime.now(UTC)
        past = now - timedelta(seconds=1)
        with writing(engine, SYSTEM.claims) as session:
            person = kept.person(session, company)
            kept.sign_in(session, person, past)
            kept.sign_in(session, person, now + timedelta(days=1), updated_at=now - timedelta(1))
            kept.token(session, person, past)
            kept.answer(session, "key:x", "POST /v1/x", None)
            for _ in range(201):  # more than two batches
                kept.answer(session, "key:x", "POST /v1/x", None, expires_at=past)
        assert retention.sweep(engine, settings) == Swept(0, 2, 1, 201)
        counts = kept.counts(engine)
        names = ("sign_in", "one_time_token", "idempotent_answer")
        assert [counts[name] for name in names] == [1, 1, 1]

    def test_stops_when_it_is_told_to(
        self, engine: Engine, settings: Settings, company: str
    ) -> None:
        self.idle(engine, company, 1000)
        assert retention.sweep(engine, settings, lambda: False) == Swept(0, 0, 0, 0)

    def test_many_at_once_end_each_requirement_once(
        self, engine: Engine, settings: Settings, company: str
    ) -> None:
        wanted = [self.idle(engine, company, 1000) for _ in range(40)]
        with ThreadPoolExecutor(4) as pool:
            swept = list(pool.map(lambda _: retention.sweep(engine, settings), range(4)))
        assert sum(each.requirements for each in swept) == 40
        assert sorted(each[3] for each in journal(engine)) == sorted(wanted)

    @pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # whose log is a file of ours
    def test_a_reader_holds_sqlites_log_only_till_the_next_sweep(
        self, engine: Engine, settings: Settings, company: str
    ) -> None:
        self.idle(engine, company, 1000)
        reader = sqlite3.connect(str(engine.url.database), isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM requirement").fetchall()
        assert retention.sweep(engine, settings).requirements == 1
        assert kept.leftovers(engine, [CANARY]) != []
        reader.close()
        assert retention.sweep(engine, settings).requirements == 0
        assert kept.leftovers(engine, [CANARY]) == []
