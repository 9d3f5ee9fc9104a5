"""The README's table of settings is the settings class, and its two commands are the Makefile's."""

import re
from enum import Enum
from pathlib import Path

from pydantic import SecretStr

from app.settings import Settings
from tests import readme

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def _written(value: object) -> str:
    """A default as one writes it into the environment."""
    match value:
        case SecretStr():
            return value.get_secret_value()
        case Enum():
            return str(value.value)
        case bool():
            return str(value).lower()
        case _:
            return str(value)


def _rows() -> dict[str, str]:
    """Defaults by variable, as the README's table states them."""
    return dict(re.findall(r"^\| `(CDMO_\w+)` \| `([^`]*)` \| .+ \|$", README, re.MULTILINE))


def test_every_setting_is_in_the_readme_with_its_default() -> None:
    assert _rows() == {
        f"CDMO_{name.upper()}": _written(field.default)
        for name, field in Settings.model_fields.items()
    }


def test_every_make_target_it_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make\s+([a-z]+)", README, re.MULTILINE))
    assert named >= {"demo", "test"}
    assert named - targets == set()


def test_the_answer_it_shows_is_the_one_that_the_service_gives() -> None:
    # `python -m tests.readme` writes it anew after a change of the ranking.
    assert readme.answer(README) == readme.real_answer(readme.request(README))
