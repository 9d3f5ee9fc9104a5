"""How far a facility has come, read from its record: the opening date and what the notes say."""

import re

from app.models.facility import Lifecycle
from app.period import Period

# In capitals the gatherers mark a date or a site that is only a plan.
_PLAN = re.compile(r"\bPLANNED\b")
_GONE = re.compile(
    r"\bclosed (?:end |in |early |late )?(?:19|20)\d\d\b|\bsold (?:\d{4} )?to\b"
    r"|\bsale to the\b"
    r"|\bclosure of\b|\bconsolidated at\b|\blater passed to\b|\bshut down\b|\bdemolished\b",
    re.I,
)
_BUILDING = re.compile(
    r"\bunder construction\b|(?:^|; )being built\b|\bfit-out still under way\b", re.I
)
_STARTED_BUILDING = re.compile(
    r"\bground broken\b|\bconstruction (?:from|since|began|started)\b", re.I
)
_NOT_YET = re.compile(
    r"\bcompletion (?:was )?(?:planned|aimed|targeted|expected)\b"
    r"|^planned (?:\d|for\b)|(?:^|[,;] ?)planned (?:for|end of|early|late|on line)\b",
    re.I,
)
_BUILT = re.compile(
    r"\b(?:building|construction) (?:was )?(?:finished|complete|completed)\b"
    r"|\bbuilt (?:in )?[A-Z][a-z]+ (?:19|20)\d\d\b|(?:^|; )completed\b",
    re.I,
)
_QUALIFYING = re.compile(r"\bqualification\b|\bvalidation under way\b", re.I)
_LICENSED = re.compile(
    r"\blicen[cs]ed by\b|\blicen[cs]es? obtained\b|\blicen[cs]ed facilit"
    r"|\blicence (?:about )?[A-Z][a-z]+ (?:19|20)\d\d\b"
    r"|\b(?:FDA|EMA|MFDS|MHRA|GMP)(?: and (?:FDA|EMA))? approv(?:ed|al for)\b"
    r"|\bGMP certified\b",
)
_RUNNING = re.compile(
    r"(?:^|; |, |\b(?:site|centre|plant|facility) )(?:re)?opened\b(?! for construction)"
    r"|^active\b|\bpartial operation from\b"
    r"|\bin operation\b|\boperating since\b|^started (?:19|20)\d\d|\bopen to (?:public|users)\b"
    r"|^launched\b",
    re.I,
)
_COMPLETED_IN = re.compile(
    r"(?:^|; )completed (?:\d{1,2} )?(?P<month>January|February|March|April|May|June|July|August"
    r"|September|October|November|December) (?P<year>(?:19|20)\d\d)",
    re.I,
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)


def lifecycle_of(operational_from: str | None, notes: str | None) -> Lifecycle:
    """How far the record says the facility has come; unknown where it says nothing.

    The strongest word decides: a site that was closed or sold is closed and one marked PLANNED is
    planned, whatever else is said. A date of operation counts unless the notes tell that it is
    that of the building's completion or that qualification was to follow; a building that stands
    is no plant that runs.
    """
    notes = notes or ""
    if _GONE.search(notes):
        return Lifecycle.CLOSED
    if _PLAN.search(notes):
        return Lifecycle.PLANNED
    if _BUILDING.search(notes):
        return Lifecycle.CONSTRUCTION
    if operational_from is not None:
        qualifies = _QUALIFYING.search(notes) or _is_completion(operational_from, notes)
        return Lifecycle.QUALIFICATION if qualifies else Lifecycle.OPERATING
    return _without_a_date(notes)


def _without_a_date(notes: str) -> Lifecycle:
    if _RUNNING.search(notes):
        return Lifecycle.OPERATING
    if _LICENSED.search(notes):
        return Lifecycle.LICENSED
    if _STARTED_BUILDING.search(notes):
        return Lifecycle.CONSTRUCTION
    if _QUALIFYING.search(notes) or _BUILT.search(notes):
        return Lifecycle.QUALIFICATION
    return Lifecycle.PLANNED if _NOT_YET.search(notes) else Lifecycle.UNKNOWN


def _is_completion(operational_from: str, notes: str) -> bool:
    """Whether the date of operation is in truth the one on which the building was completed."""
    found = _COMPLETED_IN.search(notes)
    if found is None:
        return False
    month = _MONTHS.index(found["month"].lower()) + 1
    completed = Period.parse(f"{found['year']}-{month:02d}")
    stated = Period.parse(operational_from)
    return stated.first <= completed.last and completed.first <= stated.last
