import time

import pytest

from app.matching.clauses import Outline
from app.matching.deliverables import deliverables
from tests.matching.texts import products, read, services


def told(text: str) -> list[tuple[str, str]]:
    return [(text[a:b], service) for a, b, service in deliverables(text, Outline(text))]


def test_a_row_without_a_verb_asks_for_what_gives_each() -> None:
    text = "Two bispecific antibodies: cell line, process and material to the end of Phase 1."
    found = read(text)
    assert services(found) == [
        ("cell-line-development",),
        ("process-development",),
        ("mammalian-culture",),
    ]
    assert products(found) == [("bispecific",)] * 3
    assert {need.stages for need in found.needs} == {("phase1",)}


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (
            "We need a stable cell line, a process and GMP batches",
            [("stable cell line", "cell-line-development"), ("process", "process-development")],
        ),
        ("Needs a process and clinical material", [("process", "process-development")]),
        (
            "Our team needs a stable CHO line, master cell bank and first GMP batch",
            [("stable CHO line", "cell-line-development")],
        ),
        ("Cell line and process development", [("Cell line", "cell-line-development")]),
        ("We have a cell line, process and GMP material", []),
        ("With our cell line and GMP batches", []),
        ("Material made from a cell line and clinical batches", []),
        ("A fermentation process and GMP batches", []),
        ("A process and product testing", []),
        ("Toxicology for a cell line and GMP batches", []),
        ("We need no cell line and GMP batches", []),
    ],
)
def test_what_is_there_already_or_only_the_purpose_is_not_asked_for(
    text: str, row: list[tuple[str, str]]
) -> None:
    assert told(text) == row


def test_a_long_row_stays_fast() -> None:
    text = ("of " * 20 + "cell line, process and material ") * 40
    start = time.thread_time()
    told(text[:4000])
    assert time.thread_time() - start < 0.5
