"""What every keyset page of tenants' things takes."""

from typing import Annotated

from fastapi import Query

from app.services import cursor, pages

After = Annotated[
    str | None,
    Query(max_length=cursor.LONGEST, description="The `next` of the page before this one."),
]
PageLimit = Annotated[int, Query(ge=1, le=pages.MOST, description="Rows of a page.")]
