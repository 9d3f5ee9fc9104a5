"""The matrix of rights, on both engines; and on PostgreSQL with the application's filters taken
out, so that the rules of rows alone keep tenants apart."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import Any
from unittest.mock import patch

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text, true

from app.db import reading
from app.main import create_app
from app.services import checksums, companies, keys, portals, tenancy
from tests.prove import catalogue_checks, rows
from tests.prove.experiment import SEED, Experiment, Outcome, Size
from tests.prove.matrix import Heard, Verdict, run
from tests.prove.place import ENGINES, Database, Place
from tests.prove.world import World

_FILTERS = ("accounts", "confidential", "readable")


def verdict_of(
    database: Database,
    *,
    enough: int = 1_000,
    every: int = 1,
    heard: Heard = lambda cell, answer: None,
    within: AbstractContextManager[None] | None = None,
) -> tuple[World, Verdict]:
    """Fill a new database with the world, and ask a service on it for every cell."""
    world = World(database, SEED)
    app: FastAPI = create_app(database.settings())
    with TestClient(app, raise_server_exceptions=False) as client, within or nullcontext():
        verdict = run(
            world,
            client,
            app.openapi(),
            heard=heard,
            changes=lambda: rows_of(database.owner),
            enough=enough,
            every=every,
        )
    return world, verdict


def rows_of(engine: Engine) -> Any:
    """What differs as soon as any row does."""
    with reading(engine) as session:
        return checksums.of_tables(session.connection())


def rights(place: Place, size: Size) -> Outcome:
    """Every route x caller x thing on both engines."""
    total = Verdict()
    for kind in ENGINES:
        # What is asked of the second engine in short is a sample of the same.
        every = size.of(1, 1 if kind == "sqlite" else 5)
        with place.database(kind) as database:
            _, verdict = verdict_of(database, enough=size.of(1_000, 1), every=every)
        total.cells += verdict.cells
        total.wrong += [f"{kind}: {each}" for each in verdict.wrong]
        total.missing = verdict.missing
    return Outcome(
        f"{len(total.wrong)} wrong of {total.cells:,} cells, {len(total.missing)} routes missing",
        "0 wrong, 0 missing",
        not total.wrong and not total.missing and total.cells > 3_000,
        [*total.missing, *total.wrong],
    )


def beneath(place: Place, size: Size) -> Outcome:
    """The same on PostgreSQL without the application's filters: nothing leaks all the same."""
    with place.database("postgres") as database:
        faults = catalogue_checks.faults(database)
        looked, wrong = rows.verdict_of(database, SEED)
        faults += wrong
        if faults and size.is_short:
            return Outcome(f"{len(faults)} unguarded", "0 leaks", False, faults)
    with place.database("postgres") as database, unfiltered():
        _, verdict = verdict_of(database, enough=size.of(1_000, 20), every=size.of(1, 2))
    return Outcome(
        f"{len(verdict.leaks)} leaks of {verdict.cells:,} cells; of {looked:,} rows and all tables "
        f"{len(faults)} unguarded",
        "0 leaks, 0 unguarded",
        not verdict.leaks and not faults,
        [*faults, *verdict.leaks],
    )


@contextmanager
def unfiltered() -> Iterator[None]:
    """The service without any condition of its own on whose rows it finds."""
    with ExitStack() as patches:
        for module in _modules():
            for name in _FILTERS:
                if callable(getattr(module, name, None)):  # some name modules so
                    patches.enter_context(patch.object(module, name, lambda *_: true()))
        patches.enter_context(patch.object(portals, "_visible", lambda _: []))
        yield


def _modules() -> list[Any]:
    import sys

    return [module for name, module in sys.modules.items() if name.startswith("app.")]


@contextmanager
def _clause_dropped() -> Iterator[None]:
    """A company isn't asked whose a company is."""
    with patch.object(companies, "accounts", lambda *_: true()):
        yield


@contextmanager
def _key_lives_on() -> Iterator[None]:
    """A key that has expired opens."""
    with patch.object(keys, "_is_over", lambda *_: False):
        yield


@contextmanager
def _role_unasked() -> Iterator[None]:
    """Whoever has a key may do all that its scopes allow."""
    with patch.object(tenancy, "check", lambda *_: None):
        yield


@contextmanager
def _route_unlisted() -> Iterator[None]:
    """A route of which the table knows nothing."""
    real = create_app

    def planted(*arguments: Any) -> FastAPI:
        app = real(*arguments)
        app.add_api_route("/v1/unlisted", lambda: "open", methods=["GET"])
        return app

    with patch(f"{__name__}.create_app", planted):
        yield


@contextmanager
def _table_unforced() -> Iterator[None]:
    """One table whose owner passes its rules over."""
    with _altered("ALTER TABLE company NO FORCE ROW LEVEL SECURITY"):
        yield


@contextmanager
def _rows_open() -> Iterator[None]:
    """One table whose rule lets everybody in."""
    with _altered("ALTER POLICY company_all ON company USING (true)"):
        yield


@contextmanager
def _altered(statement: str) -> Iterator[None]:
    """Every new PostgreSQL database with one thing different."""
    real = Place.database

    @contextmanager
    def planted(place: Place, kind: str) -> Iterator[Database]:
        with real(place, kind) as database:
            if kind == "postgres":
                with database.owner.begin() as connection:
                    connection.execute(text(statement))
            yield database

    with patch.object(Place, "database", planted):
        yield


RIGHTS = Experiment(
    "rights",
    rights,
    {
        "a tenant clause dropped": _clause_dropped,
        "an expired key opens": _key_lives_on,
        "roles not asked": _role_unasked,
        "a route without an entry": _route_unlisted,
    },
)
BENEATH = Experiment(
    "beneath",
    beneath,
    {"a table without FORCE": _table_unforced, "a rule open to all": _rows_open},
)
