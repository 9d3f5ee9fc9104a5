"""What the OpenAPI contract says of every operation, because the edge does it for every one."""

from typing import Any

from app.problems import Problem

_TEXT = {"type": "string"}
_TAG = {"description": "The tag of this answer, for If-None-Match.", "schema": _TEXT}
_LIMITS = {
    "RateLimit-Policy": {
        "description": "The limit that the request counts for: how many (`q`) in how many seconds "
        "(`w`). Missing where limits are off.",
        "schema": _TEXT,
    },
    "RateLimit": {
        "description": "How many more are left (`r`), and in how many seconds there is more room "
        "(`t`).",
        "schema": _TEXT,
    },
}
_AGAIN = {"Retry-After": {"description": "In how many seconds to ask again.", "schema": _TEXT}}


def complete(contract: dict[str, Any]) -> None:
    """Add to a contract what FastAPI can't know, and take out what the service never answers."""
    schemas = contract.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    if "Problem" not in schemas:
        shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(shape.pop("$defs"), Problem=shape)
    for path, operations in contract["paths"].items():
        if path.startswith("/v1/"):
            for method, operation in operations.items():
                _tell_of_edge(method, operation["responses"])


def _tell_of_edge(method: str, responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        headers = response.setdefault("headers", {})
        if status.startswith("2") or status == "429":
            headers.update(_LIMITS)
        if status in ("429", "503"):
            headers.update(_AGAIN)
    if method == "get" and "200" in responses:
        responses["200"]["headers"].setdefault("ETag", _TAG)
        known = responses.setdefault("304", {"description": "The caller has this answer already"})
        known.setdefault("headers", {}).setdefault("ETag", _TAG)
