"""Each authority check changed, one at a time: the matrix, or the probe of rows, finds all."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from unittest.mock import patch

from fastapi.testclient import TestClient
from sqlalchemy import text

from app.main import create_app
from tests.prove import filters, matrix, mutations, rows
from tests.prove.experiment import SEED, Experiment, Outcome, Size
from tests.prove.place import Place
from tests.prove.world import World

_SAMPLE = 7  # every so-many-th cell is asked first: most mutants don't get further


def mutants(place: Place, size: Size) -> Outcome:
    """Ask the matrix of every mutant, until the first wrong cell."""
    changes: list[tuple[str, AbstractContextManager[None]]]
    changes = [(each.name, mutations.planted(each)) for each in mutations.of_code()]
    changes += mutations.of_rights()
    of_rules = list(mutations.of_rules())
    alive: list[str] = []
    tried = changes[:: size.of(1, len(changes) // 5)]
    for name, planted in tried:
        if not _is_seen(place, planted):
            alive.append(name)
    chosen = of_rules[:: size.of(1, 6)]
    for name, statement in chosen:
        if not _is_seen_in_rows(place, statement):
            alive.append(name)
    count = len(tried) + len(chosen)
    return Outcome(
        f"{count - len(alive)} of {count} mutants killed",
        "all of at least 40",
        not alive and count >= size.of(40, 8),
        alive,
    )


def _is_seen(place: Place, planted: AbstractContextManager[None]) -> bool:
    # On SQLite, where nothing underneath would make up for it.
    with place.database("sqlite") as database:
        world = World(database, SEED)
        app = create_app(database.settings())
        with TestClient(app, raise_server_exceptions=False) as client, planted:
            try:
                if filters.differences(world):
                    return True
            except Exception:  # a check that breaks lets nobody in, and nobody do their work
                return True
            for every in (_SAMPLE, 1):
                verdict = matrix.run(world, client, app.openapi(), enough=1, every=every)
                if verdict.wrong:
                    return True
    return False


def _is_seen_in_rows(place: Place, statement: str) -> bool:
    with place.database("postgres") as database:

        def alter() -> None:
            with database.owner.begin() as connection:
                connection.execute(text(statement.replace(":", r"\:")))

        return bool(rows.verdict_of(database, SEED, alter)[1])


@contextmanager
def _foreign_unasked() -> Iterator[None]:
    """The matrix without its foreign column."""
    with patch.object(matrix, "run", _without_foreign):
        yield


def _without_foreign(world: object, *arguments: object, **options: object) -> object:
    return matrix.Verdict(cells=1)


MUTANTS = Experiment("mutants", mutants, {"a matrix that asks nothing": _foreign_unasked})
