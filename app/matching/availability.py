"""When a capability can be used: dates and lifecycles judged at the day it is needed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from app.matching.types import Candidate, Offer, Proof, Site
from app.period import Period

RUNNING = ("licensed", "operating")
COMING = ("planned", "construction", "qualification")
# Papers that a facility gets for what it makes, and only once it can make it.
_LICENCE = re.compile(
    r"gmp(?![a-z+])|\bmia\b"
    r"|\bmanufactur\w*(?: \w+)? (?:licen[cs]es?|authori[sz]ations?|permits?)\b"
    r"|herstellungserlaubnis|제조업? ?허가|제조 및 품질관리"
)
_NO_LICENCE = re.compile(
    r"\b(?:non|not|no|mock|like|design\w*|plan(?:s|ned)?|expected|pending|sought|targeted|ready"
    r"|readiness|applied|application|preparation|training)\b|예정|계획|준비|추진|신청|목표|교육"
)


@dataclass(frozen=True, slots=True)
class Availability:
    """What is known of when an offer runs: `planned` until somebody confirmed that it does."""

    planned: bool
    start: Period | None
    stopped: bool = False
    site_runs: bool = False  # the plan is for one more line of a facility that runs

    @classmethod
    def of(cls, offer: Offer, candidate: Candidate) -> "Availability":
        """Read an offer beside the facility it is made at.

        A planned capability waits for its facility: once that runs, by licence or first GMP batch,
        so does the capability, unless it has a later date of its own. An offered capability at a
        facility that doesn't run yet is a plan as well.
        """
        found = next((s for s in candidate.sites if s.id == offer.site_id), None)
        return cls.at(offer, confirmed(found, candidate.proofs) if found else None)

    @classmethod
    def at(cls, offer: Offer, site: Site | None) -> "Availability":
        """Read an offer beside its facility as that is confirmed."""
        lifecycle = site.lifecycle if site else "unknown"
        planned = offer.status == "planned" and not _came_true(offer, site)
        stopped = offer.status == "paused" or lifecycle == "closed"
        start = _start(offer, site)
        return cls(planned or lifecycle in COMING, start, stopped, lifecycle in RUNNING)


def confirmed(site: Site, proofs: Iterable[Proof]) -> Site:
    """The facility as its papers show it: one that holds a manufacturing licence or a GMP
    certificate of its own runs, whatever plan its record still tells, and has since the first of
    them was issued."""
    if site.lifecycle in (*RUNNING, "closed"):
        return site
    licences = [proof for proof in proofs if proof.site_id == site.id and _lets_run(proof)]
    if not licences:
        return site
    issued = [proof.issued_on for proof in licences if proof.issued_on is not None]
    opened = site.operational_from
    if issued and site.lifecycle in COMING:
        opened = min(issued, key=lambda period: period.last)
    return replace(site, lifecycle="operating", operational_from=opened)


def _lets_run(proof: Proof) -> bool:
    words = " ".join(filter(None, (proof.standard, proof.scope))).casefold()
    return bool(_LICENCE.search(proof.standard.casefold())) and not _NO_LICENCE.search(words)


def _came_true(offer: Offer, site: Site | None) -> bool:
    if site is None or site.lifecycle not in RUNNING:
        return False
    own, opened = offer.available_from, site.operational_from
    return own is None or (opened is not None and own.last <= opened.last)


def _start(offer: Offer, site: Site | None) -> Period | None:
    dates = [
        period
        for period in (offer.available_from, site.operational_from if site else None)
        if period is not None
    ]
    return max(dates, key=lambda period: period.last, default=None)


@dataclass(frozen=True, slots=True)
class Timing:
    """An availability judged at a need's date: shares won and unknown, and why."""

    won: float
    unknown: float
    reason: str  # running, planned, unconfirmed, undated, tight, late, stopped


def judge(found: Availability, needed: Period, as_of: date) -> Timing:
    """Judge at `needed`, seen from `as_of`.

    A plan that has time until `needed` wins half and leaves half open; one whose date has passed,
    or that has no date, is unknown until somebody confirms it. A plan of a facility that runs wins
    half for that. A start too coarsely stated to tell ("2027" for something needed in 2027-Q2)
    wins half, or as a plan leaves half open.
    """
    if found.stopped:
        return Timing(0.0, 0.0, "stopped")
    if found.start is not None and found.start.first > needed.last:
        return Timing(0.0, 0.0, "late")
    if found.planned:
        return _judge_plan(found, needed, as_of)
    if found.start is not None and found.start.last > needed.last:
        return Timing(0.5, 0.0, "tight")
    return Timing(1.0, 0.0, "running")


def _judge_plan(found: Availability, needed: Period, as_of: date) -> Timing:
    if found.start is None:
        return Timing(0.0, 1.0, "undated")
    if found.start.last < as_of:
        reason, won, unknown = "unconfirmed", 0.0, 1.0
    elif found.start.last > needed.last:
        reason, won, unknown = "tight", 0.0, 0.5
    else:
        reason, won, unknown = "planned", 0.5, 0.5
    return Timing(0.5, 0.0, reason) if found.site_runs else Timing(won, unknown, reason)
