"""Runs: matches that are kept, told again as they were, and computed anew."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import and_
from sqlmodel import Session, col, select

from app.db import Access
from app.errors import NotFoundError
from app.matching import ENGINE
from app.matching.catalogue import Catalogue
from app.models.match import MatchData
from app.models.requirement import Requirement
from app.models.run import Run, RunComputedFrom, RunCreate, RunPage, RunSummary
from app.services import idempotency, journal, match, pages, requirements, tenancy
from app.services.editing import Editor, identity
from app.services.idempotency import Answer, Attempt
from app.services.tenancy import Caller

MISSING = "There is no such run."


def make(
    access: Access,
    requirement_id: str,
    options: RunCreate,
    catalogue: Catalogue,
    caller: Caller,
    editor: Editor,
    attempt: Attempt,
) -> Answer:
    """Match a requirement and keep the answer; a repeat under the same key gets the first run.

    Errors as `requirements.kept`, and InvalidError as a match. No connection is held, and nobody
    waits for a lock, while the match is computed.
    """
    payload = options.model_dump_json()
    with access.reading() as session:
        row = requirements.kept(session, requirement_id, caller, lock=False)
        asked = requirements.as_request(session, row)
        known = idempotency.known(session, attempt, payload)
    run = None if known else _computed(row, _with_options(asked, options), catalogue)
    with access.writing() as session:
        if run is None:
            return _answer(session, known or Answer(404, ""), caller)
        kept = idempotency.once(
            session, attempt, payload, lambda: _keep(session, run, caller, editor)
        )
        return _answer(session, kept, caller)


def _answer(session: Session, kept: Answer, caller: Caller) -> Answer:
    """The answer with its run: what is kept for repeats is only where it is."""
    run = found(session, (kept.location or "").rpartition("/")[2], caller)
    return replace(kept, body=told(run))


def _computed(requirement: Requirement, data: MatchData, catalogue: Catalogue) -> Run:
    answer, _ = match.match_json(data, catalogue)
    request = data.model_dump(mode="json")
    return Run(
        portal_id=requirement.portal_id,
        company_id=requirement.company_id,
        requirement_id=requirement.id,
        requirement_version=requirement.version,
        request=request,
        engine=ENGINE,
        vocabulary=catalogue.vocabulary.version,
        catalogue=catalogue.revision,
        request_digest=_digest(to_json(request)),
        answer_digest=_digest(answer),
        answer=answer.decode(),
    )


def _with_options(data: MatchData, options: RunCreate) -> MatchData:
    day = options.as_of or datetime.now(UTC).date()
    return data.model_copy(update={**dict(options), "as_of": day})


def _keep(session: Session, run: Run, caller: Caller, editor: Editor) -> Answer:
    row = requirements.kept(session, str(run.requirement_id), caller)
    row.used_at = datetime.now(UTC)
    session.add(run)
    session.flush()
    journal.record(
        session,
        actor=editor.actor,
        action="run",
        noun="requirement",
        noun_id=run.requirement_id,
        request_id=editor.request_id,
    )
    return Answer(201, "", location=f"/v1/runs/{run.id}")


def found(session: Session, run_id: str, caller: Caller) -> Run:
    """A run that the caller keeps; NotFoundError if there is none."""
    wanted = identity(run_id, MISSING)
    row = session.exec(
        select(Run).where(Run.id == wanted, tenancy.confidential(Run, caller))
    ).one_or_none()
    if row is None:
        raise NotFoundError(MISSING)
    return row


def page(
    session: Session,
    requirement_id: str,
    caller: Caller,
    *,
    after: str | None,
    limit: int,
    newest_first: bool = False,
) -> RunPage:
    """A page of a requirement's runs without their answers; errors as `requirements.kept`."""
    requirement = requirements.kept(session, requirement_id, caller, lock=False)
    which = and_(col(Run.requirement_id) == requirement.id, tenancy.confidential(Run, caller))
    rows, following = pages.by_age(
        session, Run, which, caller, after, limit, newest_first=newest_first
    )
    return RunPage(items=[_summary(row) for row in rows], next=following)


def replayed(run: Run, catalogue: Catalogue) -> Run:
    """The run as it would come out now. Nothing is kept."""
    data = MatchData.model_validate(run.request)
    answer, _ = match.match_json(data, catalogue)
    return Run(
        **run.model_dump(exclude={"engine", "vocabulary", "catalogue", "answer_digest", "answer"}),
        engine=ENGINE,
        vocabulary=catalogue.vocabulary.version,
        catalogue=catalogue.revision,
        answer_digest=_digest(answer),
        answer=answer.decode(),
    )


def told(run: Run) -> str:
    """A run as JSON, its answer as it was, to the byte."""
    return f'{_summary(run).model_dump_json()[:-1]},"answer":{run.answer}}}'


def _summary(run: Run) -> RunSummary:
    as_of: Any = run.request["as_of"]
    return RunSummary(
        id=UUID(str(run.id)),
        requirement_id=run.requirement_id,
        requirement_version=run.requirement_version,
        created_at=run.created_at,
        request=MatchData.model_validate(run.request),
        computed_from=RunComputedFrom(
            engine=run.engine,
            vocabulary=run.vocabulary,
            catalogue=run.catalogue,
            as_of=as_of,
            request_digest=run.request_digest,
            answer_digest=run.answer_digest,
        ),
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
