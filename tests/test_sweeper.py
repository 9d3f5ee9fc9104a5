"""The hourly sweep: in time, whatever goes wrong, and over with the service."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine

from app import sweeper
from app.db import writing
from app.services import retention
from app.services.retention import Swept
from app.services.tenancy import SYSTEM
from app.settings import Settings
from tests import kept

ENGINE = create_engine("sqlite://")


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeper, "FIRST_S", 0.01)
    monkeypatch.setattr(sweeper, "AGAIN_S", 0.01)


def test_goes_on_after_an_error_and_logs_its_kind_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done = threading.Semaphore(0)

    def fail(*_: Any, **__: Any) -> Swept:
        done.release()
        raise ValueError("a secret")

    monkeypatch.setattr(retention, "sweep", fail)

    async def serve() -> None:
        async with sweeper.sweeping(ENGINE, Settings()):
            for _ in range(3):
                assert await asyncio.to_thread(done.acquire, timeout=10)

    with caplog.at_level(logging.ERROR):
        asyncio.run(serve())
    assert len(caplog.records) >= 2
    for record in caplog.records:
        assert record.getMessage() == "the sweep failed"
        assert record.__dict__["fields"] == {"error": "builtins.ValueError"}
        assert record.exc_info is None


def test_the_service_sweeps_what_has_expired(app: FastAPI, engine: Engine) -> None:
    now = datetime.now(UTC)
    with writing(engine, SYSTEM.claims) as session:
        kept.answer(session, "key:x", "POST /v1/x", None, expires_at=now)
    end = time.monotonic() + 10
    with TestClient(app):
        while kept.counts(engine)["idempotent_answer"] and time.monotonic() < end:
            time.sleep(0.02)
    assert kept.counts(engine)["idempotent_answer"] == 0


def test_a_sweep_under_way_is_told_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ended = threading.Event(), threading.Event()

    def last(*_: Any, goes_on: Callable[[], bool]) -> Swept:
        begun.set()
        while goes_on():
            ended.wait(0.005)
        ended.set()
        return Swept(0, 0, 0, 0)

    monkeypatch.setattr(retention, "sweep", last)

    async def serve() -> None:
        async with sweeper.sweeping(ENGINE, Settings()):
            assert await asyncio.to_thread(begun.wait, 10)
            assert not ended.is_set()

    asyncio.run(serve())
    assert ended.is_set()


def test_nothing_is_swept_before_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeper, "FIRST_S", 60.0)
    swept: list[Any] = []
    monkeypatch.setattr(retention, "sweep", lambda *given, **_: swept.append(given))

    async def serve() -> None:
        async with sweeper.sweeping(ENGINE, Settings()):
            await asyncio.sleep(0.05)

    asyncio.run(asyncio.wait_for(serve(), 10))
    assert swept == []
