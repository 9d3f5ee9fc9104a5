"""A match as a table for the terminal, with a bar for what is won, unknown and lost."""

import unicodedata
from collections.abc import Iterator

from app.models.match import MatchAnswer, MatchPublic, PointPublic, UnderstoodPublic, WishesPublic

BAR = 20  # characters, so that one stands for five points
WON, UNKNOWN, LOST = "█", "▒", "·"
SAME_GROUP = "~"
_NAME, _PLACE = 38, 20


def lines(answer: MatchAnswer, explain: int = 0) -> Iterator[str]:
    """The lines of a printout; the first `explain` matches come with their ledgers."""
    yield from _understood(answer.understood)
    yield (
        f"{answer.considered} providers considered: {answer.eligible} eligible, "
        f"{answer.conditional} conditional, {answer.ineligible} ineligible"
    )
    if answer.costliest:
        yield answer.costliest.text
    if not answer.considered:
        yield "The catalogue is empty: bring providers in with `cdmo-match import`."
    elif not answer.matches:
        yield "Nobody fits. Those who come close are listed with --include-ineligible."
    if answer.matches:
        yield ""
        yield f"{'':4}{fit('provider', _NAME)} {fit('place', _PLACE)} {'score':>6} {fit('', BAR)}"
    group = None
    for match in answer.matches:
        yield _row(match, match.group is not None and match.group == group)
        yield from _near_miss(match)
        if match.rank <= explain:
            yield from _ledger(match)
        group = match.group
    if answer.matches:
        yield ""
        if len({match.group for match in answer.matches}) < len(answer.matches):
            yield f"{SAME_GROUP} can't be told apart from the first above without it"
        yield f"{WON} won  {UNKNOWN} unknown: ask  {LOST} lost"
    for gone in answer.left_out:
        after = f", now {gone.successor}" if gone.successor else ""
        yield f"Left out: {gone.name} ({gone.operating.value}{after})"


def bar(low: float, high: float) -> str:
    """Points won, unknown and lost of 100, as a bar."""
    won = round(low / 100 * BAR)
    unknown = max(0, round(high / 100 * BAR) - won)
    return WON * won + UNKNOWN * unknown + LOST * (BAR - won - unknown)


def fit(text: str, width: int) -> str:
    """The text in exactly `width` columns; Korean characters take two."""
    kept, used = "", 0
    for character in text:
        columns = 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if used + columns > width:
            return kept + " " * (width - used)
        kept, used = kept + character, used + columns
    return kept + " " * (width - used)


def _understood(found: UnderstoodPublic) -> Iterator[str]:
    for need in found.needs:
        fields = [
            f"{name} {field.text}"
            for name, field in (
                ("service", need.service),
                ("modality", need.modality),
                ("platform", need.platform),
                ("stage", need.stage),
                ("area", need.therapeutic_area),
                ("scale", need.scale),
            )
            if field
        ]
        fields += [f"quality {field.text}" for field in need.quality]
        yield f"{need.id} ({need.importance.value}): {'; '.join(fields) or 'the words alone'}"
    if wishes := "; ".join(_wishes(found.wishes)):
        yield f"for the whole: {wishes}"
    if found.wishes.budget:
        yield f"budget {found.wishes.budget}: not weighed, for records state no prices"
    if found.not_understood:
        yield "not understood: " + "; ".join(span.text for span in found.not_understood)
    if found.outside_the_field:
        yield "outside the field: " + "; ".join(span.text for span in found.outside_the_field)
    for question in found.questions:
        yield f"would help: {question.ask}"


def _wishes(found: WishesPublic) -> Iterator[str]:
    for name, wished in (
        ("needed from", [found.needed_from] if found.needed_from else []),
        ("only in", found.countries.required),
        ("preferably in", found.countries.preferred),
        ("not in", found.countries.excluded),
        ("markets", found.markets),
        ("ownership", found.ownership),
        ("languages", found.languages),
    ):
        if wished:
            yield f"{name} {', '.join(wished)}"


def _near_miss(match: MatchPublic) -> Iterator[str]:
    """The one change that would make the provider fit, or all that rules it out."""
    texts = dict.fromkeys(change.text for change in match.changes)
    if len(texts) == 1 or match.eligibility == "ineligible":
        for text in texts:
            yield f"      {text}"


def _row(match: MatchPublic, is_alike: bool) -> str:
    who = match.provider
    rank = "=" if match.tied_with_previous else str(match.rank)
    mark = SAME_GROUP if is_alike else " "
    place = ", ".join(filter(None, (who.city, who.country)))
    notes: str = "" if match.eligibility == "eligible" else match.eligibility
    if match.fits_from:
        notes = f"{notes}, fits from {match.fits_from}".lstrip(", ")
    if match.stability and match.stability.ranks[0] < match.stability.ranks[1]:
        low, high = match.stability.ranks
        notes = f"{notes}, rank {low} to {high}".lstrip(", ")
    shown = f"{match.score:6.2f} {bar(match.low, match.high)}"
    return f"{rank:>3}{mark}{fit(who.name, _NAME)} {fit(place, _PLACE)} {shown} {notes}".rstrip()


def _ledger(match: MatchPublic) -> Iterator[str]:
    for need in match.needs:
        for point in need.ledger:
            yield _point(need.id, point)
    for point in match.wishes:
        yield _point("", point)
    for gate in match.gates:
        yield f"      ask: {gate.ask}"


def _point(need: str, point: PointPublic) -> str:
    won = f"{point.won:6.2f} of {point.possible:6.2f}"
    return f"      {need:<4}{point.criterion.value:<17}{won}  {point.verdict:<8}{point.because}"
