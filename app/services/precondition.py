"""What If-Match asks of a record before it may be changed."""

from dataclasses import dataclass

from app.errors import StaleError


@dataclass(frozen=True, slots=True)
class Precondition:
    """The versions that the caller has seen; `anything` is the `*` of If-Match."""

    tags: frozenset[str] = frozenset()
    anything: bool = False

    def check(self, version: int) -> None:
        """StaleError unless the record still has a version that the caller has seen."""
        if not self.anything and etag(version) not in self.tags:
            raise StaleError("Somebody has changed this record. Read it again, then send the edit.")


def etag(version: int) -> str:
    """The entity tag of a record in this version; all parts of a record share it."""
    return f'"{version}"'
