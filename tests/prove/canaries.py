"""Secret words in every secret field: they turn up in no answer, log line, error, metric, journal
entry or list of phrases that isn't for their owner."""

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import text

from app.models.company import CompanyPage
from app.services import companies, journal
from tests.prove.experiment import Experiment, Outcome, Size
from tests.prove.matrix import Cell
from tests.prove.place import ENGINES, Database, Place
from tests.prove.rights import keeps_account, keeps_secret
from tests.prove.tenancy import verdict_of
from tests.prove.world import CENTRE, Actor, Thing, World

_TOKEN = re.compile(r"zq[0-9a-f]{16}")
_JOURNAL = "SELECT CAST(before AS text), CAST(after AS text), action, actor FROM event"


def canaries(place: Place, size: Size) -> Outcome:
    """Search everything that the matrix is answered, and everything that is written down."""
    searched, planted, hits = 0, 0, list[str]()
    for kind in ENGINES if not size.is_short else ENGINES[1:]:
        with place.database(kind) as database:
            told: list[tuple[Cell, str]] = []
            with _logged() as log:
                world, _ = verdict_of(
                    database,
                    every=size.of(1, 3),
                    heard=lambda cell, answer, told=told: told.append((cell, _whole(answer))),  # type: ignore[misc] # mypy can't infer it
                )
            hits += _in_answers(world, told)
            hits += _written(world, log.getvalue(), "the log")
            hits += _written(world, _journal(database), "the journal")
            searched += len(told)
            planted += len(world.canaries)
    return Outcome(
        f"{len(hits)} foreign hits of {planted} canaries in {searched:,} answers, log and journal",
        "0",
        not hits and searched > 1_000,
        hits,
    )


def _whole(answer: Any) -> str:
    return f"{answer.headers} {answer.text}"


def _in_answers(world: World, told: list[tuple[Cell, str]]) -> Iterator[str]:
    """Canaries in answers to those who may not read them."""
    for cell, content in told:
        for token in set(_TOKEN.findall(content)):
            owner = world.canaries.get(token)
            shared = token in world.shared and cell.actor.role in ("admin", "curator")
            if owner is not None and not shared and not _may_read(cell.actor, owner):
                yield f"{cell} holds a word of {owner}"


def _may_read(actor: Actor, owner: tuple[str, str]) -> bool:
    portal, company = owner
    if not company:  # a portal's own name and its staff: theirs and the admins'
        return actor.role == "admin" or (actor.role == "partner" and actor.portal == portal)
    whose = Thing("company", company, "", portal, company)
    if keeps_secret(actor, whose):
        return True
    # Names of the centre's own companies, their people and keys.
    return actor.role == "admin" and portal == CENTRE and keeps_account(actor, whose)


def _written(world: World, content: str, where: str) -> Iterator[str]:
    """Canaries where there should be none, whoever looks."""
    for token in set(_TOKEN.findall(content)) & set(world.canaries):
        yield f"{where} holds a word of {world.canaries[token]}"


def _journal(database: Database) -> str:
    with database.owner.connect() as connection:
        return repr(connection.execute(text(_JOURNAL)).all())


@contextmanager
def _logged() -> Iterator[io.StringIO]:
    """Everything that any logger says, down to the finest."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    root = logging.getLogger()
    own = [logging.getLogger(name) for name in ("cdmo", "uvicorn", "fastapi", "httpx", "httpx2")]
    loggers = [root, *own]
    levels = [each.level for each in loggers]
    for each in loggers:
        each.addHandler(handler)
        each.setLevel(logging.INFO)
    try:
        yield written
    finally:
        for each, level in zip(loggers, levels, strict=True):
            each.removeHandler(handler)
            each.setLevel(level)


@contextmanager
def _told_in_errors() -> Iterator[None]:
    """What isn't the caller's is refused with the name that it has."""
    from sqlmodel import select

    from app.errors import NotFoundError
    from app.models.company import Company
    from app.services.editing import identity

    real = companies.found

    def planted(session: Any, company_id: str, caller: Any, *, lock: bool = False) -> Any:
        try:
            return real(session, company_id, caller, lock=lock)
        except NotFoundError:
            session.info.pop("cdmo_claims", None)
            row = _as_system(session, select(Company), identity(company_id, "No such company."))
            raise NotFoundError(f"There is no such company: {row}.") from None

    with patch.object(companies, "found", planted):
        yield


def _as_system(session: Any, query: Any, wanted: Any) -> str:
    from app.db import reading
    from app.services.tenancy import SYSTEM

    with reading(session.get_bind(), SYSTEM.claims) as other:
        names = {row.id: row.name for row in other.exec(query).all()}
    return str(names.get(wanted, "nothing"))


@contextmanager
def _told_in_journal() -> Iterator[None]:
    """The journal keeps what companies are called."""
    real = companies.page

    def planted(session: Any, caller: Any, **options: Any) -> CompanyPage:
        found = real(session, caller, **options)
        from app.db import writing
        from app.services.tenancy import SYSTEM

        with writing(session.get_bind(), SYSTEM.claims) as other:
            for item in found.items:
                journal.record(
                    other,
                    actor="key:x",
                    action="listed",
                    noun="company",
                    noun_id=item.id,
                    after={"name": item.name},
                )
        return found

    with patch.object(companies, "page", planted):
        yield


CANARIES = Experiment(
    "canaries",
    canaries,
    {"a name in a refusal": _told_in_errors, "a name in the journal": _told_in_journal},
)
