"""Which work makes a chemical medicine: that of its substance, or of the form that is taken."""

import re
from collections.abc import Iterator, Sequence

from app.matching.clauses import Outline
from app.matching.types import Mention
from app.matching.vocabulary import Vocabulary

# Making these is what a product's name alone tells; a form named with it tells more.
_SUBSTANCES = frozenset(("api-synthesis", "peptide-synthesis"))
_WHOLE = "drug-product-manufacturing"
_CONTAINERS = frozenset(("pfs", "cartridge", "ampoule", "vial", "autoinjector"))
_FILLED = "parenteral-manufacturing"
_AND = re.compile(r"\s*(?:,|/|\+|&|and|plus|과|와|및|,\s*and)\s+(?:finished\s+|a\s+)?", re.I)


class Finished:
    """The dosage forms that one text asks for."""

    def __init__(
        self, text: str, mentions: Sequence[Mention], outline: Outline, vocabulary: Vocabulary
    ) -> None:
        self._text = text
        self._outline = outline
        self._vocabulary = vocabulary
        asked = [
            m
            for m in mentions
            if outline.zone(m.start) == "request" and not outline.negated(m.start, m.end)
        ]
        self._forms = [(m, form) for m in asked if (form := self._form(m))]
        self._substances = [m for m in asked if self._is_substance(m)]
        self._placebos = [m for m, form in self._forms if _is_placebo(m)]

    def joined(self) -> Iterator[tuple[Mention, str]]:
        """Dosage forms asked for beside the substance or a placebo: `API and tablets`. With each
        the service that makes it."""
        for mention, service in self._forms:
            if mention in self._placebos or not self._is_dosage(mention):
                continue
            after = any(self._are_joined(m, mention) for m in self._substances)
            if after or any(self._are_joined(mention, m) for m in self._placebos):
                yield mention, service

    def _are_joined(self, one: Mention, other: Mention) -> bool:
        return bool(_AND.fullmatch(self._text, one.end, other.start))

    def making(self, service: str, at: int) -> str:
        """The service that makes a product at a place, where its name alone tells `service`:
        `celecoxib tablets` asks for tablets, unless its sentence speaks of the substance."""
        sentence = self._outline.sentence(at)
        near = [(m, form) for m, form in self._forms if self._outline.sentence(m.start) == sentence]
        if service not in _SUBSTANCES or not near:
            return service
        if any(self._outline.sentence(m.start) == sentence for m in self._substances):
            return service
        return min(near, key=lambda form: (abs(form[0].start - at), form[0].start))[1]

    def _form(self, mention: Mention) -> str | None:
        """The service that makes the dosage form named."""
        kept = [c for c in mention.concepts if "drug-product" in self._vocabulary.broader(c)]
        if kept:
            return self._vocabulary.making(kept)
        if _is_placebo(mention):
            return _WHOLE
        return None if _CONTAINERS.isdisjoint(mention.concepts) else _FILLED

    def _is_dosage(self, mention: Mention) -> bool:
        """Whether this names a form that is taken, as tablets are, and not just any product."""
        kept = self._vocabulary.broader(mention.concepts[0])
        return "drug-product" in kept[1:]

    def _is_substance(self, mention: Mention) -> bool:
        above = {b for concept in mention.concepts for b in self._vocabulary.broader(concept)}
        return not above.isdisjoint((*_SUBSTANCES, "drug-substance", "starting-material"))


def _is_placebo(mention: Mention) -> bool:
    return "blinding" in mention.concepts and bool(_PLACEBO.search(mention.text))


_PLACEBO = re.compile("placebo|위약|플라시보", re.I)
