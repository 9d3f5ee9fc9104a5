"""Clients that write without rest, each request again and again until it is acknowledged."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
from sqlalchemy import func
from sqlmodel import select

from app.db import reading, writing
from app.models.capability import Capability
from app.models.event import Event
from app.models.key import Role
from app.models.provider import ProviderCreate
from app.services import keys, providers
from app.services.editing import Editor
from app.services.tenancy import SYSTEM
from tests.prove.place import Database
from tests.prove.server import bearer

Headers = dict[str, Any]


@dataclass(slots=True)
class Written:
    """What was acknowledged, by its idempotency key, and what else was answered on the way."""

    acknowledged: dict[str, Any] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    without_retry_after: int = 0
    longest_s: float = 0.0
    last: dict[int, float] = field(default_factory=dict)  # when each status was last seen


def issue(database: Database, role: Role, **options: Any) -> tuple[str, Headers]:
    """A new key: its id, and the header fields that carry it."""
    with writing(database.engine, SYSTEM.claims) as session:
        given = {"editor": Editor()} | options
        key, secret = keys.create(session, name=f"a {role}", role=role, **given)
        return str(key.id), bearer(secret)


def add_providers(database: Database, count: int) -> list[str]:
    """The slugs of so many new published providers; each has room for 200 capabilities."""
    with writing(database.engine, SYSTEM.claims) as session:
        return [
            providers.create(
                session,
                ProviderCreate.model_validate(
                    {"name": f"Provider {number}", "kind": "cdmo", "state": "published"}
                ),
                editor=Editor(),
            ).slug
            for number in range(count)
        ]


@contextmanager
def writers(
    address: str, places: list[str], headers: Headers, clients: int, most: int = 190
) -> Iterator[Written]:
    """So many clients that create capabilities; at the end each finishes what it is at."""
    stop, written = threading.Event(), Written()
    slots = [(place, number) for number in range(most) for place in places]
    waiting, lock = iter(slots), threading.Lock()

    def write(_: int) -> None:
        with httpx2.Client(timeout=30, verify=False) as client:
            while not stop.is_set():
                with lock:
                    slot = next(waiting, None)
                if slot is None:
                    return
                _until_acknowledged(client, address, headers, slot, written)

    threads = [threading.Thread(target=write, args=(n,), daemon=True) for n in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield written
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=90)


def _until_acknowledged(
    client: httpx2.Client, address: str, headers: Headers, slot: tuple[str, int], written: Written
) -> None:
    place, number = slot
    key = f"{place}-{number}"
    ends = time.monotonic() + 90
    while time.monotonic() < ends:
        started = time.monotonic()
        try:
            answer = client.post(
                f"{address}/v1/providers/{place}/capabilities",
                json={"service": f"Service {number}"},
                headers=headers | {"Idempotency-Key": key},
            )
        except httpx2.TransportError:
            time.sleep(0.02)
            continue
        now = time.monotonic()
        written.longest_s = max(written.longest_s, now - started)
        written.statuses[answer.status_code] += 1
        written.last[answer.status_code] = now
        if answer.status_code == 201:
            written.acknowledged[key] = answer.json()
            return
        if "retry-after" not in answer.headers:
            written.without_retry_after += 1
        time.sleep(0.02)


def differences(database: Database, places: list[str], written: Written) -> list[str]:
    """Where what is stored differs from what was acknowledged, once and for all."""
    with reading(database.owner, SYSTEM.claims) as session:
        stored = Counter(str(each) for each in session.exec(select(Capability.id)).all())
        told = session.exec(
            select(func.count()).select_from(Event).where(Event.action == "capability-created")
        ).one()
        check = (
            session.connection().exec_driver_sql("PRAGMA integrity_check").scalar()
            if database.kind == "sqlite"
            else "ok"
        )
    acknowledged = Counter(each["id"] for each in written.acknowledged.values())
    found = [f"lost: {each}" for each in acknowledged - stored]
    found += [f"kept without having been acknowledged: {each}" for each in stored - acknowledged]
    found += [f"one id for two requests: {k}" for k, n in acknowledged.items() if n > 1]
    if told != len(acknowledged):
        found.append(f"the journal tells of {told} writes instead of {len(acknowledged)}")
    if check != "ok":
        found.append("the database is damaged")
    return found
