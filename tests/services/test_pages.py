"""Pages of what tenants keep: every row once, in either order."""

from uuid import UUID

import pytest
from sqlmodel import Session

from app.errors import BadRequestError
from app.models.company import Company
from app.models.key import Role
from app.services import companies, pages, portals, tenancy
from app.services.editing import Editor
from app.services.tenancy import Caller


def _walk(session: Session, caller: Caller, *, newest_first: bool) -> list[str]:
    names: list[str] = []
    after = None
    while True:
        rows, after = pages.by_age(
            session,
            Company,
            tenancy.confidential(Company, caller),
            caller,
            after,
            2,
            newest_first=newest_first,
        )
        names += [row.name for row in rows]
        if after is None:
            return names


@pytest.fixture
def caller(session: Session) -> Caller:
    """A partner whose portal has five companies."""
    portal_id = UUID(str(portals.centre(session).id))
    for number in range(5):
        companies.make(session, f"Company {number}", portal_id, Editor())
    return Caller(role=Role.PARTNER, portal_id=portal_id)


def test_each_row_stands_on_one_page_in_either_order(session: Session, caller: Caller) -> None:
    oldest_first = [f"Company {number}" for number in range(5)]
    assert _walk(session, caller, newest_first=False) == oldest_first
    assert _walk(session, caller, newest_first=True) == oldest_first[::-1]


def test_a_cursor_of_one_order_isn_t_one_of_the_other(session: Session, caller: Caller) -> None:
    mine = tenancy.confidential(Company, caller)
    _, after = pages.by_age(session, Company, mine, caller, None, 2, newest_first=True)
    with pytest.raises(BadRequestError):
        pages.by_age(session, Company, mine, caller, after, 2)
