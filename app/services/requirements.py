"""Requirements: what a company looks for, kept as its secret and shared only by itself."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy import delete as delete_rows
from sqlmodel import Session, col, select

from app.errors import Fault, ForbiddenError, InvalidError, NotFoundError
from app.matching.vocabulary import Vocabulary
from app.models.company import Company
from app.models.key import Role
from app.models.match import MatchData
from app.models.need import NeedData, WishesData
from app.models.requirement import (
    Requirement,
    RequirementCreate,
    RequirementNeed,
    RequirementPage,
    RequirementPublic,
    RequirementUpdate,
)
from app.services import journal, match, pages, retention, tenancy
from app.services.editing import Editor, identity
from app.services.precondition import Precondition
from app.services.tenancy import Caller

MISSING = "There is no such requirement."
_READ_ONLY = "Only the company that this requirement belongs to, and its portal, may do this."


def create(
    session: Session,
    data: RequirementCreate,
    vocabulary: Vocabulary,
    caller: Caller,
    editor: Editor,
) -> RequirementPublic:
    """Keep a requirement; InvalidError where a match with it would be refused, or where it isn't
    said whose it is."""
    _check(data.text, data.needs, data.wishes, vocabulary)
    company = _company(session, data.company_id, caller)
    row = Requirement(
        portal_id=company.portal_id,
        company_id=company.id,
        title=data.title,
        text=data.text or None,
        wishes=_written(data.wishes),
        used_at=datetime.now(UTC),
    )
    session.add(row)
    session.flush()
    needs = _keep_needs(session, row.id, data.needs)
    _tell(session, row, "created", editor)
    return _public(row, needs)


def page(
    session: Session,
    caller: Caller,
    *,
    after: str | None,
    limit: int,
    newest_first: bool = False,
) -> RequirementPage:
    """A page of the requirements that the caller may read, oldest first unless wished otherwise."""
    mine = tenancy.readable(caller)
    rows, following = pages.by_age(
        session, Requirement, mine, caller, after, limit, newest_first=newest_first
    )
    needs = _needs_of(session, [row.id for row in rows])
    return RequirementPage(
        items=[_public(row, needs.get(row.id, [])) for row in rows], next=following
    )


def read(session: Session, requirement_id: str, caller: Caller) -> RequirementPublic:
    """One requirement; NotFoundError if there is none that the caller may read."""
    row = found(session, requirement_id, tenancy.readable(caller))
    return _public(row, _needs_of(session, [row.id]).get(row.id, []))


def update(
    session: Session,
    requirement_id: str,
    data: RequirementUpdate,
    vocabulary: Vocabulary,
    wanted: Precondition,
    caller: Caller,
    editor: Editor,
) -> RequirementPublic:
    """Change a requirement; NotFoundError, ForbiddenError for one that is only shared, StaleError
    if it changed since it was read, InvalidError as `create`."""
    row = kept(session, requirement_id, caller)
    wanted.check(row.version)
    given = data.model_fields_set
    needs = _needs_of(session, [row.id]).get(row.id, [])
    wishes = data.wishes or WishesData.model_validate(row.wishes)
    text = (data.text or None) if "text" in given else row.text
    new_needs = data.needs if data.needs is not None else needs
    _check(text, new_needs, wishes, vocabulary)
    row.title = data.title or row.title
    row.text, row.wishes = text, _written(wishes)
    if data.needs is not None:
        session.execute(delete_rows(RequirementNeed).where(_of(row.id)))
        new_needs = _keep_needs(session, row.id, data.needs)
    _changed(session, row, "updated", editor)
    return _public(row, new_needs)


def share(
    session: Session, requirement_id: str, *, shared: bool, caller: Caller, editor: Editor
) -> RequirementPublic:
    """Let the centre's curators read a requirement, or end that at once; doing it twice changes
    nothing. NotFoundError, and ForbiddenError for the centre itself."""
    row = kept(session, requirement_id, caller)
    if (row.shared_at is not None) != shared:
        row.shared_at = datetime.now(UTC) if shared else None
        _changed(session, row, "shared" if shared else "unshared", editor)
    return _public(row, _needs_of(session, [row.id]).get(row.id, []))


def delete(
    session: Session, requirement_id: str, wanted: Precondition, caller: Caller, editor: Editor
) -> None:
    """Delete a requirement with its needs, its runs and the answers kept of them; NotFoundError,
    ForbiddenError for one that is only shared, StaleError."""
    row = kept(session, requirement_id, caller)
    wanted.check(row.version)
    _tell(session, row, "deleted", editor)
    retention.forget_requirement(session, row.id)


def kept(
    session: Session, requirement_id: str, caller: Caller, *, lock: bool = True
) -> Requirement:
    """The row of a requirement that the caller keeps, held until the transaction ends.

    NotFoundError if there is none that the caller may read, ForbiddenError where it may only read.
    """
    if caller.role in (Role.CURATOR, Role.ADMIN):
        found(session, requirement_id, tenancy.readable(caller))
        raise ForbiddenError(_READ_ONLY)
    mine = tenancy.confidential(Requirement, caller)
    return found(session, requirement_id, mine, lock=lock)


def found(
    session: Session, requirement_id: str, which: ColumnElement[bool], *, lock: bool = False
) -> Requirement:
    """The row under an id among `which`; NotFoundError if there is none."""
    query = select(Requirement).where(Requirement.id == identity(requirement_id, MISSING), which)
    row = session.exec(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFoundError(MISSING)
    return row


def as_request(session: Session, row: Requirement) -> MatchData:
    """What a requirement asks of a match."""
    return MatchData(
        text=row.text,
        needs=_needs_of(session, [row.id]).get(row.id, []),
        wishes=WishesData.model_validate(row.wishes),
    )


def _check(
    text: str | None, needs: list[NeedData], wishes: WishesData, vocabulary: Vocabulary
) -> None:
    match.query_of(MatchData(text=text, needs=needs, wishes=wishes), vocabulary)


def _company(session: Session, company_id: UUID | None, caller: Caller) -> Company:
    wanted = company_id or caller.company_id
    row = None
    if wanted is not None:
        mine = tenancy.confidential(Company, caller)
        row = session.exec(select(Company).where(Company.id == wanted, mine)).one_or_none()
    if row is None:
        detail = "There is no such company." if company_id else "Say for which company this is."
        raise InvalidError(
            "This requirement can't be kept as it is.", faults=[Fault("body.company_id", detail)]
        )
    return row


def _keep_needs(session: Session, requirement_id: UUID, needs: list[NeedData]) -> list[NeedData]:
    for position, need in enumerate(needs):
        fields = need.model_dump(mode="json", exclude={"id", "importance"})
        session.add(
            RequirementNeed(
                requirement_id=requirement_id,
                position=position,
                name=need.id,
                importance=need.importance,
                **fields,
            )
        )
    session.flush()
    return needs


def _needs_of(session: Session, ids: list[UUID]) -> dict[UUID, list[NeedData]]:
    query = select(RequirementNeed).where(col(RequirementNeed.requirement_id).in_(ids))
    needs: dict[UUID, list[NeedData]] = {}
    for row in session.exec(query.order_by(col(RequirementNeed.position))).all():
        fields = row.model_dump(include=set(NeedData.model_fields) - {"id"})
        needs.setdefault(row.requirement_id, []).append(
            NeedData.model_validate({**fields, "id": row.name})
        )
    return needs


def _of(requirement_id: UUID) -> ColumnElement[bool]:
    return col(RequirementNeed.requirement_id) == requirement_id


def _written(wishes: WishesData) -> dict[str, Any]:
    return wishes.model_dump(mode="json")


def _public(row: Requirement, needs: list[NeedData]) -> RequirementPublic:
    return RequirementPublic.model_validate(
        row.model_dump() | {"needs": [need.model_dump() for need in needs]}
    )


def _changed(session: Session, row: Requirement, action: str, editor: Editor) -> None:
    row.version += 1
    row.used_at = row.updated_at = datetime.now(UTC)
    _tell(session, row, action, editor)
    session.flush()


def _tell(session: Session, row: Requirement, action: str, editor: Editor) -> None:
    # Never what it says: the journal outlives the requirement, and curators read it.
    journal.record(
        session,
        actor=editor.actor,
        action=action,
        noun="requirement",
        noun_id=row.id,
        request_id=editor.request_id,
    )
