"""What a text tells about a need besides its service: product, stage, area, quality, amount."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from app.matching.clauses import Outline
from app.matching.found import Found, distance, gap
from app.matching.products import diseases_in, substances_in
from app.matching.quantity import parse
from app.matching.stage import stage_spans, stages_asked
from app.matching.terms import Token
from app.matching.types import STAGES, Mention, Quantity, Understanding
from app.matching.vocabulary import Vocabulary

# Steps of making, said of any product: they tell none.
_STEPS = frozenset(("drug-substance", "drug-product", "imp-product", "starting-material"))

_NO_AMOUNTS = frozenset(
    ("money", "time", "duration", "area", "count", "people_or_animals", "strength", "temperature")
)
_LAST = {"batches": 1, "exposure_limit": 2}  # what says least of how much is to be made
_REGIME_OF_QUALITY = {"glp": "preclinical", "gcp": "clinical", "cgmp": "making"}
_REGIME_OF_SERVICE = {
    "nonclinical-services": "preclinical",
    "clinical-services": "clinical",
    "manufacturing": "making",
    "qc-testing": "making",
}
_ANIMAL_STUDY = re.compile(r"tox|독성|animal|동물|in vivo", re.I)
_BEFORE_TRIALS = frozenset(("discovery", "preclinical"))
_STANDARDS = frozenset(("cgmp", "glp", "gcp"))
_UNLIKE = frozenset(("non-gmp", "gmp-like"))  # `GMP-like` asks for no GMP
# What a product is filled into tells about the filling, not about making what is filled.
_CONTAINERS = frozenset(
    ("vial", "pfs", "cartridge", "ampoule", "lvp-bag", "autoinjector", "stopper", "filling-line")
)
_FILLING = frozenset(
    ("fill-finish", "parenteral-manufacturing", "clinical-packaging", "commercial-packaging")
)
# What is drawn to measure a medicine in is no medicine: `plasma PK`.
_SAMPLES = frozenset(("plasma",))
_MEASURED = re.compile(
    r"\b(?:pk|pharmacokinetics?|exposures?|concentrations?|levels?|samples?)\b", re.I
)
_REGULATORS = frozenset(
    (
        *("fda", "ema", "pmda", "mhra", "nmpa", "tga", "mfds", "gxp", "anvisa", "cofepris"),
        *("sahpra", "cdsco", "health-canada", "swissmedic", "tfda", "hsa-sg", "saudi-fda"),
    )
)
_ZONES = {"request": 0.0, "context": 60.0, "self": 90.0}  # as if that many characters further off
_RUN_BEFORE = re.compile(
    r"\b(?:run|conduct|perform|execut|manag|carry out|sponsor|into|take over)\w*\b[^.;]*$", re.I
)
_TRIAL_AFTER = re.compile(r"[^.;,]{0,40}?\b(?:trial|study|studies)\b|\s*(?:임상)?\s*시험", re.I)
_MATERIAL = re.compile(
    r"\b(?:batch(?:es)?|lots?|c?gmp|suppl(?:y|ies)|grade|material|capsules?|tablets?|vials?|vectors?|kits?|facilit(?:y|ies)|producers?)\b"
    r"|배치|로트|공급|생산|제조",
    re.I,
)


class Attributes:
    """Everything a text names, by facet, and which of it belongs to a need at some place."""

    def __init__(
        self,
        text: str,
        found: Sequence[Token],
        mentions: Iterable[Mention],
        outline: Outline,
        vocabulary: Vocabulary,
    ) -> None:
        self._text = text
        self._outline = outline
        self._vocabulary = vocabulary
        self._by_facet: dict[str, list[Found]] = {}
        self._standards: list[Found] = []
        self._fills = False
        covered: set[int] = set()
        for mention in mentions:
            covered.update(range(mention.start, mention.end))
            self._sort(mention)
            facets = {vocabulary.concepts[c].facet for c in mention.concepts}
            if not facets.isdisjoint(("service", "quality")) and _UNLIKE.isdisjoint(
                mention.concepts
            ):
                self._take_apart(mention)
            if "service" in facets:
                self._fills = self._fills or self._fills_with(mention.concepts)
        self._diseases = [
            Found((name.value,), name.start, name.end, "context")
            for name in diseases_in(text, found)
            if name.value in vocabulary.concepts
        ]
        self._substances = [
            Found((name.value,), name.start, name.end, "context")
            for name in substances_in(found, ())
            if name.start not in covered and name.value in vocabulary.concepts
        ]
        self._named_stages = [(start, end) for start, end, stages in stage_spans(text) if stages]
        self._stages = [
            (start, end, stages)
            for start, end, stages in stages_asked(text)
            if stages and not outline.negated(start, end)
        ]
        self._quantities = self._amounts()

    def spans(self) -> list[tuple[int, int]]:
        """What is explained by more than the vocabulary: diseases, substances, stages, amounts."""
        found = [(f.start, f.end) for f in (*self._diseases, *self._substances)]
        found += self._named_stages
        return found + [(start, end) for start, end, _ in self._quantities]

    def modality(self, start: int, end: int) -> Understanding | None:
        """The product meant at a place: what its own words tell, else the nearest one named."""
        within = self._within(start, end)
        named = [f for f in self._by_facet.get("modality", ()) if self._stands(f)]
        telling = [f for f in named if not self._is_form(f.concepts)]
        substances = [f for f in self._substances if self._stands(f)]
        # A step of making is no product: whoever asks for drug substance isn't asked of what.
        forms = [f for f in named if _STEPS.isdisjoint(f.concepts)]
        options = self._sharpened(within or telling, telling) or substances or forms
        return self._understanding(self._nearest(options, start, end, self._generality))

    def _take_apart(self, mention: Mention) -> None:
        """The product and the standard inside the words of a service: `GMP production`."""
        named = self._by_facet.setdefault("modality", [])
        named += self._within(mention.start, mention.end)
        for part in self._vocabulary.parts(mention.text):
            ids = tuple(c for c in part.concepts if c in _STANDARDS)
            if ids:
                start, end = mention.start + part.start, mention.start + part.end
                self._standards.append(Found(ids, start, end, part.how))

    def _within(self, start: int, end: int) -> list[Found]:
        """Products inside the words of a service, such as the mRNA of `mRNA manufacturing`."""
        if end - start > 80:
            return []
        found = []
        for mention in self._vocabulary.parts(self._text[start:end]):
            low, high = start + mention.start, start + mention.end
            ids = tuple(c for c in mention.concepts if self._is_product(c))
            if _SAMPLES.issuperset(ids) and _MEASURED.search(self._text, start, end):
                continue
            if self._outline.negated(low, high):
                continue
            if ids:
                found.append(Found(ids, low, high, mention.how))
            elif high - low < end - start:
                found += self._within(low, high)
        return found

    def _sharpened(self, general: list[Found], named: Sequence[Found]) -> list[Found]:
        """Products with the particular kind right before them: `CAR-T` of `CAR-T cell therapy`."""
        sharper = {}
        ending: dict[int, list[Found]] = {}
        for other in named:
            ending.setdefault(other.end, []).append(other)
        for found in general:
            before = [
                o for end in range(found.start - 2, found.start + 1) for o in ending.get(end, ())
            ]
            if before:
                below = {n for c in found.concepts for n in self._vocabulary.narrower(c) if n != c}
                for other in before:
                    if below.issuperset(other.concepts):
                        sharper[found] = other
        return [sharper.get(found, found) for found in general]

    def _is_product(self, concept: str) -> bool:
        kept = self._vocabulary.concepts[concept]
        return kept.facet == "modality" and not kept.is_decoy and not self._is_form((concept,))

    def _is_form(self, concepts: Sequence[str]) -> bool:
        """Whether these are steps of making or dosage forms, which any product can have."""
        above = {b for c in concepts for b in self._vocabulary.broader(c)}
        return not above.isdisjoint(_STEPS)

    def platform(self, start: int, end: int, service: Understanding | None) -> Understanding | None:
        """The technology named in the sentence of a place."""
        options = [
            f
            for f in (*self._by_facet.get("platform", ()), *self._by_facet.get("equipment", ()))
            if self._stands(f) and self._same_sentence(f, start)
        ]
        if service and service.span:
            low, high = service.span
            options = [f for f in options if f.end <= low or f.start >= high]
            if self._fills and not self._fills_with(service.concepts):
                options = [f for f in options if _CONTAINERS.isdisjoint(f.concepts)]
        return self._understanding(self._nearest(options, start, end))

    def _fills_with(self, services: Sequence[str]) -> bool:
        """Whether one of these services fills containers or packs them."""
        return any(
            not _FILLING.isdisjoint(self._vocabulary.broader(service)) for service in services
        )

    def area(self, start: int, end: int) -> Understanding | None:
        """The disease area of a place, or of the whole text."""
        named = [f for f in self._by_facet.get("therapeutic_area", ()) if self._stands(f)]
        diseases = [f for f in self._diseases if self._stands(f)]
        options = [*named, *(d for d in diseases if all(d.start != n.start for n in named))]
        # The asker's own words and the purpose tell the disease as well as the request does.
        near = sorted(options, key=lambda f: (distance(f, start, end), f.start))
        if not near:
            return None
        same = [f for f in near if self._outline.sentence(f.start) == self._outline.sentence(start)]
        concepts = tuple(dict.fromkeys(c for f in (same or near[:1]) for c in f.concepts))
        return self._understanding(replace((same or near)[0], concepts=concepts))

    def stage(
        self, start: int, end: int, services: Sequence[str] = ()
    ) -> tuple[Understanding | None, tuple[str, ...]]:
        """The stage that a place is about, with the six-step stages it means. A trial that a study
        in animals comes before is no stage of that study, nor the other way round."""
        known = self._stages
        if self._regime_of(services) == "preclinical":
            known = [s for s in known if not _BEFORE_TRIALS.isdisjoint(s[2])]
        else:
            known = [s for s in known if not _ANIMAL_STUDY.search(self._text, s[0], s[1])]
        if not known:
            return None, ()
        sentence = self._outline.sentence(start)
        near = [s for s in known if self._outline.sentence(s[0]) == sentence]
        options = near or known
        numbered = [s for s in options if len(s[2]) < 3] or options
        best = min(numbered, key=lambda s: (gap(s[0], s[1], start, end), s[0]))
        low, high, named = best[0], best[1], set(best[2])
        for first, last, stages in numbered:
            if (abs(first - high) <= 15 or abs(low - last) <= 15) and self._outline.sentence(
                first
            ) == self._outline.sentence(low):
                low, high = min(low, first), max(high, last)
                named.update(stages)
        stages = tuple(stage for stage in STAGES if stage in named)
        return Understanding(self._text[low:high], (low, high), (), "phrase"), stages

    def quality(self, start: int, end: int, services: Sequence[str]) -> tuple[Understanding, ...]:
        """Quality rules that hold for a place; GLP stays with animal studies, GCP with trials.

        A standard told within the words of a service holds for what it is a standard of:
        `development and GMP production` asks for no GMP development.
        """
        regime = self._regime_of(services)
        kept: dict[tuple[str, ...], Found] = {}
        for found in self._by_facet.get("quality", ()):
            if not self._holds(found) or _REGULATORS.issuperset(found.concepts):
                continue
            own = self._regime_of_quality(found.concepts)
            if regime and own and own != regime:
                continue
            kept.setdefault(found.concepts, found)
        for found in self._standards:
            if regime == self._regime_of_quality(found.concepts) and self._holds(found):
                kept.setdefault(found.concepts, found)
        fields = (self._understanding(found) for found in kept.values())
        return tuple(field for field in fields if field)

    def scale(self, start: int, end: int) -> tuple[Understanding | None, Quantity | None]:
        """The amount told nearest to a place, within its sentence or once for the text; a limit of
        exposure is none where there is another, nor a number of batches beside their size."""
        sentence = self._outline.sentence(start)
        near = [q for q in self._quantities if self._outline.sentence(q[0]) == sentence]
        options = near or (self._quantities if len(self._quantities) == 1 else [])
        if not options:
            return None, None
        low, high, quantity = min(
            options, key=lambda q: (_rank(q[2]), gap(q[0], q[1], start, end), q[0])
        )
        return Understanding(self._text[low:high], (low, high), (), "exact"), quantity

    def phases(self) -> list[tuple[int, int]]:
        """Where the text numbers a phase of trials."""
        return [(s[0], s[1]) for s in self._stages if any(n.startswith("phase") for n in s[2])]

    def trials(self) -> list[tuple[int, int]]:
        """Numbered trials that the text speaks of as something to run."""
        found = []
        for start, end, stages in self._stages:
            if not any(stage.startswith("phase") for stage in stages):
                continue
            after = _TRIAL_AFTER.match(self._text, end)
            if after or _RUN_BEFORE.search(self._text, max(0, start - 40), start):
                found.append((start, after.end() if after else end))
        return found

    def is_material(self, at: int) -> bool:
        """Whether the sentence of a place speaks of material: an amount, a batch, GMP, supply."""
        low, high = self._outline.sentence_span(at)
        if any(low <= start < high for start, _, _ in self._quantities):
            return True
        return self._outline.has(_MATERIAL, (low, high))

    def regime(self, at: int) -> str | None:
        """clinical or preclinical, as the stages and quality rules around a place tell."""
        _, stages = self.stage(at, at)
        if any(stage.startswith("phase") for stage in stages):
            return "clinical"
        if "preclinical" in stages:
            return "preclinical"
        for found in self._by_facet.get("quality", ()):
            regime = self._regime_of_quality(found.concepts)
            if regime in ("clinical", "preclinical"):
                return regime
        return None

    def _sort(self, mention: Mention) -> None:
        concepts = self._vocabulary.concepts
        for facet in {concepts[c].facet for c in (*mention.concepts, *mention.readings)}:
            ids = tuple(self._real(c) for c in mention.concepts if concepts[c].facet == facet)
            ids = tuple(i for i in ids if not concepts[i].is_decoy)
            if ids:
                found = Found(ids, mention.start, mention.end, mention.how, mention.readings)
                self._by_facet.setdefault(facet, []).append(found)

    def _real(self, concept: str) -> str:
        """A look-alike that is a kind of something in the field counts as that."""
        kept = self._vocabulary.concepts[concept]
        return kept.broader if kept.is_decoy and kept.broader else concept

    def _amounts(self) -> list[tuple[int, int, Quantity]]:
        found, at = [], 0
        for quantity in parse(self._text, plans=True):
            start = self._text.find(quantity.text, at) if quantity.text else -1
            if start < 0:
                start = self._text.find(quantity.text) if quantity.text else -1
            if start < 0 or quantity.kind in _NO_AMOUNTS:
                continue
            at = start
            found.append((start, start + len(quantity.text), quantity))
        return found

    def _stands(self, found: Found) -> bool:
        return not self._outline.negated(found.start, found.end)

    def _holds(self, found: Found) -> bool:
        """Whether a rule is asked for now, and neither ruled out nor left open."""
        return self._stands(found) and not self._outline.is_open(found.start, found.end)

    def _same_sentence(self, found: Found, at: int) -> bool:
        return self._outline.sentence(found.start) == self._outline.sentence(at)

    def _generality(self, found: Found) -> float:
        depth = max(len(self._vocabulary.broader(c)) for c in found.concepts)
        return max(0.0, 3.0 - depth) * 15.0

    def _nearest(
        self,
        options: Sequence[Found],
        start: int,
        end: int,
        extra: Callable[[Found], float] = lambda _: 0.0,
    ) -> Found | None:
        def cost(found: Found) -> tuple[float, int]:
            away = 0.0 if self._same_sentence(found, start) else 100.0
            zone = _ZONES[self._outline.zone(found.start)]
            return distance(found, start, end) + away + zone + extra(found), found.start

        return min(options, key=cost, default=None)

    def _regime_of_quality(self, concepts: Sequence[str]) -> str | None:
        for concept in concepts:
            for above in self._vocabulary.broader(concept):
                if above in _REGIME_OF_QUALITY:
                    return _REGIME_OF_QUALITY[above]
        return None

    def _regime_of(self, services: Sequence[str]) -> str | None:
        for service in services:
            for above in self._vocabulary.broader(service):
                if above in _REGIME_OF_SERVICE:
                    return _REGIME_OF_SERVICE[above]
        return None

    def _understanding(self, found: Found | None) -> Understanding | None:
        if found is None:
            return None
        written = self._text[found.start : found.end]
        return Understanding(
            written, (found.start, found.end), found.concepts, found.how, found.readings
        )


def _rank(quantity: Quantity) -> int:
    return _LAST.get(quantity.kind, 0)
