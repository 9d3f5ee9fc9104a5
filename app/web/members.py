"""Who is signed in, for the pages that are about themselves."""

from typing import Annotated

from fastapi import Depends

from app.deps import CallerDep, VisitorDep
from app.errors import UnauthorizedError
from app.services.sign_ins import SignedIn


def get_member(_: CallerDep, visitor: VisitorDep) -> SignedIn:
    """Who is signed in, with the token of a change looked at; UnauthorizedError for nobody."""
    if visitor is None:
        raise UnauthorizedError("Nobody is signed in in this browser.")
    return visitor


MemberDep = Annotated[SignedIn, Depends(get_member)]
