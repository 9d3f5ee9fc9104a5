"""The difference of two runs, told to a person in one or two sentences."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.matching.phrasing import listed, period_in_words
from app.models.run_diff import Fact, LineMoved, Move
from app.period import Period
from app.services.run_diff_words import (
    ACTIONS,
    CAUSES,
    CRITERIA,
    ELIGIBILITY,
    FIELDS,
    VERDICTS,
    sentence,
    word,
)

_MOST = 3  # lines, fields of a record, and providers that a sentence names


@dataclass(frozen=True, slots=True)
class Causes:
    """What else than the records of providers differs between two runs, and in which direction
    their catalogues lie."""

    names: tuple[str, ...]
    direction: Literal["forward", "backward", "same"]
    same_language: bool


def text(move: Move, causes: Causes, names: Mapping[str, str], lang: str) -> str:
    """Why a provider stands elsewhere, or what changed although it doesn't.

    `names` are those of the listed providers by slug.
    """
    passing = _passing(move, names, lang)
    return _why(move, causes, passing, lang) + "".join(_also(move, causes, passing, lang))


def summary(moves: Sequence[Move], causes: Causes, lang: str) -> str:
    """How many moved in which way, and what differs between the two runs."""
    kinds = Counter(_kind(move) for move in moves)
    counts = [
        sentence(f"sum_{kind}", lang, count=str(kinds[kind]))
        for kind in ("moved", "entered", "left", "stays")
        if kinds[kind]
    ]
    said = sentence("sum", lang, counts=listed(lang, counts)) if counts else ""
    said = said or sentence("nothing", lang)
    if causes.names:
        said += sentence("sum_causes", lang, causes=_capital(_named(causes, lang)))
    facts = sum(len(move.facts) for move in moves)
    if facts:
        name = "sum_facts_backward" if causes.direction == "backward" else "sum_facts"
        said += sentence(name, lang, count=str(facts))
    return said


def _kind(move: Move) -> str:
    if move.rank_before is None:
        return "entered"
    if move.rank_after is None:
        return "left"
    return "stays" if move.rank_before == move.rank_after else "moved"


def _why(move: Move, causes: Causes, passing: str, lang: str) -> str:
    tied = [line for line in move.lines if line.facts]
    head = sentence(_kind(move), lang, before=str(move.rank_before), after=str(move.rank_after))
    slots = {
        "head": head,
        "lines": _lines(tied or move.lines, lang),
        "causes": _named(causes, lang),
        "passing": passing,
        **(_about(_telling(move), lang) if move.facts else {}),
    }
    return sentence(_template(move, causes, is_by_facts=bool(tied)), lang, **slots)


def _telling(move: Move) -> list[Fact]:
    """The facts that the first sentence names: those that moved lines, or all if none did."""
    moving = {fact for line in move.lines for fact in line.facts}
    return [fact for fact in move.facts if fact.id in moving or not moving]


def _template(move: Move, causes: Causes, *, is_by_facts: bool) -> str:
    back = "_backward" if causes.direction == "backward" else ""
    kind = _kind(move)
    if is_by_facts:
        return f"by_facts{back}"
    if move.lines:
        if causes.names:
            return "by_causes"
        return "by_nothing" if causes.direction == "same" else "by_others"
    if kind in ("entered", "left"):
        if move.facts:
            return f"listed_by_facts{back}"
        return "listed_by_causes" if causes.names else "listed_by_others"
    if move.facts:
        return "facts_without_points" if kind == "moved" else "stays_despite_facts"
    if kind == "moved":
        return "around"
    return "listed_by_causes" if causes.names else "alone"


def _also(move: Move, causes: Causes, passing: str, lang: str) -> Iterator[str]:
    """What further sentences add."""
    others = [line for line in move.lines if not line.facts]
    is_by_facts = len(others) < len(move.lines)
    if is_by_facts and others and not causes.names:
        yield sentence("others_as_well", lang, lines=_lines(others, lang))
    elif move.facts and move.lines and not is_by_facts:
        yield sentence("record_as_well", lang, **_about(move.facts, lang))
    if move.lines and _is_against_points(move):
        yield sentence("against_points", lang, passing=passing)
    if move.facts and causes.names and (is_by_facts or _kind(move) in ("entered", "left")):
        yield sentence("as_well", lang, causes=_capital(_named(causes, lang)))
    was, now = move.eligibility_before, move.eligibility_after
    if was and now and was != now:
        before, after = word(ELIGIBILITY, was, lang), word(ELIGIBILITY, now, lang)
        yield sentence("eligibility", lang, before=before, after=after)
    fits = move.fits_from_after
    if fits and move.rank_before is not None and fits != move.fits_from_before:
        yield sentence("fits_from", lang, after=period_in_words(lang, Period.parse(fits)))


def _passing(move: Move, names: Mapping[str, str], lang: str) -> str:
    """Who changed sides with it: of one that rose or entered, whom it left behind."""
    before, after = move.rank_before, move.rank_after
    is_rising = before is None or (after is not None and after < before)
    slugs = move.overtook if is_rising else move.overtaken_by
    if not slugs:
        return sentence("others_moved", lang)
    told = [names[slug] for slug in slugs[:_MOST]]
    if len(slugs) > _MOST:
        told.append(sentence("further_names", lang, count=str(len(slugs) - _MOST)))
    number = "one" if len(slugs) == 1 else "many"
    name = f"{'no_longer' if is_rising else 'now'}_above_{number}"
    return sentence(name, lang, names=listed(lang, told))


def _is_against_points(move: Move) -> bool:
    """Whether a provider rose without gaining points, or fell without losing any."""
    if move.rank_before is None or move.rank_after is None:
        return False
    gained = (move.score_after or 0.0) - (move.score_before or 0.0)
    rose = move.rank_before - move.rank_after
    return (rose > 0 and gained <= 0) or (rose < 0 and gained >= 0)


def _named(causes: Causes, lang: str) -> str:
    return listed(lang, [word(CAUSES, name, lang) for name in causes.names])


def _lines(lines: Sequence[LineMoved], lang: str) -> str:
    """The lines that moved most, the most telling first."""
    by_weight = sorted(lines, key=lambda line: -abs(_gain(line)))
    named = list(dict.fromkeys(_line(line, lang) for line in by_weight[:_MOST]))
    further = len(lines) - len(by_weight[:_MOST])
    if further:
        name = "further_1" if further == 1 else "further"
        named.append(sentence(name, lang, count=str(further)))
    return listed(lang, named)


def _gain(line: LineMoved) -> float:
    return (line.score_after or 0.0) - (line.score_before or 0.0)


def _line(line: LineMoved, lang: str) -> str:
    name = word(CRITERIA, line.criterion, lang)
    name = name[:1].lower() + name[1:]
    was, now = line.verdict_before, line.verdict_after
    if was is None or now is None:
        return sentence("line_entered" if was is None else "line_left", lang, line=name)
    if was != now:
        before, after = word(VERDICTS, was, lang), word(VERDICTS, now, lang)
        return sentence("verdict", lang, line=name, before=before, after=after)
    if line.score_before != line.score_after:
        before, after = f"{line.score_before:.2f}", f"{line.score_after:.2f}"
        return sentence("points", lang, line=name, before=before, after=after)
    return sentence("offered", lang, line=name)


def _about(facts: Sequence[Fact], lang: str) -> dict[str, str]:
    """When a record changed, and what of it."""
    days = [fact.at.date() for fact in facts]
    first, last = (
        period_in_words(lang, Period.parse(day.isoformat())) for day in (min(days), max(days))
    )
    changed = list(dict.fromkeys(name for fact in facts for name in _fields(fact, lang)))
    if len(changed) > _MOST:
        changed = [*changed[:_MOST], "…"]
    return {
        "when": sentence("on" if first == last else "between", lang, first=first, last=last),
        "fields": ", ".join(changed),
    }


def _fields(fact: Fact, lang: str) -> Iterator[str]:
    if fact.action in ACTIONS:
        yield word(ACTIONS, fact.action, lang)
    elif fact.before is None:
        yield word(ACTIONS, "created", lang)
    else:
        for name in fact.after or {}:
            if name not in ("id", "quantities"):
                yield word(FIELDS, name, lang)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
