"""How well words are understood: look-alikes, the same thing in other words, real needs, decoys."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from app.matching.catalogue import Catalogue
from app.matching.intake import understand
from app.matching.rank import shortlist
from app.matching.types import Candidate, Offer, Point
from app.models.match import MatchData
from app.services.match import query_of
from tests.matching import shipped
from tests.quality.deals import HERE, read_lines

AS_OF = date(2026, 11, 22)
_ID = "00000000-0000-0000-0000-000000000001"


@cache
def rows(name: str) -> tuple[dict[str, Any], ...]:
    """The rows of a data file of this folder."""
    return tuple(read_lines(HERE / f"{name}.jsonl"))


def ledger(asked: str, offered: str) -> list[Point]:
    """The service and modality lines of a need for `asked` before the one service `offered`."""
    lines = ledger_of(asked, Offer(_ID, offered))
    return [line for line in lines if line.criterion in ("service", "modality")]


def ledger_of(asked: str, offer: Offer, lang: str = "en") -> tuple[Point, ...]:
    """The lines of a need for `asked` before the one offer of one provider."""
    who = Candidate(id=_ID, slug="one", name="One", kind="cdmo", offers=(offer,))
    catalogue = Catalogue.build([who], shipped.vocabulary(), 1)
    data = MatchData.model_validate(
        {"needs": [{"service": asked}], "as_of": AS_OF, "include_ineligible": True, "lang": lang}
    )
    query, _ = query_of(data, catalogue.vocabulary)
    return shortlist(query, catalogue).matches[0].needs[0].ledger


def mistaken_look_alikes() -> list[str]:
    """Pairs that mean different things and are nevertheless fully met."""
    return [
        f"{row['a']} / {row['b']}"
        for row in rows("traps_dev")
        if any(line.verdict == "met" for line in ledger(row["a"], row["b"]))
    ]


def missed_pairs() -> list[str]:
    """Pairs that mean the same and win less than half of their points."""
    missed = []
    for row in rows("pairs_dev"):
        lines = ledger(row["need"], row["provider"])
        possible = sum(line.possible for line in lines)
        if 2 * sum(line.won for line in lines) < max(1, possible):
            missed.append(f"{row['need']} / {row['provider']}")
    return missed


def misread_needs() -> list[str]:
    """Real needs of which no field was read as one of the things that they hold."""
    return [str(row["id"]) for row in rows("needs_dev") if _is_real(row) and not _is_read(row)]


def decoys_taken_for_needs() -> list[str]:
    """Requests from outside the field that are not seen as such."""
    return [
        str(row["id"])
        for row in rows("needs_dev")
        if not _is_real(row) and not understand(row["text"], shipped.vocabulary()).outside_the_field
    ]


def _is_real(row: Mapping[str, Any]) -> bool:
    return bool(row["kind"] != "decoy")


def _is_read(row: Mapping[str, Any]) -> bool:
    vocabulary = shipped.vocabulary()
    wanted: set[str] = set()
    for phrase in (*row["fields"]["services"], row["fields"]["modality"] or ""):
        wanted.update(vocabulary.resolve(phrase).concepts)
    found = {
        concept
        for need in understand(row["text"], vocabulary).needs
        for field in (need.service, need.modality)
        if field is not None
        for concept in field.concepts
    }
    related = {near for concept in found for near in (concept, *vocabulary.broader(concept))}
    return not wanted.isdisjoint(related | {n for f in found for n in vocabulary.narrower(f)})


def lines(*, names: bool) -> Iterator[str]:
    """A line for each measure, with the cases that fail if `names` is wished."""
    needs = [row for row in rows("needs_dev") if _is_real(row)]
    for title, total, failed in (
        ("look-alikes kept apart", len(rows("traps_dev")), mistaken_look_alikes()),
        ("same things recognised", len(rows("pairs_dev")), missed_pairs()),
        ("real needs read", len(needs), misread_needs()),
        ("decoys seen as such", len(rows("needs_dev")) - len(needs), decoys_taken_for_needs()),
    ):
        yield f"{title:<24}{total - len(failed):>4} of {total}"
        for name in failed if names else ():
            yield f"  {name}"
