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


def knows(if_none_match: str, tag: str) -> bool:
    """Whether a caller that sends this If-None-Match has the answer with this tag already."""
    known = {each.strip().removeprefix("W/") for each in if_none_match.split(",")}
    return "*" in known or tag in known
