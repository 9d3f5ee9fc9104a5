"""What is taken back of the shares of many offers is what each by itself has against it."""

import numpy as np

from app.matching.brief import Ask, Brief
from app.matching.catalogue import Catalogue
from app.matching.distinctions import AT_MOST
from app.matching.limits import Limits
from app.matching.types import Candidate, Need, Offer, Understanding
from tests.matching.builders import query
from tests.matching.shipped import catalogue, vocabulary

ASKED = (
    "AAV manufacturing",
    "oncology phase 2 trial",
    "prefilled syringe filling",
    "28-day rat study",
    "동물세포 배양",
)


def brief(known: Catalogue, *services: str) -> Brief:
    needs = []
    for number, text in enumerate(services):
        concepts = vocabulary().resolve(text, "service").concepts
        needs.append(Need(f"n{number}", service=Understanding(text, concepts=concepts)))
    return Brief.of(query(*needs), known)


def left(asked: Brief) -> tuple[np.ndarray, np.ndarray]:
    """What is left of whole shares, won and unknown, by need and offer."""
    rows = np.arange(len(asked.catalogue.offers.marks))
    won = np.ones((len(asked.asks), len(rows)), dtype=np.float32)
    unknown = np.ones_like(won)
    Limits(asked.asks, ["service"], asked.catalogue).apply(won, unknown, rows)
    return won, unknown


def expected(ask: Ask, known: Catalogue, row: int) -> tuple[float, float]:
    """The same of one offer, told by its names."""
    names = list(known.offers.names)
    bears = tuple(names[number] for number in known.offers.distinguishing.at(row))
    ruled_out = known.offers.ruled_out.values[known.offers.ruled_out.codes[row]]
    if ask.is_ruled_out("service", ruled_out):
        return 0.0, 0.0
    return AT_MOST if ask.stands_apart(bears) else 1.0, 1.0


def test_all_offers_at_once_fare_as_each_by_itself() -> None:
    known = catalogue()
    asked = brief(known, *ASKED)
    won, unknown = left(asked)
    for number, ask in enumerate(asked.asks):
        told = [expected(ask, known, row) for row in range(won.shape[1])]
        assert list(zip(won[number].tolist(), unknown[number].tolist(), strict=True)) == told
        assert {AT_MOST, 1.0} <= {each for each, _ in told}


def test_a_changed_catalogue_takes_back_as_much_as_one_built_afresh() -> None:
    """Names that come later find what was worked out of the earlier ones."""
    before = Catalogue.build([one("a", "lentiviral vector manufacturing")], vocabulary(), 1)
    left(brief(before, *ASKED))
    later = {"b": one("b", "vial filling"), "c": one("c", "AAV manufacturing, no lyophilization")}
    after = before.changed(later, 2)
    afresh = Catalogue.build([*before.candidates, *later.values()], vocabulary(), 2)
    found = [left(brief(known, *ASKED, "lyophilization")) for known in (after, afresh)]
    np.testing.assert_array_equal(found[0], found[1])
    assert found[0][0].tolist()[0] == [AT_MOST, 1.0, 1.0]
    assert found[0][0].tolist()[2] == [1.0, AT_MOST, 1.0]
    assert found[0][0].tolist()[-1] == [1.0, 1.0, 0.0]


def test_what_is_worth_little_already_stays() -> None:
    known = Catalogue.build([one("a", "lentiviral vector manufacturing")], vocabulary(), 1)
    asked = brief(known, "AAV manufacturing")
    won = np.array([[0.25]], dtype=np.float32)
    Limits(asked.asks, ["service"], known).apply(won, np.zeros_like(won), np.arange(1))
    assert won.tolist() == [[0.25]]


def one(slug: str, service: str) -> Candidate:
    return Candidate(id=slug, slug=slug, name=slug, kind="cdmo", offers=(Offer("o1", service),))
