"""What providers wrote that no concept explains, for curators."""

from app.matching.catalogue import Catalogue
from app.matching.terms import normalise, words
from app.matching.types import Candidate, Offer
from app.matching.unmatched import Unmatched, closest, of_catalogue
from tests.matching import shipped
from tests.matching.builders import vocabulary


def provider(slug: str, *offers: Offer, areas: tuple[str, ...] = ()) -> Candidate:
    return Candidate(slug, slug, slug, "cdmo", offers=offers, areas=areas)


def test_counts_providers_not_offers_and_keeps_fields_apart() -> None:
    one = Offer("1", "Zorbing", modality="Quuxomers", quality="Frobnic")
    two = Offer("2", "ZORBING ", platform="zorbing")
    three = Offer("3", "zorbing")
    found = of_catalogue(
        [provider("b", one, two), provider("a", three, areas=("Wibble care",))], vocabulary()
    )
    assert found == [
        Unmatched("zorbing", "service", ("a", "b")),
        Unmatched("frobnic", "quality", ("b",)),
        Unmatched("quuxomers", "modality", ("b",)),
        Unmatched("wibble care", "therapeutic_area", ("a",)),
        Unmatched("zorbing", "platform", ("b",)),
    ]


def test_leaves_out_what_is_understood_empty_or_settled_by_a_curator() -> None:
    known = Offer("1", "LNP formulation", modality="mRNA", quality="GMP")
    wrong_field = Offer("2", "Plasmid DNA")
    empty = Offer("3", "–", modality="...")
    pinned = Offer("4", "Zorbing", modality="Quuxomers", pinned=("fill-finish",))
    found = of_catalogue([provider("a", known, wrong_field, empty, pinned)], vocabulary())
    assert found == [Unmatched("quuxomers", "modality", ("a",))]


def test_names_the_nearest_concept_of_the_field() -> None:
    assert closest("formulaton", "service", vocabulary()) == ("formulation", "Formulation")
    assert closest("zorbing toxicology", "service", vocabulary()) == ("toxicology", "Toxicology")
    assert closest("toxicology", "modality", vocabulary()) is None
    assert closest("zorbing toxicology", "text", vocabulary()) == ("toxicology", "Toxicology")


def test_a_catalogue_reads_itself_once_for_all_pages() -> None:
    catalogue = Catalogue.build([provider("a", Offer("1", "Zorbing"))], vocabulary(), 1)
    assert catalogue.unmatched == [Unmatched("zorbing", "service", ("a",))]
    assert catalogue.unmatched is catalogue.unmatched


def test_reads_many_as_it_reads_each() -> None:
    catalogue = shipped.catalogue()
    found = {(each.field, each.phrase) for each in catalogue.unmatched}
    read = catalogue.vocabulary.resolve
    for offer in (offer for who in catalogue.candidates for offer in who.offers):
        for field in ("service", "quality"):
            text = getattr(offer, field)
            if text and words(text):
                is_unread = not read(text, field).mentions
                assert ((field, normalise(text)) in found) == is_unread
