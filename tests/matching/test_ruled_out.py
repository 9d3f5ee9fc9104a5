"""What an offer rules out is no concept of it, and whoever asks for it is told so."""

from typing import Any

import pytest

from app.matching.offer_reading import Reader
from app.matching.texts import Texts
from app.matching.types import Offer
from tests.matching.shipped import vocabulary
from tests.quality.understanding import ledger_of


def concepts(**offer: Any) -> tuple[str, ...]:
    return Reader(vocabulary(), Texts()).concepts(Offer("o1", **offer))


@pytest.mark.parametrize(
    ("offer", "named", "not_named"),
    [
        ({"service": "Fill-finish, no lyophilization"}, "fill-finish", "lyophilization"),
        ({"service": "Fill-finish (without lyophilisation)"}, "fill-finish", "lyophilization"),
        ({"service": "Fill-finish; lyophilization not offered"}, "fill-finish", "lyophilization"),
        ({"service": "Abfüllung ohne Lyophilisation"}, "fill-finish", "lyophilization"),
        ({"service": "완제 충전 (동결건조 불가)"}, "fill-finish", "lyophilization"),
        ({"service": "동결건조 제외, 무균 충전"}, "fill-finish", "lyophilization"),
        ({"service": "Disease models (no animal toxicology)"}, "pharmacology-efficacy",
         "toxicology"),
        ({"service": "Plasmids", "platform": "rolling circle amplification; no fermentation"},
         "plasmid-dna", "microbial-fermentation"),
        ({"service": "Fermentation", "platform": "no fermentation"}, "manufacturing",
         "microbial-fermentation"),
        ({"service": "Fill-finish", "modality": "biologics; no viral vectors"}, "biologic",
         "viral-vector"),
        ({"service": "Fill-finish of non-cytotoxic products"}, "fill-finish", "hpapi"),
    ],
)  # fmt: skip
def test_what_is_ruled_out_is_not_named(offer: dict[str, str], named: str, not_named: str) -> None:
    found = concepts(**offer)
    assert not_named not in found
    assert named in found or offer["service"] == "Fermentation"


@pytest.mark.parametrize(
    ("service", "named"),
    [
        ("Not only fill-finish but also lyophilization", {"fill-finish", "lyophilization"}),
        ("Fill-finish with no minimum, lyophilization", {"fill-finish", "lyophilization"}),
        ("Lyophilization without limits, fill-finish", {"fill-finish", "lyophilization"}),
        ("No lyophilization, but fill-finish", {"fill-finish"}),
        ("Cytotoxic and non-cytotoxic fill-finish", {"fill-finish"}),
        ("Nonclinical studies", {"nonclinical-services"}),
        ("NHP and non-human primate studies", {"nhp-studies"}),
    ],
)
def test_what_isnt_ruled_out_stays(service: str, named: set[str]) -> None:
    assert named <= set(concepts(service=service))


@pytest.mark.parametrize(
    ("phrase", "concept"),
    [
        ("filling machine supply", "fill-finish"),
        ("bioanalyzer equipment sales", "bioanalysis"),
        ("exosome isolation kit", "exosome-manufacturing"),
        ("pharmacovigilance software", "pharmacovigilance"),
        ("충전 장비 판매", "fill-finish"),
        ("water purification", "downstream-process"),
        ("software packaging", "commercial-packaging"),
        ("도로 포장", "commercial-packaging"),
        ("전기차 충전소", "fill-finish"),
        ("fuel cell manufacturing", "cell-therapy-manufacturing"),
    ],
)
def test_a_thing_and_another_trade_are_not_the_service(phrase: str, concept: str) -> None:
    assert concept not in concepts(service=phrase)


@pytest.mark.parametrize(
    ("phrase", "concept"),
    [
        ("Fill-finish and equipment supply", "fill-finish"),
        ("Medical device manufacturing", "device-development"),
        ("Equipment qualification", "qualification-cqv"),
        ("Water for injection, fill-finish", "fill-finish"),
    ],
)
def test_work_beside_a_thing_stays_work(phrase: str, concept: str) -> None:
    assert concept in concepts(service=phrase)


@pytest.mark.parametrize(
    ("lang", "because"),
    [
        ("en", "The record rules it out: “Lyophilization”."),
        ("ko", "기록에서 ‘동결건조’는 제외한다고 밝히고 있습니다."),
    ],
)
def test_whoever_asks_for_it_is_told(lang: str, because: str) -> None:
    offer = Offer("o1", "Fill-finish, no lyophilization")
    (line,) = (p for p in ledger_of("lyophilization", offer, lang) if p.criterion == "service")
    assert (line.verdict, line.won, line.unknown, line.because) == ("missed", 0, 0, because)
