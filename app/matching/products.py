"""What product a need is about, where only a substance name or a disease tells it."""

from collections.abc import Collection, Sequence
from functools import cache

from app.matching.gazetteer import Gazetteer, Named
from app.matching.knowledge import table
from app.matching.terms import Token


@cache
def _diseases() -> Gazetteer:
    areas = table("diseases")["areas"]
    names = ((form, area) for area, forms in areas.items() for form in forms)
    return Gazetteer(names, inside=True)


def diseases_in(text: str, found: Sequence[Token]) -> list[Named]:
    """Diseases a text names, each with the therapeutic area it belongs to."""
    return _diseases().find(text, found)


def substances_in(found: Sequence[Token], known: Collection[str]) -> list[Named]:
    """Substance names, each with the modality that the ending of its international name tells."""
    names = []
    for index, token in enumerate(found):
        if token.kind != "word" or token.word in known or not token.word.isascii():
            continue
        modality = modality_of(token.word)
        if modality:
            names.append(Named(modality, token.start, token.end, index, index + 1))
    return names


def modality_of(name: str) -> str | None:
    """The modality that an international nonproprietary name ends in, by its longest stem."""
    kept = table("inn_stems")
    if len(name) < kept["least_letters"] or name in kept["not_names"]:
        return None
    for size in range(min(len(name) - 2, 12), 2, -1):
        if name[-size:] in kept["stems"]:
            found: str | None = kept["stems"][name[-size:]]
            return found
    return None
