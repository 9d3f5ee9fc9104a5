"""What a provider's words and certificates prove of a standard, and no more than that.

"Designed to cGMP" is not GMP, a licence being sought is not held, and a certificate whose site
the record doesn't name may belong to another site.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.matching.types import Proof

# Words after which a standard is an intention and not yet a fact.
_INTENDED = re.compile(
    r"design|plan|intend|sought|seek|nearing|prepar|being (?:documented|built|approved)|target"
    r"|expan|under (?:construction|development)|built to|aim|simulat|like\b|equivalent|based"
    r"|option|capab|to be\b|예정|계획|설계|준비|추진"
)
_DENIED = re.compile(r"\b(?:non|not|no)[ -]?(?:c?gmp|glp|gcp|gxp)|비\s?gmp|without (?:c?gmp|glp)")
# Concepts that say a standard is not kept: naming one denies the other.
_DENIALS = {"non-gmp": "cgmp", "gmp-like": "cgmp"}
# A claim of one of these says that the work runs under that regime and under no other of them.
REGIMES = ("cgmp", "glp", "gcp", "gclp", "gdp", "gvp")


@dataclass(frozen=True, slots=True)
class Claim:
    """A standard named in the words of an offer: held, intended, or denied."""

    concept: str
    strength: str  # held, intended, denied


@dataclass(frozen=True, slots=True)
class Assurance:
    """All that speaks for an offer's standards: its own words and the certificates around it."""

    claims: tuple[Claim, ...]
    at_site: tuple[str, ...]  # concepts certified for the offer's own facility
    somewhere: tuple[str, ...]  # concepts certified with the site not stated
    confirmed: bool  # the facility runs under a licence: what was intended there is now held
    wording: str | None

    def standing(self, covers: Callable[[str], float]) -> tuple[float, float, str]:
        """Shares won and unknown of an asked standard, and why.

        `covers` gives the likeness (0..1) of a concept held to the one asked. The reason is one of
        held, certified, site_not_stated, intended, denied, other_regime, silent, broader.
        """
        held = [c for c in self.claims if c.strength == "held" or self._came_true(c)]
        if any(c.strength == "denied" and covers(c.concept) > 0 for c in self.claims):
            return 0.0, 0.0, "denied"
        if self._best(covers, [c.concept for c in held]) >= 1.0:
            return 1.0, 0.0, "held"
        if self._best(covers, self.at_site) >= 1.0:
            return 1.0, 0.0, "certified"
        partly = self._best(covers, [*(c.concept for c in held), *self.at_site])
        if partly > 0:
            return 0.5, 0.5, "broader"
        regimes = [c.concept for c in held if c.concept in REGIMES]
        if regimes and any(covers(regime) >= 1.0 for regime in REGIMES):
            return 0.0, 0.0, "other_regime"
        if self._best(covers, self.somewhere) >= 1.0:
            return 0.5, 0.5, "site_not_stated"
        if any(covers(c.concept) > 0 for c in self.claims):
            return 0.0, 1.0, "intended"
        return 0.0, 1.0, "silent"

    def _came_true(self, claim: Claim) -> bool:
        return claim.strength == "intended" and self.confirmed

    @staticmethod
    def _best(covers: Callable[[str], float], concepts: Sequence[str]) -> float:
        return max((covers(concept) for concept in concepts), default=0.0)


def claims_of(text: str | None, resolve: Callable[[str], Sequence[str]]) -> tuple[Claim, ...]:
    """The standards that a quality wording names, clause by clause, each as strong as its clause.

    `resolve` gives the ids of the concepts that a clause names.
    """
    if not text:
        return ()
    found = []
    for clause in re.split(r"[;,]|\band\b", text):
        lowered = clause.casefold()
        strength = "held"
        if _DENIED.search(lowered):
            strength = "denied"
        elif _INTENDED.search(lowered):
            strength = "intended"
        for concept in resolve(clause):
            denied = _DENIALS.get(concept)
            found.append(Claim(denied, "denied") if denied else Claim(concept, strength))
    return tuple(found)


def certified(
    proofs: Sequence[Proof], resolve: Callable[[str], Sequence[str]]
) -> dict[str | None, tuple[str, ...]]:
    """Concepts certified, by site id; None holds those whose site isn't stated."""
    by_site: dict[str | None, tuple[str, ...]] = {}
    for proof in proofs:
        words = " ".join(filter(None, (proof.authority, proof.standard)))
        by_site[proof.site_id] = (*by_site.get(proof.site_id, ()), *resolve(words))
    return by_site
