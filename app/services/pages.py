"""Keyset pages of what tenants keep, by age."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from app.models.base import Row
from app.services import cursor
from app.services.tenancy import Caller

T = TypeVar("T", bound=Row)
LIMIT, MOST = 50, 200  # rows of a page: by default, and at most


def by_age(
    session: Session,
    table: type[T],
    which: ColumnElement[bool],
    caller: Caller,
    after: str | None,
    limit: int,
    *,
    newest_first: bool = False,
) -> tuple[Sequence[T], str | None]:
    """The rows of a page and the cursor of the page after it, which is the caller's alone;
    BadRequestError for a cursor of another list."""
    made, number = col(table.created_at), col(table.id)
    order = (made.desc(), number.desc()) if newest_first else (made, number)
    query = select(table).where(which).order_by(*order).limit(limit + 1)
    asked = f"{table.__tablename__} of {caller.portal_id} {caller.company_id} {caller.role}"
    asked += " newest first" if newest_first else ""
    if after is not None:
        at, last = cursor.read(after, asked, str, str)
        when, there = datetime.fromisoformat(str(at)), UUID(str(last))
        beyond = made < when if newest_first else made > when
        further = number < there if newest_first else number > there
        query = query.where(or_(beyond, and_(made == when, further)))
    rows = session.exec(query).all()
    kept = rows[:limit]
    if len(rows) <= limit:
        return kept, None
    return kept, cursor.write([kept[-1].created_at.isoformat(), str(kept[-1].id)], asked)
