import gc
import sys

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine


def _state() -> tuple[tuple[int, int, int], float]:
    return gc.get_threshold(), sys.getswitchinterval()


def test_an_app_that_has_ended_leaves_its_process_as_it_was(app: FastAPI, engine: Engine) -> None:
    before = _state()
    with TestClient(app):
        assert gc.get_freeze_count() > 0
        assert _state() != before
    assert gc.get_freeze_count() == 0
    assert _state() == before
