"""The whole OpenAPI contract, by generated requests, for every role on both engines: no server
error, no undocumented status, no answer that breaks its schema."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, cast
from unittest.mock import patch

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as effort
from schemathesis.checks import not_a_server_error
from schemathesis.python import asgi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.main import create_app
from app.services import concepts
from tests.prove.experiment import SEED, Experiment, Outcome, Size
from tests.prove.place import ENGINES, Place
from tests.prove.world import Actor, World

_CALLERS = ("nobody", "company-a", "partner-songdo", "curator", "admin", "embedded", "elsewhere")
_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def contract(place: Place, size: Size) -> Outcome:
    """Requests made up from the contract, for each operation, caller and engine."""
    callers = _CALLERS if not size.is_short else ("nobody", "partner-songdo", "admin")
    tried, wrong = 0, list[str]()
    for kind in ENGINES:
        for name in callers:
            with place.database(kind) as database:
                world = World(database, SEED)
                actor = next(each for each in world.actors if each.name == name)
                app = create_app(database.settings())
                made = schemathesis.openapi.from_dict(app.openapi())
                made.app = app
                with ExitStack() as ended, asgi.get_client(cast(Any, app)) as client:
                    # The client starts the app and leaves it running for the rest of the process.
                    ended.callback(asgi.shutdown_lifespans)
                    count, found = _tried(made, client, actor, size)
            tried += count
            wrong += [f"{kind}: {name}: {each}" for each in found]
    return Outcome(
        f"{tried:,} cases, {len(callers)} roles, 2 engines: {len(wrong)} violations",
        "0 of at least 20,000",
        not wrong and tried >= size.of(20_000, 500),
        wrong,
    )


def _tried(made: Any, client: Any, actor: Actor, size: Size) -> tuple[int, list[str]]:
    count, found = 0, list[str]()
    for operation in made.get_all_operations():
        each = cast(Any, operation).ok()
        done, violation = _of_operation(each, client, actor, size)
        count += done
        found += violation
    return count, found


def _of_operation(operation: Any, client: Any, actor: Actor, size: Size) -> tuple[int, list[str]]:
    count = 0

    @seed(SEED)
    @given(case=operation.as_strategy())
    @effort(
        max_examples=size.of(60, 5),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def cases(case: Any) -> None:
        nonlocal count
        count += 1
        answer = case.call(session=client, headers=dict(actor.headers))
        case.validate_response(answer, checks=_CHECKS)

    try:
        cases()
    except (Exception, BaseExceptionGroup) as error:
        parts = error.exceptions if isinstance(error, BaseExceptionGroup) else [error]
        said = [" ".join(str(each).split())[:300] for each in parts]
        return count, [f"{operation.label}: {each}" for each in said]
    return count, []


@contextmanager
def _divides() -> Iterator[None]:
    """A route that divides by what it is given."""
    real = concepts.suggest

    def planted(vocabulary: Any, query: Any) -> Any:
        assert 100 // (query.limit % 2) > 0
        return real(vocabulary, query)

    with patch.object(concepts, "suggest", planted):
        yield


CONTRACT = Experiment("contract", contract, {"a division by what is given": _divides})
