"""The time to read a text grows about as the text does, whatever stands in it."""

import time
import unicodedata

import pytest

from app.matching.intake import understand
from tests.matching import shipped

SHORT, LONG = 1_000, 4_000
TEXTS = {
    "spaces": "mRNA" + " " * LONG,
    "short forms": "PV PD USP DS DP CAR IP 정제 " * 200,
    "one long clause": "mRNA LNP formulation fill-finish plasmid DNA AAV production " * 100,
    "countries": "Korea and US and Germany and France " * 200,
    "products": "clinical mRNA AAV " * 300,
    "joints": "oral, and topical or " * 200,
    "jamo": unicodedata.normalize("NFD", "세포주 개발 바이러스 벡터 ") * 200,
    "no spaces": "세포주개발바이러스벡터생산공정개발" * 300,
    "brackets": "(" * 2_000 + ")" * 2_000,
    "misspellings": "formulatoin developmnet manufacturng stabilty " * 100,
}


def seconds(text: str) -> float:
    """The least of some runs, in time of this thread alone."""
    times = []
    for _ in range(3):
        started = time.thread_time()
        understand(text, shipped.vocabulary(), "en")
        times.append(time.thread_time() - started)
    return min(times)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_four_times_the_text_takes_little_more_than_four_times_as_long(text: str) -> None:
    # Quadratic growth would be 16 times; what is below some milliseconds says nothing.
    assert seconds(text[:LONG]) < 9 * max(seconds(text[:SHORT]), 0.004)
