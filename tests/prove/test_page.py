"""The README's table keeps the rows of experiments that weren't run."""

import pytest

from tests.prove import page
from tests.prove.experiment import Outcome

PAGE = """before
<!-- prove -->
| experiment | wanted | measured | |
|---|---|---|---|
| `b` | 0 | 1 of 2 | **missed** |
<!-- /prove -->
after
"""


def test_takes_new_figures_in_the_order_of_the_experiments() -> None:
    told = page.written(PAGE, {"a": Outcome("0 of 3", "0", True)}, ["a", "b", "c"])
    assert told == PAGE.replace("| `b`", "| `a` | 0 | 0 of 3 | pass |\n| `b`")


def test_needs_a_place() -> None:
    with pytest.raises(ValueError, match="no place"):
        page.written("nothing", {}, [])


def test_the_readme_has_a_place() -> None:
    text = page.README.read_text(encoding="utf-8")
    assert page.written(text, {}, list(page._ROW.findall(text))) != ""
