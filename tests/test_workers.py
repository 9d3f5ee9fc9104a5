"""Two worker processes behind one port: a change is seen by the next match on both of them, and
both answer alike, byte for byte."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx2
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.main import create_app
from app.models.key import Role
from tests.catalogue import HWASUN, MRNA_BUILDING, load
from tests.conftest import ENGINES, empty, settings_for
from tests.service import issue, tagged

CHANGES, ASKED_AFTER_EACH, AT_ONCE = 2, 24, 8
QUESTION = {
    "needs": [{"service": "LNP formulation", "modality": "mRNA", "importance": "must"}],
    "wishes": {"needed_from": "2028"},
    "as_of": "2026-11-21",
    "limit": 100,
    "include_ineligible": True,
}


@contextmanager
def two_workers(database_url: str) -> Iterator[str]:
    """The address of a server with two processes, which both have answered."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    command = ["-m", "uvicorn", "--factory", "app.main:create_app", "--port", str(port)]
    options = ["--workers", "2", "--log-level", "error", "--no-access-log"]
    options += ["--timeout-worker-healthcheck", "60"]  # the machine of tests is shared
    settings = {"CDMO_DATABASE_URL": database_url, "CDMO_SEED": "none", "CDMO_LOG_LEVEL": "error"}
    server = subprocess.Popen(
        [sys.executable, *command, *options], env=os.environ | settings, start_new_session=True
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/readyz")
        time.sleep(1)  # the second worker starts beside the first
        yield address
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if httpx2.get(address, timeout=2).status_code == 200:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError("the server doesn't start")


def ask(address: str) -> bytes:
    """One match over a connection of its own, which either process may take."""
    answer = httpx2.post(f"{address}/v1/match", json=QUESTION, timeout=10, verify=False)
    assert answer.status_code == 200, answer.text
    return answer.content


def standing(answer: bytes) -> tuple[int, str]:
    """The revision that an answer was computed from, and how Hwasun fares in it."""
    found: dict[str, Any] = json.loads(answer)
    (hwasun,) = (m for m in found["matches"] if m["provider"]["slug"] == HWASUN)
    return found["computed_from"]["catalogue"], hwasun["eligibility"]


def test_a_change_is_seen_by_the_next_match_on_every_worker(
    engine: Engine, database_url: str
) -> None:
    load(engine)
    headers = issue(engine, Role.CURATOR)
    with two_workers(database_url) as address, ThreadPoolExecutor(AT_ONCE) as pool:
        record = httpx2.get(f"{address}/v1/providers/{HWASUN}").json()
        (building,) = (f["id"] for f in record["facilities"] if f["name"] == MRNA_BUILDING)
        place = f"{address}/v1/providers/{HWASUN}/facilities/{building}"
        revision, _ = standing(ask(address))
        for number in range(CHANGES):
            lifecycle, fate = [("licensed", "eligible"), ("planned", "conditional")][number % 2]
            changed = httpx2.patch(
                place, json={"lifecycle": lifecycle}, headers=tagged(headers, number + 1)
            )
            assert changed.status_code == 200, changed.text
            # Several at once, so that neither process can take them all.
            answers = set(pool.map(ask, [address] * ASKED_AFTER_EACH))
            assert len(answers) == 1
            assert standing(answers.pop()) == (revision + number + 1, fate)


def test_both_engines_give_the_same_bytes(engine_of: Callable[[str], Engine]) -> None:
    answers = []
    for kind in ENGINES:
        engine = engine_of(kind)
        load(engine)
        url = engine.url.render_as_string(hide_password=False)
        with TestClient(create_app(settings_for(url))) as client:
            answers.append(client.post("/v1/match", json=QUESTION).content)
        empty(engine)
    assert answers[0] == answers[1]
