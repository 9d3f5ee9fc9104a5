"""Words that look misspelt and aren't."""

from functools import cache

from app.matching.knowledge import table
from app.matching.terms import tokens


@cache
def right_words() -> frozenset[str]:
    """Words that are right as they stand, however near to one of the vocabulary: names of places,
    and others from a common list."""
    kept = table("places")
    cities = [city for named in kept["cities"].values() for city in named]
    countries = [name for country in kept["countries"].values() for name in country["names"]]
    places = {token.word for name in (*cities, *countries) for token in tokens(name)}
    listed = table("right_words")["words"]
    return frozenset(places.union(*(line.split() for line in listed)))
