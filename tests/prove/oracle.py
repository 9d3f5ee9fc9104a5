"""What isn't the caller's looks like what isn't there: in words, header fields and time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from fastapi.testclient import TestClient
from scipy.stats import mannwhitneyu  # type: ignore[import-untyped] # it has no types

from app.errors import ForbiddenError, NotFoundError
from app.main import create_app
from app.services import companies
from app.services.editing import identity
from tests.prove.experiment import SEED, Experiment, Outcome, Size
from tests.prove.matrix import KINDS, address
from tests.prove.place import ENGINES, Place
from tests.prove.rights import RULES, keeps_account, keeps_secret, reads_requirement, sees_portal
from tests.prove.world import Actor, Thing, World

_OF_REQUEST = ("x-request-id", "date", "ratelimit")
_TENANTS = (keeps_account, keeps_secret, reads_requirement, sees_portal)


def oracle(place: Place, size: Size) -> Outcome:
    """Ask for foreign and for random ids in turn, with every route that names a tenant's thing."""
    samples = size.of(500, 60)
    told: list[str] = []
    worst, least = 0.0, 1.0
    routes = 0
    for kind in ENGINES if not size.is_short else ENGINES[1:]:
        with place.database(kind) as database:
            world = World(database, SEED)
            app = create_app(database.settings())
            with TestClient(app, raise_server_exceptions=False) as client:
                there = set(app.openapi()["paths"])
                for actor, method, path, thing in _pairs(world):
                    if path not in there:
                        continue
                    routes += 1
                    words, ratio, p = _compared(client, actor, method, path, thing, samples)
                    told += [f"{kind}: {method} {path}: {each}" for each in words]
                    if abs(ratio - 1) > 0.05 and p <= 0.01:
                        told.append(f"{kind}: {method} {path}: {ratio:.2f} x the time, p {p:.4f}")
                    if abs(ratio - 1) > abs(worst):
                        worst, least = ratio - 1, p
    return Outcome(
        f"{routes} routes x {samples} samples: {len(told)} differences; "
        f"medians within {abs(worst):.1%} (p {least:.2f})",
        "0; within 5 % or p > 0.01",
        not told and routes > 3,
        told,
    )


def _pairs(world: World) -> Iterator[tuple[Actor, str, str, Thing]]:
    """Each route over a tenant's things, with a caller who may use it and a thing that isn't its
    own."""
    for (method, path), rule in RULES.items():
        if "{" not in path or rule.reach not in _TENANTS or rule.who is None:
            continue
        kind = KINDS[path.split("{")[-1].split("}")[0]]
        keepers = [
            each
            for each in world.actors
            if each.role in rule.who & {"partner", "company"}
            and rule.scope in each.scopes
            and each.portal == "songdo"
        ]
        if not keepers:
            continue
        actor = keepers[0]
        foreign = (
            thing
            for thing in world.of(kind)
            if thing.is_there and thing.state != "in use" and not rule.reach(actor, thing)
        )
        yield actor, method, path, next(foreign)


def _compared(
    client: TestClient, actor: Actor, method: str, path: str, thing: Thing, samples: int
) -> tuple[list[str], float, float]:
    """What differs between a foreign and a random id, how many times as long the foreign one takes,
    and how likely that is by chance."""
    headers = dict(actor.headers) | ({} if method in ("GET", "POST") else {"If-Match": "*"})
    body = RULES[method, path].body
    options: dict[str, Any] = {"json": body()} if body else {}
    times: dict[bool, list[float]] = {True: [], False: []}
    shapes: dict[bool, set[str]] = {True: set(), False: set()}
    for number in range(2 * (samples + 5)):
        is_foreign = bool(number % 2)
        wanted = thing.id if is_foreign else str(uuid4())
        where = address(path, Thing(thing.kind, "", wanted, parent=thing.parent))
        started = time.perf_counter()
        answer = client.request(method, where, headers=headers, **options)
        took = time.perf_counter() - started
        if number >= 10:  # the first ones warm up
            times[is_foreign].append(took)
        shapes[is_foreign].add(_shape(answer))
    ratio = median(times[True]) / median(times[False])
    p = float(mannwhitneyu(times[True], times[False]).pvalue)
    words = [] if shapes[True] == shapes[False] else [f"{shapes[True]} for {shapes[False]}"]
    return words, ratio, p


def _shape(answer: Any) -> str:
    """An answer without what is different in each."""
    fields = {k: v for k, v in answer.headers.items() if k not in _OF_REQUEST}
    content = dict(answer.json()) if answer.content else {}
    content.pop("request_id", None)
    return f"{answer.status_code} {sorted(fields.items())} {sorted(content.items())}"


@contextmanager
def _forbidden() -> Iterator[None]:
    """What is somebody else's is refused otherwise than what isn't there."""
    with _found_otherwise(lambda: _raise(ForbiddenError("It isn't yours."))):
        yield


@contextmanager
def _slower() -> Iterator[None]:
    """What is somebody else's takes longer to refuse."""
    with _found_otherwise(lambda: time.sleep(0.02)):
        yield


def _raise(error: Exception) -> None:
    raise error


@contextmanager
def _found_otherwise(then: Any) -> Iterator[None]:
    from app.db import reading
    from app.models.company import Company
    from app.services.tenancy import SYSTEM

    real = companies.found

    def planted(session: Any, company_id: str, caller: Any, *, lock: bool = False) -> Any:
        try:
            return real(session, company_id, caller, lock=lock)
        except NotFoundError:
            with reading(session.get_bind(), SYSTEM.claims) as other:
                if other.get(Company, identity(company_id, "")) is not None:
                    then()
            raise

    with patch.object(companies, "found", planted):
        yield


ORACLE = Experiment("oracle", oracle, {"403 for foreign": _forbidden, "slower": _slower})
