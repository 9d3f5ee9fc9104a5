"""Which rows PostgreSQL itself lets each caller read and change, beside the table of rights."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from app.db import writing
from app.models.idempotency import IdempotentAnswer
from app.models.person import OneTimeToken, Purpose, SignIn
from app.services.tenancy import SYSTEM
from tests.prove.place import Database
from tests.prove.rights import Reach, keeps_account, keeps_secret, reads_requirement, sees_portal
from tests.prove.world import Actor, Thing, World


def _nobody(_: Actor, __: Thing) -> bool:
    return False


def _admins(actor: Actor, _: Thing) -> bool:
    return actor.role == "admin"


def _own_answer(actor: Actor, thing: Thing) -> bool:
    return thing.name == actor.name


def _keeps_key(actor: Actor, thing: Thing) -> bool:
    return keeps_account(actor, thing) or thing.name == f"key-of-{actor.name}"


@dataclass(frozen=True, slots=True)
class _Table:
    """Whose rows a table holds (each belongs to a thing of this kind), and who may do what."""

    kind: str
    reads: Reach
    changes: Reach
    column: str = "id"


_TABLES = {
    "portal": _Table("portal", sees_portal, _admins),
    "company": _Table("company", keeps_account, keeps_account),
    "key": _Table("key", _keeps_key, _keeps_key),
    "person": _Table("person", keeps_account, keeps_account),
    "sign_in": _Table("person", _nobody, _nobody, "person_id"),
    "one_time_token": _Table("person", keeps_account, keeps_account, "person_id"),
    "requirement": _Table("requirement", reads_requirement, keeps_secret),
    "requirement_need": _Table("requirement", reads_requirement, keeps_secret, "requirement_id"),
    "run": _Table("run", keeps_secret, keeps_secret),
    "idempotent_answer": _Table("answer", _own_answer, _own_answer, "payload_digest"),
}


def add_further(world: World) -> None:
    """Rows of the tables that no request of the matrix fills."""
    now = datetime.now(UTC)
    with writing(world.database.engine, SYSTEM.claims) as session:
        for person in world.of("person"):
            if person.is_there:
                owner = UUID(person.id)
                session.add(
                    SignIn(person_id=owner, digest=person.id, csrf_token="x", expires_at=now)
                )
                session.add(
                    OneTimeToken(
                        person_id=owner,
                        digest=person.id,
                        purpose=Purpose.INVITATION,
                        expires_at=now,
                    )
                )
        for actor in _known(world):
            session.add(
                IdempotentAnswer(
                    caller=_claims(world, actor)["cdmo.actor"],
                    route="POST /",
                    idempotency_key="k",
                    payload_digest=actor.name,
                    status=201,
                    body="",
                    expires_at=now,
                )
            )
            world.things.append(Thing("answer", actor.name, actor.name))


def probed(world: World) -> tuple[int, list[str]]:
    """How many pairs of caller and row were looked at, and which came out otherwise."""
    looked, wrong = 0, list[str]()
    with world.database.engine.connect() as connection:
        for actor in _known(world):
            for table, rules in _TABLES.items():
                things = [thing for thing in world.of(rules.kind) if thing.is_there]
                for found in _compared(connection, world, actor, table, rules, things):
                    wrong.append(found)
                looked += 2 * len(things)
    return looked, wrong


def _known(world: World) -> list[Actor]:
    return [actor for actor in world.actors if actor.is_known]


def _compared(
    connection: Connection,
    world: World,
    actor: Actor,
    table: str,
    rules: _Table,
    things: list[Thing],
) -> Iterator[str]:
    claims = _claims(world, actor)
    for what, reach, statement in (
        ("reads", rules.reads, f"SELECT CAST({rules.column} AS text) FROM {table}"),
        (
            "changes",
            rules.changes,
            f"UPDATE {table} SET updated_at = updated_at RETURNING CAST({rules.column} AS text)",
        ),
    ):
        found = _run(connection, claims, statement)
        for thing in things:
            wanted = reach(actor, thing)
            if (thing.id in found) is not wanted:
                yield f"{actor.name} {what} {table} of {thing.name}: {not wanted}"


def _run(connection: Connection, claims: dict[str, str], statement: str) -> set[str]:
    """The ids that a statement reaches; none where a rule refuses the whole of it."""
    with suppress(ProgrammingError), connection.begin():
        for name, value in claims.items():
            connection.execute(
                text("SELECT set_config(:name, :value, true)"), {"name": name, "value": value}
            )
        return set(connection.execute(text(statement)).scalars().all())
    return set()


def _claims(world: World, actor: Actor) -> dict[str, str]:
    own = next((t.id for t in world.of("key") if t.name == f"key-of-{actor.name}"), "")
    return {
        "cdmo.role": actor.role,
        "cdmo.portal": world.id_of(actor.portal) if actor.portal else "",
        "cdmo.company": world.id_of(actor.company) if actor.company else "",
        "cdmo.actor": f"key:{own}" if own else "anonymous",
    }


def verdict_of(
    database: Database, seed: int, then: Callable[[], None] = lambda: None
) -> tuple[int, list[str]]:
    """Fill a new database with the world and look at every pair, after having done something."""
    world = World(database, seed)
    add_further(world)
    then()
    return probed(world)
