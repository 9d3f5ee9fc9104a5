"""The README's table of experiments, written from what was measured."""

import re
from collections.abc import Mapping
from pathlib import Path

from tests.prove.experiment import Outcome

README = Path(__file__).parents[2] / "README.md"
_TABLE = re.compile(r"(?<=<!-- prove -->\n).*?(?=<!-- /prove -->)", re.DOTALL)
_ROW = re.compile(r"^\| `([a-z]+)` \| .* \|$", re.MULTILINE)
_HEAD = "| experiment | wanted | measured | |\n|---|---|---|---|\n"


def written(text: str, outcomes: Mapping[str, Outcome], order: list[str]) -> str:
    """The page with these outcomes in its table; the other rows stay as they are."""
    found = _TABLE.search(text)
    if found is None:
        raise ValueError("the page has no place for the table")
    rows = {row[1]: row[0] for row in _ROW.finditer(found[0])}
    for name, outcome in outcomes.items():
        verdict = "pass" if outcome.is_met else "**missed**"
        rows[name] = f"| `{name}` | {outcome.target} | {outcome.figure} | {verdict} |"
    table = _HEAD + "".join(f"{rows[name]}\n" for name in order if name in rows)
    return text[: found.start()] + table + text[found.end() :]
