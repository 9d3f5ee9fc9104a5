import gc
import sys
import weakref

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.main import create_app
from app.settings import Settings


def test_an_app_that_nobody_holds_is_collected(settings: Settings, engine: Engine) -> None:
    app = create_app(settings)
    with TestClient(app) as client:
        assert client.get("/docs").status_code == 200
    kept = weakref.ref(app.state.catalogue)
    del app, client
    gc.collect()
    assert kept() is None


def _state() -> tuple[tuple[int, int, int], float]:
    return gc.get_threshold(), sys.getswitchinterval()


def test_an_app_that_has_ended_leaves_its_process_as_it_was(app: FastAPI, engine: Engine) -> None:
    before = _state()
    with TestClient(app):
        assert gc.get_freeze_count() > 0
        assert _state() != before
    assert gc.get_freeze_count() == 0
    assert _state() == before
