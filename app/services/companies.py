"""Companies under their portals: added, renamed, and deleted with everything they keep."""

from uuid import UUID

from sqlmodel import Session, select

from app.errors import Fault, InvalidError, NotFoundError
from app.models.company import (
    Company,
    CompanyCreate,
    CompanyPage,
    CompanyPublic,
    CompanyUpdate,
)
from app.models.portal import Portal
from app.services import journal, pages, portals
from app.services.editing import Editor, identity
from app.services.precondition import Precondition
from app.services.tenancy import Caller, accounts

MISSING = "There is no such company."


def create(session: Session, data: CompanyCreate, caller: Caller, editor: Editor) -> CompanyPublic:
    """Add a company to the caller's portal; InvalidError for another portal's."""
    portal = portals.chosen(session, data.portal_id, caller)
    return CompanyPublic.model_validate(add(session, data.name, portal, caller, editor))


def add(session: Session, name: str, portal: Portal, caller: Caller, editor: Editor) -> Company:
    """Add a company; InvalidError where the portal isn't the caller's own."""
    if not caller.is_system and portal.id != caller.portal_id:
        raise InvalidError(
            "This can't be done as it is.",
            faults=[Fault("body.portal_id", "A portal's companies are added by its own staff.")],
        )
    return make(session, name, portal.id, editor)


def make(session: Session, name: str, portal_id: UUID, editor: Editor) -> Company:
    """The row of a new company."""
    company = Company(name=name, portal_id=portal_id)
    session.add(company)
    session.flush()
    _tell(session, company.id, "created", editor)
    return company


def page(session: Session, caller: Caller, *, after: str | None, limit: int) -> CompanyPage:
    """A page of the companies that the caller keeps, oldest first."""
    mine = accounts(Company, caller)
    rows, following = pages.by_age(session, Company, mine, caller, after, limit)
    return CompanyPage(items=[CompanyPublic.model_validate(row) for row in rows], next=following)


def read(session: Session, company_id: str, caller: Caller) -> CompanyPublic:
    """One company; NotFoundError if there is none that the caller keeps."""
    return CompanyPublic.model_validate(found(session, company_id, caller))


def update(
    session: Session,
    company_id: str,
    data: CompanyUpdate,
    wanted: Precondition,
    caller: Caller,
    editor: Editor,
) -> CompanyPublic:
    """Rename a company; NotFoundError, or StaleError if it changed since it was read."""
    company = found(session, company_id, caller, lock=True)
    wanted.check(company.version)
    company.name = data.name
    company.version += 1
    _tell(session, company.id, "updated", editor)
    session.flush()
    return CompanyPublic.model_validate(company)


def found(session: Session, company_id: str, caller: Caller, *, lock: bool = False) -> Company:
    """The row of a company that the caller keeps; NotFoundError otherwise."""
    query = select(Company).where(
        Company.id == identity(company_id, MISSING), accounts(Company, caller)
    )
    row = session.exec(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFoundError(MISSING)
    return row


def _tell(session: Session, company_id: UUID, action: str, editor: Editor) -> None:
    journal.record(
        session,
        actor=editor.actor,
        action=action,
        noun="company",
        noun_id=company_id,
        request_id=editor.request_id,
    )
