"""A company that keeps something of everything, each secret of it a word that is found anywhere."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, text
from sqlmodel import Session, SQLModel

from app.db import reading, writing
from app.models.company import Company
from app.models.idempotency import IdempotentAnswer
from app.models.key import Key, Role
from app.models.person import OneTimeToken, Person, Purpose, SignIn
from app.models.phrase import PhraseUse
from app.models.requirement import Requirement, RequirementNeed
from app.models.run import Run
from app.services.tenancy import SYSTEM
from tests.conftest import owner_of

CANARY = "zqcanary"  # in every secret of the company
OTHER = "zqother"  # in every secret of another one
NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)


def requirement(
    session: Session, company_id: str, word: str = CANARY, *, used_at: datetime | None = None
) -> tuple[UUID, UUID]:
    """The ids of a requirement with two needs, and of its run."""
    company = session.get_one(Company, UUID(company_id))
    owner: dict[str, Any] = {"portal_id": company.portal_id, "company_id": company.id}
    times: dict[str, Any] = {"created_at": NOW, "updated_at": NOW}
    row = Requirement(
        **owner,
        **times,
        title=f"{word} title",
        text=f"{word} text",
        wishes={"budget": word},
        used_at=used_at or NOW,
    )
    session.add(row)
    session.flush()
    for position in (1, 0):
        session.add(
            RequirementNeed(
                requirement_id=row.id,
                position=position,
                platform=f"{word} {position}",
                quality=[word],
                **times,
            )
        )
    run = Run(
        **owner,
        **times,
        requirement_id=row.id,
        requirement_version=1,
        request={"text": word},
        engine="1",
        vocabulary=1,
        catalogue=2,
        request_digest="0" * 64,
        answer_digest="1" * 64,
        answer=f'{{"text":"{word}"}}',
    )
    session.add(run)
    session.flush()
    return row.id, run.id


def person(session: Session, company_id: str, word: str = CANARY) -> UUID:
    """The id of somebody of the company who is signed in and was sent a link."""
    company = session.get_one(Company, UUID(company_id))
    row = Person(
        portal_id=company.portal_id,
        company_id=company.id,
        home_id=company.id,
        email=f"{word}@start-up.example",
        name=f"{word} Kim",
        role=Role.COMPANY,
        password_hash=f"{word} hash",
    )
    session.add(row)
    session.flush()
    soon = datetime.now(UTC) + timedelta(hours=1)
    sign_in(session, row.id, soon)
    token(session, row.id, soon)
    return row.id


def sign_in(session: Session, person_id: UUID, expires_at: datetime, **others: Any) -> None:
    word = uuid4().hex
    session.add(
        SignIn(person_id=person_id, digest=word, csrf_token=word, expires_at=expires_at, **others)
    )


def token(session: Session, person_id: UUID, expires_at: datetime) -> None:
    session.add(
        OneTimeToken(
            person_id=person_id,
            purpose=Purpose.PASSWORD_RESET,
            digest=uuid4().hex,
            expires_at=expires_at,
        )
    )


def answer(
    session: Session,
    caller: str,
    route: str,
    location: str | None,
    word: str = CANARY,
    expires_at: datetime | None = None,
) -> None:
    """An answer that is kept for a repeated request."""
    session.add(
        IdempotentAnswer(
            caller=caller,
            route=route,
            location=location,
            idempotency_key=uuid4().hex,
            payload_digest="0" * 64,
            status=201,
            body=f'{{"title": "{word}"}}',
            expires_at=expires_at or datetime.now(UTC) + timedelta(hours=1),
        )
    )


def counts(engine: Engine) -> dict[str, int]:
    """How many rows each of a tenant's tables has."""
    tables: tuple[type[SQLModel], ...] = (
        *(Company, Key, Person, SignIn, OneTimeToken, Requirement, RequirementNeed, Run),
        *(IdempotentAnswer, PhraseUse),
    )
    with reading(engine, SYSTEM.claims) as session:
        return {
            str(table.__tablename__): session.execute(
                text(f"SELECT count(*) FROM {table.__tablename__}")
            ).scalar_one()
            for table in tables
        }


def leftovers(engine: Engine, words: list[str]) -> list[str]:
    """Where any of these words still is: in SQLite's files, byte by byte, or in the rows of any
    table of PostgreSQL."""
    return [
        f"{word} in {place}"
        for place, content in _contents(engine)
        for word in words
        if word.encode() in content
    ]


def _contents(engine: Engine) -> Iterator[tuple[str, bytes]]:
    if engine.dialect.name == "sqlite":
        file = Path(str(engine.url.database))
        for each in sorted(file.parent.glob(f"{file.name}*")):
            yield each.name, each.read_bytes()
        return
    with reading(owner_of(engine)) as session:
        for table in SQLModel.metadata.sorted_tables:
            rows = session.execute(text(f'SELECT t::text FROM "{table.name}" t')).scalars().all()
            yield table.name, "\n".join(rows).encode()


def filled(engine: Engine, company_id: str, partner: str, word: str = CANARY) -> dict[str, str]:
    """Fill the company with everything; gives the ids of what it then has."""
    with writing(engine, SYSTEM.claims) as session:
        wanted, run = requirement(session, company_id, word)
        who = person(session, company_id, word)
        answer(session, f"person:{who}", "POST /v1/portals", "/v1/portals/x", word)
        answer(session, partner, "POST /v1/companies", f"/v1/companies/{company_id}", word)
        answer(session, partner, f"POST /v1/requirements/{wanted}/runs", None, word)
        answer(session, partner, "POST /v1/requirements", f"/v1/requirements/{wanted}", word)
        answer(session, partner, f"POST /v1/runs/{run}/replay", None, word)
        answer(session, partner, "POST /v1/x", f"/v1/runs/{run}", word)
        answer(session, partner, "POST /v1/people", f"/v1/people/{who}", word)
    return {"requirement": str(wanted), "run": str(run), "person": str(who)}
