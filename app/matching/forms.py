"""The written forms of a concept: its labels and synonyms, with glosses and alternatives apart."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from app.matching.knowledge import names_of, words_of
from app.matching.terms import Token, normalise, tokens
from app.matching.types import Concept

_TURNED = words_of("short_forms", "turned")  # "X supply" is also found as "supply of X"
_ADJECTIVES = ("al", "ary", "ive", "ic")
_BRACKET = re.compile(r"\s*\(([^()]*)\)\s*")


class Form(NamedTuple):
    """A way of writing a concept; `cues` are words that speak for this reading."""

    text: str
    is_label: bool
    cues: tuple[str, ...] = ()


def forms_of(concept: Concept) -> Iterator[Form]:
    """Every written form of a concept, brackets indexed outside and (if it is a name) inside."""
    written = [(label, True) for label in concept.labels.values()]
    written += [(synonym, False) for synonym in concept.synonyms]
    written += [(name, False) for name in names_of(concept.id)]
    for text, is_label in written:
        if not text:
            continue
        bracket = _BRACKET.search(text)
        if bracket is None:
            yield Form(text, is_label)
            yield from _alternatives(text, is_label)
            continue
        outside = _BRACKET.sub(" ", text).strip()
        inside = bracket[1].strip()
        cues = tuple(normalise(inside).replace("/", " ").split())
        yield Form(text, is_label)
        if bracket.start() == 0 or (bracket.end() < len(text) and text[bracket.start()] == "("):
            continue  # "505(b)(2)", "Poly(A) tail": the brackets belong to the name
        yield Form(outside, is_label, cues)
        yield from _alternatives(outside, is_label)
        if is_label and _is_name(inside, outside):
            yield Form(inside, is_label)


def _alternatives(text: str, is_label: bool) -> Iterator[Form]:
    """The sides of "Extended wording / other wording", unless a side is a fragment."""
    if not is_label or " / " not in text:
        return
    for place, part in enumerate(text.split(" / ")):
        is_abbreviation = sum(c.isupper() for c in part) >= 2
        is_noun = place == 0 and len(part) >= 8 and not part.endswith(_ADJECTIVES)
        if " " in part or is_abbreviation or is_noun:
            yield Form(part, is_label)


def _is_name(inside: str, outside: str) -> bool:
    """Whether a gloss names the thing: an abbreviation of it, what it abbreviates, or Korean."""
    if inside.replace(" ", "").isalpha() and all("가" <= c <= "힣" for c in inside if c != " "):
        return len(inside) >= 4
    return _initials(inside) == outside.casefold() or _initials(outside) == inside.casefold()


def _initials(text: str) -> str:
    found = re.findall(r"[A-Za-z]+", text)
    return "".join(word[0] for word in found if word not in ("and", "of", "for")).casefold()


def keys_of(text: str) -> set[tuple[str, ...]]:
    """The token sequences under which a form is found: with and without commas and `and`."""
    found = tokens(text)
    unbroken = [token for token in found if token.kind != "bar"]
    short = _key([token for token in unbroken if token.word != "and"])
    keys = {_key(found), _key(unbroken), short}
    if len(short) > 1 and short[-1] in _TURNED:
        keys.add((short[-1], "of", *short[:-1]))  # "supply of animals" for "animal supply"
    return {key for key in keys if key}


def _key(found: list[Token]) -> tuple[str, ...]:
    return tuple(token.word for token in found)
