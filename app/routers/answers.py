"""How a record is answered: with its ETag, with 201 when it was made, with 304 when it is known."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from fastapi import Response
from pydantic import BaseModel
from sqlmodel import Session

from app.models.key import Key, KeyIssued
from app.services import idempotency, sealed_answers
from app.services.idempotency import Answer, Attempt
from app.services.precondition import etag, knows

_TAG = {"ETag": {"description": "The version, for If-Match.", "schema": {"type": "string"}}}
_MADE = {
    "Location": {"description": "Where it is.", "schema": {"type": "string"}},
    "Idempotent-Replayed": {
        "description": "`true` where an earlier answer is given again.",
        "schema": {"type": "string"},
    },
}
Documented = dict[int | str, dict[str, Any]]
CREATED: Documented = {201: {"headers": _TAG | _MADE}}
ISSUED: Documented = {201: {"headers": {"Idempotent-Replayed": _MADE["Idempotent-Replayed"]}}}
ADDED: Documented = {201: {"headers": _MADE}}  # what has no version
CHANGED: Documented = {200: {"headers": _TAG}}
GONE: Documented = {204: {"headers": _TAG}}
FILE: Documented = {
    200: {
        "headers": {
            "Content-Disposition": {
                "description": "The name to save it under.",
                "schema": {"type": "string"},
            }
        }
    }
}
READ: Documented = {
    200: {"headers": _TAG},
    304: {"description": "The caller has this version already", "headers": _TAG},
}


class Versioned(Protocol):
    """A record, or a part of one, that tells the version of the whole."""

    version: int

    def model_dump_json(self) -> str:
        """The record as JSON."""


T = TypeVar("T", bound=Versioned)


def record(found: Versioned, if_none_match: str | None = None) -> Response:
    """A record with its ETag, or 304 without it if the caller has this version already."""
    tag = etag(found.version)
    if if_none_match is not None and knows(if_none_match, tag):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(found.model_dump_json(), media_type="application/json", headers={"ETag": tag})


def tagged(tag: str, if_none_match: str | None, make: Callable[[], BaseModel]) -> Response:
    """An answer with its ETag; if the caller has it already, 304, and it isn't even made."""
    if if_none_match is not None and knows(if_none_match, tag):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(make().model_dump_json(), media_type="application/json", headers={"ETag": tag})


def gone(version: int) -> Response:
    """204 for a part or record that was taken away, with the ETag of what remains."""
    return Response(status_code=204, headers={"ETag": etag(version)})


def created(
    session: Session,
    attempt: Attempt,
    payload: BaseModel,
    make: Callable[[], T],
    location: Callable[[T], str],
) -> Response:
    """201 with Location and ETag; a repeat under the same Idempotency-Key gets the same again."""

    def answer() -> Answer:
        made = make()
        return Answer(201, made.model_dump_json(), etag(made.version), location(made))

    return told(idempotency.once(session, attempt, payload.model_dump_json(), answer))


def issued(
    session: Session, attempt: Attempt, payload: BaseModel, make: Callable[[], tuple[Key, str]]
) -> Response:
    """201 with a key and its secret; a repeat under the same Idempotency-Key gets the same again.
    Where the key is isn't told: there is nothing to read there."""

    def answer() -> Answer:
        key, secret = make()
        body = KeyIssued.model_validate(key, update={"secret": secret}).model_dump_json()
        return Answer(201, body, location=f"/v1/keys/{key.id}")

    made = sealed_answers.once(session, attempt, payload.model_dump_json(), answer)
    return told(replace(made, location=None))


def told(answer: Answer) -> Response:
    """A new or replayed answer as it is sent."""
    headers = {
        name: value
        for name, value in (("ETag", answer.etag), ("Location", answer.location))
        if value is not None
    }
    if answer.is_replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(
        answer.body, status_code=answer.status, media_type="application/json", headers=headers
    )
