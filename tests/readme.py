"""The README's example: `python -m tests.readme` writes the service's real answer into it."""

import json
import re
from pathlib import Path
from typing import Any

from app.models.match import MatchData
from app.services.match import match
from tests.matching import shipped

PATH = Path(__file__).parents[1] / "README.md"
_REQUEST = re.compile(r"^curl \S+/v1/match .*?-d '(.*?)'$", re.MULTILINE | re.DOTALL)
_ANSWER = re.compile(r"(?<=^```json\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
_WIDTH = 100


def request(text: str) -> dict[str, Any]:
    """The body that the README's curl sends."""
    found = _REQUEST.search(text)
    assert found is not None
    body: dict[str, Any] = json.loads(found[1])
    return body


def answer(text: str) -> dict[str, Any]:
    """The answer that the README shows."""
    found = _ANSWER.search(text)
    assert found is not None
    shown: dict[str, Any] = json.loads(found[0])
    return shown


def real_answer(body: dict[str, Any]) -> dict[str, Any]:
    """What the service answers on the catalogue as it ships."""
    made: dict[str, Any] = json.loads(
        match(MatchData.model_validate(body), shipped.catalogue()).model_dump_json()
    )
    return made


def laid_out(value: Any, indent: int = 0) -> str:
    """JSON whose lines are filled up to the width of the page."""
    if not isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        opening, closing = "{}"
        parts = [f"{json.dumps(k)}: {laid_out(v, indent + 1)}" for k, v in value.items()]
    else:
        opening, closing = "[]"
        parts = [laid_out(each, indent + 1) for each in value]
    lines = [""]
    for number, part in enumerate(parts):
        part += "," if number < len(parts) - 1 else closing
        gap = " " if lines[-1] else ""
        fits = indent + 1 + len(lines[-1]) + len(gap) + len(part) <= _WIDTH
        if lines[-1] and ("\n" in part or "\n" in lines[-1] or not fits):
            lines.append(part)
        else:
            lines[-1] += gap + part
    return opening + ("\n" + " " * (indent + 1)).join(lines) + ("" if parts else closing)


if __name__ == "__main__":
    page = PATH.read_text(encoding="utf-8")
    block = laid_out(real_answer(request(page))) + "\n"
    PATH.write_text(_ANSWER.sub(lambda _: block, page, count=1), encoding="utf-8")
