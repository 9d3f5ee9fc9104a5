"""Where a reader may go: each page of the header with who may open it."""

from dataclasses import dataclass

from app.models.key import Role, Scope
from app.services import tenancy
from app.services.tenancy import Caller


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the header; `roles` is empty where everybody may open it."""

    path: str
    name: str  # its text is site.<name>
    scope: Scope = Scope.MATCH
    roles: tuple[Role, ...] = ()

    def is_open_to(self, caller: Caller) -> bool:
        """Whether the caller may open this page."""
        return not self.roles or tenancy.may(caller, self.scope, *self.roles)


KEPT = Entry("/requirements", "requirements", Scope.REQUIREMENTS, (Role.COMPANY, Role.PARTNER))
ENTRIES = (
    Entry("/", "match"),
    Entry("/providers", "providers"),
    KEPT,
    Entry("/shared", "shared", Scope.REQUIREMENTS, (Role.CURATOR, Role.ADMIN)),
    Entry("/companies", "companies", Scope.TENANCY, (Role.ADMIN, Role.PARTNER)),
    Entry("/people", "people", Scope.TENANCY, (Role.ADMIN, Role.PARTNER, Role.COMPANY)),
)


def open_to(caller: Caller) -> tuple[Entry, ...]:
    """The pages that the caller may open."""
    return tuple(entry for entry in ENTRIES if entry.is_open_to(caller))
