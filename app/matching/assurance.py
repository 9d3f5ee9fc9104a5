"""What a provider's words and certificates prove of a standard, and no more than that.

"Designed to cGMP" is not GMP, a licence being sought is not held, and a certificate whose site
the record doesn't name may belong to another site.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter

from app.matching.availability import RUNNING
from app.matching.many import Many
from app.matching.types import Proof
from app.matching.vocabulary import Vocabulary
from app.period import Period

# Words by which a standard is sought: it holds once the facility is licensed, and not before.
_SOUGHT = re.compile(
    r"\b(?:plan(?:s|ned|ning)?|intend(?:s|ed|ing)?|sought|seek(?:s|ing)?|prepar(?:es|ing)"
    r"|in preparation|targeted|targeting|aim(?:s|ed|ing)?|expansion|expected|upcoming|pending|soon"
    r"|in pro(?:cess|gress)|applied for|under (?:review|development)|being (?:documented|approved)"
    r"|to be|will be|not yet|yet to)\b"
    r"|예정|계획|준비|추진|목표"
)
# Words by which a facility is built for a standard: it holds once the facility runs.
_BUILT_FOR = re.compile(
    r"\b(?:design(?:s|ed)?|built to|being built|nearing|under construction)\b|설계|건설"
)
# Words by which something resembles a standard, or could be brought to it: never proof.
_ALIKE = re.compile(
    r"\b(?:simulat\w+|like|type|equivalent|optional|option|capab\w+|principles)\b"
    r"|(?:gmp|glp|gcp|gclp)[ -]based\b"
)
_DENIED = re.compile(
    r"\b(?:not|no|without|outside)\b(?! yet)|\bnon[- ]?(?=c?gmp|glp|gcp|gclp|gxp)"
    r"|비\s?(?=c?gmp|glp|gcp)"
)
# Concepts that say a standard is not kept: naming one denies the other.
_DENIALS = {"non-gmp": "cgmp", "gmp-like": "cgmp"}
# A claim of one of these says that the work runs under that regime and under no other of them.
REGIMES = ("cgmp", "glp", "gcp", "gclp", "gdp", "gvp")
PROVES = 0.5  # a standard less alike than this (a sibling, a neighbour) proves nothing


@dataclass(frozen=True, slots=True)
class Claim:
    """A standard named in the words of an offer, and how firmly."""

    concept: str
    strength: str  # held, sought, built_for, alike, denied
    regime: str | None = None  # the one of REGIMES that it belongs to


@dataclass(frozen=True, slots=True)
class Certified:
    """A standard that a certificate or licence names, in its own words, and until when."""

    concept: str
    text: str
    expires_on: Period | None = None


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard asked for: what covers it, what denies it, and when it must hold."""

    concept: str
    needed: Period
    covers: Callable[[str], float]  # likeness of a concept held, 0 below PROVES
    denied_by: Callable[[str], bool]  # whether refusing a concept refuses this one as well
    regime: str | None

    @classmethod
    def of(cls, concept: str, needed: Period, vocabulary: Vocabulary) -> "Standard":
        """The standard that a concept of the vocabulary names."""

        @cache
        def covers(held: str) -> float:
            value = vocabulary.likeness(concept, held)
            return value if value >= PROVES else 0.0

        wider = frozenset(vocabulary.broader(concept))
        return cls(concept, needed, covers, wider.__contains__, _regime(concept, vocabulary))


@dataclass(frozen=True, slots=True)
class Finding:
    """Shares won and unknown of an asked standard, why, and the words that say so."""

    won: float
    unknown: float
    # held, certified, broader, site_not_stated, sought, expired, elsewhere, silent, denied,
    # other_regime
    reason: str
    words: str | None  # of a certificate; None: the offer's own words say so


_HELD, _BROADER = Finding(1.0, 0.0, "held", None), Finding(0.5, 0.5, "broader", None)
_REFUSED = Finding(0.0, 0.0, "denied", None)
_OTHER_REGIME = Finding(0.0, 0.0, "other_regime", None)
_HOPED_FOR, _SILENT = Finding(0.0, 1.0, "sought", None), Finding(0.0, 1.0, "silent", None)
# How far a facility must be for a claim to stand that isn't simply held.
_HOLDS: Mapping[str, tuple[str, ...]] = {"built_for": RUNNING, "sought": ("licensed",), "alike": ()}


@dataclass(frozen=True, slots=True)
class Assurance:
    """All that speaks for an offer's standards: its own words and the certificates around it."""

    claims: tuple[Claim, ...] = ()
    at_site: tuple[Certified, ...] = ()  # of the offer's own facility
    unplaced: tuple[Certified, ...] = ()  # with the site not stated
    elsewhere: tuple[Certified, ...] = ()  # of facilities not known to make this offer
    lifecycle: str = "unknown"  # of the offer's own facility

    def standing(self, asked: Standard) -> Finding:
        """How an asked standard stands when it is needed."""
        # One walk over the claims, for a match asks this of thousands.
        proven, is_denied, is_hoped, regimes = 0.0, False, False, []
        for claim in self.claims:
            strength = claim.strength
            if strength == "denied":
                is_denied = is_denied or asked.denied_by(claim.concept)
                continue
            covered = asked.covers(claim.concept)
            is_hoped = is_hoped or covered > 0
            if strength == "held" or self.lifecycle in _HOLDS[strength]:
                proven = max(proven, covered)
                regimes.append(claim.regime)
        if proven >= 1.0:
            return _HELD
        if is_denied:
            return _REFUSED
        if found := _valid(self.at_site, asked, 1.0):
            return Finding(1.0, 0.0, "certified", found.text)
        if proven > 0:
            return _BROADER
        is_other = bool(asked.regime and any(regimes) and asked.regime not in regimes)
        elsewise = is_other and not is_hoped
        if found := _valid(self.at_site, asked, PROVES):
            # What the offer's own words rule out, a wider paper doesn't open again.
            return Finding(0.5, 0.0 if elsewise else 0.5, "broader", found.text)
        return _OTHER_REGIME if elsewise else self._without_proof(asked, is_hoped)

    def _without_proof(self, asked: Standard, hoped: bool) -> Finding:
        if found := _valid(self.unplaced, asked, 1.0):
            return Finding(0.5, 0.5, "site_not_stated", found.text)
        if hoped:
            return _HOPED_FOR
        for certificate in (*self.at_site, *self.unplaced):
            if asked.covers(certificate.concept) >= 1.0:
                return Finding(0.0, 1.0, "expired", _dated(certificate))
        if found := _valid(self.elsewhere, asked, 1.0):
            return Finding(0.0, 1.0, "elsewhere", found.text)
        return _SILENT

    @property
    def says_nothing(self) -> bool:
        """Whether neither words nor papers name any standard."""
        return not (self.claims or self.at_site or self.unplaced or self.elsewhere)


def _valid(certificates: Iterable[Certified], asked: Standard, enough: float) -> Certified | None:
    """The first certificate that covers the standard well enough and hasn't run out by then."""
    for found in certificates:
        runs = found.expires_on is None or found.expires_on.last >= asked.needed.first
        if runs and asked.covers(found.concept) >= enough:
            return found
    return None


def _dated(found: Certified) -> str:
    return f"{found.text}, {found.expires_on.text}" if found.expires_on else found.text


class Claims:
    """Reads the standards that quality wordings name; equal wordings are read once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._known: dict[str | None, tuple[Claim, ...]] = {None: (), "": ()}
        self._named: dict[str, tuple[str, ...]] = {}
        self._strengths: dict[str, tuple[str, bool]] = {}
        self._of_clauses: dict[tuple[str, str], tuple[Claim, ...]] = {}

    def read_ahead(self, texts: Iterable[str], many: Many) -> None:
        """Read what the parts of many wordings name side by side."""
        new = (text for text in texts if text not in self._known)
        parts = dict.fromkeys(p for text in new for c in _clauses(text) for p in _parts(c[0]))
        phrases = [part for part in parts if part not in self._named]
        named = many.read(phrases, "quality").concepts
        self._named.update(
            (phrase, concepts)
            for phrase, concepts in zip(phrases, named, strict=True)
            if concepts is not None
        )

    def of(self, text: str | None) -> tuple[Claim, ...]:
        """The standards that a quality wording names, clause by clause, each as firm as its clause.

        An intention that opens a list holds for all of it ("designed to cGMP, KGMP"); one that
        closes a clause holds for that clause ("EU GMP, KGMP planned").
        """
        kept = self._known.get(text)
        if kept is None:
            kept = self._known[text] = tuple(dict.fromkeys(self._read(text or "")))
        return kept

    def _read(self, text: str) -> Iterator[Claim]:
        opening = None
        for clause, is_first in _clauses(text):
            told = self._strengths.get(clause)
            if told is None:
                told = self._strengths[clause] = self._strength(clause)
            strength, opens = told
            opening = strength if opens else None if is_first else opening
            firm = opening if opening and strength == "held" else strength
            claims = self._of_clauses.get((clause, firm))
            if claims is None:
                claims = self._of_clauses[clause, firm] = tuple(self._claims(clause, firm))
            yield from claims

    def _strength(self, clause: str) -> tuple[str, bool]:
        """How firm a clause is, and whether its intention stands before any standard it names."""
        lowered = clause.casefold()
        for strength, pattern in (
            ("sought", _SOUGHT),
            ("built_for", _BUILT_FOR),
            ("alike", _ALIKE),
        ):
            if match := pattern.search(lowered):
                named = self._concepts(clause[: match.start()])
                return strength, not named and strength != "alike"
        return "held", False

    def _claims(self, clause: str, strength: str) -> Iterator[Claim]:
        for part in _parts(clause):
            firm = "denied" if self._is_denied(part) else strength
            for concept in self._concepts(part):
                if denied := _DENIALS.get(concept):
                    yield Claim(denied, "denied")
                else:
                    yield Claim(concept, firm, _regime(concept, self._vocabulary))

    def _is_denied(self, part: str) -> bool:
        """Whether a denial stands before the standard: "not GMP", and not "GMP licence no 7"."""
        match = _DENIED.search(part.casefold())
        return match is not None and not self._concepts(part[: match.start()])

    def _concepts(self, phrase: str) -> tuple[str, ...]:
        kept = self._named.get(phrase)
        if kept is None:
            kept = self._named[phrase] = self._vocabulary.named(phrase, "quality")
        return kept


def claims_of(text: str | None, vocabulary: Vocabulary) -> tuple[Claim, ...]:
    """The standards that one quality wording names."""
    return Claims(vocabulary).of(text)


def _clauses(text: str) -> Iterator[tuple[str, bool]]:
    """The clauses of a wording, each with whether it is the first one of its sentence."""
    for sentence in re.split(r"[;\n]|\.(?=\s|$)", text):
        for place, clause in enumerate(sentence.split(",")):
            yield clause, place == 0


def _parts(clause: str) -> list[str]:
    # "GMP and non-GMP" offers the one and denies nothing of it.
    return re.split(r"\band\b|\bor\b|/(?=\s*non\b)", clause)


def _regime(concept: str, vocabulary: Vocabulary) -> str | None:
    return next((above for above in vocabulary.broader(concept) if above in REGIMES), None)


def certified(
    proofs: Sequence[Proof], vocabulary: Vocabulary
) -> Mapping[str | None, tuple[Certified, ...]]:
    """What is certified, by site id; None holds the certificates whose site isn't stated."""
    by_site: dict[str | None, tuple[Certified, ...]] = {}
    if len({proof.standard for proof in proofs}) < len(proofs):
        proofs = sorted(proofs, key=repr)
    for proof in sorted(proofs, key=attrgetter("standard")):
        text = " ".join(filter(None, (proof.authority, proof.standard)))
        for concept in vocabulary.resolve(text, "quality").concepts:
            found = Certified(concept, text, proof.expires_on)
            by_site[proof.site_id] = (*by_site.get(proof.site_id, ()), found)
    return by_site
