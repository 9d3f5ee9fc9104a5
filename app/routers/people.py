"""People over HTTP: who may sign in for a portal or a company."""

from fastapi import APIRouter, Response

from app.deps import (
    AttemptDep,
    AuthorDep,
    CallerDep,
    EngineDep,
    OutboxDep,
    RequestIdDep,
    SessionDep,
    TenantDep,
    TenantSessionDep,
)
from app.errors import ConflictError, ForbiddenError, NotFoundError, UnauthorizedError
from app.models.person import PersonInvite, PersonPage, PersonPublic
from app.problems import documented
from app.routers import answers
from app.routers.paging import After, PageLimit
from app.routers.providers import CREATING
from app.services import idempotency, pages, people, sign_ins
from app.services.idempotency import Answer

router = APIRouter(
    prefix="/v1/people", tags=["people"], responses=documented(UnauthorizedError, ForbiddenError)
)


@router.get("")
def list_people(
    caller: TenantDep,
    session: TenantSessionDep,
    after: After = None,
    limit: PageLimit = pages.LIMIT,
) -> PersonPage:
    """The people whom you keep, oldest first: a company its own; a portal's staff each other and
    those of the portal's companies; admins also the staff of other portals."""
    return people.page(session, caller, after=after, limit=limit)


@router.post("", status_code=201, response_model=PersonPublic, responses=CREATING | answers.ADDED)
def invite_person(
    data: PersonInvite,
    caller: TenantDep,
    session: SessionDep,
    author: AuthorDep,
    attempt: AttemptDep,
    outbox: OutboxDep,
) -> Response:
    """Invite somebody. Where the service sends mails, they get a link with which they set a
    password; it is good for 7 days, and may be sent again."""

    def make() -> Answer:
        made = people.invite(session, data, caller, author)
        outbox.invite(made.id)
        return Answer(201, made.model_dump_json(), location=f"/v1/people/{made.id}")

    return answers.told(idempotency.once(session, attempt, data.model_dump_json(), make))


@router.get("/{person_id}", responses=documented(NotFoundError))
def read_person(person_id: str, caller: TenantDep, session: TenantSessionDep) -> PersonPublic:
    """One person."""
    return people.read(session, person_id, caller)


@router.delete("/{person_id}", status_code=204, responses=documented(NotFoundError, ConflictError))
def remove_person(
    person_id: str, caller: TenantDep, session: SessionDep, author: AuthorDep
) -> None:
    """Remove somebody. They are signed out everywhere at once, and their links are void. The keys
    that they made, and those that were made with these, end at once as well: rotate those that are
    still needed before, which makes them yours."""
    people.remove(session, person_id, caller, author)


@router.post("/{person_id}/invitation", status_code=202, responses=documented(NotFoundError))
def invite_again(
    person_id: str, caller: TenantDep, session: TenantSessionDep, outbox: OutboxDep
) -> Response:
    """Send the invitation once more; the link before it is void. Nothing is sent to somebody who
    has a password, nor to an address to which an invitation left within the last minute."""
    outbox.invite(people.found(session, person_id, caller).id)
    return Response(status_code=202)


@router.delete("/{person_id}/sign-ins", status_code=204, responses=documented(NotFoundError))
def sign_out_everywhere(
    person_id: str,
    caller: CallerDep,
    session: TenantSessionDep,
    engine: EngineDep,
    request_id: RequestIdDep,
) -> None:
    """Sign somebody out in every browser: yourself, or somebody whom you keep."""
    theirs = people.check_may_sign_out(session, person_id, caller)
    session.close()  # so that one request doesn't hold two connections
    sign_ins.end_all(engine, theirs, actor=caller.actor, request_id=request_id)
