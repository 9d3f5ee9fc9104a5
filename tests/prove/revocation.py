"""A key that is revoked opens nothing any more, on whichever worker, within a second; nor does what
somebody had who is removed: their sign-in, the keys that they made, and those made with these."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from uuid import uuid4

import httpx2

from app import browser
from app.db import writing
from app.models.key import Role
from app.models.person import PersonInvite
from app.services import people, portals, sign_ins
from app.services.editing import Editor
from app.services.holders import Holder
from app.services.tenancy import SYSTEM
from tests.prove.experiment import Experiment, Outcome, Size
from tests.prove.place import ENGINES, Database, Place, settings_for
from tests.prove.planted import planted
from tests.prove.server import load_apart, running
from tests.prove.writers import Headers, issue

_WORKERS, _CLIENTS, _LISTENS_S = 4, 8, 3.0


def revocation(place: Place, size: Size) -> Outcome:
    """Revoke keys and remove members in use while four workers serve, and time the last answer that
    they get."""
    rounds = size.of(10, 1)
    latest, survived, answers = 0.0, 0, 0
    for kind in ENGINES[:: size.of(1, -1)][: size.of(2, 1)]:
        with (
            place.database(kind) as database,
            load_apart(not size.is_short),
            running(database.url, workers=_WORKERS) as server,
        ):
            for _ in range(rounds):
                opened, alive, heard = _ended(database, server.address)
                latest, survived = max(latest, opened), survived + alive
                answers += heard
    return Outcome(
        f"a revoked key or removed member was last let in {latest:.2f} s after, on {_WORKERS} "
        "workers; "
        f"{survived} rights survived ({answers:,} answers)",
        "≤ 1 s; 0",
        latest <= 1.0 and not survived and answers > 50,
    )


def _member(database: Database) -> tuple[str, list[Headers]]:
    """The id of an admin, and the header fields that let them in: by the cookie of their browser,
    by a key that they made, and by one that was made with that key."""
    email = f"{uuid4().hex}@centre.example"
    with writing(database.engine, SYSTEM.claims) as session:
        data = PersonInvite(email=email, name="Kim Bora", role=Role.ADMIN)
        own = people.add(session, data, Holder(portals.centre(session).id), Editor()).id
    made = sign_ins.by_provider(database.engine, email, replaced=None, request_id=None)
    first, by_person = issue(database, Role.ADMIN, editor=Editor(f"person:{own}"))
    _, by_key = issue(database, Role.ADMIN, editor=Editor(f"key:{first}"))
    cookie = f"{browser.cookie_name(settings_for(database.url))}={made.secret}"
    return str(own), [{"Cookie": cookie}, by_person, by_key]


def _ended(database: Database, address: str) -> tuple[float, int, int]:
    _, admin = issue(database, Role.ADMIN)
    key, headers = issue(database, Role.ADMIN)
    member, theirs = _member(database)
    bearers = [headers, *theirs]
    paths = ("/v1/portals", "/v1/keys", "/v1/companies", "/v1/people", "/v1/phrases")
    opened: list[float] = []
    refused: list[float] = []
    ends: list[float] = []

    def ask(number: int) -> None:
        # A connection for each request, which any of the workers may take.
        headers = bearers[number % len(bearers)]
        for path in cycle(paths[number % len(paths) :] + paths[: number % len(paths)]):
            started = time.monotonic()
            if ends and started > ends[0]:
                return
            answer = httpx2.get(f"{address}{path}", headers=headers, timeout=30, verify=False)
            (opened if answer.status_code == 200 else refused).append(started)

    with ThreadPoolExecutor(_CLIENTS) as pool:
        running_ = [pool.submit(ask, number) for number in range(_CLIENTS)]
        time.sleep(1.0)
        gone = [
            httpx2.delete(f"{address}/v1/{what}", headers=admin, timeout=30, verify=False)
            for what in (f"keys/{key}", f"people/{member}")
        ]
        revoked = time.monotonic()
        ends.append(revoked + _LISTENS_S)
        for each in running_:
            each.result()
    assert [each.status_code for each in gone] == [204, 204]
    after = [at for at in opened if at > revoked]
    survivors = sum(
        httpx2.get(f"{address}{path}", headers=each, timeout=30, verify=False).status_code != 401
        for each in bearers
        for path in paths
        for _ in range(_WORKERS)
    )
    last = max(after, default=revoked) - revoked
    return last, survivors, len(opened) + len(refused)


REVOCATION = Experiment(
    "revocation",
    revocation,
    {
        "keys remembered for a minute": planted("remember-keys"),
        "sign-ins remembered for a minute": planted("remember-sign-ins"),
        "keys left to whoever is removed": planted("leave-keys"),
    },
)
