"""Errors as RFC 9457 answers.

Every refusal is `application/problem+json`: `type` is a stable reference such as
`/problems/not-found` (compare it as it stands; nothing has to be fetched from it), and `errors`
says what is wrong where. No answer repeats the input, a statement, a path or a trace.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from app.complaints import faults_of
from app.errors import (
    BadRequestError,
    ConflictError,
    DomainError,
    InvalidError,
    NotFoundError,
    UnavailableError,
)
from app.logs import REQUEST_ID

MEDIA_TYPE = "application/problem+json"


class MethodNotAllowedError(DomainError):
    """The path exists and doesn't take this method."""

    status, type, title = 405, "method-not-allowed", "This address doesn't take this method"


class TooLargeError(DomainError):
    """The body is larger than the service takes."""

    status, type, title = 413, "too-large", "The request is too large"


class UriTooLongError(DomainError):
    """The address is longer than any address of this service."""

    status, type, title = 414, "uri-too-long", "The address is too long"


class HeadTooLargeError(DomainError):
    """The header fields are larger than the service takes."""

    status, type, title = 431, "header-fields-too-large", "The header fields are too large"


class UnsupportedMediaTypeError(DomainError):
    """The body is of a kind that can't be read here."""

    status, type, title = 415, "unsupported-media-type", "This kind of content can't be read here"


class TimedOutError(DomainError):
    """The request was not sent to its end in time."""

    status, type, title = 408, "timed-out", "The request did not arrive in time"

    @property
    def headers(self) -> Mapping[str, str]:
        """What comes after it on this connection could not be told apart from the rest of it."""
        return {"Connection": "close"}


class StorageFullError(UnavailableError):
    """The disk is full: nothing was kept, reading still works."""

    type, title = "storage-full", "There is no room left to keep this"

    @property
    def headers(self) -> Mapping[str, str]:
        """Room is made by an operator, and so not within seconds."""
        return {"Retry-After": "60"}


class ProblemFault(BaseModel):
    """One thing wrong with the input: where it is, and what is wrong with it."""

    where: str
    detail: str


class Problem(BaseModel):
    """A refusal."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[ProblemFault]


def problem(error: DomainError, request_id: str) -> Response:
    """The answer that tells an error."""
    body = Problem(
        type=f"/problems/{error.type}",
        title=error.title,
        status=error.status,
        detail=error.detail,
        request_id=request_id,
        errors=[ProblemFault(where=f.where, detail=f.detail) for f in error.faults],
    )
    return Response(
        body.model_dump_json(),
        status_code=error.status,
        media_type=MEDIA_TYPE,
        headers=dict(error.headers),
    )


def documented(*errors: type[DomainError]) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI responses of these errors; those of one status share an entry."""
    titles: dict[int, list[str]] = {}
    for error in errors:
        titles.setdefault(error.status, []).append(error.title)
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": "; ".join(lines), "content": {MEDIA_TYPE: {"schema": schema}}}
        for status, lines in titles.items()
    }


def install(app: FastAPI) -> None:
    """Render all that can go wrong in this app as problems."""
    app.add_exception_handler(DomainError, _domain)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(PoolTimeoutError, _database)
    app.add_exception_handler(Exception, _unexpected)


def of_database(error: Exception) -> DomainError:
    """What a failure of the database means to the caller."""
    cause = str(getattr(error, "orig", "")).lower()
    if "disk is full" in cause or getattr(error, "sqlstate", None) == "53100":
        return StorageFullError("Nothing was changed. The operator has to make room first.")
    if isinstance(error, IntegrityError):
        return ConflictError("Another change got there first. Read the record again.")
    if isinstance(error, (OperationalError, PoolTimeoutError)) or _is_broken(error):
        return UnavailableError("The database doesn't answer in time. Nothing was changed.")
    return _UNEXPECTED


def _is_broken(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _answer(request: Request, error: DomainError) -> Response:
    return problem(error, request.scope[REQUEST_ID])


async def _domain(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    return _answer(request, error)


async def _database(request: Request, error: Exception) -> Response:
    found = of_database(error)
    if found.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        raise error  # a defect of ours: logged and told like any other
    return _answer(request, found)


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if isinstance(error.body, bytes):
        # FastAPI hands the body on as bytes only where its type isn't JSON.
        return _answer(request, UnsupportedMediaTypeError("Send JSON, as application/json."))
    faults = faults_of(error.errors())
    several = f"{len(faults)} things are" if len(faults) != 1 else "One thing is"
    return _answer(request, InvalidError(f"{several} wrong with what was sent.", faults=faults))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = {"Allow": ", ".join(sorted(methods_of(request, request.scope["path"])))}
        if request.method == "OPTIONS":
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=allowed)
        answer = _answer(request, MethodNotAllowedError("Allow says which methods it takes."))
        answer.headers.update(allowed)
        return answer
    return _answer(request, _OF_STATUS.get(error.status_code, _UNEXPECTED))


def methods_of(request: Request, path: str) -> set[str]:
    """All methods of all routes of a path: the router itself tells those of the first only."""
    path = path.removeprefix(request.scope.get("root_path", ""))
    found = {"OPTIONS"}
    for pattern, methods in _routes(request.app):
        if pattern.match(path):
            found |= methods
    if "GET" in found:
        found.add("HEAD")  # the edge takes it for every GET
    return found


def _routes(app: FastAPI) -> list[tuple[re.Pattern[str], set[str]]]:
    """The addresses of the app with their methods, worked out once."""
    if not hasattr(app.state, "addresses"):
        app.state.addresses = [
            (compile_path(route.path)[0], set(route.methods))
            for route in iter_route_contexts(app.routes)
            if route.path and route.methods
        ]
    found: list[tuple[re.Pattern[str], set[str]]] = app.state.addresses
    return found


_UNEXPECTED = DomainError(
    "Nothing was changed. If it happens again, tell the operator the request id."
)
_OF_STATUS: dict[int, DomainError] = {
    400: BadRequestError("The body can't be read."),
    404: NotFoundError("There is nothing at this address."),
    413: TooLargeError("Send less at once."),
    415: UnsupportedMediaTypeError("Send JSON, as application/json."),
}


async def _unexpected(request: Request, error: Exception) -> Response:
    return _answer(request, of_database(error))
