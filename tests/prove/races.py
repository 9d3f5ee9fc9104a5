"""Many at once: repeated creations make one thing each, and no edit overwrites another unseen."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from fastapi.testclient import TestClient
from sqlalchemy import func
from sqlmodel import select

from app.db import reading
from app.main import create_app
from app.models.company import Company
from app.models.key import Role
from app.services import idempotency
from app.services.precondition import Precondition
from app.services.tenancy import SYSTEM
from tests.prove.experiment import Experiment, Outcome, Size
from tests.prove.place import ENGINES, Database, Place
from tests.prove.writers import Headers, add_providers, issue

_AT_ONCE, _EDITORS = 20, 8
_TRIES, _PAUSE_S = 20, 0.5  # of a request on a busy machine


def repeats(place: Place, size: Size) -> Outcome:
    """So many keys, each sent by twenty at once: one object for each key, and one answer."""
    many = size.of(200, 15)
    wrong: list[str] = []
    made = 0
    for kind in ENGINES:
        with place.database(kind) as database, _client(database) as client:
            count, found = _repeated(database, client, many)
        made += count
        wrong += [f"{kind}: {each}" for each in found]
    return Outcome(
        f"{made} objects of 2 x {many} keys x {_AT_ONCE} parallel POSTs; {len(wrong)} wrong",
        f"{2 * many} objects, 0 wrong",
        made == 2 * many and not wrong,
        wrong,
    )


def _repeated(database: Database, client: TestClient, many: int) -> tuple[int, list[str]]:
    _, first = issue(database, Role.ADMIN)
    before = _companies(database)
    found: list[str] = []

    def post(number: int, name: str, headers: Headers = first) -> Any:
        headers = headers | {"Idempotency-Key": f"key-{number}"}
        for _ in range(_TRIES):  # who is told that there is no room asks again, as clients do
            answer = client.post("/v1/companies", json={"name": name}, headers=headers)
            if answer.status_code != 503:
                break
            time.sleep(_PAUSE_S)
        return answer

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for number in range(many):
            answers = list(pool.map(lambda _, n=number: post(n, f"Company {n}"), range(_AT_ONCE)))
            statuses = Counter(answer.status_code for answer in answers)
            bodies = {answer.content for answer in answers if answer.status_code == 201}
            if set(statuses) - {201, 409} or len(bodies) != 1:
                found.append(f"key {number}: {dict(statuses)}, {len(bodies)} different answers")
    count = _companies(database) - before
    if (status := post(0, "Another name").status_code) != 422:
        found.append(f"{status} instead of 422 for other content under the same key")
    _, second = issue(database, Role.ADMIN)
    if post(0, "Company 0", second).json()["id"] == post(0, "Company 0").json()["id"]:
        found.append("two callers share a key")
    return count, found


def _companies(database: Database) -> int:
    with reading(database.owner, SYSTEM.claims) as session:
        return session.exec(select(func.count()).select_from(Company)).one()


def editors(place: Place, size: Size) -> Outcome:
    """Eight who append to one record: the last state holds each acknowledged edit, in its order."""
    each = size.of(50, 6)
    wrong: list[str] = []
    edits = 0
    for kind in ENGINES:
        with place.database(kind) as database, _client(database) as client:
            count, found = _edited(database, client, each)
        edits += count
        wrong += [f"{kind}: {line}" for line in found]
    return Outcome(
        f"{edits} edits by {_EDITORS} editors on 2 records: {len(wrong)} lost or out of order",
        f"{2 * _EDITORS * each} edits, 0 lost; 428 without If-Match",
        edits == 2 * _EDITORS * each and not wrong,
        wrong,
    )


def _edited(database: Database, client: TestClient, each: int) -> tuple[int, list[str]]:
    _, headers = issue(database, Role.CURATOR)
    (slug,) = add_providers(database, 1)
    path = f"/v1/providers/{slug}"
    acknowledged: dict[int, str] = {}
    found: list[str] = []

    def edit(editor: int) -> None:
        for number in range(each):
            word, status = f"{editor}.{number}", 412
            while status == 412:
                now = client.get(path)
                text = f"{now.json()['description'] or ''} {word}".strip()
                answer = client.patch(
                    path,
                    json={"description": text},
                    headers=headers | {"If-Match": now.headers["etag"]},
                )
                status = answer.status_code
            if status == 200:
                acknowledged[answer.json()["version"]] = word
            else:
                found.append(f"{status} to an edit")

    with ThreadPoolExecutor(_EDITORS) as pool:
        list(pool.map(edit, range(_EDITORS)))
    last = client.get(path).json()
    if (last["description"] or "").split() != [w for _, w in sorted(acknowledged.items())]:
        found.append("the last state isn't the acknowledged edits in the order of their versions")
    if last["version"] != 1 + len(acknowledged):
        found.append(f"version {last['version']} after {len(acknowledged)} edits")
    without = client.patch(path, json={"description": "x"}, headers=headers).status_code
    if without != 428:
        found.append(f"{without} instead of 428 without If-Match")
    return len(acknowledged), found


@contextmanager
def _client(database: Database) -> Iterator[TestClient]:
    app = create_app(database.settings(busy_timeout_s=60))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@contextmanager
def _keys_ignored() -> Iterator[None]:
    """Each repeat is taken for a new request."""

    def once(session: Any, attempt: Any, payload: str, make: Callable[[], Any]) -> Any:
        return make()

    with patch.object(idempotency, "once", once):
        yield


@contextmanager
def _any_version() -> Iterator[None]:
    """If-Match is asked for and not compared."""
    with patch.object(Precondition, "check", lambda *_: None):
        yield


REPEATS = Experiment("repeats", repeats, {"keys ignored": _keys_ignored})
EDITORS = Experiment("editors", editors, {"versions not compared": _any_version})
