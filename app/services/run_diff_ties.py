"""Which facts of a record can have moved which line of its ledger."""

from collections.abc import Iterable, Mapping, Set

from app.models.run_diff import Fact

# The fields of a record and its parts by which each of app/matching/criteria.py judges.
_OFFER = frozenset(
    {"service", "modality", "platform", "pinned", "note", "flag", "status", "capabilities"}
)
_WORDS = frozenset(
    {"name", "native_name", "aliases", "description", "track_record", "therapeutic_areas"}
    | {"facilities", "certificates", "certifications", "memberships", "scale", "quality", "notes"}
)
_SITE = frozenset({"facilities", "facility_id"})
_RUNS = _SITE | {"lifecycle", "operational_from", "operating", "notes"}
_PROOF = _SITE | {"certificates", "certifications", "quality", "capabilities"}
_JUDGED_BY: Mapping[str, Set[str]] = {
    "service": _OFFER,
    "modality": _OFFER,
    "platform": _OFFER,
    "regime": _OFFER | {"kind"},
    "breadth": _OFFER | {"kind", "description"},
    "stage": _OFFER | {"stages"},
    "therapeutic_area": _OFFER | {"therapeutic_areas", "track_record", "description"},
    "quality": _PROOF | _RUNS,
    "scale": frozenset({"scale", "quantities", "capabilities"}),
    "time": _OFFER | _RUNS | {"available_from"},
    "wording": _OFFER | _WORDS,
    "place": _SITE | {"country", "region", "city"},
    "market": frozenset({"facilities", "certificates", "certifications"}),
    "language": frozenset({"languages"}),
    "ownership": frozenset({"ownership", "kind"}),
    "freshness": frozenset({"assured_on"}),
}
# Lines for which a record is read as a whole, whichever of its offers is the best for the need.
_OF_THE_WHOLE = frozenset({"breadth", "therapeutic_area", "wording"})


def ids_of(
    facts: Iterable[Fact], criterion: str, offers: tuple[str | None, str | None]
) -> list[int]:
    """The ids of those facts that the line's criterion judges by.

    `offers` are the capabilities that were the best for the line's need in the first and in the
    second run. Where they differ, a change of either moved the whole need.
    """
    return [fact.id for fact in facts if _can_move(fact, criterion, offers)]


def _can_move(fact: Fact, criterion: str, offers: tuple[str | None, str | None]) -> bool:
    if "capability" in fact.action:
        if part_of(fact) in offers:
            if offers[0] != offers[1]:
                return True
        elif criterion not in _OF_THE_WHOLE and offers != (None, None):
            return False
    return not changed(fact).isdisjoint(_JUDGED_BY.get(criterion, ()))


def part_of(fact: Fact) -> str | None:
    """The id of the part of the record that a fact tells of."""
    found = (fact.after or fact.before or {}).get("id")
    return None if found is None else str(found)


def changed(fact: Fact) -> set[str]:
    """The fields that a fact tells of; of something new or gone, those that it states."""
    told = fact.after if fact.after is not None else fact.before or {}
    is_edit = fact.before is not None and fact.after is not None
    names = {name for name, value in told.items() if is_edit or value not in (None, [], "unknown")}
    # A facility that is removed names the capabilities that stay without it.
    return names - ({"id", "capabilities"} if fact.action == "facility-deleted" else {"id"})
