"""Every route x caller x thing, asked of the service and compared with the table of rights."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi.testclient import TestClient

from tests.prove.rights import RULES, Rule, expected
from tests.prove.world import Actor, Thing, World

# What a path's parameters name.
KINDS = {
    "portal_id": "portal",
    "company_id": "company",
    "key_id": "key",
    "person_id": "person",
    "requirement_id": "requirement",
    "run_id": "run",
    "other_id": "run",
    "reference": "provider",
    "facility_id": "facility",
    "capability_id": "capability",
    "concept_id": "concept",
    "name": "problem",
}
_CHANGES = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Cell:
    """One request of the matrix and the status that it should have."""

    method: str
    path: str
    rule: Rule
    actor: Actor
    thing: Thing | None
    body: dict[str, Any] | None
    status: int
    variant: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether it must change nothing."""
        return self.status >= 400

    def __str__(self) -> str:
        about = self.variant or (f"{self.thing.kind} {self.thing.name}" if self.thing else "")
        return f"{self.method} {self.path} {self.actor.name} [{about}]"


@dataclass(slots=True)
class Verdict:
    """How the matrix came out."""

    cells: int = 0
    wrong: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)  # those of the wrong ones that gave too much
    missing: list[str] = field(default_factory=list)


Heard = Callable[[Cell, Any], None]


def uncovered(contract: dict[str, Any]) -> list[str]:
    """Routes of the OpenAPI without a rule, and rules without a route."""
    routes = {
        (method.upper(), path) for path, methods in contract["paths"].items() for method in methods
    }
    ruled = {(method, path.partition("?")[0]) for method, path in RULES}
    named = sorted(f"{method} {path}" for method, path in routes - ruled)
    return named + sorted(f"no such route: {method} {path}" for method, path in ruled - routes)


def run(
    world: World,
    client: TestClient,
    contract: dict[str, Any],
    *,
    heard: Heard = lambda cell, answer: None,
    changes: Callable[[], Any] = lambda: None,
    enough: int = 1_000,
    every: int = 1,
) -> Verdict:
    """Ask for every cell, or every so-many-th. `changes` gives something that differs when anything
    was written; with `enough` wrong cells no more are asked for."""
    verdict = Verdict(missing=uncovered(contract))
    if len(verdict.missing) >= enough:
        return verdict
    there = set(contract["paths"])
    rules = [(m, p, r) for (m, p), r in RULES.items() if p.partition("?")[0] in there]
    # Lists first, while there is nothing but what the world is made of.
    rules.sort(key=lambda each: (not each[2].lists, each[2].ends))
    for method, path, rule in rules:
        chosen = list(cells(world, method, path, rule))[:: 1 if rule.lists else every]
        before = changes() if method in _CHANGES else None
        for is_refused in (True, False):
            for cell in chosen:
                if cell.is_refused is is_refused:
                    _ask(world, client, cell, verdict, heard)
                if len(verdict.wrong) >= enough:
                    return verdict
            if is_refused and method in _CHANGES and before != changes():
                verdict.wrong.append(f"{method} {path}: a refused request changed something")
    return verdict


def cells(world: World, method: str, path: str, rule: Rule) -> Iterator[Cell]:
    """All cells of one route."""
    names = [KINDS[part[1:-1]] for part in path.split("/") if part.startswith("{")]
    for actor in world.actors:
        status = expected(rule, actor)
        if rule.variants is not None:
            for each in rule.variants(world):
                wanted = each.answers(actor) if status == rule.success else status
                yield Cell(method, path, rule, actor, None, each.body, wanted, each.name)
        elif not names:
            body = rule.body() if rule.body else None
            yield Cell(method, path, rule, actor, None, body, status)
        else:
            for thing in _things(world, names):
                body = rule.body() if rule.body else None
                wanted = status
                if status == rule.success and not (thing.is_there and _reaches(rule, actor, thing)):
                    sees = rule.only_reads is not None and rule.only_reads(actor, thing)
                    wanted = 403 if sees and thing.is_there else 404
                yield Cell(method, path, rule, actor, thing, body, wanted)


def _things(world: World, names: Sequence[str]) -> Iterator[Thing]:
    yield from (thing for thing in world.of(names[-1]) if thing.state != "in use")


def _reaches(rule: Rule, actor: Actor, thing: Thing) -> bool:
    return rule.reach is None or rule.reach(actor, thing)


def _ask(world: World, client: TestClient, cell: Cell, verdict: Verdict, heard: Heard) -> None:
    thing = cell.thing
    if thing is not None and cell.rule.ends and not cell.is_refused:
        thing = world.fresh(thing)
    headers = dict(cell.actor.headers)
    if cell.method in ("PATCH", "PUT", "DELETE"):
        headers["If-Match"] = "*"
    options: dict[str, Any] = {} if cell.body is None else {"json": cell.body}
    answer = client.request(cell.method, address(cell.path, thing), headers=headers, **options)
    verdict.cells += 1
    heard(cell, answer)
    if answer.status_code != cell.status:
        said = f"{cell}: {answer.status_code} instead of {cell.status}"
        verdict.wrong.append(said)
        if cell.is_refused and answer.status_code < 400:
            verdict.leaks.append(said)
    elif cell.rule.lists and cell.status == 200:
        _look_through(world, client, cell, answer, verdict)


def _look_through(
    world: World, client: TestClient, cell: Cell, answer: Any, verdict: Verdict
) -> None:
    """Whether a list holds each thing that the caller reaches, on whichever page, and no other."""
    listed = {item["id"] for item in answer.json()["items"]}
    while answer.json()["next"]:
        page = {"after": answer.json()["next"]}
        answer = client.request("GET", cell.path, headers=dict(cell.actor.headers), params=page)
        listed |= {item["id"] for item in answer.json()["items"]}
    for thing in world.of(cell.rule.lists):
        verdict.cells += 1
        reached = thing.is_there and _reaches(cell.rule, cell.actor, thing)
        if (thing.id in listed) is not reached:
            said = f"{cell} lists {thing.name}: {thing.id in listed} instead of {reached}"
            verdict.wrong.append(said)
            if not reached:
                verdict.leaks.append(said)
    unknown = listed - {thing.id for thing in world.of(cell.rule.lists)}
    verdict.wrong.extend(f"{cell} lists {each}, whose it is is unknown" for each in unknown)


def address(path: str, thing: Thing | None) -> str:
    """A path with the ids of a thing and what it is part of in it."""
    while "{" in path and thing is not None:
        start, end = path.rindex("{"), path.rindex("}")
        name = path[start + 1 : end]
        path = path[:start] + thing.id + path[end + 1 :]
        # What is compared with another is compared with itself.
        thing = thing if name == "other_id" else thing.parent
    return path
