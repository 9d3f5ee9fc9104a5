"""What the wording of an offer tells of development and making."""

import pytest

from app.matching.offer_reading import Reader
from app.matching.texts import Texts
from app.matching.types import Offer
from tests.matching.shipped import vocabulary


@pytest.mark.parametrize(
    ("service", "modality", "named"),
    [
        ("Softgel development and manufacturing", None, "formulation-development"),
        ("Viral vector development and manufacturing", None, "process-development"),
        ("Viral vector CDMO", None, "cdmo"),
        ("GMP manufacturing", "viral vector", "viral-vector-manufacturing"),
    ],
)
def test_development_and_making_are_read_together(
    service: str, modality: str | None, named: str
) -> None:
    offer = Offer(id="o1", service=service, modality=modality)
    assert named in Reader(vocabulary(), Texts()).concepts(offer)


def test_a_finished_form_of_a_chemical_is_not_its_synthesis() -> None:
    offer = Offer(id="o1", service="Commercial manufacturing", modality="small molecule")
    assert "api-synthesis" not in Reader(vocabulary(), Texts()).concepts(offer)
