"""Studies told in several words of their own."""

import pytest

from app.matching.intake import understand
from tests.matching.shipped import vocabulary


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "13-week GLP toxicity study in beagle dogs",
            [("13-week GLP toxicity study", ("repeat-dose-tox",))],
        ),
        (
            "toxicity study of 13 weeks in dogs",
            [("toxicity study of 13 weeks", ("repeat-dose-tox",))],
        ),
        ("13주 반복투여독성시험", [("13주 반복투여독성시험", ("repeat-dose-tox",))]),
        (
            "26-week tox in rat and 39-week tox in dog",
            [("26-week tox", ("repeat-dose-tox",)), ("39-week tox", ("chronic-tox",))],
        ),
        # A general study beside particular ones is asked for itself.
        (
            "toxicology, genotoxicity and safety pharmacology",
            [
                ("toxicology", ("toxicology",)),
                ("genotoxicity", ("genetic-toxicology",)),
                ("safety pharmacology", ("safety-pharmacology",)),
            ],
        ),
    ],
)
def test_one_study_is_one_request(text: str, asked: list[tuple[str, tuple[str, ...]]]) -> None:
    needs = understand(text, vocabulary()).needs
    assert [(n.service.text, n.service.concepts) for n in needs if n.service] == asked
