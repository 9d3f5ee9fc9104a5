"""The whole service with a large catalogue, as its own processes on this machine."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import SecretStr
from sqlmodel import Session, insert

from app.db import create_engine, writing
from app.matching.types import Candidate
from app.models.capability import Capability
from app.models.certificate import Certificate
from app.models.facility import Facility
from app.models.provider import Provider
from app.services import migrations, vocabulary_files
from app.services.record_lines import ProviderLine
from app.services.records import to_provider
from app.services.revisions import CATALOGUE, next_revision
from app.settings import Seed, Settings
from tests.benchmarks.resample import FIELDS, numbered
from tests.quality.deals import read_providers

_SECONDS_TO_START = 180
_ROWS = 2000  # per statement


def seed(file: Path, copies: Sequence[tuple[str, Candidate]]) -> Settings:
    """Settings for a new SQLite database that holds `copies`, each with its original's slug."""
    settings = Settings(database_url=SecretStr(f"sqlite:///{file}"), seed=Seed.NONE)
    engine = create_engine(settings)
    migrations.upgrade_engine(engine)
    shipped = {
        row.slug: row
        for row in map(to_provider, map(ProviderLine.model_validate, read_providers()))
    }
    with writing(engine) as session:
        vocabulary_files.load_shipped(session)
        revision = next_revision(session, CATALOGUE)
        for table in (Provider, Facility, Certificate, Capability):
            rows = chain.from_iterable(
                _rows(table, shipped[slug], candidate, number, revision)
                for number, (slug, candidate) in enumerate(copies)
            )
            _insert(session, table, rows)
    engine.dispose()
    return settings


def _insert(session: Session, table: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    waiting = iter(rows)
    while some := list(islice(waiting, _ROWS)):
        session.execute(insert(table), some)


def _rows(
    table: type[Any], original: Provider, candidate: Candidate, number: int, revision: int
) -> Iterator[dict[str, Any]]:
    owner = UUID(candidate.id)
    if table is Provider:
        own = {"id": owner, "slug": candidate.slug, "revision": revision}
        yield original.model_dump() | own
        return
    parts: dict[type[Any], Sequence[Any]] = {
        Facility: original.facilities,
        Certificate: original.certificates,
        Capability: original.capabilities,
    }
    offers = {offer.id: offer for offer in candidate.offers}
    for part in parts[table]:
        row = part.model_dump() | {"provider_id": owner}
        for name in ("id", "facility_id"):
            if row.get(name):
                row[name] = UUID(numbered(str(row[name]), number))
        offer = offers.get(str(row["id"])) if table is Capability else None
        if offer is not None:
            row |= {field: getattr(offer, field) for field in FIELDS}
        yield row


@contextmanager
def served(settings: Settings, workers: int) -> Iterator[int]:
    """The port of a server with this many processes, once it is ready."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    command = ["-m", "uvicorn", "--factory", "app.main:create_app", "--port", str(port)]
    options = ["--workers", str(workers), "--log-level", "error", "--no-access-log"]
    options += ["--timeout-worker-healthcheck", str(_SECONDS_TO_START)]
    environment = os.environ | {
        "CDMO_DATABASE_URL": settings.database_url.get_secret_value(),
        "CDMO_SEED": "none",
        "CDMO_LOG_LEVEL": "error",
        "CDMO_RATE_LIMITS": "off",  # all questions come from one address
    }
    server = subprocess.Popen(
        [sys.executable, *command, *options], env=environment, start_new_session=True
    )
    try:
        _wait_for(port, workers)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _wait_for(port: int, workers: int) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    ready = 0
    while ready < 4 * workers:  # any of the processes may take a connection
        if time.monotonic() > deadline:
            raise TimeoutError("the server isn't ready in time")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_SECONDS_TO_START)
            connection.request("GET", "/readyz")
            ready += connection.getresponse().status == 200
            connection.close()
        except OSError:
            time.sleep(0.2)
