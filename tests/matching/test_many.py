"""What many phrases name side by side is what each of them names by itself."""

from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.knowledge import table
from tests.benchmarks.resample import resampled
from tests.matching import shipped

FACETS = ("service", "modality", "platform")
# Words that mean something only beside others, in brackets, in capitals, or not at all.
TRICKY = (
    *("and", "or", ",", "/", "&", "(GMP)", "(", ")", "PD-1", "PD", "pd", "USP", "usp", "phase"),
    *("I/II", "non-", "non", "2", "500", "L", "kg", "batches", "testing", "facility", "plant"),
    *("manufacturing", "production", "of", "CAR-T", "cART", "formulaton", "E.", "coli", "백신"),
    *("development", "mRNA", "AAV", "oral", "topical", "dosage", "forms", "clinical", "IP"),
    *("it", "-", "a", "filling,", "vials.", "in", "our", "steel/glass", "supply", "weak"),
)


def _chunks() -> tuple[str, ...]:
    known = shipped.vocabulary().concepts.values()
    written = chain.from_iterable((*c.labels.values(), *c.synonyms) for c in known)
    spoken = chain.from_iterable(table("request_phrases")["phrases"].values())
    said = (word.split("|")[0].replace("_", " ") for phrase in spoken for word in phrase.split())
    return tuple(sorted({c for text in (*written, *said) for c in text.split()}))


CHUNKS = st.one_of(st.sampled_from(TRICKY), st.sampled_from(_chunks()))
PHRASES = st.lists(CHUNKS, min_size=1, max_size=12).map(" ".join)


@given(st.lists(PHRASES, min_size=1, max_size=8), st.sampled_from(FACETS))
def test_phrases_name_the_same_side_by_side(phrases: list[str], facet: str) -> None:
    vocabulary = shipped.vocabulary()
    named = vocabulary.many().read(phrases, facet)
    for number, phrase in enumerate(phrases):
        concepts = named.concepts[number]
        if concepts is not None:
            assert (phrase, concepts) == (phrase, vocabulary.named(phrase, facet))
            mentions = vocabulary.resolve(phrase, facet).mentions
            assert named.mentioned(number) == tuple(mention.text for mention in mentions)
            told = [replace(mention, how="exact") for mention in named.mentions(number)]
            assert told == [replace(mention, how="exact") for mention in mentions]


@pytest.mark.parametrize("facet", FACETS)
def test_all_but_few_phrases_of_a_catalogue_are_read_side_by_side(facet: str) -> None:
    vocabulary = shipped.vocabulary()
    copies = (copy for _, copy in resampled(shipped.catalogue().candidates, 600))
    offers = [offer for copy in copies for offer in copy.offers]
    phrases = list(dict.fromkeys(filter(None, (getattr(offer, facet) for offer in offers))))
    named = vocabulary.many().read(phrases, facet).concepts
    expected = [vocabulary.named(phrase, facet) for phrase in phrases]
    assert [n for n in named if n is not None] == [
        e for n, e in zip(named, expected, strict=True) if n is not None
    ]
    assert named.count(None) < len(phrases) / 4
    # What was cut once is not cut again, nor are the phrases mixed up.
    many = vocabulary.many()
    assert many.read(phrases[::-1], facet).concepts == many.read(phrases, facet).concepts[::-1]


def test_nothing_to_read_is_nothing_named() -> None:
    many = shipped.vocabulary().many()
    assert many.read([], "service").concepts == []
    assert many.read(["", " ", "-"], "service").concepts == [(), (), ()]
