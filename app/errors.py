"""What can go wrong, each with its status and problem type. Pure: no web framework here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the input: where it is, and a sentence that never repeats the input."""

    where: str
    detail: str


class DomainError(Exception):
    """Base of all refusals: a status, a stable problem type, a title and a plain sentence."""

    status: ClassVar[int] = 500
    type: ClassVar[str] = "internal"
    title: ClassVar[str] = "Something went wrong on our side"

    def __init__(self, detail: str, *, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = tuple(faults)

    @property
    def headers(self) -> Mapping[str, str]:
        """Header fields that belong to this refusal, such as Retry-After."""
        return {}


class BadRequestError(DomainError):
    """The request can't be read: a header or cursor is malformed."""

    status, type, title = 400, "bad-request", "The request could not be read"


class UnauthorizedError(DomainError):
    """No key, or a key that isn't valid."""

    status, type, title = 401, "unauthorized", "A valid key is needed"

    @property
    def headers(self) -> Mapping[str, str]:
        """Tells how to send a key."""
        return {"WWW-Authenticate": 'Bearer realm="cdmo-match"'}


class ForbiddenError(DomainError):
    """The key is valid and may not do this."""

    status, type, title = 403, "forbidden", "This key may not do that"


class NotFoundError(DomainError):
    """Nothing here, or nothing that the caller may see."""

    status, type, title = 404, "not-found", "Nothing was found here"


class ConflictError(DomainError):
    """The change collides with what is stored."""

    status, type, title = 409, "conflict", "This collides with what is stored"


class StillRunningError(ConflictError):
    """The first request with this Idempotency-Key has not finished."""

    type, title = "still-running", "The first request with this Idempotency-Key is still running"

    @property
    def headers(self) -> Mapping[str, str]:
        """Tells when to ask again."""
        return {"Retry-After": "1"}


class StaleError(DomainError):
    """Somebody else changed the record since it was read."""

    status, type, title = 412, "stale", "The record has changed since you read it"


class InvalidError(DomainError):
    """The input can be read and doesn't make sense; `faults` say where."""

    status, type, title = 422, "invalid", "Some of the input can't be used"


class IdempotencyMismatchError(DomainError):
    """The same Idempotency-Key came with another payload."""

    status, type, title = 422, "idempotency-mismatch", "This Idempotency-Key was used before"


class PreconditionRequiredError(DomainError):
    """A change without If-Match."""

    status, type, title = 428, "precondition-required", "If-Match is needed"


class TooManyRequestsError(DomainError):
    """The caller has used up what it may ask in this span of time."""

    status, type, title = 429, "too-many-requests", "Too many requests in a short time"

    def __init__(
        self, detail: str, *, retry_after: int = 1, limits: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self._headers = {"Retry-After": str(retry_after), **(limits or {})}

    @property
    def headers(self) -> Mapping[str, str]:
        """Tells when to ask again, and where the caller stands."""
        return self._headers


class TooManyAtOnceError(TooManyRequestsError):
    """The caller has too many requests under way at the same time."""

    type, title = "too-many-at-once", "Too many requests at the same time"


class UnavailableError(DomainError):
    """The database doesn't answer or the service is still starting."""

    status, type, title = 503, "unavailable", "The service can't answer right now"

    @property
    def headers(self) -> Mapping[str, str]:
        """Tells when to ask again."""
        return {"Retry-After": "2"}


class OverloadedError(UnavailableError):
    """More of this kind of work waits than can be done soon; reading still works."""

    type, title = "overloaded", "The service is busy right now"


class UnsafeError(DomainError):
    """The service was started in a way that would put its data at risk."""

    status, type, title = 500, "unsafe", "The service doesn't start like this"
