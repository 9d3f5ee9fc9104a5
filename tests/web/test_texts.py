"""The words of the pages: complete in both languages, and complete for the data's own words."""

import re
from enum import StrEnum
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from app.models.capability import CapabilityFlag, CapabilityStatus, Stage
from app.models.facility import Lifecycle
from app.models.key import Role
from app.models.match import CriterionName, MatchPublic, Verdict
from app.models.provider import Operating, Ownership, ProviderKind
from app.web import texts
from app.web.texts import (
    LANGUAGES,
    TEXTS,
    accounts,
    desk,
    providers,
    requirements,
    runs,
    say,
    shell,
    tenants,
    words,
)

TEMPLATES = Path(texts.__file__).parent.parent / "templates"
HANGUL = re.compile(r"[가-힣]")


def _values(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_say_it_with_the_same_values(key: str) -> None:
    english, korean = TEXTS[key]
    assert english
    assert korean
    assert _values(english) == _values(korean)
    assert not HANGUL.search(english)


def test_no_key_stands_twice() -> None:
    parts = (accounts, desk, providers, requirements, runs, shell, tenants, words)
    assert sum(len(part.TEXTS) for part in parts) == len(TEXTS)


def test_the_languages_are_those_of_the_api() -> None:
    assert LANGUAGES == ("en", "ko")
    assert say("ko", "list.rank", rank=3) == "3위"


@pytest.mark.parametrize(
    ("group", "kind"),
    [
        ("kind", ProviderKind),
        ("ownership", Ownership),
        ("operating", Operating),
        ("lifecycle", Lifecycle),
        ("stage", Stage),
        ("flag", CapabilityFlag),
        ("criterion", CriterionName),
        ("role", Role),
    ],
)
def test_every_word_of_the_data_has_plain_words(group: str, kind: type[StrEnum]) -> None:
    assert {f"{group}.{member.value}" for member in kind} == {
        key for key in TEXTS if key.startswith(f"{group}.")
    }


def test_every_status_but_the_ordinary_one_is_named() -> None:
    named = {key.removeprefix("status.") for key in words.TEXTS if key.startswith("status.")}
    assert named == {status.value for status in CapabilityStatus} - {"offered"}


def test_every_verdict_and_eligibility_is_named() -> None:
    eligibilities = get_args(MatchPublic.model_fields["eligibility"].annotation)
    for group, values in (("verdict", get_args(Verdict)), ("eligibility", eligibilities)):
        assert {f"{group}.{value}" for value in values} == {
            key for key in words.TEXTS if key.startswith(f"{group}.")
        }


def test_every_key_of_the_templates_exists() -> None:
    used = {
        key
        for template in TEMPLATES.rglob("*.html")
        for key in re.findall(r"""\bt\(["']([a-z0-9_.]+)["'](?! ~)""", template.read_text())
    }
    assert used
    assert used <= set(TEXTS)
