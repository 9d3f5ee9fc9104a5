"""The whole OpenAPI contract against the service, on both engines, as an admin and as nobody: no
server error, no undocumented status, no answer that breaks its schema."""

from typing import Any, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as effort
from schemathesis.checks import not_a_server_error
from schemathesis.python import asgi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Engine

from app.db import writing
from app.main import create_app
from app.models.key import Role
from app.services import catalogue_files, keys
from app.services.editing import Editor
from app.services.tenancy import SYSTEM
from app.settings import Seed, Settings

CASES = 12  # for each operation and caller
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.mark.parametrize("is_admin", [True, False], ids=["admin", "nobody"])
def test_no_operation_breaks(settings: Settings, engine: Engine, is_admin: bool) -> None:
    with writing(engine, SYSTEM.claims) as session:
        catalogue_files.seed(session, Seed.NONE, lambda _: None)
        _, secret = keys.create(session, name="contract", role=Role.ADMIN, editor=Editor())
    headers = {"Authorization": f"Bearer {secret}"} if is_admin else {}
    app = create_app(settings)
    contract = schemathesis.openapi.from_dict(app.openapi())
    contract.app = app
    tried = []
    with asgi.get_client(cast(Any, app)) as client:
        for found in contract.get_all_operations():
            operation = cast(Any, found).ok()
            tried.append(operation.label)
            _try(operation, client, headers)
    assert len(tried) == len(set(tried)) > 20


def _try(operation: Any, client: Any, headers: dict[str, str]) -> None:
    @given(case=operation.as_strategy())
    @effort(
        max_examples=CASES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def cases(case: Any) -> None:
        answer = case.call(session=client, headers=headers)
        case.validate_response(answer, checks=CHECKS)

    cases()
