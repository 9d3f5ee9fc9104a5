"""The difference of two runs: which fact of the journal moved which rank."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Session

from app.errors import InvalidError
from app.models.match import Lang, Verdict
from app.models.run import Run
from app.models.run_diff import (
    Eligibility,
    Fact,
    LineMoved,
    Move,
    ProviderMoved,
    RequestChange,
    RunDiff,
    RunOrigin,
)
from app.services import run_diff_facts, run_diff_text, run_diff_ties
from app.services.run_diff_text import Causes

_LEFT_ALONE = frozenset({"as_of"})  # told as the day of each run
_MOVES_NO_POINTS = frozenset({"lang", "share_wording"})


class _Line(BaseModel):
    criterion: str
    won: float
    score: float
    verdict: Verdict
    offered: str | None


class _Need(BaseModel):
    id: str
    capability_id: str | None = None
    ledger: list[_Line]


class _Match(BaseModel):
    rank: int
    provider: ProviderMoved
    score: float
    eligibility: Eligibility
    fits_from: str | None
    needs: list[_Need]
    wishes: list[_Line]

    def offer(self, need: str | None) -> str | None:
        """The capability that was the best for a need."""
        return next((each.capability_id for each in self.needs if each.id == need), None)


class _ComputedFrom(BaseModel):
    as_of: date


class _Answer(BaseModel):
    """What a comparison needs of a stored answer, so that those of older engines can be read."""

    computed_from: _ComputedFrom
    matches: list[_Match]

    def by_provider(self) -> dict[UUID, _Match]:
        return {match.provider.id: match for match in self.matches}


@dataclass(frozen=True, slots=True)
class _Pair:
    """A provider's match in each run; None where the run doesn't list it."""

    old: _Match | None
    new: _Match | None
    facts: list[Fact] = field(default_factory=list)

    @property
    def shown(self) -> _Match:
        """The newer of the two."""
        shown = self.new or self.old
        assert shown is not None  # a pair is made of what at least one run lists
        return shown

    @property
    def place(self) -> tuple[bool, int, str]:
        """Where it stands in the difference: by the new rank, and those that left behind."""
        return self.new is None, self.shown.rank, self.shown.provider.slug


def compare(session: Session, old: Run, new: Run, lang: Lang) -> RunDiff:
    """What moved from one run of a requirement to another, and which facts moved it.

    InvalidError if they are runs of different requirements.
    """
    if old.requirement_id != new.requirement_id:
        raise InvalidError("These runs are of different requirements. Compare runs of one of them.")
    before, after = (_Answer.model_validate_json(run.answer) for run in (old, new))
    days = before.computed_from.as_of, after.computed_from.as_of
    changed = list(_request_changes(old.request, new.request))
    causes = _causes(old, new, changed, is_of_one_day=days[0] == days[1])
    listed = before.by_provider(), after.by_provider()
    facts = run_diff_facts.between(
        session, listed[0].keys() | listed[1].keys(), old.catalogue, new.catalogue
    )
    pairs = sorted(_pairs(*listed, facts), key=lambda pair: pair.place)
    moves = [_move(pair, pairs, causes) for pair in pairs if pair.facts or _differs(pair, causes)]
    names = {pair.shown.provider.slug: pair.shown.provider.name for pair in pairs}
    for move in moves:
        move.text = run_diff_text.text(move, causes, names, lang)
    return RunDiff(
        old=_origin(old, days[0]),
        new=_origin(new, days[1]),
        same_request=not changed,
        request_changes=changed,
        same_engine=old.engine == new.engine,
        same_vocabulary=old.vocabulary == new.vocabulary,
        direction=causes.direction,
        moves=moves,
        summary=run_diff_text.summary(moves, causes, lang),
    )


def _origin(run: Run, as_of: date) -> RunOrigin:
    return RunOrigin.model_validate({**run.model_dump(exclude={"answer"}), "as_of": as_of})


def _causes(old: Run, new: Run, changed: list[RequestChange], *, is_of_one_day: bool) -> Causes:
    differs = {
        "request": any(change.path not in _MOVES_NO_POINTS for change in changed),
        "vocabulary": old.vocabulary != new.vocabulary,
        "engine": old.engine != new.engine,
        "as_of": not is_of_one_day,
    }
    return Causes(
        names=tuple(name for name, is_one in differs.items() if is_one),
        direction="same"
        if old.catalogue == new.catalogue
        else "forward"
        if old.catalogue < new.catalogue
        else "backward",
        same_language=old.request.get("lang") == new.request.get("lang"),
    )


def _request_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[RequestChange]:
    before, after = dict(_leaves(old)), dict(_leaves(new))
    for path in dict.fromkeys((*before, *after)):
        if path not in _LEFT_ALONE and before.get(path) != after.get(path):
            yield RequestChange(path=path, before=before.get(path), after=after.get(path))


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every field of a request by its path; a list of plain values is one field."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _leaves(each, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        for number, each in enumerate(value):
            yield from _leaves(each, f"{path}[{number}]")
    elif value is not None and value != []:
        yield path, value


def _pairs(
    before: Mapping[UUID, _Match],
    after: Mapping[UUID, _Match],
    facts: Mapping[UUID, list[Fact]],
) -> list[_Pair]:
    return [
        _Pair(before.get(who), after.get(who), facts.get(who, []))
        for who in before.keys() | after.keys()
    ]


def _differs(pair: _Pair, causes: Causes) -> bool:
    old, new = pair.old, pair.new
    if old is None or new is None:
        return True
    return any(
        getattr(old, name) != getattr(new, name)
        for name in ("rank", "score", "eligibility", "fits_from")
    ) or bool(_lines(pair, causes))


def _lines(pair: _Pair, causes: Causes) -> list[LineMoved]:
    """The lines that differ, in the order of the ledger."""
    if pair.old is None or pair.new is None:
        return []
    before, after = _ledger(pair.old), _ledger(pair.new)
    found = []
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        if was and now and _same(was, now, causes):
            continue
        found.append(
            LineMoved(
                need=key[0],
                criterion=key[1],
                verdict_before=was.verdict if was else None,
                verdict_after=now.verdict if now else None,
                won_before=was.won if was else None,
                won_after=now.won if now else None,
                score_before=was.score if was else None,
                score_after=now.score if now else None,
                offered_before=was.offered if was else None,
                offered_after=now.offered if now else None,
                facts=run_diff_ties.ids_of(
                    pair.facts, key[1], (pair.old.offer(key[0]), pair.new.offer(key[0]))
                ),
            )
        )
    return found


def _same(was: _Line, now: _Line, causes: Causes) -> bool:
    # What is offered is told in the language of the answer.
    told = was.offered == now.offered or not causes.same_language
    return told and (was.verdict, was.won, was.score) == (now.verdict, now.won, now.score)


def _ledger(match: _Match) -> dict[tuple[str | None, str, int], _Line]:
    """Every line by its need, its criterion, and its number among those of both."""
    found: dict[tuple[str | None, str, int], _Line] = {}
    sections = [*((need.id, need.ledger) for need in match.needs), (None, match.wishes)]
    for need, lines in sections:
        for line in lines:
            number = sum(key[:2] == (need, line.criterion) for key in found)
            found[need, line.criterion, number] = line
    return found


def _move(pair: _Pair, pairs: list[_Pair], causes: Causes) -> Move:
    old, new = pair.old, pair.new
    return Move(
        provider=pair.shown.provider,
        rank_before=old.rank if old else None,
        rank_after=new.rank if new else None,
        score_before=old.score if old else None,
        score_after=new.score if new else None,
        eligibility_before=old.eligibility if old else None,
        eligibility_after=new.eligibility if new else None,
        fits_from_before=old.fits_from if old else None,
        fits_from_after=new.fits_from if new else None,
        lines=_lines(pair, causes),
        facts=pair.facts,
        overtook=[other.shown.provider.slug for other in pairs if _fell_behind(other, pair)],
        overtaken_by=[other.shown.provider.slug for other in pairs if _rose_above(other, pair)],
        text="",
    )


def _rose_above(other: _Pair, pair: _Pair) -> bool:
    """Whether another stands above this one in the new run, and didn't in the old one."""
    return (
        pair.old is not None
        and _is_above(other.new, pair.new)
        and not _is_above(other.old, pair.old)
    )


def _fell_behind(other: _Pair, pair: _Pair) -> bool:
    """Whether another stood above this one in the old run, and doesn't in the new one."""
    return (
        pair.new is not None
        and _is_above(other.old, pair.old)
        and not _is_above(other.new, pair.new)
    )


def _is_above(one: _Match | None, other: _Match | None) -> bool:
    """Whether one is listed, and the other below it or not at all."""
    return one is not None and (other is None or one.rank < other.rank)
