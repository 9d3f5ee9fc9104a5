"""The pinned requirements: no addresses in them, and they are what pyproject.toml asks for."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements-uv.lock", "requirements.lock", "requirements-dev.lock")


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def _asked(extras: Iterable[str], groups: Iterable[str]) -> list[Requirement]:
    found = _project()
    lines = list(found["project"]["dependencies"])
    for extra in extras:
        lines += found["project"]["optional-dependencies"][extra]
    for group in groups:
        lines += found["dependency-groups"][group]
    return [Requirement(line) for line in lines]


def _pins(lock: str) -> dict[str, list[str]]:
    """Versions by name: more than one where Python versions need different ones."""
    pins: dict[str, list[str]] = {}
    for name, version in re.findall(
        r"^([\w.-]+)(?:\[[\w,.-]+\])?==([^\s;\\]+)", (ROOT / lock).read_text(), re.MULTILINE
    ):
        pins.setdefault(canonicalize_name(name), []).append(version)
    return pins


def _unsatisfied(asked: Iterable[Requirement], pins: dict[str, list[str]]) -> list[str]:
    return [
        str(requirement)
        for requirement in asked
        if not any(
            requirement.specifier.contains(version, prereleases=True)
            for version in pins.get(canonicalize_name(requirement.name), [])
        )
    ]


@pytest.mark.parametrize("lock", LOCKS)
class TestEveryLock:
    def test_holds_no_address_and_no_path(self, lock: str) -> None:
        lines = (ROOT / lock).read_text().splitlines()
        assert [line for line in lines if "://" in line or "file:" in line] == []

    def test_pins_every_package_by_hash(self, lock: str) -> None:
        joined = (ROOT / lock).read_text().replace("\\\n", " ").splitlines()
        packages = [line for line in joined if line and not line.lstrip().startswith("#")]
        assert packages
        assert [line for line in packages if "==" not in line or "--hash=sha256:" not in line] == []


def test_the_demo_has_what_the_service_asks_for() -> None:
    assert _unsatisfied(_asked(["postgres"], ["build"]), _pins("requirements.lock")) == []


def test_the_tests_have_every_extra_and_group() -> None:
    found = _project()
    asked = _asked(found["project"]["optional-dependencies"], found["dependency-groups"])
    assert _unsatisfied(asked, _pins("requirements-dev.lock")) == []


def test_both_locks_agree() -> None:
    demo, tests = _pins("requirements.lock"), _pins("requirements-dev.lock")
    assert {name: (pins, tests.get(name)) for name, pins in demo.items()} == {
        name: (pins, pins) for name, pins in demo.items()
    }
