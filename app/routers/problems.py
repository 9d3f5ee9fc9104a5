"""What the types of problems mean, at the addresses that they name."""

from collections.abc import Iterator
from functools import cache

from fastapi import APIRouter
from pydantic import BaseModel

from app.errors import DomainError, InvalidError, NotFoundError
from app.problems import documented

router = APIRouter(prefix="/problems", tags=["problems"])


class ProblemType(BaseModel):
    """A kind of refusal: its type as answers carry it, and when it is used."""

    type: str
    title: str
    status: int
    text: str


class ProblemTypeList(BaseModel):
    """Every kind of refusal, by status; there is never a further page."""

    items: list[ProblemType]
    next: str | None = None


@router.get("")
def list_problem_types() -> ProblemTypeList:
    """Every kind of refusal that this service knows."""
    return ProblemTypeList(items=list(_types().values()))


@router.get("/{name}", responses=documented(NotFoundError, InvalidError))
def read_problem_type(name: str) -> ProblemType:
    """What a `type` such as /problems/not-found means."""
    found = _types().get(f"/problems/{name}")
    if found is None:
        raise NotFoundError("There is no such kind of problem.")
    return found


@cache
def _types() -> dict[str, ProblemType]:
    known: set[type[DomainError]] = {DomainError, *_below(DomainError)}
    kinds = sorted(known, key=lambda kind: (kind.status, kind.type))
    return {
        f"/problems/{kind.type}": ProblemType(
            type=f"/problems/{kind.type}",
            title=kind.title,
            status=kind.status,
            text=kind.__doc__ or "",
        )
        for kind in kinds
    }


def _below(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)
