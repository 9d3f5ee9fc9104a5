"""A match as JSON, put together line by line from what the core found.

An answer has a thousand lines: a row or a model of each, to be written afterwards, takes several
times as long.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from pydantic_core import to_json

from app.matching.near_misses import Change
from app.matching.stability import Stability
from app.matching.types import (
    TOTAL,
    Candidate,
    Gate,
    Match,
    NeedMatch,
    Point,
    points_counted,
)

_REMEMBERED = 8_192  # parts of lines
_SHARE_DECIMALS = 4
_POINTS = tuple(to_json(hundredths / 100).decode() for hundredths in range(TOTAL + 1))


class _Sums(NamedTuple):
    """What lines add up to, in hundredths."""

    possible: int
    won: int
    unknown: int
    lost: int
    score: int


def match_json(match: Match, changes: Sequence[Change], stands: Stability | None) -> str:
    """A match, as MatchPublic gives it."""
    written = [_need(need) for need in match.needs]
    wishes, of_wishes = _ledger(match.wishes)
    sums = _Sums(*map(sum, zip(*(each for _, each in written), of_wishes, strict=True)))
    needs = ",".join([text for text, _ in written])
    return (
        f'{{"rank":{match.rank},"tied_with_previous":{_json(match.tied_with_previous)},'
        f'"provider":{_json(_provider(match.candidate))},"score":{_POINTS[sums.score]},'
        f'"low":{_POINTS[sums.won]},"high":{_POINTS[sums.won + sums.unknown]},'
        f'"eligibility":"{match.eligibility}","fits_from":{_text(match.fits_from)},'
        f'"needs":[{needs}],"wishes":[{wishes}],"gates":{_json([_gate(g) for g in match.gates])},'
        f'"changes":{_json([_change(change) for change in changes])},'
        f'"stability":{_json(_stability(stands) if stands else None)},'
        f'"group":{_json(stands.group if stands else None)}}}'
    )


def _need(found: NeedMatch) -> tuple[str, _Sums]:
    ledger, sums = _ledger(found.ledger)
    text = (
        f'{{"id":{_text(found.id)},"capability_id":{_text(found.offer_id)},'
        f'"facility_id":{_text(found.site_id)},"possible":{_POINTS[sums.possible]},'
        f'"won":{_POINTS[sums.won]},"unknown":{_POINTS[sums.unknown]},'
        f'"lost":{_POINTS[sums.lost]},"score":{_POINTS[sums.score]},"ledger":[{ledger}]}}'
    )
    return text, sums


def _ledger(lines: Sequence[Point]) -> tuple[str, _Sums]:
    written, score = [], 0
    for line in lines:
        numbers, each = _numbers(*line[:6])
        score += each
        written.append(numbers + _said(*line[6:]))
    _, possible, won, unknown, lost, *_ = zip(*lines, strict=True)
    return ",".join(written), _Sums(sum(possible), sum(won), sum(unknown), sum(lost), score)


# Lines resemble each other, in their numbers and in what they say.
@lru_cache(maxsize=_REMEMBERED)
def _numbers(
    criterion: str, possible: int, won: int, unknown: int, lost: int, prior: float
) -> tuple[str, int]:
    score = points_counted(won, unknown, prior)
    text = (
        f'{{"criterion":"{criterion}","possible":{_POINTS[possible]},"won":{_POINTS[won]},'
        f'"unknown":{_POINTS[unknown]},"lost":{_POINTS[lost]},"prior":{prior},'
        f'"score":{_POINTS[score]}'
    )
    return text, score


@lru_cache(maxsize=_REMEMBERED)
def _said(
    verdict: str,
    asked: str | None,
    offered: str | None,
    because: str,
    evidence: str | None,
    seen_on: date | None,
) -> str:
    return (
        f',"verdict":"{verdict}","asked":{_text(asked)},"offered":{_text(offered)},'
        f'"because":{_text(because)},"evidence":{_text(evidence)},"seen_on":{_json(seen_on)}}}'
    )


def _text(text: str | None) -> str:
    return "null" if text is None else encode_basestring(text)


def _json(value: Any) -> str:
    return to_json(value).decode()


def _provider(who: Candidate) -> dict[str, Any]:
    return {
        "id": who.id,
        "slug": who.slug,
        "name": who.name,
        "kind": who.kind,
        "country": who.country,
        "city": who.city,
        "operating": who.operating,
        "successor": who.successor,
    }


def _gate(gate: Gate) -> dict[str, Any]:
    return {
        "need": gate.need,
        "criterion": gate.criterion,
        "verdict": gate.verdict,
        "ask": gate.ask,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "who": change.who,
        "need": change.need,
        "criterion": change.criterion,
        "asked": change.asked,
        "instead": change.instead,
        "text": change.say,
    }


def _stability(found: Stability) -> dict[str, Any]:
    return {
        "in_first": round(found.in_first, _SHARE_DECIMALS),
        "of": found.of,
        "in_first_ten": round(found.in_first_ten, _SHARE_DECIMALS),
        "ranks": found.ranks,
    }
