import pytest

from app.matching.regime import Work, regimes_of, work_of
from tests.matching import shipped
from tests.matching.builders import candidate, offer

VOCABULARY = shipped.vocabulary()


@pytest.mark.parametrize(
    ("concepts", "regimes"),
    [
        (("data-management",), {"clinical"}),
        (("ind-filing",), {"regulatory"}),
        (("cleaning-validation",), {"consulting"}),
        (("fill-finish", "sterility-test"), {"making", "testing"}),
        (("mrna",), set()),
        ((), set()),
    ],
)
def test_a_service_is_of_the_kind_of_its_nearest_family(
    concepts: tuple[str, ...], regimes: set[str]
) -> None:
    assert regimes_of(concepts, VOCABULARY) == regimes


def test_the_kind_of_provider_tells_where_the_words_do_not() -> None:
    who = candidate("acme", kind="cro_clinical")
    assert work_of(who, offer("Oncology"), (), VOCABULARY) == Work(frozenset(("clinical",)), False)
    made = work_of(who, offer("Filling"), ("fill-finish",), VOCABULARY)
    assert made == Work(frozenset(("making",)), False)


@pytest.mark.parametrize(
    ("service", "is_whole"),
    [
        ("Full-service clinical development, Phase I-IV", True),
        ("Trials in phases 1 to 4", True),
        ("AAV process development and manufacturing", True),
        ("Viral vector CDMO", True),
        ("Integrated supply from early development to commercial", True),
        ("Phase I trials", False),
        ("Manufacturing process development", False),
        ("Vial filling", False),
    ],
)
def test_who_covers_the_whole_says_so(service: str, is_whole: bool) -> None:
    assert work_of(candidate("acme"), offer(service), (), VOCABULARY).is_whole is is_whole
