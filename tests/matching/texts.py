"""Texts read with the shipped vocabulary, on one day."""

from datetime import date

from app.matching.intake import understand
from app.matching.types import Understood
from tests.matching.shipped import vocabulary

ASKED = date(2026, 11, 26)


def read(text: str, lang: str = "en") -> Understood:
    return understand(text, vocabulary(), lang, ASKED)


def services(understood: Understood) -> list[tuple[str, ...]]:
    return [need.service.concepts for need in understood.needs if need.service]


def products(understood: Understood) -> list[tuple[str, ...]]:
    return [need.modality.concepts for need in understood.needs if need.modality]
