"""Values that break services, in every field and parameter of every route: no server error, and the
same verdict on both engines."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from urllib.parse import quote
from uuid import uuid4

from fastapi.testclient import TestClient

from app.main import create_app
from app.models import base
from tests.prove.experiment import SEED, Experiment, Outcome, Size
from tests.prove.hostile_values import RAW, TEXTS
from tests.prove.matrix import KINDS, address
from tests.prove.place import ENGINES, Place
from tests.prove.rights import RULES
from tests.prove.world import Actor, World

_HERE = "@@here@@"
_DEEPEST = 3


def hostile(place: Place, size: Size) -> Outcome:
    """Send each value in the place of each field, to a service on either engine."""
    verdicts: dict[str, dict[str, int]] = {}
    for kind in ENGINES:
        with place.database(kind) as database:
            world = World(database, SEED)
            app = create_app(database.settings())
            with TestClient(app, raise_server_exceptions=False) as client:
                verdicts[kind] = dict(_sent(world, client, app.openapi(), size))
    first, second = verdicts.values()
    broken = [f"{name}: {s}" for each in verdicts.values() for name, s in each.items() if s >= 500]
    apart = [f"{n}: {s} and {second[n]}" for n, s in first.items() if s != second[n]]
    return Outcome(
        f"{len(RAW) + len(TEXTS)} values, {len(first) + len(second):,} requests: {len(broken)} "
        f"server errors, {len(apart)} verdicts apart",
        "0; 0; at least 120 values",
        not broken and not apart and len(RAW) + len(TEXTS) >= 120,
        broken + apart,
    )


def _sent(
    world: World, client: TestClient, contract: dict[str, Any], size: Size
) -> Iterator[tuple[str, int]]:
    values = [*enumerate(RAW), *enumerate(map(json.dumps, TEXTS), len(RAW))]
    for path, methods in contract["paths"].items():
        for method, operation in methods.items():
            route = (method.upper(), path)
            if route not in RULES:
                continue
            for turn, (field, build) in enumerate(_fields(world, contract, route, operation)):
                # In short form every field gets a few of the values, each field others.
                for number, raw in values[size.of(0, turn % 53) :: size.of(1, 53)]:
                    request = build(raw)
                    if request is not None:
                        answer = client.request(route[0], **request)
                        yield f"{method} {path} {field} value {number}", answer.status_code


def _fields(
    world: World, contract: dict[str, Any], route: tuple[str, str], operation: dict[str, Any]
) -> Iterator[tuple[str, Any]]:
    """Each field and parameter of a route, with what makes a request that has a value there."""
    path = route[1]
    headers = dict(_caller(world, route).headers) | {"If-Match": "*"}
    names = [KINDS[part[1:-1]] for part in path.split("/") if part.startswith("{")]
    thing = next((t for t in world.of(names[-1]) if t.is_there), None) if names else None
    where = address(path, thing)

    for parameter in operation.get("parameters", ()):
        name, place = parameter["name"], parameter["in"]
        if place == "path":
            yield name, _in_path(path, name, where, headers)
        elif place in ("query", "header"):
            yield name, _beside(where, place, name, headers)
    if "requestBody" in operation:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        valid = _valid(world, route)
        for name, body in _bodies(contract, schema, valid, 0):
            yield f"body{name}", _in_body(where, headers, json.dumps(body))


def _caller(world: World, route: tuple[str, str]) -> Actor:
    """Somebody who may use the route."""
    who, scopes = RULES[route].who, set(RULES[route].scope.split())
    wanted = next(role for role in ("admin", "partner", "company") if who is None or role in who)
    return next(
        a for a in world.actors if a.role == wanted and a.is_known and scopes <= set(a.scopes)
    )


def _valid(world: World, route: tuple[str, str]) -> Any:
    rule = RULES[route]
    if rule.body is not None:
        return rule.body()
    if rule.variants is not None:
        return next(iter(rule.variants(world))).body
    return {}


def _in_path(path: str, name: str, where: str, headers: dict[str, str]) -> Any:
    index = path.split("/").index("{" + name + "}")

    def build(raw: str) -> Any:
        parts = where.split("/")
        parts[index] = _as_text(raw)
        # What is kept for repeats knows the path, too.
        repeatable = headers | {"Idempotency-Key": uuid4().hex}
        return {"url": "/".join(parts), "headers": repeatable} if parts[index] else None

    return build


def _beside(where: str, place: str, name: str, headers: dict[str, str]) -> Any:
    def build(raw: str) -> Any:
        if place == "query":
            return {"url": f"{where}?{name}={_as_text(raw)}", "headers": headers}
        value = raw.strip('"').encode("utf-8", "replace")[:2000]
        if any(byte < 32 for byte in value):
            return None  # no client can send it
        return {"url": where, "headers": {**headers, name: value}}

    return build


def _in_body(where: str, headers: dict[str, str], template: str) -> Any:
    def build(raw: str) -> Any:
        content = template.replace(json.dumps(_HERE), raw).encode("utf-8", "surrogatepass")
        kind = {"Content-Type": "application/json"}
        return {"url": where, "headers": headers | kind, "content": content}

    return build


def _as_text(raw: str) -> str:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        value = raw
    text = value if isinstance(value, str) else raw
    return quote(text[:3000].encode("utf-8", "surrogatepass"), safe="")


def _bodies(
    contract: dict[str, Any], schema: dict[str, Any], valid: Any, depth: int
) -> Iterator[tuple[str, Any]]:
    """A valid body once for each of its fields, with a mark in the field's place."""
    yield "", _HERE
    if depth == _DEEPEST:
        return
    for shape in _shapes(contract, schema):
        for name, inner in shape.get("properties", {}).items():
            known = valid.get(name, {}) if isinstance(valid, dict) else {}
            for further, body in _bodies(contract, inner, known, depth + 1):
                yield (
                    f".{name}{further}",
                    {**(valid if isinstance(valid, dict) else {}), name: body},
                )
        if "items" in shape:
            for further, body in _bodies(contract, shape["items"], {}, depth + 1):
                yield f"[]{further}", [body]


def _shapes(contract: dict[str, Any], schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in schema:
        schema = contract["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for choice in ("anyOf", "oneOf", "allOf"):
        for each in schema.get(choice, ()):
            yield from _shapes(contract, each)
    yield schema


@contextmanager
def _nul_let_through() -> Iterator[None]:
    """Text is kept as it comes, with what PostgreSQL can't store."""
    with patch.object(base, "_FORBIDDEN_CATEGORIES", set()):
        yield


HOSTILE = Experiment("hostile", hostile, {"any character let through": _nul_let_through})
